"""Answers judged by hand, as predictions: what the automatic verdict is held against."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2

from eval.predictions import Cited, Prediction, Reply, Shown
from eval.questions import Question, load

HERE = Path(__file__).parent / "judged"
DATA = Path(__file__).parents[2] / "eval" / "data"


class JudgedAnswer(NamedTuple):
    """An answer with the verdict a person gave; ``held`` if its question was kept back while the verdict was made."""

    prediction: Prediction
    verdict: str
    why: str
    held: bool


def judged_answers() -> list[JudgedAnswer]:
    samples = {question.id: question for question in load(DATA / "samples.jsonl")}
    found = []
    for file in ("samples.jsonl", "invented.jsonl"):
        for line in (HERE / file).read_text(encoding="utf-8").splitlines():
            values = json.loads(line)
            if "sample" in values:
                question = samples[values["sample"]]
                shown = {page: _page(question.report, page) for page in question.pages}
            else:
                question = Question.model_validate_json(json.dumps(values["question"] | {"set": "invented"}))
                shown = dict.fromkeys(question.pages or (1,), values["shown"])
            held = hashlib.sha256(question.id.encode()).digest()[0] % 2 == 1
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
