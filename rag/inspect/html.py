"""An inspection as one HTML file that needs nothing but itself.

What comes from a report enters the file as JSON whose ``<``, ``>`` and ``&`` are escaped, and the page only ever sets
it as text. The content security policy names the hashes of the file's own script and style, so that nothing else runs
and nothing is fetched.
"""

import base64
import hashlib
import json
from collections.abc import Iterable
from html import escape
from importlib.resources import files
from typing import Any

from index.inspection import APART, Inspection
from index.types import BlockKind
from rag.inspect.data import as_data

_SCRIPTS = ("common", "pages", "panel", "main")


def render(seen: Inspection, pictures: Iterable[tuple[int, bytes]] = ()) -> str:
    """The page; ``pictures`` are (page number, WebP), and a page without one is drawn from its blocks."""
    folder = files("rag.inspect") / "page"

    def part(name: str) -> str:
        return (folder / name).read_text(encoding="utf-8")

    style, script = part("page.css"), "\n".join(part(f"{name}.js") for name in _SCRIPTS)
    data: dict[str, Any] = as_data(seen)
    data["kinds"] = [{"kind": kind.value, "apart": kind in APART} for kind in BlockKind]
    policy = (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    )
    drawn = "\n".join(
        f'<script type="image/webp" data-page="{number}">{base64.b64encode(picture).decode()}</script>'
        for number, picture in pictures
    )
    values = {
        "POLICY": policy,
        "TITLE": escape(seen.report.title),
        "STYLE": style,
        "WORDS": _json(json.loads(part("words.json"))),
        "REPORT": _json(data),
        "PICTURES": drawn,
        "SCRIPT": script,
    }
    pieces = part("page.html").split("%%")
    return "".join(values[piece] if odd % 2 else piece for odd, piece in enumerate(pieces))


def _json(value: Any) -> str:
    """``value`` as JSON that may stand inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
