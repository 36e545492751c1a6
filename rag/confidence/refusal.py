"""What a refusal says: that the answer is not there, what was searched, and the nearest thing that is there."""

from collections.abc import Sequence

from index.text import words
from index.types import Entry
from rag.checking.citations import Source
from rag.confidence.weighing import Weighed
from rag.prompts import REFUSAL
from rag.types import Citation

SHOWN = 0.1  # of probability, below which even the nearest sentence is about something else
NAMED = 2  # reports that are named; of more only the number is given
ALIKE = 0.7  # of the words of the shorter of two sentences
LONGEST = 160  # characters of a quote, half for Chinese


def nearest(weighed: Weighed, language: str, most: int = 2) -> tuple[Citation, ...]:
    """The sentences nearest to the question, of different items; none when all are about something else."""
    if weighed.probability < SHOWN:
        return ()
    found: list[Citation] = []
    seen: set[int] = set()
    for span in weighed.spans:
        if span.item.n in seen or len(found) == most or any(_alike(span.text, citation.quote) for citation in found):
            continue
        seen.add(span.item.n)
        found.append(Citation.of(span.item, len(found) + 1, Source(span.item, language).of_page(span.text)))
    return tuple(found)


def _alike(one: str, other: str) -> bool:
    """Whether two sentences say nearly the same, as the summary of a report and its body do."""
    mine, theirs = set(words(one)), set(words(other))
    return len(mine & theirs) > ALIKE * min(len(mine), len(theirs))


def refusal_text(language: str, searched: Sequence[Entry], near: Sequence[Citation] = ()) -> str:
    """A refusal in "zh" or "en": what was searched and, labelled as no answer, the nearest with its page.

    ``searched`` are the reports that were searched, ``near`` is what :func:`nearest` gave.
    """
    parts = [REFUSAL[language], _searched(language, searched)]
    if near:
        quotes = [_quote(language, citation) for citation in near]
        if language == "zh":
            parts.append(f"最接近的内容如下，但并不是答案：{'；'.join(quotes)}。")
        else:
            parts.append(f"The nearest passages, which do not answer it: {'; '.join(quotes)}.")
    return ("" if language == "zh" else " ").join(part for part in parts if part)


def _searched(language: str, searched: Sequence[Entry]) -> str:
    if not searched:
        return ""
    titles = [entry.title or entry.name for entry in searched]
    chinese = sum(entry.language == "zh" for entry in searched)
    english = len(searched) - chinese
    if language == "zh":
        if len(titles) <= NAMED:
            return f"检索了{'、'.join(f'《{title}》' for title in titles)}。"
        both = f"（中文{chinese}份、英文{english}份）" if chinese and english else ""
        return f"检索了{len(titles)}份报告{both}。"
    if len(titles) <= NAMED:
        return f"Searched: {'; '.join(titles)}."
    both = f" ({chinese} Chinese, {english} English)" if chinese and english else ""
    return f"Searched: {len(titles)} reports{both}."


def _quote(language: str, citation: Citation) -> str:
    longest = LONGEST // 2 if language == "zh" else LONGEST
    quote = " ".join(citation.quote.split())
    quote = quote if len(quote) <= longest else quote[: longest - 1].rstrip() + "…"
    title = citation.title or citation.report
    if language == "zh":
        return f"“{quote}”（《{title}》第{citation.page}页）"
    return f"“{quote}” ({title}, p. {citation.page})"
