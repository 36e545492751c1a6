"""Errors as answers: problem details (RFC 9457) under ``/api``, OpenAI's error object under ``/v1``."""

import logging
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request

from index.errors import LLMError, ModelError, QuestionError, ReadError, ReportQAError, SettingsError, StoreError

if TYPE_CHECKING:
    from fastapi import FastAPI

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """What went wrong (RFC 9457). ``remedy`` says what can be done about it; ``errors`` which fields were wrong."""

    type: str = Field("about:blank", description="The kind of problem.", examples=["urn:report-qa:not-found"])
    title: str = Field(description="The kind of problem in words.", examples=["Not Found"])
    status: int = Field(description="The HTTP status.", examples=[404])
    detail: str = Field(description="What happened.", examples=["There is no report 'q3.pdf'."])
    remedy: str = Field("", description="What to do about it.", examples=["GET /api/reports lists those there are."])
    errors: list[dict[str, str]] = Field(default=[], description="Of a request that is not valid: field and message.")


class RequestError(ReportQAError):
    """A request that cannot be carried out for a reason that has an HTTP status of its own."""

    exit_code = 2

    def __init__(self, status: int, message: str, remedy: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__(message, remedy)
        self.status, self.headers = status, headers


class NotFoundError(RequestError):
    """What was asked for is not there."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(404, message, remedy)


_KINDS: dict[type[ReportQAError], tuple[int, str]] = {
    QuestionError: (422, "question"),
    ReadError: (422, "unreadable"),
    StoreError: (503, "store"),
    ModelError: (503, "model"),
    LLMError: (502, "language-model"),
    SettingsError: (500, "settings"),
}
_TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}  # which other versions of Python call otherwise


def problem_of(error: Exception) -> Problem:
    """The problem that an error is. One that nobody foresaw is logged, and only its id is told."""
    if isinstance(error, RequestError):
        return _problem(error.status, error.message, error.remedy)
    if isinstance(error, ReportQAError):
        status, kind = next((_KINDS[cls] for cls in type(error).__mro__ if cls in _KINDS), (500, "error"))
        return _problem(status, error.message, error.remedy, kind)
    if isinstance(error, HTTPException):
        return _problem(error.status_code, str(error.detail))
    number = uuid.uuid4().hex[:8]
    log.error("request failed (%s)", number, exc_info=error)
    return _problem(500, f"Something went wrong (id {number}).", "The server's log has the details under this id.")


def _problem(status: int, detail: str, remedy: str = "", kind: str = "") -> Problem:
    title = _TITLES.get(status) or HTTPStatus(status).phrase
    name = kind or ("invalid-request" if status == 422 else title.lower().replace(" ", "-"))
    return Problem(type=f"urn:report-qa:{name}", title=title, status=int(status), detail=detail, remedy=remedy)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of the errors an endpoint may answer with."""
    schema = {"$ref": "#/components/schemas/Problem"}  # which is there, for a file's state has one
    return {
        status: {
            "description": _TITLES.get(status) or HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in statuses
    }


def response(problem: Problem, path: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """A problem as the answer to a request for ``path``."""
    if path.startswith("/v1/"):
        return JSONResponse(openai_error(problem), problem.status, headers)
    return JSONResponse(problem.model_dump(), problem.status, headers, MEDIA_TYPE)


def openai_error(problem: Problem) -> dict[str, Any]:
    """A problem as OpenAI's clients know it."""
    kind = "invalid_request_error" if problem.status < 500 else "server_error"
    text = f"{problem.detail} {problem.remedy}".strip()
    param = problem.errors[0]["field"] if problem.errors else None
    return {"error": {"message": text, "type": kind, "param": param, "code": problem.type.rsplit(":", 1)[-1]}}


def _invalid(error: RequestValidationError) -> Problem:
    wrong, remedy = [], "Mend it; /api/docs describes every field."
    for one in error.errors():
        place = [str(part) for part in one["loc"][1:]]
        message = str(one["msg"]).removeprefix("Value error, ")
        if one["type"] == "json_invalid":
            place, message = [], f"no valid JSON: {one.get('ctx', {}).get('error', message)}"
        elif one["loc"] == ("body",):
            remedy = "Send a JSON object with Content-Type: application/json; /api/docs describes every field."
        wrong.append({"field": ".".join(place) or str(one["loc"][0]), "message": message})
    detail = "; ".join(f"{one['field']}: {one['message']}" for one in wrong[:5])
    problem = _problem(422, f"The request is not valid: {detail}.", remedy, "invalid-request")
    return problem.model_copy(update={"errors": wrong})


def handle_errors(web: "FastAPI") -> None:
    """Make every error of ``web``'s own endpoints such an answer."""

    async def known(request: Request, error: Exception) -> JSONResponse:
        headers = getattr(error, "headers", None)
        if isinstance(error, RequestValidationError):
            return response(_invalid(error), request.url.path)
        return response(problem_of(error), request.url.path, headers)

    for kind in (ReportQAError, RequestValidationError, HTTPException, Exception):
        web.add_exception_handler(kind, known)
