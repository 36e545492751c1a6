"""Who may send which requests: everything the program serves passes through here, the chat page included."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response

from index.errors import ReportQAError, SettingsError
from rag.api.problems import RequestError, problem_of, response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from rag.api.identity import Identity
    from rag.settings import Settings

_USER = "report_qa.user"
_ALIVE = "/api/health"  # answers without a user, as does the page to sign in
_SAFE = {"GET", "HEAD", "OPTIONS"}
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
_NOTHING = "default-src 'none'; frame-ancestors 'self'"
# Gradio's page runs scripts and styles of its own that stand in it. What this keeps out are other hosts: nothing that a
# report or a model smuggles into the page could load from one or send anything to one.
_PAGE = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; media-src 'self' blob:; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)


def user_of(connection: HTTPConnection) -> str:
    """The name of the user that a request is from, "" where nobody signs in."""
    return str(connection.scope.get(_USER, ""))


def base_of(connection: HTTPConnection) -> str:
    """The address that the client knows this server by, without a slash at its end."""
    url = connection.base_url
    return str(url.replace(scheme="https") if is_tls(connection) else url).rstrip("/")


def is_tls(connection: HTTPConnection) -> bool:
    """Whether the client's connection is encrypted, as far as is known: a proxy may say so."""
    return "https" in {connection.url.scheme, connection.headers.get("x-forwarded-proto")}


def asker_of(connection: HTTPConnection) -> str:
    """Whom turns at the model go round between: the user, or where nobody signs in the machine."""
    return user_of(connection) or (connection.client.host if connection.client else "")


def check_listening(settings: "Settings", host: str) -> None:
    """Raise SettingsError when anybody could reach the reports through ``host`` without signing in, unless told so."""
    if host not in _LOOPBACK and settings.auth == "off" and not settings.allow_anonymous:
        raise SettingsError(
            f"On {host} anybody who reaches this machine could read the reports.",
            "Set auth to users (`report-qa users add NAME`) or proxy; or allow_anonymous, if everybody may.",
        )


class Access:
    """ASGI middleware: refuses what another site's page sends and whom nobody knows, and adds security headers."""

    def __init__(self, app: "ASGIApp", identity: "Identity", largest: Callable[[str, str], int]) -> None:
        """``largest`` gives the bytes that the body of a request may have, by method and path; 0 for no limit."""
        self._app, self._identity, self._largest = app, identity, largest

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass a request on, with its user, or answer it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":  # nothing here speaks it
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._request(scope, receive, send)

    async def _request(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        path = scope["path"]

        async def send_safely(message: "Message") -> None:
            if message["type"] == "http.response.start":
                _protect(MutableHeaders(scope=message), path)
            await send(message)

        refusal: Response | None = None
        try:
            _check_origin(scope)
            user = await self._identity.user(HTTPConnection(scope))
            if user is None and path not in {_ALIVE, self._identity.sign_in_page}:
                refusal = _unknown(scope, self._identity.sign_in_page)
            scope[_USER] = user or ""
            if refusal is None:
                _check_size(scope, self._largest(scope["method"], path))
        except ReportQAError as error:
            refusal = response(problem_of(error), path, getattr(error, "headers", None))
        await (refusal or self._app)(scope, receive, send_safely)


def _check_origin(scope: "Scope") -> None:
    """Raise RequestError for a request that changes something and comes from another site's page.

    Browsers say where a request comes from, in Sec-Fetch-Site or, older ones, in Origin; other programs say neither.
    """
    if scope["method"] in _SAFE:
        return
    headers = Headers(scope=scope)
    site, origin = headers.get("sec-fetch-site"), headers.get("origin", "")
    own = headers.get("host", "").lower()
    if site not in {"same-origin", "none"} if site else origin and origin.lower().partition("://")[2] != own:
        raise RequestError(
            403,
            f"The request comes from another site ({origin or site}).",
            "Send it from this server's own pages, or from a program that is no browser. Behind a reverse proxy, let "
            "it pass on the Host header.",
        )


def _check_size(scope: "Scope", most: int) -> None:
    """Raise RequestError for a body that is announced as too large. One that is not announced is cut off later."""
    length = Headers(scope=scope).get("content-length", "0")
    if most and length.isdecimal() and int(length) > most:
        raise RequestError(413, f"The request has {int(length):,} bytes; {most:,} are the most.", "Send less.")


def _unknown(scope: "Scope", sign_in_page: str) -> Response:
    """The answer to somebody who has not signed in: the page to do so for readers, else a problem."""
    headers, path = Headers(scope=scope), scope["path"]
    reads = scope["method"] == "GET" and "text/html" in headers.get("accept", "")
    if sign_in_page and reads and not path.startswith(("/api/", "/v1/")):
        query = scope["query_string"].decode("latin-1")
        return RedirectResponse(f"{sign_in_page}?next={quote(path + (f'?{query}' if query else ''))}", 303)
    # A browser that meets Basic in the background would open a window of its own over the page.
    by_script = headers.get("sec-fetch-mode", "navigate") != "navigate"
    challenge = "Bearer" if by_script else 'Basic realm="report-qa", charset="UTF-8", Bearer'
    error = RequestError(401, "Sign in first.", "Send a user's name and password (Basic) or token (Bearer).")
    return response(problem_of(error), path, {"www-authenticate": challenge})


def _protect(headers: MutableHeaders, path: str) -> None:
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    kind = headers.get("content-type", "")
    if "content-security-policy" not in headers and kind != "application/pdf":  # browsers show a PDF with a page
        headers["content-security-policy"] = _NOTHING if path.startswith(("/api/", "/v1/")) else _PAGE
    if path.startswith(("/api/", "/v1/")):
        headers.setdefault("cache-control", "no-store")
