"""Reports that hold the same text: a PDF and its plain text, a scan and its original.

Each report keeps a sketch: the hashes of its 12-character shingles that are divisible by a constant, a sample that is
the same for the same text wherever it stands (Broder 1997, "On the resemblance and containment of documents"). A
report most of whose sketch is in another's is a copy of it. Searching all reports skips copies, or every hit would
come twice; naming the copy searches it.
"""

import math
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

from index.text import fold

SHINGLE = 12
SAMPLE = 16
CONTAINED = 0.7
FEWEST = 8  # hashes: a shorter text is no copy, for it may stand in any report


def sketch(texts: Iterable[str]) -> frozenset[int]:
    """The sketch of a report's chunk texts."""
    found = set()
    for text in texts:
        folded = fold(text)
        for start in range(max(1, len(folded) - SHINGLE + 1)):
            value = zlib.crc32(folded[start : start + SHINGLE].encode())
            if value % SAMPLE == 0:
                found.add(value)
    return frozenset(found)


def copies(sketches: Sequence[tuple[str, bool, frozenset[int]]]) -> dict[str, str]:
    """For every report that is a copy, the id of the report it is a copy of.

    ``sketches`` holds (id, whether its pages are real, sketch). Of two that hold each other the one with real pages is
    the original, else the one with more text, else the one with the lower id.
    """
    order = sorted(sketches, key=lambda item: (not item[1], -len(item[2]), item[0]))
    common = Counter(chain.from_iterable(own for _, _, own in order))
    originals: list[tuple[str, frozenset[int]]] = []
    holding: dict[int, list[int]] = {}  # in which originals a hash stands
    found: dict[str, str] = {}
    for report, _, own in order:
        shared = [value for value in own if common[value] > 1]
        least = math.ceil(CONTAINED * len(own)) if len(own) >= FEWEST else len(own) + 1
        # Whatever holds ``least`` of the hashes has one of any len(shared) - least + 1: the rarest bring the fewest up.
        probes = sorted(shared, key=common.__getitem__)[: len(shared) - least + 1] if len(shared) >= least else []
        for index in sorted({index for value in probes for index in holding.get(value, ())}):
            original, other = originals[index]
            if len(own & other) >= least:
                found[report] = original
                break
        else:
            for value in shared:
                holding.setdefault(value, []).append(len(originals))
            originals.append((report, own))
    return found
