"""Puts the page of a run together and writes it."""

import json
from collections.abc import Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from eval.page.data import as_data
from eval.page.places import PICTURE_BYTES, gather
from eval.predictions import Prediction
from eval.summary import Summary
from index.errors import ReportQAError
from rag.inspect.html import fill, policy, script_json

if TYPE_CHECKING:
    from index.library import Library

FILE = "index.html"
_SCRIPTS = ("common", "plots", "sheet", "question", "main")


class PageError(ReportQAError):
    """The page of a run cannot be written."""


def write(
    folder: Path,
    predictions: Sequence[Prediction],
    summary: Summary,
    library: "Library | None",
    *,
    picture_bytes: int = PICTURE_BYTES,
) -> Path:
    """Write ``index.html`` into the run's folder and give its path.

    With ``library``, the open store that was asked, each question shows the pages that are right or cited, with gold
    and cited quotes framed; the pictures of all pages together take about ``picture_bytes`` before they are encoded,
    each page once however many questions share it. Without it there are no pictures. Raises PageError when the file
    cannot be written.
    """
    path = Path(folder) / FILE
    text = render(predictions, summary, library, picture_bytes=picture_bytes)
    try:
        path.write_text(text, encoding="utf-8", errors="replace")  # a damaged font can name half a character
    except OSError as error:
        raise PageError(f"{path} cannot be written: {error.strerror}.", "Give a folder that can be written.") from error
    return path


def render(
    predictions: Sequence[Prediction],
    summary: Summary,
    library: "Library | None",
    *,
    picture_bytes: int = PICTURE_BYTES,
) -> str:
    """The page as text; see :func:`write`."""
    places = gather(predictions, library, picture_bytes)
    folder = files("eval.page") / "template"

    def part(name: str) -> str:
        return (folder / name).read_text(encoding="utf-8")

    style, script = part("page.css"), "\n".join(part(f"{name}.js") for name in _SCRIPTS)
    values = {
        "POLICY": policy(style, script),
        "TITLE": escape(f"report-qa eval · {', '.join(summary.sets)} · {summary.started[:10]}"),
        "STYLE": style,
        "WORDS": script_json(json.loads(part("words.json"))),
        "RUN": script_json(as_data(predictions, summary, places)),
        "PICTURES": "\n".join(
            f'<script type="image/webp" data-place="{number}">{picture}</script>'
            for number, picture in places.pictures.items()
        ),
        "SCRIPT": script,
    }
    return fill(part("page.html"), values)
