"""Pages and files of the reports over HTTP: what the page viewer shows. Only reports of the store can be reached."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote as percent

from index.errors import StoreError
from index.quotes import sentences_of
from index.types import BY_LINES, Box, Entry, Hit
from rag.chat.exports import Exports

if TYPE_CHECKING:
    from fastapi import APIRouter

    from index.library import Library
    from rag import ReportQA

_ID = re.compile(r"[0-9a-f]{12,64}(-\d{1,6})?")
KEPT = 64  # drawn pages in memory, some 0.3 MB each
WIDTHS = (600, 900, 1200, 1800, 2400)  # pixels; few, so that drawn pages are found again
LONGEST_QUOTE = 8000  # characters
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NOTHING = "default-src 'none'; frame-ancestors 'self'"
PDF_ONLY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def router(qa: "ReportQA", exports: Exports) -> "APIRouter":
    """``GET /pages/{id}/{page}.json`` and ``.png``, ``/files/{id}``, ``/exports/{key}``; 404 for what is not there."""
    from fastapi import APIRouter, Query
    from starlette.responses import FileResponse, JSONResponse, Response

    found = APIRouter(include_in_schema=False)
    picture = drawing(qa)
    quoted = Annotated[str, Query(max_length=LONGEST_QUOTE)]

    def or_missing(make: Callable[[], Response]) -> Response:
        try:
            return make()
        except StoreError as error:
            return JSONResponse({"message": str(error)}, status_code=404, headers={**SAFE, "Cache-Control": "no-store"})

    headers = {**SAFE, "Content-Security-Policy": NOTHING, "Cache-Control": "private, max-age=600"}

    @found.get("/pages/{report_id}/{page}.json")
    def page_facts(report_id: str, page: int, quote: quoted = "") -> Response:
        return or_missing(
            lambda: JSONResponse(facts(qa.library, entry_of(qa.library, report_id), page, quote), headers=headers)
        )

    @found.get("/pages/{report_id}/{page}.png")
    def page_picture(report_id: str, page: int, quote: quoted = "", width: int = 900) -> Response:
        def make() -> Response:
            entry = entry_of(qa.library, report_id)
            return Response(picture(entry.id, page, quote, nearest(width)), media_type="image/png", headers=headers)

        return or_missing(make)

    @found.get("/exports/{key}")
    def exported(key: str) -> Response:
        file = exports.take(key)
        if file is None:
            return Response(status_code=404, headers=SAFE)
        named = {**SAFE, "Content-Disposition": f"attachment; filename*=UTF-8''{percent(file.name, safe='')}"}
        return Response(file.data, media_type=file.media, headers={**named, "Cache-Control": "no-store"})

    @found.get("/files/{report_id}")
    def report_file(report_id: str, download: bool = False) -> Response:
        def make() -> Response:
            entry = entry_of(qa.library, report_id)
            file = qa.library.original(entry.id)
            if file is None:
                raise StoreError("The file of this report is not in the store.", "Add the report again.")
            shown = file.suffix == ".pdf" and not download
            kind = "application/pdf" if file.suffix == ".pdf" else "application/octet-stream"
            how = "inline" if shown else "attachment"
            named = {
                **SAFE,
                "Content-Security-Policy": PDF_ONLY if shown else NOTHING,
                "Cache-Control": "private, no-cache",
                "Content-Disposition": f"{how}; filename*=UTF-8''{percent(entry.name, safe='')}",
            }
            return FileResponse(file, media_type=kind, headers=named)

        return or_missing(make)

    return found


def nearest(width: int) -> int:
    """The smallest of the widths that pages are drawn in that is not less than ``width``."""
    return next((known for known in WIDTHS if known >= width), WIDTHS[-1])


def drawing(qa: "ReportQA") -> Callable[[str, int, str, int], bytes]:
    """A function of report id, page, quote and width that draws a page, or remembers it."""

    @lru_cache(maxsize=KEPT)
    def draw(report_id: str, page: int, quote: str, width: int) -> bytes:
        boxes = qa.library.boxes(report_id, page, quote) if quote else ()
        return qa.library.picture(report_id, page, boxes, width)

    return draw


def entry_of(library: "Library", report_id: str) -> Entry:
    """The report with this id, or that was read anew since. Raises StoreError when there is none."""
    if _ID.fullmatch(report_id):
        try:
            return library.find(report_id)
        except StoreError:
            pass  # its message lists what there is
    raise StoreError("This report is no longer in the store.", "Add it again, or ask the others.")


def facts(library: "Library", entry: Entry, page: int, quote: str) -> dict[str, Any]:
    """What the viewer must know of a page: its boxes as shares of its width and height, and its text.

    ``picture`` says whether it can be drawn. Raises StoreError for a page that the report does not have.
    """
    if not 1 <= page <= entry.pages:
        raise StoreError(f"{entry.name} has no page {page}.", f"It has {entry.pages} pages.")
    file = library.original(entry.id)
    drawn = file is not None and file.suffix == ".pdf"
    chunks = library.chunks(entry.id, page)
    wanted = sentences_of(quote, [sentence for chunk in chunks for sentence in chunk.sentences])
    shares: list[list[float]] = []
    if drawn and file is not None:
        from index.pictures import joined, size

        across, down = size(file, page)
        boxes = joined([box for sentence in wanted for box in sentence.boxes])
        shares = [_share(box, across, down) for box in boxes]
    return {
        "name": entry.name,
        "title": entry.title or entry.name,
        "page": page,
        "pages": entry.pages,
        "picture": drawn,
        "file": file is not None,
        "pdf": drawn,
        "boxes": shares,
        "text": _text(chunks, {id(sentence) for sentence in wanted}),
    }


def _share(box: Box, across: float, down: float) -> list[float]:
    """Left, top, width and height as shares of the page."""
    return [
        round(value, 5)
        for value in (box.x0 / across, box.top / down, (box.x1 - box.x0) / across, (box.bottom - box.top) / down)
    ]


def _text(chunks: list[Hit], quoted: set[int]) -> list[dict[str, Any]]:
    return [
        {
            "section": chunk.section,
            "rows": chunk.kind in BY_LINES,
            "sentences": [{"text": s.quote or s.text, "quoted": id(s) in quoted} for s in chunk.sentences],
        }
        for chunk in chunks
    ]
