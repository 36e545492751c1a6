"""What fell against a baseline, measured question by question and with an eye to chance: the gate for CI."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.predictions import Prediction
from eval.significance import p_value
from eval.summary import BaselineError, Fall
from eval.values import LOWER_IS_BETTER, MEASURES, name, values

ALL = "all sets"
_ROUNDING = 1e-9


class ThresholdError(BaselineError):
    """A file of thresholds cannot be used."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Threshold(_Value):
    """How far a measure may fall, in absolute terms (0.02 is two questions of a hundred).

    Up to ``fall`` it always may. Beyond that and up to ``noise`` it may where chance explains the fall, which is where
    its one-sided p-value is above ``alpha``. Further never. 0 for ``noise`` leaves chance out.
    """

    fall: float = Field(default=0.02, ge=0, le=1)
    noise: float = Field(default=0.0, ge=0, le=1)


class Thresholds(_Value):
    """The measures that are watched; all others may fall as they like."""

    alpha: float = Field(default=0.1, gt=0, lt=1)
    measures: dict[str, Threshold]


DEFAULT = Thresholds(
    measures={
        # The same code finds the same pages, so that what falls here is no chance.
        "hit_5": Threshold(),
        "mrr": Threshold(),
        # A model may word an answer otherwise on another machine.
        "right": Threshold(noise=0.1),
        "correct": Threshold(noise=0.1),
        "loose": Threshold(noise=0.1),
        "refused": Threshold(noise=0.1),
        "refused_wrongly": Threshold(noise=0.1),
        "cited_right": Threshold(noise=0.1),
        "grounded": Threshold(noise=0.1),
        # What the program mends, a worse prompt or model hides behind.
        "draft_kept": Threshold(noise=0.1),
    }
)


def read(path: Path) -> Thresholds:
    """Read thresholds from TOML: ``alpha``, and a table ``[measures.NAME]`` for each measure that is watched.

    Raises ThresholdError naming the key that is wrong.
    """
    try:
        found = Thresholds.model_validate(tomllib.loads(Path(path).read_text(encoding="utf-8")))
    except OSError as error:
        raise ThresholdError(f"{path} cannot be read: {error.strerror}.", "Give a TOML file of thresholds.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ThresholdError(f"{path} is not TOML: {error}.", "Mend the file.") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        known = "Known are alpha, measures.NAME.fall and measures.NAME.noise."
        raise ThresholdError(f"{path}: {key}: {first['msg']}.", known) from error
    for measure in found.measures:
        if measure not in MEASURES:
            raise ThresholdError(f"{path}: measures.{measure}: no such measure.", f"Known are {', '.join(MEASURES)}.")
    return found


def falls(
    before: Sequence[Prediction],
    now: Sequence[Prediction],
    thresholds: Thresholds = DEFAULT,
    *,
    answers: bool,
) -> tuple[Fall, ...]:
    """List what fell by more than ``thresholds`` let it, by set and, of several sets, over all.

    Both runs are scored now, over the questions that have the measure in both. ``answers`` is False where one of
    the runs only searched.
    """
    old, new = ({name(p.question): p for p in run} for run in (before, now))
    common = [key for key in new if key in old]
    first = values([old[key] for key in common], answers=answers)
    second = values([new[key] for key in common], answers=answers)
    sets: dict[str, list[int]] = {}
    for place, key in enumerate(common):
        sets.setdefault(new[key].question.set, []).append(place)
    if len(sets) > 1:
        sets[ALL] = list(range(len(common)))
    found = []
    for set_name, places in sets.items():
        for measure, threshold in thresholds.measures.items():
            both = [place for place in places if measure in first[place] and measure in second[place]]
            pairs = [(first[place][measure], second[place][measure]) for place in both]
            fall = _fall(pairs, threshold, thresholds.alpha, lower=measure in LOWER_IS_BETTER)
            if fall is None:
                continue
            worse = [common[place] for place, (a, b) in zip(both, pairs, strict=True) if _worse(measure, a, b)]
            better = [common[place] for place, (a, b) in zip(both, pairs, strict=True) if _worse(measure, b, a)]
            found.append(
                Fall(
                    set=set_name,
                    measure=measure,
                    baseline=sum(a for a, _ in pairs) / len(pairs),
                    now=sum(b for _, b in pairs) / len(pairs),
                    p=fall,
                    worse=tuple(worse),
                    better=tuple(better),
                )
            )
    return tuple(found)


def _fall(pairs: Sequence[tuple[float, float]], threshold: Threshold, alpha: float, *, lower: bool) -> float | None:
    """The one-sided p-value of a fall that is too large, None where there is none."""
    if not pairs:
        return None
    sign = -1.0 if lower else 1.0
    before, now = ([sign * pair[side] for pair in pairs] for side in (0, 1))
    fell = (sum(before) - sum(now)) / len(pairs)
    if fell <= threshold.fall + _ROUNDING:
        return None
    # McNemar's test takes 0 and 1: a measure that is better low is turned round, not negated.
    p = p_value([1 + v for v in before], [1 + v for v in now], "less") if lower else p_value(before, now, "less")
    return p if fell > threshold.noise + _ROUNDING or p <= alpha else None


def _worse(measure: str, before: float, now: float) -> bool:
    return now > before if measure in LOWER_IS_BETTER else now < before
