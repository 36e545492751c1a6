"""Where a question wants to be answered from: reports by name, kind, title or period, and places in them.

Others are searched too and only count for less, for names are shared and a question may be wrong about the place.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from index.text import CJK, fold, has_cjk
from index.types import Entry, Hit
from rag.asking.names import known
from rag.asking.periods import is_of, periods
from rag.asking.places import Places, places
from rag.asking.series import kind, kinds_asked, owner, series

OTHERS = 0.5  # of their score is left to hits in reports that a question does not name. Measured: docs/experiments.md
OLDER = 0.7  # to hits in a report that a newer one of its series replaces
ELSEWHERE = 0.7  # to hits outside the section, table, figure or page that a question names
_FORMS = re.compile(
    r"[,.]|\b(?:the|incorporated|inc|corporation|corp|company|co|plc|ltd|limited|llc|lp|sa|ag|nv|se|group|holdings?"
    r"|and subsidiaries)\b|股份有限公司|有限责任公司|有限公司|集团|控股|研究院|研究所",
    re.IGNORECASE,
)
_SHORTEST = {"zh": 2, "en": 3}  # characters of a name
# Words that begin many a company's name and many a sentence: such a name counts with its second word only.
_COMMON = frozenset(
    (
        "advanced american applied asia bank best big blue capital central china city clear common digital direct "
        "eastern energy first fresh full general global golden great green hong home international key liberty life "
        "live marine mid national new next north northern old open pacific plain public pure real red republic royal "
        "simple smart southern standard state sun target texas trade true union united universal west western world"
    ).split(" ")
)
# Words of titles that tell nothing apart.
_TITLE_COMMON = frozenset(
    (
        "a an the of and or to in on for by at as its with from report reports results quarter quarterly first second "
        "third fourth full year annual fiscal financial operating form ended period announces earnings outlook weekly "
        "monthly review update global economic market markets industry company group inc corp plc ltd"
    ).split(" ")
)
_TITLE_RUN = 6  # Chinese characters of a title that name it
_THIS = re.compile(
    r"(?:本|这份|这篇|该|此|上述|\bthe|\bthis|\bthat) ?(?:form |latest |last |previous )?$", re.IGNORECASE
)
_OF_OTHERS = frozenset({"annual", "quarterly", "half", "earnings"})  # kinds that a broker's report speaks of, too
_SEVERAL = re.compile(
    r"历[年次期]|近[几两三四五六]?[年期周]|过去|各期|每[期周]|逐[年期周]|以来|变化趋势|对比|相比|多期"
    r"|\bover (?:time|the (?:years|weeks|months|quarters))|\beach (?:year|week|quarter|issue|report)|\btrend\b"
    r"|\bcompar|\bhistor|\bsince\b|\bacross\b",
    re.IGNORECASE,
)
_FORMER = re.compile(
    r"上一?[期份篇]|前一[期份篇]|上周的?周报|\b(?:previous|prior|preceding|last week's)"
    r" (?:\w+ )?(?:weekly|report|issue|note|edition)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to search first. ``reports`` are ids, empty when the question names none, or all there are.

    ``older`` are ids of reports that a newer one of their series replaces; ``periods`` what the question names, as on
    cards; ``places`` sections, tables, figures and pages.
    """

    reports: tuple[str, ...] = ()
    older: frozenset[str] = frozenset()
    periods: tuple[str, ...] = ()
    places: Places = field(default_factory=Places)
    last_pages: dict[str, int] = field(default_factory=dict, hash=False, repr=False)

    def factor(self, hit: Hit, chosen: bool = False) -> float:
        """What is left of a hit's score, 1 for one that stands where the question wants it; ``reports`` aside.

        ``chosen`` says that the user chose the reports: then an older one counts as much as a newer.
        """
        share = OLDER if hit.report_id in self.older and not chosen else 1.0
        if self.places and not self.places.has(hit, self.last_pages.get(hit.report_id, 0)):
            share *= ELSEWHERE
        return share


def scope(question: str, entries: Sequence[Entry]) -> Scope:
    """What ``question`` says of where its answer stands in the reports ``entries``."""
    return _scope(question, tuple(entries))


@lru_cache(maxsize=64)  # finding, looking up and answering ask in turn
def _scope(question: str, entries: tuple[Entry, ...]) -> Scope:
    originals = [entry for entry in entries if not entry.copy_of]
    asked, where = periods(question), places(question)
    found = _of_kind(question, _named(question, originals), originals)
    chosen = set(found)
    groups = [group for group in series(originals) if not chosen or not chosen.isdisjoint(group)]
    older: set[str] = set()
    if not _SEVERAL.search(question):
        for group in groups:
            named_here = [entry for entry in group if entry in chosen]
            kept = {entry.id for entry in _meant(question, named_here or group, asked)}
            older |= {entry.id for entry in group if entry.id not in kept}
    if asked:
        found = _of_period(found, asked)
    within = set(found)
    ids = tuple(entry.id for entry in originals if entry in within and entry.id not in older)
    ids = ids if 0 < len(ids) < len(originals) else ()
    return Scope(ids, frozenset(older), asked, where, {entry.id: entry.pages for entry in originals})


