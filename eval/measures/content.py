"""What the text of a gold answer says, point by point, and which of the points an answer makes."""

import re
import unicodedata
from collections.abc import Iterator

from eval.measures.required import MARK
from eval.questions import Question

MADE = 0.6
"""Share of the new content of a point from which it counts as made."""

_STEM = 5
"""Letters of an English word that tell it from others: "declin" serves declines, declined and declining."""

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z]+(?:'[a-z]+)?|\d+(?:\.\d+)?")
_POINT = re.compile(
    r"[，,、;；。！？!?\n]|\.(?=\s|$)|\b(?:and|while|but|because|as|owing to|due to)\b|以及|同时|并且|且|并|和|及|因为|由于"
)
_FILLER = re.compile(r"[的了是在和与及或也都就为以于对从到被把将等有其这那而且并更该因由约]")
_STOP = frozenset(
    "a an the of and or to in on for by at as is are was were be been it its this that these those with from has have had "
    "do does did what which who when where why how much many we they their our will would can could should may might "
    "than then there some any if so not because while but also into about which both each".split(" ")
)


def content(text: str) -> list[str]:
    """Give the content of a text: Chinese character bigrams without function words, English words cut to their stem.

    Figures are left out; :mod:`eval.measures.figures` compares them.
    """
    return [token for token, _, _ in placed(unicodedata.normalize("NFKC", text))]


def placed(flat: str) -> Iterator[tuple[str, int, int]]:
    """Give the content of a text in NFKC form with its places, years as they are, no other figures."""
    low = flat.lower()
    for match in _RUN.finditer(low):
        run, start = match[0], match.start()
        if run[0].isdigit():
            continue
        if run.isascii():
            if run not in _STOP:
                yield run[:_STEM], start, match.end()
            continue
        offset = start
        for part in _FILLER.split(run):
            if len(part) == 1:
                yield part, offset, offset + 1
            for i in range(len(part) - 1):
                yield part[i : i + 2], offset + i, offset + i + 2
            offset += len(part) + 1


def points_made(question: Question, answer: str) -> tuple[int, float]:
    """Give how many points the gold answer makes that the question does not, and the share of them that the answer makes.

    Points are what the gold answer divides by commas, 、 ; and words such as "and". A point is made when the answer has
    at least MADE of its content that is new, that is, not in the question.
    """
    asked = set(content(question.question))
    said = set(content(MARK.sub(" ", answer)))
    news = [new for part in _POINT.split(question.answer) if (new := set(content(part)) - asked)]
    if not news:
        return 0, 0.0
    return len(news), sum(len(new & said) / len(new) >= MADE for new in news) / len(news)
