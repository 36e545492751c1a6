"""How well the right pages and reports were found: hit rate, reciprocal rank, recall and nDCG."""

import math
from collections.abc import Collection, Hashable, Iterable, Sequence

from eval.predictions import PageOf, Prediction
from eval.questions import Question

CUTS = (1, 3, 5, 10)
"""The k of hit@k and recall@k."""

DEPTH = 10
"""The k of nDCG@k."""


def distinct(pages: Iterable[PageOf], limit: int | None = None) -> tuple[PageOf, ...]:
    """Keep the pages in order, each once, at most ``limit``."""
    return tuple(dict.fromkeys((report, page) for report, page in pages))[:limit]


def right_pages(question: Question) -> frozenset[PageOf]:
    """Give the pages of which any is right for the question; empty where the question has none."""
    return frozenset((question.report, page) for page in question.pages)


def first_right(hits: Sequence[PageOf], right: Collection[PageOf]) -> int | None:
    """Give the 1-based rank of the first right page among the distinct hits, or None."""
    return _rank(distinct(hits), right)


def recall(hits: Sequence[PageOf], right: Collection[PageOf], k: int) -> float:
    """|right pages among the first k distinct hits| / |right pages|."""
    return len(set(distinct(hits, k)) & set(right)) / len(right)


def ndcg(ranked: Sequence[Hashable], right: Collection[Hashable], k: int = DEPTH) -> float:
    """Normalised discounted cumulative gain of distinct results, each right or not: DCG@k / the best DCG@k.

    DCG@k is the sum of 1 / log2(rank + 1) over the ranks up to k with a right result; the best is that of all right
    ones in front (Järvelin and Kekäläinen, 2002, with gains of 0 and 1).
    """
    gained = sum(1 / math.log2(rank + 1) for rank, result in enumerate(ranked[:k], start=1) if result in right)
    return gained / sum(1 / math.log2(rank + 1) for rank in range(1, min(k, len(right)) + 1))


def retrieval(prediction: Prediction) -> dict[str, float]:
    """Give the measures of one question's hits; those of pages only where it has pages, of reports where it names one.

    ``hit_k`` is 1 if a right page is among the first k distinct pages, ``mrr`` 1/rank of the first right page (0 if it
    is not among the hits). ``report_*`` are the same over the distinct reports of the hits; a question names one, so
    that its recall@k is its hit@k.
    """
    question = prediction.question
    found: dict[str, float] = {}
    pages = distinct(prediction.hits)
    if right := right_pages(question):
        found |= _ranked(_rank(pages, right), "")
        found |= {f"recall_{k}": recall(pages, right, k) for k in CUTS}
        found["ndcg_10"] = ndcg(pages, right)
    if question.report and question.answerable:
        reports = tuple(dict.fromkeys(report for report, _ in pages))
        found |= _ranked(_rank(reports, {question.report}), "report_")
        found["report_ndcg_10"] = ndcg(reports, {question.report})
    return found


def _ranked(rank: int | None, prefix: str) -> dict[str, float]:
    hits = {f"{prefix}hit_{k}": float(rank is not None and rank <= k) for k in CUTS}
    return hits | {f"{prefix}mrr": 1 / rank if rank else 0.0}


def _rank(results: Sequence[Hashable], right: Collection[Hashable]) -> int | None:
    return next((rank for rank, result in enumerate(results, start=1) if result in right), None)
