"""An inspection as one HTML file that needs nothing but itself.

What comes from a report enters the file as JSON whose ``<``, ``>`` and ``&`` are escaped, and the page only ever sets
it as text. The content security policy names the hashes of the file's own script and style, so that nothing else runs
and nothing is fetched.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
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
    drawn = "\n".join(
        f'<script type="image/webp" data-page="{number}">{base64.b64encode(picture).decode()}</script>'
        for number, picture in pictures
    )
    values = {
        "POLICY": policy(style, script),
        "TITLE": escape(seen.report.title),
        "STYLE": style,
        "WORDS": script_json(json.loads(part("words.json"))),
        "REPORT": script_json(data),
        "PICTURES": drawn,
        "SCRIPT": script,
    }
    return fill(part("page.html"), values)


def fill(template: str, values: Mapping[str, str]) -> str:
    """``template`` with every ``%%NAME%%`` replaced by its value, in which nothing is replaced again."""
    return "".join(values[piece] if odd % 2 else piece for odd, piece in enumerate(template.split("%%")))


def policy(style: str, script: str) -> str:
    """A content security policy under which a page runs this style and script, shows its own pictures, and no more."""
    return (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    )


def script_json(value: Any) -> str:
    """``value`` as JSON that may stand inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
