"""Sentences that go on from the one before and are not to be understood without it.

A chunk may begin with "That year revenue was …": whose revenue, the sentence before says.
"""

import re
from collections.abc import Callable, Sequence

from index.types import Hit, Sentence

MOST = 2  # sentences that are put before a chunk
LONGEST = 120  # characters of them, three times as many in English
_MEASURE = r"(?:营业?收入?|收入|净利|归母|扣非|毛利|净额|实现|业务)"
_QUARTER = "(?:第?[一二三四]|前三)季度"
_GOES_ON = re.compile(
    r"(?:其中|此外|同时|对此|因此|并(?!购|表|网)|而(?!言)|且|但|该|其(?!他|余|实)|这|上述|前者|后者|[两二]者|受此|(?:受益|得益)于"
    r"|主要(?:是|系|由于|受|得益)|建议(?:重点)?关注"
    rf"|(?:(?:19|20)?\d\d ?年(?:全年|度|[上下]半年|{_QUARTER})?|[1-4]Q\d\d|\d\dQ[1-4]|{_QUARTER})[,，]? ?{_MEASURE})"
    r"|(?:it|its|they|their|this|these|those|such|both|the (?:increase|decrease|decline|change|improvement|rise|drop)"
    r"|as a result|in addition|however|additionally|moreover|that)\b",
    re.IGNORECASE,
)


def goes_on(sentence: str) -> bool:
    """Whether a sentence begins with something that the one before it named.

    >>> goes_on("2024年营收13.8亿元"), goes_on("The decrease was due to volumes."), goes_on("青禾科技营收13.8亿元")
    (True, True, False)
    """
    return _GOES_ON.match(sentence.strip()) is not None


def begun(sentences: Sequence[Sentence], hit: Hit, before: Callable[[Hit], Hit | None]) -> tuple[Sentence, ...]:
    """The sentences of ``hit`` with those before them that they go on from, if these stand there and are short.

    ``before`` gives the chunk before another on its page and in its section.
    """
    found = list(sentences)
    added = 0
    first: Hit | None = hit
    earlier: list[Sentence] = []
    while goes_on(found[0].text) and added < MOST:
        if not earlier:
            first = before(first) if first else None
            if first is None:
                break
            earlier = list(first.sentences)
        length = sum(len(sentence.text) for sentence in found[:added]) + len(earlier[-1].text)
        if length > LONGEST * (3 if earlier[-1].text.isascii() else 1):
            break
        found.insert(0, earlier.pop())
        added += 1
    return tuple(found) if added and not goes_on(found[0].text) else tuple(sentences)
