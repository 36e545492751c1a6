"""Questions about a report, drafted by the language model and checked by the program."""

from collections import Counter
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from eval.drafting.passages import Passage, passages
from eval.drafting.verifying import fault, parse, required
from eval.measures import distinct
from eval.questions import Question
from index.errors import ReportQAError
from index.types import Entry

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage

    from rag.engine import ReportQA
    from rag.llm import LanguageModel

TRIES = 4
"""Passages tried for every question wanted, before fewer are given."""
NO_MODEL = (
    "Drafting questions needs a language model, and the setting llm is none.",
    "Set llm (and llm_base_url), or make questions from what users said with --from-feedback.",
)
_PAGES, _CHUNKS = 20, 60  # distinct pages looked at, and the chunks they are taken from


class DraftingError(ReportQAError):
    """Questions cannot be drafted as asked."""

    exit_code = 2


class Drafts(BaseModel):
    """Drafted questions, and how many drafts were thrown away for what."""

    model_config = ConfigDict(frozen=True)

    questions: tuple[Question, ...]
    thrown_away: dict[str, int] = {}


def draft(
    qa: "ReportQA",
    model: "LanguageModel | None",
    entry: Entry,
    count: int,
    *,
    language: str = "",
    kinds: Sequence[str] = (),
    seed: int = 0,
    progress: Callable[[int], None] = lambda made: None,
) -> Drafts:
    """Draft up to ``count`` questions about one report, each about one sentence or table row with its page.

    ``language`` is that of the questions, the report's own by default; ``progress`` is told how many there are. Raises
    DraftingError without a model and for a report without passages of these ``kinds``, LLMError when the model fails.
    """
    if model is None:
        raise DraftingError(*NO_MODEL)
    asked_in = language or entry.language
    choice = passages(qa.library, entry, kinds, seed)
    if not choice:
        raise DraftingError(f"{entry.name} has no passage to ask about.", "Leave out --kind, or take another report.")
    made: list[Question] = []
    thrown: Counter[str] = Counter()
    for passage in choice[: TRIES * count]:
        if len(made) == count:
            break
        text = "".join(model.stream(messages(passage, entry, asked_in)))
        evidence = f"{passage.about}\n{passage.text}\n{passage.quote}"
        written = parse(text)
        wrong = fault(written, evidence, asked_in, (q.question for q in made)) if written else "not_json"
        if wrong or written is None:
            thrown[wrong] += 1
            continue
        made.append(
            Question.model_validate(
                {
                    "set": "draft",
                    "id": f"{entry.id[:4]}-{len(made) + 1:03}",
                    "lang": asked_in,
                    "kind": passage.kind if asked_in == entry.language else "cross_lingual",
                    "question": written.question,
                    "answer": written.answer,
                    "report": entry.name,
                    "pages": (passage.page,),
                    "evidence": (passage.quote,),
                    "answerable": True,
                    "review": "draft",
                    "note": _note(qa, written.question, entry, passage.page),
                }
                | _required(written.answer, evidence, written.question)
            )
        )
        progress(len(made))
    return Drafts(questions=tuple(made), thrown_away=dict(thrown.most_common()))


def messages(passage: Passage, entry: Entry, language: str) -> list["ChatMessage"]:
    """What the model is asked for one passage."""
    from llama_index.core.llms import ChatMessage

    labels = ("报告", "章节", "表格", "原文") if language == "zh" else ("Report", "Section", "Table", "Text")
    given = zip(labels, (entry.title or entry.name, passage.section, passage.about, passage.text), strict=True)
    system = (files("eval.drafting") / "prompts" / f"draft_{language}.txt").read_text(encoding="utf-8")
    colon = "：" if language == "zh" else ": "
    lines = [f"{label}{colon}{value}" for label, value in given if value]
    return [ChatMessage(role="system", content=system.strip()), ChatMessage(role="user", content="\n".join(lines))]


def _required(answer: str, evidence: str, question: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    facts = required(answer, evidence, question)
    return {"must_include": facts} if facts else {}


def _note(qa: "ReportQA", question: str, entry: Entry, page: int) -> str:
    """Whether a search over the whole store finds the page: a question that it does not find is not a bad one."""
    hits = distinct(((hit.report, hit.page) for hit in qa.retrieve(question, k=_CHUNKS)), _PAGES)
    place = (entry.name, page)
    return f"search: page {page} at rank {hits.index(place) + 1}" if place in hits else f"search: page {page} not found"
