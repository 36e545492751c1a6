"""Choosing reports by what their cards say. The one implementation behind the command line, the engine and Python."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from index.card.dates import days
from index.errors import QuestionError
from index.text import fold
from index.types import Entry

NAMES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Filter:
    """Reports must meet every field that is not empty.

    ``company``, ``institution``, ``author``, ``title`` and ``rating`` are parts of those names in any case and width,
    spaces aside; ``ticker`` is the symbol with or without its market ("600519" finds 600519.SH); ``language`` is "zh"
    or "en". ``since`` and ``until`` are ISO days, months or years, both included. They are compared with the report's
    date, or with its period when it has no date; what is as imprecise as to lie partly outside is let in, and a report
    with neither is left out.
    """

    company: str = ""
    institution: str = ""
    author: str = ""
    ticker: str = ""
    title: str = ""
    rating: str = ""
    language: str = ""
    since: str = ""
    until: str = ""

    def __post_init__(self) -> None:
        """Raise QuestionError for a day that is none and for an unknown language."""
        for name in ("since", "until"):
            value = getattr(self, name)
            if value and (value.startswith("FY") or not days(value)):
                raise QuestionError(
                    f"{name} {value!r} is not a date.", "Write it as 2025, 2025-01, 2025-01-31 or 2025Q1."
                )
        if self.language and self.language not in {"zh", "en"}:
            raise QuestionError(f"The language {self.language!r} is unknown.", "Known are zh and en.")

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))

    def __str__(self) -> str:
        return ", ".join(f"{f.name} {getattr(self, f.name)}" for f in fields(self) if getattr(self, f.name))

    def matches(self, entry: Entry) -> bool:
        """Whether a report meets every field."""
        return all(_meets(entry, field.name, getattr(self, field.name)) for field in fields(self))

    def select(self, entries: Sequence[Entry]) -> list[Entry]:
        """The reports that match. Raises QuestionError, naming what there is, when none of ``entries`` does."""
        found = [entry for entry in entries if self.matches(entry)]
        if found or not self:
            return found
        known = []
        for field in fields(self):
            if getattr(self, field.name):
                values = sorted({value for entry in entries for value in _values(entry, field.name) if value})
                more = f" and {len(values) - NAMES_SHOWN} more" if len(values) > NAMES_SHOWN else ""
                heading = "dates" if field.name in {"since", "until"} else field.name
                known.append(f"{heading}: {'; '.join(values[:NAMES_SHOWN]) or 'none'}{more}")
        raise QuestionError(
            f"No report has {self}.",
            f"`report-qa reports` lists what is there. {'. '.join(dict.fromkeys(known))}.",
        )


def _values(entry: Entry, name: str) -> tuple[str, ...]:
    """What a report's card says for a field of the filter."""
    if name == "author":
        return entry.card.authors
    if name in {"since", "until"}:
        return (entry.card.date or entry.card.period,)
    if name in {"title", "language"}:
        return (str(getattr(entry, name)),)
    return (str(getattr(entry.card, name)),)


def _meets(entry: Entry, name: str, wanted: str) -> bool:
    if not wanted:
        return True
    values = [value for value in _values(entry, name) if value]
    if name == "ticker":
        return any(fold(wanted) in {fold(value), *_symbols(value)} for value in values)
    if name in {"since", "until"}:
        asked, span = days(wanted), next((ends for value in values if (ends := days(value))), None)
        if not asked or not span:
            return False
        return span[1] >= asked[0] if name == "since" else span[0] <= asked[1]
    return any(fold(wanted) in fold(value) for value in values)


def _symbols(ticker: str) -> set[str]:
    """A ticker without its market: "600519" of 600519.SH, "acme" of ACME US."""
    return {fold(ticker.split(mark, maxsplit=1)[0]) for mark in (".", " ")}
