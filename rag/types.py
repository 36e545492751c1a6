"""What a question becomes on its way to an answer, and the answer that every front end shows."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from index.text import join_sentences, split_sentences
from index.types import BY_LINES, Hit, Sentence


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Turn(_Value):
    """One earlier question and its answer."""

    question: str
    answer: str


class Question(_Value):
    """A question ready to be searched for.

    ``language`` is "zh" or "en", the language of the answer; ``standalone`` the question as it reads without its
    history; ``reports`` the ids of the reports it may be answered from, empty for all.
    """

    text: str
    language: str
    standalone: str
    reports: tuple[str, ...] = ()


class Evidence(_Value):
    """A few sentences or table rows of one page, numbered for the model from 1.

    ``on_page`` is what of ``text`` stands on that page: less than all where a sentence runs over a page break.
    ``about`` is what the rows of a table do not say themselves: its title and its unit.
    """

    n: int
    report_id: str
    report: str
    title: str
    page: int
    section: str
    text: str
    score: float
    on_page: str = Field(default="", exclude=True)
    about: str = Field(default="", exclude=True)

    @classmethod
    def of(cls, hit: Hit, sentences: Sequence[Sentence], n: int, about: str = "") -> "Evidence":
        """The item numbered ``n`` of some sentences or rows of the page that a chunk stands on."""
        rows = hit.kind in BY_LINES
        return cls(
            n=n,
            report_id=hit.report_id,
            report=hit.report,
            title=hit.title,
            page=hit.page,
            section=hit.section,
            text=join_sentences([s.text for s in sentences], rows=rows),
            on_page=join_sentences([s.quote or s.text for s in sentences], rows=rows),
            about=about,
            score=round(hit.score, 4),
        )

    @property
    def sentences(self) -> tuple[str, ...]:
        """The sentences of the text, or its rows when it is a table."""
        text = self.text
        parts = text.split("\n") if "\n" in text else [text[start:end] for start, end in split_sentences(text)]
        return tuple(part.strip() for part in parts if part.strip())


class Citation(_Value):
    """Where a statement stands: ``report`` is the file's name, ``page`` the 1-based page of the file."""

    n: int
    report: str
    title: str
    page: int
    section: str
    quote: str
    score: float

    @classmethod
    def of(cls, item: Evidence, n: int, quote: str) -> "Citation":
        """The citation numbered ``n`` of ``quote``, a text that stands in ``item``."""
        return cls(
            n=n,
            report=item.report,
            title=item.title,
            page=item.page,
            section=item.section,
            quote=quote,
            score=item.score,
        )


class ConflictFigure(_Value):
    """One side of a contradiction."""

    value: str
    report: str
    page: int
    quote: str


class Conflict(_Value):
    """Figures that the reports give for one thing and that cannot all be right."""

    subject: str
    figures: tuple[ConflictFigure, ...]


class Timings(_Value):
    """Milliseconds from the question to the evidence, to the first word, and to the end."""

    retrieve: float
    first_token: float | None
    total: float


class Answer(_Value):
    """The answer in the question's language, its ``[n]`` marks resolved by ``citations``.

    ``found`` is False for a refusal. ``unsupported`` lists what was written but does not stand in the evidence.
    ``model`` is empty when the answer is the evidence itself because there is no language model; ``notice`` then says
    why, and ``failed`` that there should have been one. ``standalone`` is the question as it was searched for when that
    is not what was asked: a follow-up with what it left out.
    """

    answer: str
    language: str
    found: bool
    citations: tuple[Citation, ...] = ()
    unsupported: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    timings_ms: Timings
    model: str
    embedder: str
    notice: str = ""
    failed: bool = Field(default=False, exclude=True)
    standalone: str = ""
    evidence: tuple[Evidence, ...] = Field(default=(), exclude=True)


class EvidenceReady(_Value):
    """First event of a streamed answer."""

    evidence: tuple[Evidence, ...]


class Waiting(_Value):
    """The model is busy with other answers: ``place`` in the line, 1 for the next, 0 when the waiting is over.

    It comes when the place changes, and again about every second.
    """

    place: int


class TextDelta(_Value):
    """A piece of the answer as the model writes it, before it is checked."""

    text: str


Event = EvidenceReady | Waiting | TextDelta | Answer
History = Sequence[Turn]
