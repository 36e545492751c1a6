"""How far the words of an answer are those of the gold answer: F1 over tokens, and the loose score."""

import re
import unicodedata
from collections import Counter

from eval.measures.required import MARK
from eval.questions import Question

LOOSE_F1 = 0.3
"""F1 from which a text without figures counts as loosely right; see ``loose_score``.

On 135 gold answers without figures of a 53-page Chinese report, 81% of the sentences that hold the answer reach it and
2% of other sentences of the same page do.
"""

_FIGURE = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?%?")
_CJK = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W_]+")
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
_ARTICLES = {"a", "an", "the"}


def token_f1(predicted: str, gold: str) -> float:
    """F1 over tokens, 2PR / (P + R) of the multisets; 0 where they share none.

    Of English tokens are words in lower case without articles and punctuation, as in SQuAD (Rajpurkar et al., 2016);
    of Chinese every character is one, as in CMRC 2018 (Cui et al., 2019). A number is one token in both. Marks of
    citations do not count.
    """
    return _f1(tokens(MARK.sub(" ", predicted)), tokens(gold))


def tokens(text: str) -> list[str]:
    """Give the tokens of a text: English words without articles, Chinese characters, numbers without commas."""
    flat = _THOUSANDS.sub("", unicodedata.normalize("NFKC", text).lower())
    return [token for token in _TOKEN.findall(flat) if token not in _ARTICLES]


def loose_score(question: Question, predicted: str) -> float:
    """How far an answer agrees with the gold answer where no required facts are given, 0 to 1.

    Where the gold answer has figures that the question does not itself give: the share of them that the prediction
    has too (units are not compared). Else 1 if the F1 of character bigrams (Chinese) or words (English, lower case,
    without articles) with the gold answer is at least LOOSE_F1, or 0. F1 = 2PR / (P + R) over the multisets, as SQuAD
    scores words (Rajpurkar et al., 2016).
    """
    wanted = figures(question.answer) - figures(question.question)
    text = MARK.sub(" ", predicted)
    if wanted:
        return len(wanted & figures(text)) / len(wanted)
    return float(f1(text, question.answer) >= LOOSE_F1)


def figures(text: str) -> frozenset[str]:
    """Give the numbers of a text without unit, thousands commas and trailing zeros, but with %.

    "1,200.50% and 3亿" has 1200.5% and 3.
    """
    found = set()
    for figure in _FIGURE.findall(unicodedata.normalize("NFKC", text)):
        number, percent = figure.rstrip("%").replace(",", ""), "%" * figure.endswith("%")
        found.add((number.rstrip("0").rstrip(".") if "." in number else number) + percent)
    return frozenset(found)


def f1(predicted: str, gold: str) -> float:
    """F1 over character bigrams where the gold text has Chinese, else over words; 0 where they share none."""
    bigrams = _CJK.search(gold) is not None
    return _f1(units(predicted, bigrams=bigrams), units(gold, bigrams=bigrams))


def units(text: str, *, bigrams: bool) -> list[str]:
    """Give the words of a text in lower case without articles, or the bigrams of its letters and digits."""
    words = _WORD.findall(unicodedata.normalize("NFKC", text).lower())
    if not bigrams:
        return [word for word in words if word not in _ARTICLES]
    characters = "".join(words)
    return [characters[i : i + 2] for i in range(len(characters) - 1)]


def _f1(ours: list[str], theirs: list[str]) -> float:
    shared = (Counter(ours) & Counter(theirs)).total()
    return 2 * shared / (len(ours) + len(theirs)) if shared else 0.0
