"""Endpoints over the reports: which there are, what they hold, their pages and files."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote as escaped

from fastapi import APIRouter, Path, Query
from fastapi.responses import FileResponse, Response

from index.errors import StoreError
from index.filters import Filter
from index.types import Entry
from rag.api.problems import NotFoundError, RequestError, problems
from rag.api.schemas import Change, PageText, Passage, Report, ReportCard, Wanted

if TYPE_CHECKING:
    from rag.engine import ReportQA

Id = Annotated[str, Path(description="The report's id, the beginning of one, or its file name.", max_length=300)]
Number = Annotated[int, Path(ge=1, description="The page, from 1.")]


def router(qa: "ReportQA") -> APIRouter:
    """The endpoints over ``qa``."""
    api = APIRouter(prefix="/api/reports", tags=["reports"], responses=problems(404, 422, 503))

    @api.get("", response_model=list[Report])
    def reports(wanted: Annotated[Wanted, Query()]) -> list[Report]:
        """The reports by name, or those that all filters let in."""
        chosen = wanted.filter()
        return [Report.of(entry) for entry in qa.reports() if chosen.matches(entry)]

    @api.get("/{id}", response_model=ReportCard)
    def report(id: Id) -> Report:
        """One report: its card and its sections."""
        entry = find(qa, id)
        file = qa.library.original(entry.id)
        pictures = file is not None and file.suffix == ".pdf"
        return ReportCard.of(entry, sections=qa.library.sections(entry.id), file=file is not None, pictures=pictures)

    @api.patch("/{id}", response_model=Report, responses=problems(409))
    def rename(id: Id, change: Change) -> Report:
        """Give a report another file name."""
        entry = find(qa, id)
        try:
            return Report.of(qa.rename(entry.id, change.name))
        except StoreError as error:
            raise RequestError(409, error.message, error.remedy) from error

    @api.delete("/{id}", response_model=Report)
    def remove(id: Id) -> Report:
        """Remove a report and all that was kept of it."""
        entry = find(qa, id)
        qa.remove(entry.id)
        return Report.of(entry)

    @api.get("/{id}/file", response_class=FileResponse, responses={200: {"content": {"application/pdf": {}}}})
    def file(id: Id) -> FileResponse:
        """The file as it was added; a PDF is shown by browsers, at a page with `#page=3`, others are downloaded."""
        entry = find(qa, id)
        kept = qa.library.original(entry.id)
        if kept is None:
            raise NotFoundError(f"The file of {entry.name} is not in the store.", "Remove the report and add it again.")
        shown = kept.suffix == ".pdf"
        return FileResponse(
            kept,
            media_type="application/pdf" if shown else "application/octet-stream",  # nothing a browser would run
            filename=entry.name,
            content_disposition_type="inline" if shown else "attachment",
            headers=_kept(entry, id),
        )

    @api.get("/{id}/pages/{page}.png", response_class=Response, responses={200: {"content": {"image/png": {}}}})
    def picture(
        id: Id,
        page: Number,
        quote: Annotated[str, Query(max_length=4000, description="What to frame: a citation's quote.")] = "",
        width: Annotated[int, Query(ge=100, le=3000, description="Pixels.")] = 1000,
    ) -> Response:
        """A page of a PDF as a picture, a quotation framed. `X-Boxes` says how many frames were drawn."""
        entry = _with_page(qa, id, page)
        kept = qa.library.original(entry.id)
        if kept is None or kept.suffix != ".pdf":
            raise NotFoundError(
                f"The pages of {entry.name} cannot be drawn.", f"GET /api/reports/{entry.id}/pages/{page} has the text."
            )
        boxes = qa.library.boxes(entry.id, page, quote) if quote else ()
        png = qa.library.picture(entry.id, page, boxes, width)
        return Response(png, media_type="image/png", headers={**_kept(entry, id), "x-boxes": str(len(boxes))})

    @api.get("/{id}/pages/{page}", response_model=PageText)
    def text(id: Id, page: Number) -> PageText:
        """The text of a page."""
        entry = _with_page(qa, id, page)
        chunks = qa.library.chunks(entry.id, page)
        passages = [Passage(section=c.section, kind=c.kind.value, text=c.text) for c in chunks]
        return PageText(report=entry.name, page=page, passages=passages)

    return api


def find(qa: "ReportQA", id_or_name: str) -> Entry:
    """The report with this id, beginning of an id, or file name. Raises NotFoundError."""
    qa.reports()  # a store that cannot be read is another error
    try:
        return qa.library.find(id_or_name)
    except StoreError:
        raise NotFoundError(
            f"There is no report {id_or_name!r}.", "GET /api/reports lists those that are there."
        ) from None


def chosen(qa: "ReportQA", reports: Sequence[str], filter: Filter) -> tuple[str, ...]:
    """The ids of the reports named that the filter lets in, empty for all. Raises NotFoundError, QuestionError."""
    return qa.choose([find(qa, report).id for report in reports], filter)


def _with_page(qa: "ReportQA", id: str, page: int) -> Entry:
    entry = find(qa, id)
    if page > entry.pages:
        raise NotFoundError(f"{entry.name} has no page {page}.", f"It has {entry.pages}.")
    return entry


def _kept(entry: Entry, id: str) -> dict[str, str]:
    """How long a browser may keep it: an id is that of the file's bytes, so it never changes; a name's file may."""
    return {"cache-control": "private, max-age=3600" if id == entry.id else "no-store"}


def link(entry: Entry, page: int) -> str:
    """The path of a page, for readers: a PDF opened there, else the page's text."""
    if entry.name.lower().endswith(".pdf"):
        return f"/api/reports/{escaped(entry.id)}/file#page={page}"
    return f"/api/reports/{escaped(entry.id)}/pages/{page}"
