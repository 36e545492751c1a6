"""Reports that come again and again: weeklies of one team, annual reports of one company. The newest answers."""

import re
from collections.abc import Sequence
from functools import lru_cache

from index.text import fold, has_cjk
from index.types import Entry
from rag.asking.names import known
from rag.asking.periods import named_period, span

# Kinds of reports: in a title or file name, and in a question that means such a report. The first that fits counts.
_KINDS = (
    ("daily", r"日报|晨报|早报|晨会|\bdaily (?:note|report|review)|morning note", r"日报|晨报|早报|morning note"),
    (
        "weekly",
        r"周报|周刊|周观点|周度|每周|一周|双周|\bweekly\b|\b20\d\d ?w\d\d\b",
        r"周报|周刊|\bweekly (?:report|note|review|update|issue)|\b(?:the|this|that|latest|last|previous|\w+'s)"
        r" (?:\w+ )?weekly\b(?! (?:active|users?|basis|jobless|average|sales|data|change|hours|earnings|volumes?))",
    ),
    ("monthly", r"月报|月刊|月度|\bmonthly\b", r"月报|月刊|\bmonthly (?:report|note|review|update|issue)"),
    ("half", r"半年度?报告?|中期报告|中报|\binterim report|half[- ]year(?:ly)? report", ""),
    (
        "quarterly",
        r"季度报告|季报|\b10-?q\b|quarterly report",
        r"季度报告|季报|\b10-?q\b|\bquarterly (?:report|filing)",
    ),
    (
        "annual",
        r"年度报告|(?<!半)年报|annual report|\b(?:10-?k|20-?f)\b",
        r"年度报告|(?<!半)年报|\bannual (?:report|filing)|\b(?:10-?k|20-?f)\b",
    ),
    (
        "earnings",
        r"业绩(?:公告|快报|预告)|\bearnings\b|(?:reports|announces)\b.*\bresults|\b8-?k\b|results (?:announcement|for)",
        r"业绩(?:公告|快报|预告)|\b(?:earnings|results) (?:release|announcement)|\bearnings report|\bpress release",
    ),
    ("outlook", r"展望|年度策略|中期策略|\boutlook\b", r"展望报告|年度策略|\b(?:the|this) outlook\b|\boutlook report"),
    ("comment", r"点评|\bfirst take\b", r"点评"),
)
_ENTRY_KINDS = tuple((kind, re.compile(own, re.IGNORECASE)) for kind, own, _ in _KINDS)
_ASKED_KINDS = tuple((kind, re.compile(asked or own, re.IGNORECASE)) for kind, own, asked in _KINDS)
_WEEK = re.compile(r"\d{4}W\d\d|\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d")
_NUMBERS = re.compile(
    r"\d+|[一二三四五六七八九十]+(?=[月季周期])|\b(?:q|w|h|fy)(?=\d|\b)|first|second|third|fourth|"
    r"january|february|march|april|may|june|july|august|september|october|november|december",
    re.IGNORECASE,
)
_LEGAL = re.compile(r",? (?:inc|corp|corporation|plc|ltd|co|company)\b.*$|(?:股份)?有限公司$", re.IGNORECASE)
_MARKS = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def kind(entry: Entry) -> str:
    """What kind of report it is by its title, its file's name or its period (weekly, annual, …); "" when unknown."""
    for text in (f"{entry.title} {entry.card.title}", _stem(entry), entry.card.period_text):
        for name, pattern in _ENTRY_KINDS:
            if pattern.search(text):
                return name
        if name := ("weekly" if _WEEK.fullmatch(entry.card.period) else ""):
            return name
    return ""


def kinds_asked(question: str) -> tuple[tuple[str, int], ...]:
    """The kinds of reports that a question speaks of, each with where it does."""
    found = ((name, pattern.search(question)) for name, pattern in _ASKED_KINDS)
    return tuple((name, match.start()) for name, match in found if match)


@lru_cache(maxsize=4096)
def owner(entry: Entry) -> str:
    """Whose report it is and of whom, one key for all names of these."""
    return "|".join(
        "/".join(sorted(name.chinese[0] for name in known(text))) or fold(text)
        for text in (entry.card.institution, entry.card.company)
    )


def series(entries: Sequence[Entry]) -> tuple[tuple[Entry, ...], ...]:
    """Groups of two or more reports that follow each other in time, newest first; copies are left out.

    Reports belong together that have the same owner and kind and, unless they are on one company, also an author or
    the same title or file name but for the period. Those that say neither period nor date are in none.
    """
    return _series(tuple(entries))


@lru_cache(maxsize=4)  # a store's reports change rarely, and every question asks for them
def _series(entries: tuple[Entry, ...]) -> tuple[tuple[Entry, ...], ...]:
    alike: dict[tuple[str, str, str], list[list[Entry]]] = {}
    for entry in entries:
        if entry.copy_of or owner(entry) == "|" or not span(entry):
            continue
        groups = alike.setdefault((owner(entry), kind(entry), entry.language), [])
        group = next((group for group in groups if any(_follows(entry, other) for other in group)), None)
        if group is None:
            groups.append([entry])
        else:
            group.append(entry)
    found = [sorted(group, key=_when, reverse=True) for groups in alike.values() for group in groups]
    return tuple(tuple(group) for group in found if len({_when(entry) for entry in group}) > 1)


def standing(entry: Entry, language: str) -> str:
    """The report and its date as an answer names them, for a reader of "zh" or "en".

    >>> standing(Entry(..., card=Card(title="…", institution="国金证券", date="2025-05-05")), "zh")
    国金证券《…》2025-05-05
    """
    card = entry.card
    title = card.title or entry.title or entry.name
    whose = card.institution or card.company
    who = "" if fold(_LEGAL.sub("", whose)) in fold(title) else _in(whose, language)
    when = card.date or card.period_text or _said(card.period or named_period(entry.name), language)
    if language == "zh":
        return f"{who}《{title}》{when}"
    return ", ".join(part for part in (who, f"“{title}”", when) if part)


def _said(period: str, language: str) -> str:
    """A period in words where its form on cards is not one that people write."""
    week = re.fullmatch(r"(\d{4})W(\d\d)", period)
    if not week:
        return period
    return f"{week[1]}年第{int(week[2])}周" if language == "zh" else f"week {int(week[2])}, {week[1]}"


def _in(name: str, language: str) -> str:
    """A name in the reader's language with the original behind it, where the glossary has it."""
    if not name or has_cjk(name) == (language == "zh"):
        return name
    found = known(name)
    if len(found) != 1:
        return name
    (one,) = found
    return f"{(one.chinese if language == 'zh' else one.english)[0].removeprefix('=')} ({name})"


def _when(entry: Entry) -> tuple[str, str]:
    ends = span(entry)
    return (ends[1] if ends else "", entry.card.date)


def _follows(one: Entry, other: Entry) -> bool:
    """Whether two reports of one owner, kind and language follow each other."""
    if one.card.company and kind(one):
        return True
    authors = set(one.card.authors) & set(other.card.authors)
    if authors and kind(one):
        return True
    pairs = ((_stem(one), _stem(other)), (one.card.title, other.card.title))
    return any(_bare(first) and _bare(first) == _bare(second) for first, second in pairs)


def _stem(entry: Entry) -> str:
    return entry.name.rsplit(".", 1)[0].replace("_", " ")


@lru_cache(maxsize=8192)
def _bare(text: str) -> str:
    """A title or file name without its figures and periods."""
    return _MARKS.sub("", _NUMBERS.sub("", text.lower()))
