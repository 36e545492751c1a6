"""One sentence of an answer judged: its wrong figures put right or listed, its evidence chosen anew."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.text import CJK
from rag.checking.claims import counts, of_sentence
from rag.checking.clauses import ASIDE
from rag.checking.figures import Figure, stands_in
from rag.checking.periods import Period, find_periods, stands_among
from rag.checking.repairs import written
from rag.checking.support import Support, Verdict
from rag.checking.wording import tokens

_CHINESE = re.compile(f"[{CJK}]")
_LATIN = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence after judging: its text with repaired figures, the items it cites, what is unsupported."""

    text: str
    cited: list[int]
    unsupported: tuple[str, ...]


def judge(
    sentence: str,
    cited: Sequence[int],
    support: Support,
    given: Sequence[Figure],
    periods_given: Sequence[Period],
    before: Sequence[str] = (),
) -> Judged:
    """Judge a sentence. ``given`` is what the question names, ``before`` the answer's sentences before it."""
    inherited = dict.fromkeys((word for text in before[-2:] for word in tokens(text)), ASIDE)
    claims = [claim for claim in of_sentence(sentence, inherited) if counts(claim)]
    verdicts = support.judge_all(claims, cited, _is_chinese(sentence))
    places = list(cited)
    unsupported: list[str] = []
    text = sentence
    for verdict in reversed(verdicts):
        figure = verdict.claim.figure
        if verdict.found is not None:
            continue
        if verdict.why == "value" and stands_in(figure, list(given)):
            continue
        if verdict.why in {"value", "neighbour"} and verdict.repair is not None:
            said = written(verdict.claim, verdict.repair, sentence)
            if said and said != figure.text:
                text = text[: figure.start] + said + text[figure.end :]
                places.append(verdict.repair.place)
                continue
        unsupported.append(figure.text)
        if verdict.why == "period":
            unsupported += [period.text for period in verdict.claim.periods]
    known = [*periods_given, *(p for n in support.periods for p in support.periods[n])]
    unsupported += [p.text for p in find_periods(sentence) if not stands_among(p, known)]
    return Judged(text, _cited(places, verdicts), tuple(dict.fromkeys(reversed(unsupported))))


def _is_chinese(text: str) -> bool:
    """Whether a sentence is Chinese rather than English with Chinese names in it."""
    return len(_CHINESE.findall(text)) > len(_LATIN.findall(text))


def _cited(cited: Sequence[int], verdicts: Sequence[Verdict]) -> list[int]:
    """The items that support the sentence's figures; those cited already first."""
    found = [verdict for verdict in verdicts if verdict.found is not None]
    places = set().union(*(verdict.places for verdict in found)) if found else set()
    kept = [n for n in dict.fromkeys(cited) if n in places or not found]
    for verdict in found:
        if verdict.found is not None and not verdict.places & set(kept):
            kept.append(verdict.found.place)
    return kept or list(dict.fromkeys(cited))
