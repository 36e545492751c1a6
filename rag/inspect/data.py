"""An inspection as plain data: the object that ``report-qa inspect --json`` prints (docs/inspect.md)."""

from dataclasses import asdict
from typing import Any

from index.inspection import ASIDE, Inspection, SeenBlock, SeenChunk, SeenPage
from index.sections import block_text
from index.types import BlockKind, Box, Table


def as_data(seen: Inspection) -> dict[str, Any]:
    """One object of strings, numbers, lists and null. Numbers of pages, blocks and chunks count from 1.

    ``section`` of blocks and chunks counts ``sections`` from 0; boxes are [x0, top, x1, bottom] in points from the
    top left of the page as shown.
    """
    report = seen.report
    return {
        "report": {
            "name": report.name,
            "sha256": report.sha256,
            "title": report.title,
            "language": report.language,
            "pages": len(report.pages),
            "paged": report.paged,
            "chunks": sum(branch.chunks for branch in seen.branches),
            "tables": sum(branch.tables for branch in seen.branches),
            "warnings": list(report.warnings),
        },
        "card": {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(report.card).items()},
        "sections": [
            {
                "path": list(branch.path),
                "first_page": branch.first_page,
                "last_page": branch.last_page,
                "blocks": branch.blocks,
                "chunks": branch.chunks,
                "tables": branch.tables,
            }
            for branch in seen.branches
        ],
        "pages": [_page(page) for page in seen.pages],
    }


def _page(page: SeenPage) -> dict[str, Any]:
    return {
        "number": page.number,
        "width": round(page.width, 1),
        "height": round(page.height, 1),
        "ocr": page.ocr,
        "notes": list(page.notes),
        "blocks": [_block(block) for block in page.blocks],
        "chunks": [_chunk(chunk) for chunk in page.chunks],
    }


def _block(seen: SeenBlock) -> dict[str, Any]:
    block = seen.block
    lines = [line.text for line in block.lines]
    return {
        "n": seen.number,
        "kind": block.kind.value,
        "level": block.level,
        "section": seen.section,
        "set_aside": block.kind in ASIDE,
        "chunks": list(seen.chunks),
        "boxes": [_box(box) for box in seen.boxes],
        "text": "\n".join(lines) if block.kind in ASIDE or block.kind is BlockKind.TABLE else block_text(block),
        "table": _table(block.table) if block.table else None,
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "unit": table.unit,
        "source": table.source,
        "ruled": table.ruled,
        "continued": table.continued,
        "header": list(table.header),
        "rows": [list(row.cells) for row in table.rows],
    }


def _chunk(seen: SeenChunk) -> dict[str, Any]:
    chunk = seen.chunk
    return {
        "n": seen.number,
        "kind": chunk.kind.value,
        "section": seen.section,
        "tokens": seen.tokens,
        "context": chunk.context,
        "text": chunk.text,
        "sentences": [{"text": s.text, "boxes": [_box(box) for box in s.boxes]} for s in chunk.sentences],
    }


def _box(box: Box) -> list[float]:
    return [round(edge, 1) for edge in box]
