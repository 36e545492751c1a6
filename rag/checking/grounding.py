"""Whether evidence is about what was asked: the same names, the same measure, the kind of figure asked for.

A small model with the wrong evidence in front of it answers all the same: a neighbour's figure under the name that was
asked for. Its wording cannot be trusted, but what stands in the cited text can be looked up.
"""

import re
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from index.text import fold, has_cjk, is_uncommon, words
from rag.asking.facets import Kind, facets
from rag.checking.figures import find, stands_in
from rag.checking.terms import is_name_like, measures, other_names
from rag.finding.glossary import translations

_MONEY_ASKED = re.compile(
    r"多少(?:钱|亿|万|美元|元)|how much (?:money|did .{0,40} cost)|what did .{0,40} cost", re.IGNORECASE
)
_CURRENCY = re.compile(r"[$¥￥€£]|元|美金|dollars?|rmb|yuan|usd|cny|euros?|亿|万", re.IGNORECASE)
_LATIN_NAME = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*")
_NUMBERED_NAME = re.compile(r"[\u4e00-\u9fff]{2}\d{2,4}(?![\dA-Za-z年月日季亿万个家元%.,-])")
RARE = 0.003  # share of all chunks: a word in more of them names a subject, not one thing
FEWEST = 3
TOLD = 1 / 3
_DIGIT = re.compile(r"\d")
_SAYING = frozenset(  # what answers say of their own
    (
        "是 否 是的 不是 会 不会 有 没有 可以 不能 不可以 因为 由于 原因 包括 主要 分别 根据 报告 显示 指出 认为 提到 "
        "约 大约 达 为 其 他 它 该 yes no not because due include includ report accord according state say show "
        "mention mainly primarily also respectively"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a question must be met by the text that answers it.

    ``names`` are words that the reports know and that stand in few chunks, each with its other forms; ``unknown`` are
    English words that stand in no report, ``weights`` how much every word of the question tells chunks apart.
    """

    text: str
    names: tuple[tuple[str, ...], ...]
    unknown: tuple[str, ...]
    measures: frozenset[str]
    wants_money: bool
    weights: dict[str, float]

    @classmethod
    def of(cls, question: str, counts: Callable[[Sequence[str]], dict[str, int]], documents: int) -> "Asked":
        """Read a question. ``counts`` gives for words in how many of the store's ``documents`` chunks they stand."""
        terms = list(dict.fromkeys(words(question)))
        known = counts(terms)
        most = max(FEWEST, RARE * documents)
        names: list[tuple[str, ...]] = []
        if has_cjk(question):
            whole = set(words(question, whole=True))
            names += [(t,) for t in terms if t in whole and 0 < known[t] <= most and is_name_like(t) and is_uncommon(t)]
            names += [(name,) for name in _NUMBERED_NAME.findall(question)]
        else:
            names += [(name,) for name in _LATIN_NAME.findall(question) if _known_name(name, question, counts)]
        for name, other in other_names(question):
            names = [known_name for known_name in names if fold(name) not in map(fold, known_name)]
            names.append((name, other))
        weights = {term: 1.0 / (1.0 + known[term]) ** 0.25 for term in terms}
        unknown = tuple(t for t in terms if len(t) > 3 and t.isascii() and t.isalpha() and not known[t])
        money = bool(_MONEY_ASKED.search(question))
        return cls(question, tuple(names), unknown, frozenset(measures(question)), money, weights)

    def strangers(self, said: str, cited: str, evidence: str) -> list[str]:
        """Names of the question that ``said`` repeats although the ``cited`` text does not have them.

        Where the cited text is in the other language, only names count that some text of the ``evidence`` has.
        """
        spoken, source, everything = fold(said), fold(cited), fold(evidence)
        foreign = has_cjk(cited) != has_cjk(self.text)
        return [
            forms[0]
            for forms in self.names
            if _in(forms, spoken) and not _in(forms, source) and (not foreign or _in(forms, everything))
        ]

    def names_share(self, text: str) -> float:
        """The share of the question's names that ``text`` has; 1 when it has none."""
        folded = fold(text)
        return sum(_in(forms, folded) for forms in self.names) / len(self.names) if self.names else 1.0

    def speaks_of(self, text: str) -> bool:
        """Whether ``text`` names one of those known by several names that the question names; true without such.

        Of a Chinese name two characters in a row are enough, for texts shorten names.
        """
        known = [forms for forms in self.names if len(forms) > 1]
        folded = fold(text)
        return not known or any(_in([*forms, *_shortened(forms)], folded) for forms in known)

    def is_met_by(self, said: str, cited: str) -> bool:
        """Whether ``cited`` names one of the measures asked for, and ``said`` has money where money is asked for."""
        if self.measures and not self.measures & measures(cited):
            return False
        if self.wants_money:
            return any(_CURRENCY.search(said[f.start : f.end + 4]) for f in find(said))
        return True

    def coverage(self, text: str) -> float:
        """The weighted share of the question's words that ``text`` has, 0 to 1; unknown words count against it."""
        has = set(words(text))
        total = sum(self.weights.values())
        return sum(weight for term, weight in self.weights.items() if term in has) / total if total else 0.0


def _shortened(forms: Sequence[str]) -> list[str]:
    return [form[i : i + 2] for form in forms if has_cjk(form) for i in range(len(form) - 1)]


def _in(forms: Sequence[str], folded: str) -> bool:
    return any(fold(form) in folded for form in forms)


def _known_name(name: str, question: str, counts: Callable[[Sequence[str]], dict[str, int]]) -> bool:
    """Whether a capitalised word is a name that the reports know: not the first word, no measure, no period."""
    if question.startswith(name) and not name.isupper() and not re.search(r"[A-Z].*[A-Z]", name):
        return False
    return is_name_like(name) and sum(counts(words(name)).values()) > 0


def is_told(sentence: str, question: str, evidence: Sequence[AbstractSet[str]]) -> bool:
    """Whether a sentence says something of the evidence, given by its sentences' words, and not of the model's own.

    Of the words that the question does not have, figures aside, a third must stand there. An answer from the page has
    nearly all of them, one from the model's memory hardly any. A yes or no may be put in any words.
    """
    if any(facet.kind is Kind.YES_NO for facet in facets(question)):
        return True
    asked = {word for text in (question, *translations(question)) for word in words(text)}
    own = {word for word in words(sentence) if not _DIGIT.search(word)} - asked - _SAYING
    there = {word for span in evidence for word in span}
    return not there or len(own & there) >= TOLD * len(own)


def echoes(sentence: str, question: str, evidence: Sequence[AbstractSet[str]] = ()) -> bool:
    """Whether a sentence only says the question again: it asks, or has hardly a word or figure of its own.

    One word of its own is enough where a sentence of the ``evidence``, given by its words, has it with two of the
    question's.
    """
    if sentence.rstrip().endswith(("？", "?")):
        return True
    given = find(question)
    if any(figure.checkable and not stands_in(figure, given) for figure in find(sentence)):
        return False
    asked = set(words(question))
    own = set(words(sentence)) - asked
    told = any(own & there and len(asked & there) > 1 for there in evidence)
    return len(own) <= 1 and not told and len(words(sentence)) >= 4
