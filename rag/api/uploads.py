"""Endpoints that add reports: an upload is read in the background, and can be asked how far it is."""

import asyncio
import re
import shutil
import tempfile
import threading
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, File, UploadFile
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from index import reading
from index.errors import ReportQAError
from index.types import Outcome
from rag.api import streams
from rag.api.access import user_of
from rag.api.jobs import Jobs
from rag.api.problems import RequestError, problems
from rag.api.reports import Id, find
from rag.api.schemas import Job

if TYPE_CHECKING:
    from index.ingest import OnProgress
    from rag.engine import ReportQA

_LONGEST_NAME = 200  # bytes of UTF-8; file systems take 255, and stores put endings behind names
_AROUND = 1_000_000  # bytes that a form may have besides its files
_POLL = 0.2  # seconds between looks at a job that is streamed
_UNPRINTABLE = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')


def router(qa: "ReportQA") -> APIRouter:
    """The endpoints over ``qa``."""
    jobs = Jobs()
    api = APIRouter(prefix="/api", tags=["reports"])

    @api.post(
        "/reports",
        status_code=202,
        response_model=Job,
        max_body_size=largest(qa),
        responses=problems(413, 415, 422, 429),
    )
    async def upload(
        request: Request,
        file: Annotated[list[UploadFile], File(description="One or more files, together at most max_file_mb.")],
    ) -> Response:
        """Add reports: answers at once with a job, or with `Accept: text/event-stream` with its states as events.

        A file that is there already is left, one of the same name with other text takes the old one's place.
        """
        jobs.check_room()
        names = [file_name(part.filename or "") for part in file]
        if len(set(names)) < len(names):
            raise RequestError(422, "Two files have the same name.", "Rename one of them.")
        folder, paths = await run_in_threadpool(_keep, file, names)

        def add(tell: "OnProgress", cancelled: threading.Event) -> list[Outcome]:
            try:
                return qa.ingest(paths, tell, cancelled=cancelled)
            finally:
                shutil.rmtree(folder, ignore_errors=True)

        return _accepted(request, jobs, jobs.start(user_of(request), names, add))

    @api.post("/reports/{id}/reread", status_code=202, response_model=Job, responses=problems(404, 422, 429))
    def reread(request: Request, id: Id) -> Response:
        """Read a report anew from the file in the store, as after OCR was installed. Its id gets another ending."""
        jobs.check_room()
        entry = find(qa, id)
        job = jobs.start(
            user_of(request), [entry.name], lambda tell, cancelled: [qa.reread(entry.id, tell, cancelled=cancelled)]
        )
        return _accepted(request, jobs, job)

    @api.get("/jobs/{id}", response_model=Job, responses=problems(404, 422))
    async def job(request: Request, id: str) -> Job | Response:
        """How far an upload is; with `Accept: text/event-stream` each change until it is done (events `job`)."""
        found = jobs.find(user_of(request), id)
        return streams.respond(_told(jobs, user_of(request), id)) if streams.wanted(request) else found

    @api.delete("/jobs/{id}", response_model=Job, responses=problems(404, 422))
    def cancel(request: Request, id: str) -> Job:
        """Let an upload end soon: files that are in the store by then stay, the others get the status `cancelled`."""
        return jobs.cancel(user_of(request), id)

    return api


def largest(qa: "ReportQA") -> int:
    """The bytes that an upload may have."""
    return qa.settings.limits.file_bytes + _AROUND


def _accepted(request: Request, jobs: Jobs, job: Job) -> Response:
    """The job, or its states as they change."""
    location = {"location": f"/api/jobs/{job.id}"}
    if streams.wanted(request):
        told = streams.respond(_told(jobs, user_of(request), job.id))
        told.headers.update(location)
        return told
    return JSONResponse(job.model_dump(mode="json"), 202, location)


async def _told(jobs: Jobs, user: str, id: str) -> AsyncIterator[str]:
    last: Job | None = None
    while last is None or last.state != "done":
        job = jobs.find(user, id)
        if job != last:
            yield streams.event("job", job.model_dump(mode="json"))
            last = job
        else:
            await asyncio.sleep(_POLL)


def _keep(parts: list[UploadFile], names: list[str]) -> tuple[Path, list[Path]]:
    """The uploaded files under their names in a new folder."""
    folder = Path(tempfile.mkdtemp(prefix="report-qa-upload-"))
    try:
        for part, name in zip(parts, names, strict=True):
            with (folder / name).open("wb") as kept:
                shutil.copyfileobj(part.file, kept, 1 << 20)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder, [folder / name for name in names]


def file_name(given: str) -> str:
    """The last part of the name of an upload, safe as a file's name. Raises RequestError when none is left."""
    last = unicodedata.normalize("NFC", given.encode("utf-8", "replace").decode()).replace("\\", "/").rsplit("/", 1)[-1]
    name = _UNPRINTABLE.sub("_", last).strip(" .") if last.strip(" .") else ""
    if not name or len(name.encode()) > _LONGEST_NAME:
        raise RequestError(422, f"{given[:80]!r} cannot be a file's name.", "Rename the file.")
    try:
        reading.reader(Path(name))
    except ReportQAError as error:
        raise RequestError(415, error.message, error.remedy) from error
    return name
