"""Verdicts by a language model: a second opinion beside the exact measures, never in their place."""

import json
import re
from collections.abc import Callable, Iterable
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from eval import verdicts
from eval.measures import Grade
from eval.predictions import Prediction
from eval.verdicts import LONGEST_WHY, Verdict, Word

if TYPE_CHECKING:
    from rag.llm import LanguageModel

TRIES = 2
"""How often a model that writes no verdict is asked."""

LONGEST_TEXT = 4000
"""Characters of an answer, or of the quotes, that are shown to the judge."""

_JSON = re.compile(r"\{[^{}]*\}", re.DOTALL)
_NONE = {"zh": "（无）", "en": "(none)"}
_NOT_ANSWERABLE = {"zh": "报告没有给出。", "en": "The report does not give it."}


class Outcome(BaseModel):
    """What came of a round of judging: how many verdicts were written, kept from before, and could not be read."""

    model_config = ConfigDict(frozen=True)

    written: int
    kept: int
    unread: tuple[str, ...]


def judge(
    predictions: Iterable[Prediction],
    llm: "LanguageModel",
    file: Path,
    advance: Callable[[], None] = lambda: None,
) -> Outcome:
    """Have ``llm`` judge the answers that have no verdict in ``file`` yet, and add its verdicts there line by line.

    The file is one of verdicts (:mod:`eval.verdicts`); keep one for every judge. ``unread`` names, as "set/id", answers
    on which the model wrote no verdict. Raises LLMError when the model fails and VerdictFileError for the file; what
    was judged before stays.
    """
    known = verdicts.read(file) if file.exists() else []
    written, kept, unread = 0, 0, []
    for answer in verdicts.judge(predictions, known):
        advance()
        if answer.verdict is not None:
            kept += 1
            continue
        verdict = ask(answer.prediction, llm)
        if verdict is None:
            unread.append(f"{answer.prediction.question.set}/{answer.prediction.question.id}")
        else:
            verdicts.write(file, verdict)
            written += 1
    return Outcome(written=written, kept=kept, unread=tuple(unread))


def ask(prediction: Prediction, llm: "LanguageModel") -> Verdict | None:
    """Ask for the verdict on one answer; None when the model writes none in TRIES tries. Raises LLMError."""
    from llama_index.core.llms import ChatMessage  # takes a second to import

    assert prediction.reply is not None  # noqa: S101 - only answers are judged
    message = ChatMessage(role="user", content=prompt(prediction))
    for _ in range(TRIES):
        read = parse("".join(llm.stream([message])))
        if read:
            return Verdict(
                set=prediction.question.set,
                id=prediction.question.id,
                verdict=Word(read[0]),
                why=read[1][:LONGEST_WHY],
                answer_sha256=prediction.reply.sha256,
            )
    return None


def prompt(prediction: Prediction) -> str:
    """Write out what the judge is shown: ``eval/prompts/judge_zh.txt`` or ``judge_en.txt``, as the question is."""
    question, reply = prediction.question, prediction.reply
    assert reply is not None  # noqa: S101 - only answers are judged
    none = _NONE[question.lang]
    template = files("eval").joinpath("prompts", f"judge_{question.lang}.txt").read_text(encoding="utf-8")
    sides = (f"{s.value} ({s.report}, {s.page})" for conflict in reply.conflicts for s in conflict.figures)
    return template.format(
        question=question.question,
        answer=question.answer or (none if question.answerable else _NOT_ANSWERABLE[question.lang]),
        facts="\n".join(" / ".join(group) for group in question.must_include or ()) or none,
        evidence="\n".join(question.evidence)[:LONGEST_TEXT] or none,
        predicted="\n".join((reply.predicted, *sides))[:LONGEST_TEXT],
    )


def parse(text: str) -> tuple[Grade, str] | None:
    """Read verdict and reason from what a judge wrote: its last JSON object that has a verdict; None without one."""
    for match in reversed(_JSON.findall(text)):
        try:
            values = json.loads(match)
            return Grade(str(values["verdict"]).strip().lower()), str(values.get("why", ""))
        except (ValueError, KeyError):
            continue
    return None
