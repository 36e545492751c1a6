"""Hits of several searches for one question, put together."""

from collections.abc import Sequence
from dataclasses import replace

from index.types import Hit


def merged(hits_per_part: Sequence[Sequence[Hit]]) -> list[Hit]:
    """The hits of several searches taken in turn, so that each has its best ones within a budget; no chunk twice.

    Scores of one search say nothing in another: each search's are scaled so that its best hit has the highest score of
    all.
    """
    top = max((hits[0].score for hits in hits_per_part if hits), default=0.0)
    scaled = [
        [replace(hit, score=hit.score * top / hits[0].score if hits[0].score > 0 else hit.score) for hit in hits]
        for hits in hits_per_part
        if hits
    ]
    found: dict[int, Hit] = {}
    for turn in range(max(map(len, scaled), default=0)):
        for hits in scaled:
            if turn < len(hits):
                found.setdefault(hits[turn].chunk_id, hits[turn])
    return list(found.values())
