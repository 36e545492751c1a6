"""What is wrong with a question's pages, quotes and facts, held against the report in the store."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from eval.check.problem import Located, Problem, Severity
from eval.check.texts import NEAR, nearness, squeezed, stands_in
from eval.pdf import opened
from index.types import Entry

if TYPE_CHECKING:
    from index.library import Library


class PageTexts:
    """The text of every page of the store's reports, read when it is first needed."""

    def __init__(self, library: "Library") -> None:
        self._library = library
        self.entries: dict[str, Entry] = {entry.name: entry for entry in library.reports()}
        self._texts: dict[str, dict[int, str]] = {}

    def of(self, report: str) -> dict[int, str]:
        """The pages of a report by number: what was read of them with headings, and what the PDF itself holds."""
        if report not in self._texts:
            entry = self.entries[report]
            texts = dict.fromkeys(range(1, entry.pages + 1), "")
            for hit in self._library.chunks(entry.id):
                texts[hit.page] = f"{texts.get(hit.page, '')}\n{hit.context}\n{hit.section}\n{hit.text}"
            for number, text in enumerate(_embedded(self._library, entry.id), start=1):
                texts[number] = f"{texts.get(number, '')}\n{text}"
            self._texts[report] = texts
        return self._texts[report]

    def holding(self, report: str, quote: str) -> list[int]:
        """The pages on which a quote stands, wholly or over the break to the next page; else those nearest to it."""
        pages = self.of(report)
        exact = {number for number, text in pages.items() if stands_in(quote, text)}
        if not exact:
            broken = (n for n in pages if n + 1 in pages and stands_in(quote, f"{pages[n]}\n{pages[n + 1]}"))
            exact = {number for first in broken for number in (first, first + 1)}
        if exact:
            return sorted(exact)
        near = {number: nearness(quote, text) for number, text in pages.items()}
        return [number for number, share in near.items() if share >= NEAR]


def faults(at: Located, texts: PageTexts) -> Iterator[Problem]:
    """Pages that the report does not have, quotes that stand elsewhere or nowhere, facts that stand nowhere."""
    question = at.question
    if not question.report:
        return
    entry = texts.entries.get(question.report)
    if entry is None:
        yield Problem.of(
            at, Severity.NOTE, "no_report", "report", f"{question.report} is not in the store, so pages are unchecked",
            "Add it with `report-qa ingest`, or name another store with --store.",
        )  # fmt: skip
        return
    outside = [page for page in question.pages if page > entry.pages]
    if outside:
        yield Problem.of(
            at, Severity.ERROR, "page_outside", "pages", f"{entry.name} has {entry.pages} pages, not page {outside[0]}",
            "Pages count from 1 in the file, whatever is printed on them.",
        )  # fmt: skip
    for number, quote in enumerate(question.evidence):
        found = texts.holding(entry.name, quote) if squeezed(quote) else []
        field = f"evidence[{number}]"
        if not found:
            yield Problem.of(
                at, Severity.ERROR, "quote_nowhere", field, f"the quote stands on no page of {entry.name}",
                "Copy it from the page; `report-qa inspect` shows what was read.",
            )  # fmt: skip
        elif question.pages and not set(found) & set(question.pages):
            there = ", ".join(map(str, found[:5]))
            yield Problem.of(
                at, Severity.ERROR, "quote_elsewhere", field,
                f"the quote does not stand on page {', '.join(map(str, question.pages[:5]))}, but on page {there}",
                f"Mend `pages`: {there} holds it.",
            )  # fmt: skip
    yield from _facts(at, texts)


def _facts(at: Located, texts: PageTexts) -> Iterator[Problem]:
    question = at.question
    pages = texts.of(question.report)
    chosen = [pages.get(page, "") for page in question.pages] or list(pages.values())
    sources = [squeezed(text) for text in (*chosen, *question.evidence)]
    for group in question.must_include or ():
        forms = [form for form in map(squeezed, group) if form]
        if forms and not any(form in source for form in forms for source in sources):
            yield Problem.of(
                at, Severity.WARNING, "fact_nowhere", "must_include",
                f"stands neither in the evidence nor on the page: {' / '.join(group)}",
                "Copy the form that the page has, unless the fact is reckoned or translated.",
            )  # fmt: skip


def _embedded(library: "Library", report_id: str) -> Iterator[str]:
    """The text layer of every page of a PDF that the store keeps; nothing of other files."""
    with opened(library.original(report_id)) as document:
        for page in document or ():
            yield page.get_textpage().get_text_bounded()
