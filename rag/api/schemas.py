"""What requests and answers consist of, beyond the types of :mod:`rag.types`."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from index.filters import Filter
from index.types import Entry
from rag.api.problems import Problem
from rag.types import Answer, Turn

MOST_TURNS = 100
Text = Annotated[str, Field(max_length=20_000)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Wanted(_Request):
    """Which reports, by what they say of themselves; each field that is given must fit."""

    company: str = Field(default="", description="Part of the company's name.")
    institution: str = Field(default="", description="Part of the publisher's name.")
    author: str = Field(default="", description="Part of an author's name.")
    ticker: str = Field(default="", description="The symbol, with or without its market: PEP, 600519.")
    title: str = Field(default="", description="Part of the title.")
    rating: str = Field(default="", description="The rating: 买入, Buy.")
    language: Literal["", "zh", "en"] = Field(default="", description="zh or en.")
    since: str = Field(default="", description="Of this day, month, quarter or year, or later: 2025-01.")
    until: str = Field(default="", description="Of this day, month, quarter or year, or earlier: 2025Q2.")

    def filter(self) -> Filter:
        """The same as the engine takes it. Raises QuestionError for a day that is none."""
        return Filter(**{name: getattr(self, name) for name in Wanted.model_fields})


class Search(Wanted):
    """A search without the language model."""

    q: str = Field(description="What to look for.", examples=["net sales"])
    k: int = Field(10, ge=1, le=200, description="How many results.")
    report: list[str] = Field(default=[], description="Only in these reports, by id or file name; repeatable.")


class Ask(_Request):
    """A question. ``history`` is the conversation before it, oldest first; the server keeps none."""

    question: str = Field(description="The question, in Chinese or English.", examples=["What were net sales?"])
    history: list[Turn] = Field(default=[], max_length=MOST_TURNS, description="Earlier questions and answers.")
    reports: list[str] = Field(default=[], description="Only from these reports, by id or file name; empty for all.")
    filter: Wanted = Field(default=Wanted(), description="Only from reports that this lets in.")
    stream: bool = Field(default=False, description="Stream events; so does the header Accept: text/event-stream.")


class FeedbackIn(_Request):
    """What a user thought of an answer, which is given back as it came."""

    question: Text = Field(description="The question as it was asked.", min_length=1)
    answer: Answer = Field(description="The answer of /api/ask.")
    good: bool = Field(description="Whether it was right.")
    reason: Text = Field(default="", description="Why.")
    correction: Text = Field(default="", description="What the right answer would have been.")
    reports: list[str] = Field(default=[], description="The reports that were chosen to be asked.")


class FeedbackOut(BaseModel):
    """The judgement was kept under this id."""

    id: str


class Report(BaseModel):
    """A report in the store and its card: what it says of itself, empty where it does not."""

    id: str
    name: str = Field(description="The file's name.")
    title: str
    language: str
    pages: int
    chunks: int
    added: str = Field(description="ISO time.")
    copy_of: str = Field(description="The file name of a report with the same text, empty for none.")
    institution: str
    authors: list[str]
    date: str = Field(description="ISO day, month or year.")
    period: str
    period_text: str
    company: str
    ticker: str
    rating: str

    @classmethod
    def of(cls, entry: Entry, **more: Any) -> "Report":
        """The report as lists show it."""
        own = {name: getattr(entry, name) for name in ("id", "name", "title", "language", "pages", "chunks", "added")}
        card = {name: getattr(entry.card, name) for name in cls.model_fields if hasattr(entry.card, name)}
        return cls(**{**card, **own, "copy_of": entry.copy_of, "authors": list(entry.card.authors), **more})


class ReportCard(Report):
    """A report with its sections. ``file`` and ``pictures`` say whether these can be asked for."""

    sections: list[str] = Field(description="Section paths, each once, in reading order.")
    file: bool
    pictures: bool


class Change(_Request):
    """What is to change of a report."""

    name: str = Field(description="Its new file name; the ending stays.", min_length=1, max_length=300)


class Result(BaseModel):
    """One passage that a search found."""

    rank: int
    report: str
    page: int
    section: str
    score: float
    text: str


class Passage(BaseModel):
    """A piece of a page. ``kind`` is paragraph, table, heading and the like."""

    section: str
    kind: str
    text: str


class PageText(BaseModel):
    """The text of a page, in reading order."""

    report: str
    page: int
    passages: list[Passage]


class FileState(BaseModel):
    """How far one uploaded file is: ``done`` of ``total`` pages (reading) or pieces (embedding, storing)."""

    file: str
    status: Literal["waiting", "working", "added", "replaced", "unchanged", "failed", "cancelled"] = "waiting"
    stage: Literal["", "reading", "ocr", "embedding", "storing"] = ""
    done: int = 0
    total: int = 0
    report: Report | None = None
    error: Problem | None = None
    warnings: list[str] = []


class Job(BaseModel):
    """Files being added, or a report being read anew."""

    id: str
    state: Literal["waiting", "working", "done"]
    files: list[FileState]


class Health(BaseModel):
    """Whether the server answers; what it works with is told to those who have signed in."""

    status: Literal["ok"] = "ok"
    version: str = ""
    reports: int | None = None
    chunks: int | None = None
    model: str | None = Field(default=None, description="Empty when answers are quotations.")
    embedder: str | None = None
