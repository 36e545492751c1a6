"""Where a quotation stands on its page."""

import re
from collections.abc import Iterable

from index.text import fold
from index.types import Box, Sentence

_SPACE = re.compile(r"\s+")


def boxes_of(quote: str, sentences: Iterable[Sentence]) -> tuple[Box, ...]:
    """The boxes of those of a page's sentences, or table rows, that ``quote`` is made of or taken from."""
    return tuple(dict.fromkeys(box for sentence in sentences_of(quote, sentences) for box in sentence.boxes))


def sentences_of(quote: str, sentences: Iterable[Sentence]) -> list[Sentence]:
    """Those of a page's sentences, or table rows, that ``quote`` is made of or taken from.

    White space, width and case do not matter. A quotation within one sentence is that sentence; where it is made of
    several, it is those that stand whole in it.
    """
    wanted = _bare(quote)
    if not wanted:
        return []
    within: list[Sentence] = []
    whole: list[Sentence] = []
    for sentence in sentences:
        texts = [_bare(text) for text in (sentence.text, sentence.quote) if text]
        if any(wanted in text for text in texts):
            within.append(sentence)
        elif any(text and text in wanted for text in texts):
            whole.append(sentence)
    return [s for s in within if _bare(s.text) == wanted] or within[:1] or whole


def _bare(text: str) -> str:
    return _SPACE.sub("", fold(text))
