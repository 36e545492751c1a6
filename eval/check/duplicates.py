"""Questions that are asked twice, and what one set gives away of another."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from eval.check.problem import Located, Problem, Severity
from eval.check.texts import alike, squeezed

LEAST_QUOTE = 16
"""Characters, folded, from which the same evidence in two sets is no chance."""
_ROLES = {
    **dict.fromkeys(("dev", "train", "tune", "tuning", "development"), "dev"),
    **dict.fromkeys(("test", "heldout", "held", "holdout", "hidden", "blind"), "held-out"),
}


def role(name: str) -> str:
    """What a set is for by its name: "dev", "held-out", or the name itself where it does not say."""
    parts = name.lower().replace("-", "_").split("_")
    return next((_ROLES[part] for part in reversed(parts) if part in _ROLES), name)


def faults(located: Sequence[Located]) -> Iterator[Problem]:
    """The same question twice, nearly the same one, and questions or evidence that two sets share.

    Sets of one role (two ``…_dev`` files) may share evidence; sets of two roles may not, for what was tuned on one
    would be scored on the other.
    """
    for first, second in combinations(located, 2):
        one, other = first.question, second.question
        if one.report and other.report and one.report != other.report:
            continue
        leaks = role(one.set) != role(other.set)
        place = f"{first.file.name}, line {first.line} ({one.id})"
        exact = squeezed(one.question) == squeezed(other.question)
        if exact and leaks:
            yield Problem.of(
                second, Severity.ERROR, "leak", "question", f"the same question stands in {place}",
                "Keep it in one set: what is tuned on must not be scored on.",
            )  # fmt: skip
        elif exact:
            yield Problem.of(
                second, Severity.ERROR, "duplicate", "question", f"the same question stands in {place}",
                "Delete one of them, or it counts twice.",
            )  # fmt: skip
        elif alike(one.question, other.question):
            kind, remedy = ("near_leak", "See whether one gives the other away.") if leaks else (
                "near_duplicate", "Delete one of them if they ask the same.")  # fmt: skip
            yield Problem.of(
                second, Severity.WARNING, kind, "question", f"nearly the same question stands in {place}", remedy
            )
        elif leaks and one.report and (shared := _evidence(one.evidence) & _evidence(other.evidence)):
            yield Problem.of(
                second, Severity.ERROR, "evidence_leak", "evidence",
                f"{len(shared)} of its quotes also in {place}, which is of another set",
                "Keep questions about one passage in one set.",
            )  # fmt: skip


def _evidence(quotes: Sequence[str]) -> set[str]:
    return {own for quote in quotes if len(own := squeezed(quote)) >= LEAST_QUOTE}
