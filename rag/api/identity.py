"""Which user a request is from: nobody in particular, a user with a password or token, or whom a proxy names."""

import asyncio
import base64
import binascii
import hashlib
import hmac
import secrets
import time
from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from typing import NoReturn, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from rag.api.attempts import Attempts
from rag.api.problems import RequestError
from rag.tokens import TokenStore

COOKIE = "report_qa_session"
_REMEMBERED = 300.0  # seconds for which a password that was right is not hashed again
_AT_ONCE = 2  # passwords hashed at a time, each of them 0.2 s and 32 MB
_LONGEST = 256  # characters of a name or password


class Identity(Protocol):
    """A way to tell users. ``sign_in_page`` is the path where they sign in, "" where they cannot do so here."""

    sign_in_page: str

    async def user(self, connection: HTTPConnection) -> str | None:
        """The user's name, "" for nobody in particular, None for somebody who must sign in first.

        Raises RequestError for credentials that are wrong.
        """


class Passwords(Protocol):
    """The accounts there are."""

    def stamp(self, name: str) -> str | None:
        """Something that changes with the user's password; None when there is no such user."""

    def check(self, name: str, password: str) -> bool:
        """Whether this is the user's password. Slow on purpose."""


class Anybody:
    """Nobody signs in."""

    sign_in_page = ""

    async def user(self, connection: HTTPConnection) -> str | None:
        """Nobody in particular."""
        return ""


class Proxy:
    """A reverse proxy signs users in and names them in a header."""

    sign_in_page = ""

    def __init__(self, header: str, trusted: Iterable[str]) -> None:
        """``trusted`` are the addresses or networks that the proxy sends from."""
        self._header = header
        self._trusted = [ip_network(network) for network in trusted]

    async def user(self, connection: HTTPConnection) -> str | None:
        """Whom the proxy names. Raises RequestError for requests that do not come from it."""
        host = connection.client.host if connection.client else ""
        try:
            address = ip_address(host)
        except ValueError:
            address = None
        address = getattr(address, "ipv4_mapped", None) or address
        if address is None or not any(address in network for network in self._trusted):
            raise RequestError(403, "Requests must come through the proxy.", "See the setting auth_proxies.")
        named = connection.headers.getlist(self._header)
        if len(named) > 1:
            raise RequestError(403, f"The header {self._header} was sent twice.", "Let the proxy replace it.")
        name = _text(named[0].strip()) if named else ""
        if not name:
            return None
        if len(name) > _LONGEST or not name.isprintable():
            raise RequestError(403, f"The header {self._header} does not hold a name.", "Mend the proxy's settings.")
        return name


def _text(header: str) -> str:
    """A header's value, which is UTF-8 more often than the Latin-1 that HTTP takes it for."""
    try:
        return header.encode("latin-1").decode()
    except UnicodeError:
        return header


class Users:
    """Users with passwords: a session's cookie, HTTP Basic, or a bearer token."""

    sign_in_page = "/login"

    def __init__(self, passwords: Passwords, tokens: TokenStore) -> None:
        self._passwords, self._tokens = passwords, tokens
        self._attempts, self._hashing = Attempts(), asyncio.Semaphore(_AT_ONCE)
        self._key = secrets.token_bytes(32)
        self._right: dict[str, tuple[bytes, str, float]] = {}  # name: password's digest, stamp, until when

    async def user(self, connection: HTTPConnection) -> str | None:
        """Whom the credentials stand for. Raises RequestError (401, 429) when they are wrong."""
        scheme, _, value = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self._known(value.strip()) or _refuse("The token is not known, or was revoked.", "Bearer")
        if scheme.lower() == "basic":
            name, password = _basic(value)
            if await self.sign_in(connection, name, password):
                return name
            _refuse("The name or the password is wrong.", 'Basic realm="report-qa", charset="UTF-8"')
        return self._known(connection.cookies.get(COOKIE, "")) or None

    def _known(self, token: str) -> str:
        holder = self._tokens.holder(token) if token else None
        return holder.user if holder and self._passwords.stamp(holder.user) == holder.stamp else ""

    async def sign_in(self, connection: HTTPConnection, name: str, password: str) -> bool:
        """Whether name and password are right. Raises RequestError (429) after too many that were not."""
        address = connection.client.host if connection.client else ""
        if not 0 < len(name) <= _LONGEST or not 0 < len(password) <= _LONGEST:
            return False
        digest = hmac.new(self._key, password.encode("utf-8", "replace"), hashlib.sha256).digest()
        stamp = self._passwords.stamp(name)
        right, known, until = self._right.get(name, (b"", "", 0.0))
        if known == stamp and until > time.monotonic() and hmac.compare_digest(right, digest):
            return True
        async with self._hashing:
            self._attempts.check(address, name)
            if not await run_in_threadpool(self._passwords.check, name, password) or stamp is None:
                self._attempts.failed(address, name)
                return False
        self._attempts.succeeded(address, name)
        self._right[name] = digest, stamp, time.monotonic() + _REMEMBERED
        return True

    def open_session(self, name: str) -> str:
        """A token for the browser of a user who signed in."""
        return self._tokens.issue_session(name, self._passwords.stamp(name) or "")

    def close_session(self, connection: HTTPConnection) -> None:
        """Let the browser's token hold no longer."""
        self._tokens.revoke(connection.cookies.get(COOKIE, ""))


def _basic(value: str) -> tuple[str, str]:
    try:
        name, colon, password = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        name, colon, password = "", "", ""
    return (name, password) if colon else ("", "")


def _refuse(message: str, challenge: str) -> NoReturn:
    raise RequestError(401, message, "See `report-qa users`.", {"www-authenticate": challenge})
