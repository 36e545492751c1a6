"""Files fetched from Slack: from its own hosts only, with the bot's token, within limits."""

from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from index.errors import ReadError
from rag.bots.service import File

_TIMEOUT = 60  # seconds without a byte


def fetch(file: File, folder: Path, *, token: str, hosts: Sequence[str], max_mb: int) -> Path:
    """Fetch a file into ``folder``. Raises ReadError for another host than ``hosts``, or more than ``max_mb`` MB.

    The token is sent to no other host: a redirect is not followed.
    """
    import httpx

    _check_address(file, hosts)
    path = folder / f"download{Path(file.name).suffix}"
    local = _is_loopback(urlsplit(file.url).hostname or "")
    try:
        with (
            httpx.Client(trust_env=not local, timeout=_TIMEOUT) as client,
            client.stream("GET", file.url, headers={"Authorization": f"Bearer {token}"}) as reply,
        ):
            if reply.status_code != 200 or _is_login_page(reply.headers.get("content-type", ""), path):
                raise ReadError(
                    f"Slack does not hand out {file.name} (status {reply.status_code}).",
                    "The app needs the scope files:read; see `report-qa doctor`.",
                )
            size = 0
            with path.open("wb") as out:
                for piece in reply.iter_bytes():
                    size += len(piece)
                    if size > max_mb * 1_000_000:
                        raise ReadError(f"{file.name} has more than {max_mb} MB, the limit.", "Split it.")
                    out.write(piece)
    except httpx.HTTPError as error:
        raise ReadError(f"{file.name} could not be fetched: {error}.", "Send it again.") from error
    return path


def _check_address(file: File, hosts: Sequence[str]) -> None:
    try:
        parts = urlsplit(file.url)
        host, safe = parts.hostname or "", parts.scheme == "https"
    except ValueError:
        host, safe = "", False
    if host not in hosts or not (safe or _is_loopback(host)):
        raise ReadError(
            f"{file.name} is kept on {host or 'no host'}, from which files are not fetched.",
            "Upload the file itself to Slack.",
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_login_page(kind: str, path: Path) -> bool:
    """Slack answers a token without the scope with its sign-in page, and status 200."""
    return kind.startswith("text/html") and path.suffix.lower() not in {".html", ".htm"}
