"""What a finished run leaves in its folder beside its predictions."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from eval import junit, markdown, page
from eval.predictions import Prediction
from eval.summary import FILE, Summary

if TYPE_CHECKING:
    from index.library import Library


def write(folder: Path, predictions: Sequence[Prediction], summary: Summary, library: "Library | None") -> None:
    """Write summary.json, report.md, junit.xml and index.html. ``library`` is the open store that was asked."""
    (Path(folder) / FILE).write_text(summary.model_dump_json(indent=2) + "\n", encoding="utf-8")
    markdown.write(folder, predictions, summary)
    junit.write(folder, predictions, summary)
    page.write(folder, predictions, summary, library)
