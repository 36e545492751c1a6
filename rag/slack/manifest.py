"""The manifest that a workspace makes the Slack app from."""

from importlib.resources import files
from urllib.parse import urlsplit

from index.errors import SettingsError


def manifest(url: str = "") -> str:
    """The manifest as YAML: for Socket Mode, or for HTTP events that reach the bot at ``url``.

    Raises SettingsError for a ``url`` that Slack does not send events to: it wants https.
    """
    text = (files("rag.slack") / "manifest.yaml").read_text(encoding="utf-8")
    if not url:
        return text
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or any(char.isspace() or char in "\"'#" for char in url):
        raise SettingsError(f"Slack cannot send events to {url!r}.", "Give an address that begins with https://.")
    text = text.replace("socket_mode_enabled: true", "socket_mode_enabled: false")
    return text.replace("# http: ", "").replace("{url}", url.rstrip("/").removesuffix("/slack/events"))
