"""Whether two runs over the same questions differ by more than chance: paired tests and intervals."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

RESAMPLES = 9999
LEVEL = 0.95
SEED = 5
"""Of the draws of intervals and permutations: the same runs always give the same numbers."""

Alternative = Literal["two-sided", "less"]


class Difference(BaseModel):
    """A measure in two runs over the ``n`` questions that have it in both.

    ``before`` and ``after`` are means, ``difference`` is after - before with its interval ``low`` to ``high``
    (:func:`interval`), ``p`` the two-sided p-value of :func:`p_value` by ``test``. ``up`` and ``down`` count the
    questions whose value rose and fell.
    """

    model_config = ConfigDict(frozen=True)

    n: int
    before: float
    after: float
    difference: float
    low: float
    high: float
    p: float
    test: Literal["McNemar", "permutation"]
    up: int
    down: int


def paired(before: Sequence[float], after: Sequence[float]) -> Difference:
    """Compare the values of the same questions, in the same order, in two runs. There must be one at least."""
    first, second = np.asarray(before, float), np.asarray(after, float)
    change = second - first
    low, high = interval(change.tolist())
    return Difference(
        n=len(change),
        before=float(first.mean()),
        after=float(second.mean()),
        difference=float(change.mean()),
        low=low,
        high=high,
        p=p_value(before, after),
        test="McNemar" if _is_share(first) and _is_share(second) else "permutation",
        up=int((change > 0).sum()),
        down=int((change < 0).sum()),
    )


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Give the 95% percentile bootstrap interval of a mean.

    The values are drawn with replacement RESAMPLES times (Efron and Tibshirani, 1993, "An Introduction to the
    Bootstrap", ch. 13). Of the differences of pairs this is the paired bootstrap.
    """
    sample = np.asarray(values, float)
    random = np.random.default_rng(SEED)
    # How often each value is drawn, in parts that keep the table of draws small for long runs.
    part = max(1, 2_000_000 // len(sample))
    means = [
        random.multinomial(len(sample), np.full(len(sample), 1 / len(sample)), size=min(part, RESAMPLES - done))
        @ sample
        / len(sample)
        for done in range(0, RESAMPLES, part)
    ]
    low, high = np.quantile(np.concatenate(means), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def p_value(before: Sequence[float], after: Sequence[float], alternative: Alternative = "two-sided") -> float:
    """Give the probability of a difference this large were the runs equally good; "less": of a fall this large.

    Of values that are 0 or 1 by McNemar's exact test (McNemar 1947): of the questions whose value changed, as many
    rose as fell but for chance. Of others by a permutation test over the signs of the differences (Good 2005,
    "Permutation, Parametric and Bootstrap Tests of Hypotheses"), exact where there are few questions, else by
    RESAMPLES draws. 1 where nothing changed.
    """
    from scipy.stats import binomtest, permutation_test

    first, second = np.asarray(before, float), np.asarray(after, float)
    changed = first != second
    if not changed.any():
        return 1.0
    if _is_share(first) and _is_share(second):
        return float(binomtest(int((second > first).sum()), int(changed.sum()), alternative=alternative).pvalue)
    pairs = second[changed], first[changed]  # those that are equal add nothing to any permutation
    if len(pairs[0]) == 1:
        pairs = np.append(pairs[0], 0.0), np.append(pairs[1], 0.0)  # of two, for SciPy refuses one
    done = permutation_test(
        pairs,
        lambda x, y, axis: np.sum(x - y, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        alternative=alternative,
        rng=np.random.default_rng(SEED),
    )
    return float(done.pvalue)


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjust p-values for being several, by Holm's step-down method (Holm 1979), in the order given."""
    adjusted, largest = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=lambda place: p_values[place])):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = largest
    return adjusted


def _is_share(values: "np.typing.NDArray[np.float64]") -> bool:
    return bool(np.isin(values, (0.0, 1.0)).all())
