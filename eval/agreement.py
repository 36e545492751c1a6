"""How far judges agree: the automatic verdict, verdicts by hand, and those of a language model."""

import math
from collections.abc import Mapping, Sequence
from itertools import combinations

from pydantic import BaseModel, ConfigDict

from eval.measures import Grade, judged
from eval.predictions import Prediction
from eval.verdicts import Verdict, Word
from eval.verdicts import judge as join

AUTOMATIC = "automatic"
"""The name of the automatic verdict among the judges."""


class Agreement(BaseModel):
    """How far two judges agree over the ``n`` answers that both judged.

    ``share`` is the share of the same verdict, ``kappa`` Cohen's kappa: (share - chance) / (1 - chance), where chance
    is the share that two judges with their frequencies of verdicts would reach by chance; None where both give one and
    the same verdict throughout. ``right_share`` and ``right_kappa`` are the same of right against all else. ``marked``
    of verdicts by hand counts as wrong.
    """

    model_config = ConfigDict(frozen=True)

    one: str
    other: str
    n: int
    share: float
    kappa: float | None
    right_share: float
    right_kappa: float | None
    differ: tuple[str, ...]


def agreements(predictions: Sequence[Prediction], files: Mapping[str, Sequence[Verdict]]) -> list[Agreement]:
    """Compare the automatic verdict and every file of verdicts, by name; pairs without common answers are left out."""
    judges: dict[str, dict[str, Grade]] = {AUTOMATIC: {}}
    for prediction in predictions:
        verdict = judged(prediction).verdict
        if verdict is not None and prediction.reply is not None:
            judges[AUTOMATIC][_name(prediction)] = verdict
    for name, verdicts in files.items():
        judges[name] = {
            _name(answer.prediction): _grade(answer.verdict.verdict)
            for answer in join(predictions, verdicts)
            if answer.verdict is not None
        }
    pairs = (_agreement(one, judges[one], other, judges[other]) for one, other in combinations(judges, 2))
    return [pair for pair in pairs if pair is not None]


def _agreement(one: str, ours: Mapping[str, Grade], other: str, theirs: Mapping[str, Grade]) -> Agreement | None:
    both = [name for name in ours if name in theirs]
    if not both:
        return None
    left, right = [ours[name].value for name in both], [theirs[name].value for name in both]
    left_right, right_right = [word == "right" for word in left], [word == "right" for word in right]
    return Agreement(
        one=one,
        other=other,
        n=len(both),
        share=_share(left, right),
        kappa=kappa(left, right),
        right_share=_share(left_right, right_right),
        right_kappa=kappa(left_right, right_right),
        differ=tuple(name for name in both if ours[name] is not theirs[name]),
    )


def kappa(one: Sequence[str | bool], other: Sequence[str | bool]) -> float | None:
    """Cohen's kappa (Cohen, 1960) by scikit-learn; None where it is not defined."""
    from sklearn.metrics import cohen_kappa_score  # takes a second to import

    if len({*one, *other}) < 2:
        return None
    value = float(cohen_kappa_score(one, other))
    return None if math.isnan(value) else value


def _share(one: Sequence[str | bool], other: Sequence[str | bool]) -> float:
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


def _grade(word: Word) -> Grade:
    return Grade.WRONG if word is Word.MARKED else Grade(word.value)


def _name(prediction: Prediction) -> str:
    return f"{prediction.question.set}/{prediction.question.id}"
