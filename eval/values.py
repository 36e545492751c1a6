"""The measures of each question on its own, from which runs are compared pair by pair."""

from collections.abc import Mapping, Sequence

from eval.measures import Scores, Spread, score
from eval.predictions import Prediction
from eval.questions import Question

Values = dict[str, float]
"""The measures that one question has, by name; 0 or 1 where the measure of a group is a share of its questions."""

LOWER_IS_BETTER = frozenset(
    {"refused_wrongly", "unsupported", "retrieve_ms", "evidence_s", "first_token_s", "answer_s"}
)
TIMES = frozenset({"retrieve_ms", "evidence_s", "first_token_s", "answer_s"})


def values(predictions: Sequence[Prediction], page_counts: Mapping[str, int], *, answers: bool) -> list[Values]:
    """Give every prediction's measures: those of a group of one. ``answers`` is False where only retrieval ran."""
    return [_of(score([prediction], page_counts, answers=answers)) for prediction in predictions]


def name(question: Question) -> str:
    """Give a question's name in a run: ``set/id``."""
    return f"{question.set}/{question.id}"


def _of(scores: Scores) -> Values:
    found: Values = {}
    for field in type(scores).model_fields:
        value = getattr(scores, field)
        if isinstance(value, Spread):
            found[field] = value.median
        elif isinstance(value, float | bool):
            found[field] = float(value)
    return found
