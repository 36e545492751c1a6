"""Answers judged by hand, as predictions: what the automatic verdict is held against.

python tests/eval/judged_answers.py          # how far it agrees, by part
"""

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2

from eval.measures import judged
from eval.predictions import Cited, Prediction, Reply, Shown
from eval.questions import Question, load

HERE = Path(__file__).parent / "judged"
DATA = Path(__file__).parents[2] / "eval" / "data"


class JudgedAnswer(NamedTuple):
    """An answer with the verdict a person gave; ``held`` if it was not looked at while the verdict was made."""

    prediction: Prediction
    verdict: str
    why: str
    held: bool


def judged_answers() -> list[JudgedAnswer]:
    samples = {question.id: question for question in load(DATA / "samples.jsonl")}
    found = []
    for file in ("samples.jsonl", "invented.jsonl", "varied.jsonl", "varied_more.jsonl", "held.jsonl"):
        for line in (HERE / file).read_text(encoding="utf-8").splitlines():
            values = json.loads(line)
            if "sample" in values:
                question = samples[values["sample"]]
            else:
                question = Question.model_validate_json(json.dumps(values["question"] | {"set": "invented"}))
            pages = values.get("shown_pages", question.pages or (1,))
            shown = {page: values["shown"] if "shown" in values else _page(question.report, page) for page in pages}
            held = file == "held.jsonl"
            for verdict, answer, *rest in values["answers"]:
                why, found_ = rest[0] if rest else "", rest[1] if len(rest) > 1 else True
                found.append(JudgedAnswer(_prediction(question, shown, answer, bool(found_)), verdict, str(why), held))
    return found


def _prediction(question: Question, shown: dict[int, str], answer: str, found: bool) -> Prediction:
    quotes = [*question.evidence, *[""] * len(shown)]
    citations = tuple(
        Cited(n=n, report=question.report or "a.pdf", page=page, section="", quote=quote)
        for n, (page, quote) in enumerate(zip(shown, quotes, strict=False), start=1)
    )
    reply = Reply(
        predicted=answer,
        found=found,
        citations=tuple((c.report, c.page) for c in citations) if found else (),
        citations_full=citations if found else (),
        evidence_shown=tuple(Shown(report=question.report or "a.pdf", page=p, text=t) for p, t in shown.items()),
    )
    return Prediction(
        question=question, hits=tuple((c.report, c.page) for c in citations), retrieve_ms=1.0, reply=reply
    )


@cache
def _page(report: str, page: int) -> str:
    document: Any = pypdfium2.PdfDocument(DATA / report)
    try:
        return str(document[page - 1].get_textpage().get_text_bounded())
    finally:
        document.close()


if __name__ == "__main__":
    for part, name in ((False, "looked at"), (True, "held back")):
        answers = [answer for answer in judged_answers() if answer.held == part]
        given = [(str(judged(answer.prediction).verdict), answer.verdict) for answer in answers]
        same = sum(ours == theirs for ours, theirs in given) / len(given)
        right = sum((ours == "right") == (theirs == "right") for ours, theirs in given) / len(given)
        sys.stdout.write(f"{name}: {len(given)} answers, same word {same:.3f}, right or not {right:.3f}\n")
