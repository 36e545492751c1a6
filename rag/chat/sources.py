"""The sources of an answer: what was found at once, what is cited when it is finished."""

from html import escape

from rag.chat.exchange import Exchange
from rag.chat.markup import Ids, Place, plain
from rag.chat.words import word
from rag.types import Citation, Evidence


def card(source: Evidence | Citation, ids: Ids, language: str) -> str:
    """One source: which page of which report, and what stands there. A click shows the page."""
    section = source.section.removeprefix(source.title).removeprefix(" › ")
    where = " · ".join(part for part in (source.report if source.title else "", section) if part)
    return (
        f'<li><button type="button" class="source" data-n="{source.n}" {Place.of(source, ids).attributes}>'
        f'<span class="head"><b class="n">{source.n}</b>'
        f'<span class="title">{escape(source.title or source.report)}</span>'
        f'<span class="page">{word("page", language, source.page)}</span></span>'
        f'<span class="where">{escape(where)}</span>'
        f'<span class="quote">{plain(source.quote if isinstance(source, Citation) else source.text)}</span>'
        f"</button></li>"
    )


def panel(exchange: Exchange | None, ids: Ids, language: str) -> str:
    """The list beside the answer."""
    if exchange is None:
        return f'<h2 id="sources">{word("sources", language)}</h2><p class="quiet">{word("no_sources", language)}</p>'
    read = "".join(card(item, ids, language) for item in exchange.evidence)
    answer = exchange.answer
    if answer is None or not answer.citations:
        label = "seen" if answer and not answer.found else "found"
        shown = f"<ol>{read}</ol>" if read else ""
    else:
        label = "cited"
        cited = "".join(card(item, ids, language) for item in answer.citations)
        more = (
            f"<details><summary>{word('read', language)} ({len(exchange.evidence)})</summary><ol>{read}</ol></details>"
        )
        shown = f"<ol>{cited}</ol>{more if read else ''}"
    heading = word(label, language) if shown else word("sources", language)
    return f'<h2 id="sources">{heading}</h2><p class="asked">{escape(exchange.question)}</p>{shown}'
