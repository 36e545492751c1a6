"""What the server tells the page to do besides showing HTML: a short message, a download."""

from html import escape
from uuid import uuid4


def toast(text: str) -> str:
    """A message that stands for a few seconds."""
    return f'<span data-note="{uuid4().hex}" data-toast="{escape(text)}"></span>'


def download(url: str) -> str:
    """A file to save."""
    return f'<span data-note="{uuid4().hex}" data-download="{escape(url)}"></span>'


def remember(key: str, value: str) -> str:
    """Something that the browser is to remember, such as the conversation that is open."""
    return f'<span data-note="{uuid4().hex}" data-key="{escape(key)}" data-value="{escape(value)}"></span>'
