"""All measures of one question."""

from collections import Counter
from functools import lru_cache

from eval.grounded import Standing, held
from eval.measures.citations import citations
from eval.measures.conflicts import is_conflict, sides_given
from eval.measures.drafts import draft_kept
from eval.measures.figures import Match, gold_figures, match, told
from eval.measures.judgement import Grade, Judgement, Reason
from eval.measures.language import language_right
from eval.measures.lists import gold_items, is_list, items_given
from eval.measures.overlap import loose_score, token_f1
from eval.measures.refusals import refuses
from eval.measures.required import correct, holds
from eval.measures.retrieval import retrieval
from eval.measures.verdict import verdict
from eval.predictions import Prediction


@lru_cache(maxsize=4096)
def judged(prediction: Prediction) -> Judgement:
    """Judge one question of a run: its verdict, what was wrong, and its value of every measure that applies to it."""
    question = prediction.question
    values = retrieval(prediction)
    figures = held(prediction)
    grade, reasons = verdict(prediction, figures)
    standings = Counter(figure.standing for figure in figures)
    if grade is not None:
        values |= _answers(prediction) | citations(prediction) | {"right": float(grade is Grade.RIGHT)}
        if unmarked := standings.total() - standings[Standing.MARKED]:
            values["grounded"] = 1 - standings[Standing.MISSING] / unmarked
    faults = [
        (Reason.WRONG_PAGE, values.get("cited_right") == 0),
        (Reason.UNCITED_SENTENCE, values.get("sentences_cited", 1) < 1),
        (Reason.QUOTE_NOT_ON_PAGE, values.get("quotes_on_page", 1) < 1),
        (Reason.LANGUAGE, values.get("language") == 0),
        (Reason.NOT_RETRIEVED, values.get("hit_10") == 0),
    ]
    return Judgement(
        set=question.set,
        id=question.id,
        kind=question.kind,
        lang=question.lang,
        verdict=grade,
        reasons=reasons + tuple(reason for reason, holds_here in faults if holds_here),
        values=values,
        standings=dict(standings),
    )


def _answers(prediction: Prediction) -> dict[str, float]:
    question, reply = prediction.question, prediction.reply
    refused = reply is not None and refuses(reply)
    text = reply.predicted if reply is not None and reply.found else ""
    found: dict[str, float] = {}
    if reply is not None and (kept := draft_kept(reply)) is not None:
        found["draft_kept"] = kept
    if refused:
        found["refusal_precision"] = float(not question.answerable)
    if not question.answerable:
        found["refused"] = float(reply is not None and not reply.found)
        found["refusal_recall"] = float(refused)
        return found | _language(prediction)
    found["refused_wrongly"] = float(reply is not None and not reply.found)
    if question.must_include:
        groups = question.must_include
        found["correct"] = float(correct(prediction))
        found["correct_strict"] = float(correct(prediction, strict=True))
        found["facts"] = sum(holds(text, group) for group in groups) / len(groups) if text else 0.0
    elif question.answer.strip():
        found["loose"] = loose_score(question, text) if text else 0.0
    if question.answer.strip():
        found["f1"] = token_f1(text, question.answer)
    if gold := gold_figures(question):
        ours = told(text, years=True)
        found["figures_right"] = sum(match(g, ours, question, text) is Match.AGREES for g in gold) / len(gold)
    if is_list(question) and gold_items(question):
        found["list_recall"], precision, _ = items_given(question, text)
        if precision is not None:
            found["list_precision"] = precision
    if is_conflict(question):
        found["both_sides"] = float(sides_given(prediction) == 1)
    return found | _language(prediction)


def _language(prediction: Prediction) -> dict[str, float]:
    right = language_right(prediction)
    return {} if right is None else {"language": float(right)}
