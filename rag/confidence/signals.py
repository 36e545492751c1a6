"""What can be told of evidence without a model: how near, how complete and of which kind each of its sentences is."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from index.text import fold, has_cjk, words
from index.types import Hit
from rag.checking.grounding import Asked
from rag.checking.terms import measures
from rag.confidence.kinds import kinds_asked, kinds_share, periods, periods_met
from rag.confidence.regions import places, widened
from rag.finding.glossary import concepts
from rag.types import Evidence

Nearness = Callable[[str, Sequence[str]], Sequence[float]]
"""Cosines of a question with passages, one a passage: ``Library.similarities``."""

COMPARED = 6  # sentences compared by vectors; more found no better ones on the dev sets
READ = 300  # characters of a sentence that are compared, 0.4 of it for Chinese: one long row makes the whole batch slow


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence or a table row of an item, and what it has of what is asked, each from 0 to 1.

    ``near`` is the sentence's own cosine with the question, ``hit`` that of the chunk it stands in; ``words`` the
    weighted share of the question's words in it and its headings, across languages of those that the glossary knows;
    ``plain`` the same with all words alike (0 across languages, where words match by chance); ``kinds`` the share of
    the kinds of answer asked for. ``names`` and ``measure`` look at the whole item. ``periods`` and ``other_periods``
    are the shares of the periods asked that the sentence names and contradicts, ``places`` and ``other_places`` the
    like of places. ``crossing`` says that it is in the other language, ``score`` how well it answers: only the order
    counts.
    """

    item: Evidence
    text: str
    near: float
    hit: float
    words: float
    plain: float
    kinds: float
    names: float
    measure: float
    periods: float
    other_periods: float
    places: float
    other_places: float
    crossing: bool
    score: float = 0.0


# What each signal counts for in the order of sentences. Fitted on pairs of a sentence that has the facts asked for and
# one of the same evidence that has not: `python -m eval.calibration`, docs/experiments.md.
CHEAP = {
    "hit": 28.4, "words": 3.85, "kinds": 1.64, "names": 1.35, "measure": 1.33, "places": 0.5, "other_places": -0.5,
    "periods": 0.69, "other_periods": -0.72, "crossing": 1.73,
}  # fmt: skip
FULL = {
    "near": 28.1, "hit": 31.0, "words": 3.71, "kinds": 1.30, "names": 1.46, "measure": 2.01, "places": 0.5,
    "other_places": -0.5, "periods": 0.18, "other_periods": -0.68, "crossing": 1.38,
}  # fmt: skip


class _Reading:
    """A question read once, to hold many sentences against it."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.chinese = has_cjk(asked.text)
        self.kinds = kinds_asked(asked.text)
        self.periods = periods(asked.text)
        self.places = places(asked.text)
        self.known = [concept.others for concept in concepts(asked.text) if concept.others]
        self.names = [tuple(map(fold, forms)) for forms in asked.names if not periods(forms[0])]

    def spans(self, item: Evidence, hit: float) -> list[Span]:
        asked = self.asked
        crossing = has_cjk(item.text) != self.chinese
        headings = f"{item.section} {item.about}"
        whole = fold(f"{item.text} {headings} {item.title} {item.report.replace('_', ' ')}")
        names = self._names_share(whole, crossing)
        total = sum(asked.weights.values()) or 1.0
        found = []
        for text in item.sentences:
            placed = f"{headings} {text}"
            has = set(words(placed))
            told = {term for term in asked.weights if term in has} if not crossing else set()
            met, other = periods_met(self.periods, periods(text))
            here = widened(places(text))
            found.append(
                Span(
                    item=item,
                    text=text,
                    near=0.0,
                    hit=hit,
                    words=self._known_share(has) if crossing else sum(asked.weights[term] for term in told) / total,
                    plain=len(told) / max(1, len(asked.weights)),
                    kinds=kinds_share(self.kinds, asked.text, text),
                    names=names,
                    measure=_share(asked.measures, measures(placed)),
                    periods=met,
                    other_periods=other,
                    places=_share(self.places, here | widened(places(headings))),
                    other_places=float(bool(self.places and here and not self.places & here)),
                    crossing=crossing,
                )
            )
        return found

    def _known_share(self, there: set[str]) -> float:
        """The share of what the glossary knows of the question that stands there in the other language."""
        return sum(any(there.issuperset(form) for form in forms) for forms in self.known) / max(1, len(self.known))

    def _names_share(self, folded: str, crossing: bool) -> float:
        """The share of the question's names in a folded text; across languages of those that can stand there."""
        names = [forms for forms in self.names if not crossing or len(forms) > 1 or forms[0].isascii()]
        return sum(any(form in folded for form in forms) for forms in names) / len(names) if names else 1.0


def _share(wanted: frozenset[str] | frozenset[int], found: AbstractSet[str] | AbstractSet[int]) -> float:
    return len(wanted & found) / len(wanted) if wanted else 1.0


def spans(asked: Asked, hits: Sequence[Hit], evidence: Sequence[Evidence], nearness: Nearness) -> list[Span]:
    """The sentences of the evidence, best answer first.

    ``hits`` are those that the evidence was chosen from. Only the ``COMPARED`` sentences that promise most by all else
    are compared by vectors; the others follow them.
    """
    reading = _Reading(asked)
    dense = {(hit.report_id, hit.page, round(hit.score, 4)): hit.dense for hit in hits if hit.dense}
    least = min(dense.values(), default=0.0) - 0.001  # of a chunk that only words found, all that is known is "less"
    found: list[Span] = []
    for item in evidence:
        found += reading.spans(item, dense.get((item.report_id, item.page, item.score), max(0.0, least)))
    found = sorted((_scored(span, CHEAP) for span in found), key=lambda span: -span.score)
    compared = found[:COMPARED]
    cosines = nearness(asked.text, [_head(span.text) for span in compared]) if compared else ()
    best = [_scored(replace(span, near=float(near)), FULL) for span, near in zip(compared, cosines, strict=True)]
    return [*sorted(best, key=lambda span: -span.score), *found[COMPARED:]]


def _head(text: str) -> str:
    return text[: int(0.4 * READ) if has_cjk(text) else READ]


def _scored(span: Span, weights: dict[str, float]) -> Span:
    return replace(span, score=sum(weight * float(getattr(span, name)) for name, weight in weights.items()))
