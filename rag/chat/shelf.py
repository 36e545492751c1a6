"""The list of reports: what each is, which are asked, and what can be done with them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from index.filters import Filter
from index.text import fold
from index.types import Entry, Outcome, Progress, Stage, Status
from rag.chat.icons import button, icon
from rag.chat.words import word


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to: words of title, institution, company or file name, and a filter of cards."""

    text: str = ""
    filter: Filter = field(default_factory=Filter)

    def matches(self, entry: Entry) -> bool:
        """Whether a report is shown."""
        card = entry.card
        said = fold(" ".join((entry.name, entry.title, card.institution, card.company, card.ticker, *card.authors)))
        return self.filter.matches(entry) and all(fold(part) in said for part in self.text.split())


def facts(entry: Entry, language: str) -> str:
    """A report's institution, date, length and language in one line."""
    pages = word("one_page" if entry.pages == 1 else "pages", language, entry.pages)
    card = entry.card
    known = (card.institution, card.date or card.period, pages, word(entry.language, language))
    return " · ".join(fact for fact in known if fact)


def tools(largest_mb: int, language: str) -> str:
    """The fields over the list; files of more than ``largest_mb`` are refused before they are sent."""
    options = "".join(
        f'<option value="{value}">{word(value or "any_language", language)}</option>' for value in ("", "zh", "en")
    )
    dates = "".join(
        f'<label>{word(name, language)}<input name="{name}" inputmode="numeric" placeholder="2025-01" '
        f'autocomplete="off"></label>'
        for name in ("since", "until")
    )
    more = button("filters", "filter", word("more_filters", language), ' aria-expanded="false"')
    return (
        f'<form id="narrow" data-do="narrow" role="search" data-largest="{largest_mb * 1_000_000}" '
        f'data-too-large="{word("too_large", language, "{}", largest_mb)}"><div class="field">{icon("search")}'
        f'<input type="search" name="text" placeholder="{word("find", language)}" '
        f'aria-label="{word("find", language)}" autocomplete="off">'
        f"{more}</div>"
        f'<div class="fields" hidden><label><span class="hidden">{word("any_language", language)}</span>'
        f'<select name="language">{options}</select></label>{dates}</div></form>'
    )


def shelf(entries: Sequence[Entry], wanted: Wanted, problem: str, language: str) -> str:
    """The reports that are wanted, each with a box that says whether it is asked."""
    shown = [entry for entry in entries if wanted.matches(entry)]
    if problem:
        return f'<p class="alert" role="alert">{escape(problem)}</p>'
    if not shown:
        return f'<p class="quiet">{word("none_match" if entries else "empty", language)}</p>'
    every = (
        f'<label class="every"><input type="checkbox" id="every" checked> <span>{word("all", language)}</span></label>'
        f'<span class="quiet count">{len(shown)}/{len(entries)}</span>'
    )
    rows = "".join(_row(entry, language) for entry in shown)
    return f'<div class="shelf-head">{every}</div><ul class="reports" data-total="{len(entries)}">{rows}</ul>'


def _row(entry: Entry, language: str) -> str:
    title = escape(entry.title or entry.name)
    name = escape(entry.name)
    copy = f'<span class="facts">= {escape(word("copy_of", language, entry.copy_of))}</span>' if entry.copy_of else ""
    file = f'<span class="facts file">{name}</span>' if entry.title and entry.title != entry.name else ""
    about = f' data-report="{entry.id}" data-name="{name}"'
    items = [
        f'<button type="button" data-do="{do}"{about}{more}>{word(label, language)}</button>'
        for do, label, more in (
            ("page", "open_page", ' data-page="1" data-quote=""'),
            ("only", "ask_only", ""),
            ("sections", "sections", ""),
            ("rename", "rename", f' data-prompt="{word("rename_to", language)}"'),
            ("reread", "reread", ""),
            ("remove", "remove", f' data-confirm="{escape(word("remove_sure", language, entry.name))}"'),
        )
    ]
    return (
        f'<li class="report"{about}><input type="checkbox" name="report" value="{entry.id}" id="r-{entry.id}" checked>'
        f'<label for="r-{entry.id}"><span class="title">{title}</span>'
        f'<span class="facts">{escape(facts(entry, language))}</span>{file}{copy}</label>'
        f'<details class="menu"><summary aria-label="{escape(word("actions", language, entry.name))}">{icon("more")}'
        f'</summary><div class="items">{"".join(items)}</div></details></li>'
    )


def progress(steps: Sequence[Progress], language: str, cancelling: bool = False) -> str:
    """A bar for each report that is being added, and the button that ends it."""
    bars = (
        "".join(_bar(step, language) for step in steps) or f'<div class="step">{word(Stage.READING, language)}…</div>'
    )
    stop = "disabled" if cancelling else ""
    return (
        f'<div class="adding" role="status">{bars}<button type="button" class="quiet-button" data-do="cancel" {stop}>'
        f"{word('cancel', language)}</button></div>"
    )


def _bar(step: Progress, language: str) -> str:
    percent = 100 * step.done // max(step.total, 1)
    label = f"{word(step.stage, language)} {step.done}/{step.total}"
    return (
        f'<div class="step"><div class="step-name">{escape(step.report)}</div><div class="bar" role="progressbar" '
        f'aria-valuemin="0" aria-valuemax="100" aria-valuenow="{percent}" aria-label="{escape(step.report)} {label}">'
        f'<i style="width:{percent}%"></i></div><div class="quiet">{label}</div></div>'
    )


def results(outcomes: Sequence[Outcome], language: str) -> str:
    """What became of each file, with the reason for those that were kept out."""
    items = []
    for outcome in outcomes:
        notes = [str(outcome.error)] if outcome.error else list(outcome.warnings)
        kind = "alert" if outcome.status is Status.FAILED else "done"
        detail = "".join(f"<div>{escape(note)}</div>" for note in notes)
        items.append(
            f'<div class="{kind}"><b>{escape(outcome.path.name)}</b> {word(outcome.status, language)}{detail}</div>'
        )
    off = f'<button type="button" class="quiet-button told-off" data-do="told-off">{word("close", language)}</button>'
    return "".join(items) + (off if items else "")
