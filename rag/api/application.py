"""The endpoints put together and guarded."""

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.requests import Request

from rag.api import asking, completions, documents, login, reports, uploads
from rag.api.access import Access, user_of
from rag.api.identity import Anybody, Identity, Proxy, Users
from rag.api.problems import NotFoundError, handle_errors
from rag.api.schemas import Health
from rag.feedback import FILE as FEEDBACK
from rag.feedback import FeedbackStore
from rag.tokens import FILE as TOKENS
from rag.tokens import TokenStore
from rag.users import FILE as USERS
from rag.users import UserStore

if TYPE_CHECKING:
    from fastapi import FastAPI

    from rag.engine import ReportQA

_BODY = 4_000_000  # bytes of a request that brings no file
_ANY = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


def attach_to(web: "FastAPI", qa: "ReportQA") -> None:
    """See :func:`rag.api.attach`."""
    web.title, web.version, web.description = "report-qa", _version(), documents.ABOUT
    handle_errors(web)
    identity = identity_of(qa)
    web.include_router(uploads.router(qa))
    small = APIRouter(max_body_size=_BODY)
    for part in (
        asking.router(qa, FeedbackStore(qa.settings.store.expanduser() / FEEDBACK)),
        reports.router(qa),
        completions.router(qa),
        _health(qa, identity),
        documents.router(web),
    ):
        small.include_router(part)
    if isinstance(identity, Users):
        small.include_router(login.router(identity))
    small.include_router(_nothing_else())
    web.include_router(small)

    def most(method: str, path: str) -> int:
        if (method, path) == ("POST", "/api/reports"):
            return uploads.largest(qa)
        return _BODY if path.startswith(("/api/", "/v1/")) else 0

    web.add_middleware(Access, identity=identity, largest=most)


def identity_of(qa: "ReportQA") -> Identity:
    """How users are told, by the settings."""
    settings = qa.settings
    if settings.auth == "proxy":
        return Proxy(settings.auth_header, [network.strip() for network in settings.auth_proxies.split(",")])
    if settings.auth == "users":
        folder = settings.store.expanduser()
        return Users(UserStore(folder / USERS), TokenStore(folder / TOKENS))
    return Anybody()


def _health(qa: "ReportQA", identity: Identity) -> APIRouter:
    api = APIRouter(prefix="/api", tags=["health"])

    @api.get("/health", response_model=Health, response_model_exclude_none=True)
    def health(request: Request) -> Health:
        """Whether the server answers, to anybody; to those who have signed in also what it works with."""
        if not user_of(request) and not isinstance(identity, Anybody):
            return Health()
        return Health(
            version=_version(),
            reports=len(qa.reports()),
            chunks=qa.library.chunk_count,
            model=qa.model_name,
            embedder=qa.embedder_name,
        )

    return api


def _nothing_else() -> APIRouter:
    """Other paths under /api and /v1 are not the chat page's to answer."""
    api = APIRouter(include_in_schema=False)

    @api.api_route("/api/{path:path}", methods=_ANY)
    @api.api_route("/v1/{path:path}", methods=_ANY)
    def nothing(request: Request, path: str) -> Any:
        raise NotFoundError(f"There is no {request.method} {request.url.path}.", "/api/docs lists what there is.")

    return api


def _version() -> str:
    try:
        return version("report-qa")
    except PackageNotFoundError:
        return "0"
