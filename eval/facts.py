"""What has to stand in a text for it to hold a question's answer: required texts, figures, or most of its words."""

import re
import unicodedata

import numpy as np

from eval.questions import Question, normalise
from index.text import has_cjk
from rag.checking.figures import find, stands_in


class Facts:
    """What has to stand in a text for it to hold a question's answer."""

    def __init__(self, question: Question) -> None:
        given = find(question.question)
        self._must = [[normalise(text) for text in group] for group in question.must_include or ()]
        figures = [f for f in find(question.answer) if f.checkable and not stands_in(f, given)]
        self._figures = [] if self._must else figures
        said = question.answer if has_cjk(question.answer) or not question.evidence else " ".join(question.evidence)
        self._grams = _grams(said) - _grams(question.question)
        self.exact = bool(self._must or self._figures) or _squeezed(question.answer) in _squeezed(
            " ".join(question.evidence) or "-"
        )

    def share(self, text: str) -> float:
        """The share of the facts that stand in ``text``."""
        if self._must:
            plain = normalise(text)
            return float(np.mean([any(form in plain for form in forms) for forms in self._must]))
        if self._figures:
            here = find(text)
            return float(np.mean([stands_in(figure, here) for figure in self._figures]))
        return len(self._grams & _grams(text)) / max(1, len(self._grams))

    def stand_in(self, text: str) -> bool:
        """Whether all facts stand in ``text``; of an answer in general words half of what is new in it."""
        return self.share(text) >= (0.999 if self._must or self._figures else 0.5)


def _squeezed(text: str) -> str:
    return re.sub(r"[\s|。.]+", "", text)


def _grams(text: str) -> set[str]:
    flat = unicodedata.normalize("NFKC", text).lower()
    if has_cjk(flat):
        flat = re.sub(r"\s+", "", flat)
        return {flat[i : i + 2] for i in range(len(flat) - 1)}
    return set(re.findall(r"[a-z]+|\d[\d.,]*", flat))
