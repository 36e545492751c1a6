"""What answers cost: seconds, tokens and memory."""

import math
import statistics
from collections.abc import Iterable

from eval.measures.scores import Spread


def spread(values: Iterable[float | None]) -> Spread | None:
    """Median and 90th percentile by nearest rank: the ceil(0.9 n)-th smallest. None without values."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    p90 = known[math.ceil(0.9 * len(known)) - 1]
    return Spread(n=len(known), median=statistics.median(known), p90=p90)
