"""Confidence intervals of means and ratios by the bootstrap."""

from collections.abc import Mapping, Sequence

import numpy as np

RESAMPLES = 2000
LEVEL = 0.95
SEED = 20_261_123

Ratio = tuple[float, float]
"""What one question adds to the numerator and to the denominator of a measure: its value and 1 for a mean."""


def intervals(questions: Sequence[Mapping[str, Ratio]]) -> dict[str, tuple[float, float]]:
    """Give the 95% percentile bootstrap interval of every measure, by name.

    A measure is Σ numerators / Σ denominators over the questions that have it. Questions are drawn with replacement
    RESAMPLES times, the same draws for all measures (Efron and Tibshirani, 1993, ch. 13), seeded, so that a run gives
    the same intervals again. A draw without any question that has the measure is left out of it.
    """
    names = sorted({name for question in questions for name in question})
    if not names:
        return {}
    pairs = np.array([[question.get(name, (0.0, 0.0)) for name in names] for question in questions])
    size = len(questions)
    drawn = np.random.default_rng(SEED).multinomial(size, np.full(size, 1 / size), size=RESAMPLES).astype(float)
    above, below = drawn @ pairs[:, :, 0], drawn @ pairs[:, :, 1]
    shares = np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)
    low, high = np.nanquantile(shares, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return {name: (float(low[i]), float(high[i])) for i, name in enumerate(names)}
