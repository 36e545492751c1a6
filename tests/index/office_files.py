"""Office files made on the spot, and what a test asks of a report that was read."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from docx import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from index.reading import read
from index.sections import block_text
from index.types import Block, BlockKind, Report, Table


def blocks(report: Report, *kinds: BlockKind) -> list[Block]:
    return [b for page in report.pages for b in page.blocks if not kinds or b.kind in kinds]


def texts(report: Report, *kinds: BlockKind) -> list[str]:
    return [block_text(b) for b in blocks(report, *kinds)]


def tables(report: Report) -> list[Table]:
    return [b.table for b in blocks(report, BlockKind.TABLE) if b.table]


def rows(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


def on_pages(report: Report) -> list[list[str]]:
    """The texts of every page, running lines left out."""
    return [[block_text(b) for b in page.blocks if b.kind is not BlockKind.RUNNING] for page in report.pages]


def word(folder: Path, fill: Callable, name: str = "report.docx") -> Report:
    """Make a Word file with ``fill(document)`` and read it."""
    document = Document()
    fill(document)
    document.save(folder / name)
    return read(folder / name)


def rendered_break(paragraph) -> None:
    """What Word leaves where its last layout ended a page."""
    run = paragraph.runs[0]._r
    run.insert(0, OxmlElement("w:lastRenderedPageBreak"))


def xml(text: str):
    """A WordprocessingML element from its text, the prefix w declared on its first tag."""
    head, _, rest = text.partition(">")
    closed = head.endswith("/")
    return parse_xml(f"{head.rstrip('/')} {nsdecls('w')}{'/' if closed else ''}>{rest}")


def repack(data: bytes, change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes] | None = None) -> bytes:
    """An office file with its parts changed: ``change(name, bytes)`` gives the new bytes, None to leave one out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            changed = change(part.filename, old.read(part))
            if changed is not None:
                new.writestr(part.filename, changed)
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return out.getvalue()


__all__ = ["blocks", "on_pages", "qn", "rendered_break", "repack", "rows", "tables", "texts", "word", "xml"]
