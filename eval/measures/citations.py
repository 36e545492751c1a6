"""Citations: the right pages, quotes that stand on them, a mark in every sentence."""

import re
from collections.abc import Mapping

from eval.grounded import sentences
from eval.measures.retrieval import right_pages
from eval.predictions import PageOf, Prediction, Reply
from eval.questions import Question

_SAYS = re.compile(r"[^\W\d_]")


def exists(citation: PageOf, page_counts: Mapping[str, int]) -> bool:
    """Whether the cited report is in the store and has the page: 1 <= page <= its page count."""
    report, page = citation
    return 1 <= page <= page_counts.get(report, 0)


def cites_right(question: Question, reply: Reply) -> bool:
    """Whether one of the right pages is cited."""
    return not right_pages(question).isdisjoint(reply.citations)


def citations(prediction: Prediction) -> dict[str, float]:
    """Give the measures of the citations of one answer that was found; empty for others.

    ``citation_precision`` is |cited right pages| / |cited pages|, ``citation_recall`` |cited right pages| / |right
    pages|, both for questions with pages, precision only where anything is cited. ``sentences_cited`` is the share of
    the sentences with a ``[n]`` mark; ``quotes_on_page`` the share of the quotes that stand on the page cited, of those
    that were looked up in the run.
    """
    reply, right = prediction.reply, right_pages(prediction.question)
    if reply is None or not reply.found:
        return {}
    found: dict[str, float] = {}
    cited = set(reply.citations)
    if right:
        found["cited_right"] = float(bool(cited & right))
        found["citation_recall"] = len(cited & right) / len(right)
        if cited:
            found["citation_precision"] = len(cited & right) / len(cited)
    marked = [bool(marks) for text, marks in sentences(reply.predicted) if _SAYS.search(text)]
    if marked:
        found["sentences_cited"] = sum(marked) / len(marked)
    looked_up = [cited.on_page for cited in reply.citations_full if cited.on_page is not None]
    if looked_up:
        found["quotes_on_page"] = sum(looked_up) / len(looked_up)
    return found