def named(question: str, entries: Sequence[Entry]) -> tuple[str, ...]:
    """The ids of the reports, in the order of ``entries``, that ``question`` names; empty when it names none or all.

    Copies of other reports are left out.
    """
    return scope(question, entries).reports


@lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    """The same few thousand titles and names for every question."""
    return fold(text)


def _named(question: str, entries: Sequence[Entry]) -> list[Entry]:
    """The reports whose title, file, company, ticker or institution stands in the question."""
    titled = [entry for entry in entries if _is_titled(entry, question)]
    whose = known(question)
    owned = [entry for entry in entries if _owners(entry) & whose or any(_stands_in(n, question) for n in names(entry))]
    both = [entry for entry in titled if entry in owned]
    return both or titled or owned


def _of_kind(question: str, found: list[Entry], entries: Sequence[Entry]) -> list[Entry]:
    """Of the reports of each owner those of the kind that the question speaks of; by kind alone when none is named."""
    asked = kinds_asked(question)
    if not asked:
        return found
    if not found:
        meant = {name for name, at in asked if name not in _OF_OTHERS or _THIS.search(question[:at])}
        return [entry for entry in entries if kind(entry) in meant]
    meant = {name for name, _ in asked}
    return _narrowed(found, lambda entry: kind(entry) in meant)


def _of_period(found: list[Entry], asked: Sequence[str]) -> list[Entry]:
    return _narrowed(found, lambda entry: any(is_of(entry, period) for period in asked))


def _narrowed(found: list[Entry], keep: Callable[[Entry], bool]) -> list[Entry]:
    """Of the reports of each owner those to keep, all where there are none."""
    kept = [entry for entry in found if keep(entry)]
    served = {owner(entry) for entry in kept}
    return [entry for entry in found if entry in kept or owner(entry) not in served]


def _meant(question: str, group: Sequence[Entry], asked: Sequence[str]) -> Sequence[Entry]:
    """Of a series, newest first, those that a question means: of the period it names, else the newest."""
    of_period = [entry for entry in group if any(is_of(entry, period) for period in asked)]
    if of_period or asked:
        return of_period or group
    return group[1:2] if _FORMER.search(question) else group[:1]


@lru_cache(maxsize=4096)
def _owners(entry: Entry) -> frozenset[object]:
    return known(f"{entry.card.company}\n{entry.card.institution}")


@lru_cache(maxsize=4096)
def names(entry: Entry) -> tuple[str, ...]:
    """What a report may be called by whose it is: its company's and institution's names, short and long, its ticker."""
    found: list[str] = []
    for full in (entry.card.company, entry.card.institution):
        bare = " ".join(_FORMS.sub(" ", full).split())
        if not bare:
            continue
        found.append(bare)
        parts = bare.split(" ")
        if has_cjk(bare):
            found += [bare[:4]] * (len(bare) > 4)
        elif len(parts) > 1:
            found += [" ".join(parts[:2]), *([] if parts[0].lower() in _COMMON else parts[:1])]
    symbol = entry.card.ticker.partition(".")[0]
    found += [symbol] * bool(symbol)
    longest = [name for name in found if len(name) >= _SHORTEST["zh" if has_cjk(name) else "en"]]
    return tuple(dict.fromkeys(longest))


def _stands_in(name: str, question: str) -> bool:
    if has_cjk(name):
        return _folded(name) in _folded(question)
    pattern = rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])"
    match = re.search(pattern, question, re.IGNORECASE)
    return match is not None and any(char.isupper() or char.isdigit() for char in match[0])


def _is_titled(entry: Entry, question: str) -> bool:
    """Whether the question has the file's name, the title, or enough of the title's own words in a row."""
    asked = _folded(question)
    stem = _folded(entry.name.rsplit(".", 1)[0])
    if _folded(entry.name) in asked or (len(stem) >= 8 and stem in asked):
        return True
    title = entry.card.title or entry.title
    return _chinese_run(_folded(title), asked) if has_cjk(title) else _english_run(title, question)


def _chinese_run(title: str, asked: str) -> bool:
    clauses = re.findall(rf"[{CJK}a-z0-9]+", title)
    if any(len(clause) >= _TITLE_RUN - 1 and clause in asked for clause in clauses):
        return True
    for run in clauses:
        for start in range(len(run) - _TITLE_RUN + 1):
            part = run[start : start + _TITLE_RUN]
            if part in asked and sum(has_cjk(char) for char in part) >= _TITLE_RUN - 2:
                return True
    return False


def _english_run(title: str, question: str) -> bool:
    words = re.findall(r"[a-z][a-z'&-]*", title.lower())
    asked = " ".join(re.findall(r"[a-z][a-z'&-]*", question.lower()))
    for start in range(len(words) - 2):
        for size in (3, 4, 5):
            part = words[start : start + size]
            own = [word for word in part if word not in _TITLE_COMMON]
            if len(part) == size and len(own) >= 3 and f" {' '.join(part)} " in f" {asked} ":
                return True
    return False
