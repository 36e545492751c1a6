"""The measures of each question on its own, from which runs are compared pair by pair."""

from collections.abc import Sequence

from eval.measures import Grade, Scores, judged
from eval.predictions import Prediction
from eval.questions import Question

Values = dict[str, float]
"""The measures that one question has, by name; 0 or 1 where the measure of a group is a share of its questions."""

TIMES = ("retrieve_ms", "evidence_s", "first_token_s", "answer_s")
LOWER_IS_BETTER = frozenset({"wrong", "false_refusals", "refused_wrongly", "unsupported", *TIMES})

_OF_GROUPS = {"partly", "cited", "correct_cited_right", "tokens_estimated", "peak_memory_mb"}
MEASURES = tuple(
    name for name, about in Scores.model_fields.items() if about.annotation == (float | None) and name not in _OF_GROUPS
)
"""The measures that questions have one by one, without times."""

_RETRIEVAL = ("hit_", "mrr", "recall_", "ndcg_", "report_", "retrieve_ms")


def values(predictions: Sequence[Prediction], *, answers: bool) -> list[Values]:
    """Give every prediction's measures, by the names of Scores. ``answers`` is False where only retrieval counts."""
    found = [_of(prediction) for prediction in predictions]
    if answers:
        return found
    return [{name: value for name, value in own.items() if name.startswith(_RETRIEVAL)} for own in found]


def name(question: Question) -> str:
    """Give a question's name in a run: ``set/id``."""
    return f"{question.set}/{question.id}"


def _of(prediction: Prediction) -> Values:
    judgement, reply = judged(prediction), prediction.reply
    found = judgement.values | {"retrieve_ms": prediction.retrieve_ms}
    if judgement.verdict is not None:
        found["wrong"] = float(judgement.verdict is Grade.WRONG)
        found["false_refusals"] = float(judgement.verdict is Grade.REFUSED)
    if reply is not None:
        if reply.found:
            found["unsupported"] = float(bool(reply.unsupported))
        times = {time: getattr(reply, time) for time in TIMES if time != "retrieve_ms"}
        found |= {time: seconds for time, seconds in times.items() if seconds is not None}
    return found
