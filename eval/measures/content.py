"""What the text of a gold answer says, point by point, and which of the points an answer makes."""

import re
import unicodedata
from collections.abc import Iterator

from eval.measures.lists import is_list
from eval.measures.overlap import token_f1
from eval.measures.required import MARK
from eval.numbers import numbers
from eval.questions import Question
from index.text import words

MADE = 0.5
"""Share of the new words of a point from which it counts as made."""

SAME = 0.8
"""Token F1 with the gold answer from which all its points count as made."""

_STEM = 5
"""Letters of an English word that tell it from others: "decli" serves declines, declined and declining."""

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z]+(?:'[a-z]+)?")
_POINT = re.compile(
    r"[，,、;；。！？!?\n]|\.(?=\s|$)|\b(?:and|while|but|because|as|owing to|due to)\b"
    r"|以及|(?<=[\u4e00-\u9fff]{2})与(?![^，。]{0,12}(?:[相之互]|一致))|同时|并且|而且|且|并|和|及|因此|因为|由于|所以"
)
_FILLER = re.compile(r"包括|属于|[的了是在和与及或也都就为以于对从到被把将等有其这那而且并更该因由约]")
_STOP = frozenset(
    "a an the of and or to in on for by at as is are was were be been it its this that these those with from has have "
    "had do does did what which who when where why how much many we they their our will would can could should may "
    "might than then there some any if so not because while but also into about which both each".split(" ")
)


def content(text: str) -> list[str]:
    """Give the content of a text: Chinese character bigrams without function words, English words cut to their stem.

    Figures are left out; :mod:`eval.measures.figures` compares them.
    """
    return [token for token, _ in placed(unicodedata.normalize("NFKC", text))]


def placed(flat: str) -> Iterator[tuple[str, int]]:
    """Give the content of a text in NFKC form with the places where it begins."""
    for match in _RUN.finditer(flat.lower()):
        run, offset = match[0], match.start()
        if run.isascii():
            if run not in _STOP:
                yield run[:_STEM], offset
            continue
        for part in _FILLER.split(run):
            if len(part) == 1:
                yield part, offset
            for i in range(len(part) - 1):
                yield part[i : i + 2], offset + i
            offset += len(part) + 1


def points_made(question: Question, answer: str, *, figures: bool = True) -> float:
    """Give the share of the points of the gold answer that an answer makes.

    Points are what the gold answer divides by commas, 、 ; and words such as "and"; those that say nothing but what the
    question says do not count. A point is made when at least MADE of its new words (Chinese by jieba, English by their
    stem) stand in the answer; all are when the token F1 of both texts is at least SAME, and the only one is, too, when
    SAME of the answer's new words stand in the gold answer. Of a list every point has to be made. Without ``figures``
    points that have one do not count.
    """
    asked, said = _folded(question.question), _folded(MARK.sub(" ", answer))
    points = [_words(part) for part in _POINT.split(question.answer) if figures or not numbers(part)]
    news = [(new, all_) for all_ in points if (new := [word for word in all_ if word not in asked])]
    counted = [new for new, all_ in news if len(new) > len(all_) / 4] or [new for new, _ in news]
    if figures and not is_list(question) and token_f1(answer, question.answer) >= SAME:
        return 1.0
    if not counted:
        return 0.0
    if len(counted) == 1:
        own = [word for word in _words(MARK.sub(" ", answer)) if word not in asked]
        if len(own) > 1 and sum(word in _folded(question.answer) for word in own) >= SAME * len(own):
            return 1.0
    return sum(sum(word in said for word in new) / len(new) >= MADE for new in counted) / len(counted)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _words(text: str) -> list[str]:
    """The words of a text that can be looked for in another, without figures."""
    found = (word for word in words(text, whole=True) if not word[0].isdigit())
    return list(
        dict.fromkeys(word[:_STEM] if word.isascii() else word for word in found if not _FILLER.fullmatch(word))
    )
