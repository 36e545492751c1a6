"""What a question speaks of, in both languages, without a model: the words of the field and names that are known.

``data/glossary.txt`` holds one meaning a line. A question becomes *concepts*: what the glossary knows of it, longest
terms first, each with its forms in the other language, and every other word by itself. A chunk in either language can
then be compared with the same question.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from index.text import has_cjk, stem, words

_LATIN = re.compile(r"[a-z]+(?:&[a-z]+)?|\d+(?:[.,]\d+)*", re.IGNORECASE)
_YEAR_MARK = re.compile(r"(?:fy|cy)\d*$|年$")  # FY2023 is searched for by its number
LONGEST_TERM = 6  # words of an English term


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing a question speaks of. A form is the words, as :func:`index.text.words` gives them, that it takes.

    ``own`` is the form in the question, ``others`` are forms in the other language, none for words that the glossary
    does not know.
    """

    own: tuple[str, ...]
    others: tuple[tuple[str, ...], ...] = ()


@lru_cache(maxsize=64)
def concepts(question: str) -> tuple[Concept, ...]:
    """The concepts of a question in the order of its words, each once. Empty when it has no words to search for."""
    found: list[Concept] = []
    covered: set[str] = set()
    for term, others in _terms(question):
        own = tuple(dict.fromkeys(words(term)))
        if own and not covered.issuperset(own):
            found.append(Concept(own, others))
            covered.update(own)
    rest = [word for word in dict.fromkeys(words(question)) if word not in covered and not _YEAR_MARK.match(word)]
    return (*found, *(Concept((word,)) for word in rest))


def _terms(question: str) -> Iterator[tuple[str, tuple[tuple[str, ...], ...]]]:
    """The glossary's terms that stand in the question, longest first where they overlap, with their other forms."""
    text = unicodedata.normalize("NFKC", question).lower()
    chinese, english = _glossary()
    at = 0
    while at < len(text):
        length = next((n for n in range(min(12, len(text) - at), 1, -1) if text[at : at + n] in chinese), 0)
        if length and has_cjk(text[at]):
            yield text[at : at + length], chinese[text[at : at + length]]
        at += length or 1
    tokens = list(_LATIN.finditer(text))
    at = 0
    while at < len(tokens):
        stems = [stem(token[0]) for token in tokens[at : at + LONGEST_TERM]]
        length = next((n for n in range(len(stems), 0, -1) if " ".join(stems[:n]) in english), 0)
        if length:
            last = tokens[at + length - 1]
            yield text[tokens[at].start() : last.end()], english[" ".join(stems[:length])]
        at += length or 1


@cache
def _glossary() -> tuple[dict[str, tuple[tuple[str, ...], ...]], dict[str, tuple[tuple[str, ...], ...]]]:
    """The other language's forms of every Chinese term and of every English one, by its stems."""
    chinese: dict[str, tuple[tuple[str, ...], ...]] = {}
    english: dict[str, tuple[tuple[str, ...], ...]] = {}
    for line in files("rag").joinpath("data", "glossary.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        left, right = line.split(" | ")
        there = [term for term in left.split() if has_cjk(term)]
        here = [term.strip() for term in right.split(", ")]
        in_english = tuple(dict.fromkeys(form for term in here if (form := tuple(dict.fromkeys(words(term))))))
        in_chinese = tuple(dict.fromkeys(form for term in there if (form := tuple(dict.fromkeys(words(term, True))))))
        for term in there:
            chinese[term] = tuple(dict.fromkeys((*chinese.get(term, ()), *in_english)))
        for term in here:
            key = " ".join(stem(token[0]) for token in _LATIN.finditer(term.lower()))
            english[key] = tuple(dict.fromkeys((*english.get(key, ()), *in_chinese)))
    return chinese, english


def translations(question: str) -> tuple[str, ...]:
    """The question's known words in the other language as one text to search for; empty when none is known."""
    text = " ".join(word for concept in concepts(question) for form in concept.others for word in form)
    return (text,) if text else ()
