"""The scores of a group of questions, counted from the questions judged one by one."""

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence

from eval.grounded import Standing
from eval.measures.bootstrap import Ratio, intervals
from eval.measures.citations import cites_right, exists
from eval.measures.cost import spread
from eval.measures.judgement import Grade, Judgement
from eval.measures.judging import judged
from eval.measures.required import correct
from eval.measures.scores import Scores, Spread
from eval.predictions import Prediction

_COUNTS = {
    "paged_n": "hit_1", "report_n": "report_hit_1", "judged_n": "right", "exact_n": "correct", "loose_n": "loose",
    "f1_n": "f1", "figures_right_n": "figures_right", "lists_n": "list_recall", "conflicts_n": "both_sides",
    "unanswerable_n": "refused", "answerable_n": "refused_wrongly", "refusals_n": "refusal_precision",
    "language_n": "language", "drafts_n": "draft_kept",
    "found_n": "cited", "found_paged_n": "cited_right", "quotes_n": "quotes_on_page",
    "correct_paged_n": "correct_cited_right",
}  # fmt: skip
"""The number of questions that a measure is the mean of, by the name of that number."""

_REQUIRED = ("hit_1", "hit_3", "hit_5", "hit_10", "mrr", "recall_10")


def score(
    predictions: Sequence[Prediction],
    page_counts: Mapping[str, int],
    *,
    answers: bool,
    judgements: Sequence[Judgement] | None = None,
) -> Scores:
    """All measures of the predictions; ``page_counts`` gives the pages of every report in the store by file name.

    ``answers`` is False where only retrieval ran: the measures of answers then stay empty. ``judgements`` are those
    of the predictions, in their order, where they are known already, for judging is most of the work.
    """
    known = judgements if judgements is not None else [judged(p) for p in predictions]
    ratios = [_ratios(p, j, page_counts, answers=answers) for p, j in zip(predictions, known, strict=True)]
    names = {name for own in ratios for name in own}
    values: dict[str, object] = dict.fromkeys(_REQUIRED)
    values |= {name: _share(ratios, name) for name in names}
    values |= {count: sum(name in own for own in ratios) for count, name in _COUNTS.items()}
    values |= {
        "questions": len(predictions),
        "errors": sum(bool(p.error) for p in predictions),
        "retrieve_ms": spread(p.retrieve_ms for p in predictions),
        "intervals": intervals(ratios),
    }
    return Scores.model_validate(values | (_costs(predictions) | _figures(known) if answers else {}))


def _ratios(
    prediction: Prediction, judgement: Judgement, page_counts: Mapping[str, int], *, answers: bool
) -> dict[str, Ratio]:
    """What one question adds to each measure; ``grounded`` is a ratio of figures, all else means over questions."""
    values = judgement.values
    if not answers:
        return {name: (value, 1.0) for name, value in values.items() if name.startswith(_RETRIEVAL)}
    found = {name: (value, 1.0) for name, value in values.items() if name != "grounded"}
    if judgement.verdict is not None:
        for name, grade in _GRADES.items():
            found[name] = (float(judgement.verdict is grade), 1.0)
    if prediction.question.answerable and "refused_wrongly" not in found:
        found["refused_wrongly"] = (0.0, 1.0)
    reply = prediction.reply
    if reply is not None and reply.found:
        found["cited"] = (float(any(exists(citation, page_counts) for citation in reply.citations)), 1.0)
        found["unsupported"] = (float(bool(reply.unsupported)), 1.0)
        if prediction.question.pages and prediction.question.must_include and correct(prediction):
            found["correct_cited_right"] = (float(cites_right(prediction.question, reply)), 1.0)
    standings = Counter(judgement.standings)
    if unmarked := standings.total() - standings[Standing.MARKED]:
        found["grounded"] = (float(unmarked - standings[Standing.MISSING]), float(unmarked))
    return found


_RETRIEVAL = ("hit_", "mrr", "recall_", "ndcg_", "report_")
_GRADES = {"partly": Grade.PARTLY, "wrong": Grade.WRONG, "false_refusals": Grade.REFUSED}


def _share(ratios: Sequence[Mapping[str, Ratio]], name: str) -> float:
    own = [ratio[name] for ratio in ratios if name in ratio]
    if all(below == 1 for _, below in own):
        return statistics.fmean(above for above, _ in own)
    return sum(above for above, _ in own) / sum(below for _, below in own)


def _figures(judgements: Sequence[Judgement]) -> dict[str, int]:
    standings: Counter[Standing] = Counter()
    for judgement in judgements:
        standings.update(judgement.standings)
    return {
        "figures_n": standings.total() - standings[Standing.MARKED],
        "figures_digits": standings[Standing.DIGITS],
        "figures_computed": standings[Standing.COMPUTED],
        "figures_marked": standings[Standing.MARKED],
    }


def _costs(predictions: Sequence[Prediction]) -> dict[str, Spread | float | None]:
    replies = [p.reply for p in predictions if p.reply is not None]
    counted = [r.tokens_estimated for r in replies if r.prompt_tokens is not None]
    return {
        "evidence_s": spread(r.evidence_s for r in replies),
        "first_token_s": spread(r.first_token_s for r in replies),
        "answer_s": spread(r.answer_s for r in replies),
        "prompt_tokens": spread(r.prompt_tokens for r in replies),
        "completion_tokens": spread(r.completion_tokens for r in replies),
        "tokens_estimated": statistics.fmean(counted) if counted else None,
        "peak_memory_mb": max((r.peak_memory_mb for r in replies if r.peak_memory_mb is not None), default=None),
    }
