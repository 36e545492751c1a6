"""Whether the quotes of citations stand on the pages they name, looked up in the report's own file."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from eval.measures.overlap import units
from eval.pdf import opened
from eval.predictions import Cited
from index.errors import ReportQAError
from index.text import fold

if TYPE_CHECKING:
    from index.library import Library

SHARE = 0.9
"""Share of the character bigrams of a quote that its page must have: table rows are put together from cells."""


def on_page(library: "Library", cited: Cited) -> bool | None:
    """Whether a quote stands on the page it names; None for an empty quote or a report that is gone.

    The page's text is that of the PDF file as pypdfium2 reads it, so that a mistake in reading shows; where the report
    is no PDF or the page a picture, that of its chunks.
    """
    if not cited.quote.strip():
        return None
    try:
        report_id = library.find(cited.report).id
    except ReportQAError:
        return None
    file = library.original(report_id)
    text = _pdf_text(file, cited.page)
    if not text.strip():
        text = "\n".join(hit.text for hit in library.chunks(report_id, cited.page))
    return stands(cited.quote, text)


def stands(quote: str, page: str) -> bool:
    """Whether ``quote`` stands in a page's text as it is, or SHARE of its bigrams do; space and case do not matter."""
    wanted, text = fold(quote), fold(page)
    if wanted in text:
        return True
    pairs = set(units(wanted, bigrams=True))
    return bool(pairs) and len(pairs & set(units(text, bigrams=True))) >= SHARE * len(pairs)


@lru_cache(maxsize=256)
def _pdf_text(file: Path | None, page: int) -> str:
    with opened(file) as document:
        there = document is not None and 1 <= page <= len(document)
        return str(document[page - 1].get_textpage().get_text_bounded()) if there else ""
