"""How likely it is that the evidence holds the answer, without asking a model.

A small model refuses when the wording is new to it and answers when a neighbour's figure is near. Whether the evidence
answers is told from the evidence: a logistic regression over a dozen signals of its best sentence and of the search.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from index.types import Hit
from rag.checking.grounding import Asked
from rag.confidence.signals import Nearness, Span, spans
from rag.types import Evidence

# Fitted by `python -m eval.calibration` on questions with their pages among the evidence against the same questions
# with these pages, and what else gives their facts away, taken out. They hold for the default embedder.
_INTERCEPT = -21.991
_WEIGHTS = {
    "near": 0.338, "hit": 1.5, "ahead": 2.064, "lexical": 0.035, "lexical_ahead": 2.645, "plain": 2.055,
    "names": 1.086, "no_measure": -1.674, "kinds": 0.617, "other_periods": -4.185, "places": 2.251,
    "other_places": -0.436, "crossing": 2.325,
}  # fmt: skip
FAR = 8.15
"""Ten times the cosine below which evidence that shares no words with the question is about something else."""
T_QUOTE = 0.8
"""Above it a refusal of the model is overruled and the best sentence quoted."""
T_QUOTE_ACROSS = 0.6
"""The same for a sentence in the other language that says nearly all that the glossary knows of the question."""
TOLD_ACROSS = 0.75
T_AGAIN = 0.3
"""Above it a model that refuses is asked to look again."""
T_REFUSE = 0.005
"""Below it the answer is a refusal and the model is not asked."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The evidence weighed for one question.

    ``probability`` is that the evidence holds the answer, ``spans`` are its sentences, best first.
    """

    probability: float
    spans: tuple[Span, ...]

    @property
    def is_quotable(self) -> bool:
        """Whether the best sentence answers rather than a model that refuses; it has to have the measure asked for."""
        if not self.spans or not self.spans[0].measure:
            return False
        best = self.spans[0]
        across = best.crossing and best.words >= TOLD_ACROSS
        return self.probability >= (T_QUOTE_ACROSS if across else T_QUOTE)


def weigh(asked: Asked, hits: Sequence[Hit], evidence: Sequence[Evidence], nearness: Nearness) -> Weighed:
    """Weigh the evidence for a question.

    ``hits`` are those that the evidence was chosen from, best first; ``nearness`` is ``Library.similarities``.
    """
    ordered = spans(asked, hits, evidence, nearness)
    return Weighed(probability(features(asked, hits, ordered)) if ordered else 0.0, tuple(ordered))


def answerable(asked: Asked, hits: Sequence[Hit], evidence: Sequence[Evidence], nearness: Nearness) -> float:
    """The probability that the evidence holds the answer."""
    return weigh(asked, hits, evidence, nearness).probability


def features(asked: Asked, hits: Sequence[Hit], ordered: Sequence[Span]) -> dict[str, float]:
    """What the probability is computed from: signals of the best sentence, and how the first hits stand out."""
    best = ordered[0]
    dense = sorted((hit.dense for hit in hits if hit.dense), reverse=True) or [best.hit]
    lexical = sorted((hit.lexical for hit in hits), reverse=True) or [0.0]
    rest = dense[len(dense) // 2 :]
    others = lexical[3:8] or lexical[-1:]
    same = 0.0 if best.crossing else 1.0
    return {
        "near": 10 * best.near,
        "hit": 10 * best.hit,
        "ahead": 10 * (dense[0] - sum(rest) / len(rest)),
        "lexical": lexical[0],
        "lexical_ahead": lexical[0] - sum(others) / len(others),
        "plain": same * best.plain,
        "names": best.names,
        "no_measure": 1.0 - best.measure,
        "kinds": best.kinds,
        "other_periods": best.other_periods,
        "places": best.places,
        "other_places": best.other_places,
        "crossing": 1.0 - same,
    }


def probability(values: dict[str, float]) -> float:
    """The probability that :func:`features` give."""
    if values["hit"] < FAR and values["lexical"] < 0.1:
        return 0.0
    logit = _INTERCEPT + sum(weight * values[name] for name, weight in _WEIGHTS.items())
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, logit))))
