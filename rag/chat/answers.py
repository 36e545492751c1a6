"""A question and its answer as the chat shows them."""

from html import escape

from rag.chat.exchange import Conversation, Exchange
from rag.chat.icons import button
from rag.chat.markup import Ids, Place, Writing, places
from rag.chat.words import word
from rag.types import Answer, Conflict


def thread(conversation: Conversation, ids: Ids, language: str, first: int = 0) -> str:
    """The exchanges of a conversation, numbered from ``first``."""
    return "".join(article(n, exchange, ids, language) for n, exchange in enumerate(conversation, first))


def article(n: int, exchange: Exchange, ids: Ids, language: str) -> str:
    """One exchange, number ``n`` of its conversation."""
    busy = "" if exchange.over else ' data-busy="1" aria-busy="true"'
    return (
        f'<article class="exchange" data-n="{n}"{busy}><header><h3 class="question">{escape(exchange.question)}</h3>'
        f"{_edit(n, exchange, language)}</header>"
        f'<div class="answer" lang="{_spoken(exchange, language)}">{body(exchange, ids, language)}</div>'
        f"{actions(n, exchange, language)}</article>"
    )


def _spoken(exchange: Exchange, language: str) -> str:
    shown = exchange.answer.language if exchange.answer else language
    return "zh-CN" if shown == "zh" else "en"


def _edit(n: int, exchange: Exchange, language: str) -> str:
    if not exchange.over:
        return ""
    return button(
        "edit", "edit", word("edit_label", language), f' data-at="{n}" data-question="{escape(exchange.question)}"'
    )


def body(exchange: Exchange, ids: Ids, language: str) -> str:
    """The answer, as far as it is, with what a reader must know about it."""
    answer = exchange.answer
    if answer is not None:
        return _finished(answer, ids, language)
    known = places(exchange.evidence, ids)
    if exchange.failure:
        written = Writing(known, (), language).paragraphs(exchange.text) if exchange.text else ""
        return f'{written}<div class="alert" role="alert">{escape(exchange.failure)}</div>'
    if exchange.over:
        return f'<p class="quiet">{word("only_found" if exchange.evidence else "nothing_found", language)}</p>'
    if exchange.waiting:
        return f'<p class="writing quiet">{word("waiting", language, exchange.waiting)}</p>'
    if not exchange.text:
        return f'<p class="writing quiet">{word("writing" if exchange.evidence else "searching", language)}</p>'
    return f'<div class="writing">{Writing(known, (), language).paragraphs(exchange.text)}</div>'


def _finished(answer: Answer, ids: Ids, language: str) -> str:
    parts = []
    if answer.standalone:
        parts.append(f'<p class="standalone">{escape(word("standalone", language, answer.standalone))}</p>')
    if answer.failed:
        told = f"{word('model_gone', language)}<small>{escape(answer.notice)}</small>"
        parts.append(f'<div class="alert" role="alert">{told}</div>')
    elif answer.notice:
        parts.append(f'<div class="notice">{escape(answer.notice)}</div>')
    written = Writing(places(answer.citations, ids), answer.unsupported, language).paragraphs(answer.answer)
    parts.append(written if answer.found else f'<div class="refusal">{written}</div>')
    if answer.unsupported:
        items = "".join(f"<li>{escape(text)}</li>" for text in answer.unsupported)
        parts.append(f'<div class="alert">{word("unsupported", language)}<ul>{items}</ul></div>')
    parts.extend(_contradiction(conflict, ids, language) for conflict in answer.conflicts)
    return "".join(parts)


def _contradiction(conflict: Conflict, ids: Ids, language: str) -> str:
    rows = []
    for figure in conflict.figures:
        place = Place(ids.get(figure.report, ""), figure.report, figure.page, figure.quote)
        rows.append(
            f"<tr><td><b>{escape(figure.value)}</b></td><td>{escape(figure.report)}</td>"
            f'<td><button type="button" class="to-page" {place.attributes}>{word("page", language, figure.page)}'
            f"</button></td></tr>"
        )
    heads = "".join(f'<th scope="col">{word(key, language)}</th>' for key in ("value", "report", "page_head"))
    return (
        f'<table class="conflict"><caption><b>{word("conflicts", language)}</b> {escape(conflict.subject)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def actions(n: int, exchange: Exchange, language: str) -> str:
    """What can be done with an answer: copy, ask again, judge, and the questions that suggest themselves."""
    if not exchange.over:
        return ""
    buttons = []
    if exchange.answer is not None:
        buttons.append(_button("copy", n, language))
    buttons.append(_button("retry", n, language, f' data-question="{escape(exchange.question)}"'))
    if exchange.answer is not None:
        for verdict in ("good", "bad"):
            pressed = "true" if exchange.good is (verdict == "good") else "false"
            buttons.append(_button(verdict, n, language, f' aria-pressed="{pressed}"'))
    meta = ""
    if answer := exchange.answer:
        spent = answer.timings_ms
        meta = word("seconds", language, f"{spent.retrieve / 1000:.1f}", f"{spent.total / 1000:.1f}")
        meta = f'<span class="meta">{meta}{" · " + escape(answer.model) if answer.model else ""}</span>'
    asked = "".join(
        f'<li><button type="button" class="chip" data-do="ask" data-question="{escape(question)}">{escape(question)}'
        "</button></li>"
        for question in exchange.follow_ups
    )
    follow = f'<ul class="follow" aria-label="{word("follow", language)}">{asked}</ul>' if asked else ""
    copied = f'<textarea class="as-text" hidden>{escape(as_text(exchange))}</textarea>' if exchange.answer else ""
    return f'<footer><div class="actions">{"".join(buttons)}{meta}</div>{follow}{copied}</footer>'


def _button(do: str, n: int, language: str, more: str = "") -> str:
    return button(do, do, word(do, language), f' data-at="{n}"{more}')


def as_text(exchange: Exchange) -> str:
    """An answer with its sources, as it is copied."""
    answer = exchange.answer
    if answer is None:
        return ""
    cited = [
        f"[{c.n}] {c.title or c.report}{f' ({c.report})' if c.title else ''}, "
        f"{word('page', answer.language, c.page)}: {c.quote}"
        for c in answer.citations
    ]
    return "\n\n".join([answer.answer, *(["\n".join(cited)] if cited else [])])
