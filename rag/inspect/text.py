"""An inspection as text for a terminal."""

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table as Grid
from rich.text import Text

from index.inspection import APART, ASIDE, Branch, Inspection, SeenBlock, SeenChunk, SeenPage
from index.sections import block_text
from index.types import BlockKind, Card, Table

SHORT = 100  # columns of a block's or chunk's text that are shown; a Chinese character takes two
_BEFORE = "(before the first heading)"
WIDTH = 140  # columns where there is no terminal to say
_STYLES = {
    BlockKind.HEADING: "bold dark_orange",
    BlockKind.TABLE: "cyan",
    BlockKind.CAPTION: "magenta",
    BlockKind.CHART: "magenta",
    BlockKind.FOOTNOTE: "yellow",
    BlockKind.DISCLAIMER: "yellow",
    BlockKind.RUNNING: "red",
    BlockKind.WATERMARK: "red",
    BlockKind.CONTENTS: "red",
}


def render(seen: Inspection) -> RenderableType:
    """The report's card, its section tree, then every page: blocks, tables, chunks and what was set aside."""
    parts: list[RenderableType] = [*_head(seen), Text(), Text("Sections", style="bold"), *_tree(seen.branches)]
    for page in seen.pages:
        parts += [Text(), *_page(page, seen.branches)]
    return Group(*parts)


def _head(seen: Inspection) -> Iterator[RenderableType]:
    report = seen.report
    chunks = sum(branch.chunks for branch in seen.branches)
    yield Text.assemble((report.title, "bold"), ("  " + report.name, "dim"))
    yield Text(f"{len(report.pages)} pages, {chunks} chunks, language {report.language}")
    yield from _card(report.card)
    for warning in report.warnings:
        yield Text(f"! {warning}", style="bold yellow")


def _card(card: Card) -> Iterator[Text]:
    fields = {
        "institution": card.institution,
        "authors": ", ".join(card.authors),
        "date": card.date,
        "period": card.period,
        "company": card.company,
        "ticker": card.ticker,
        "rating": card.rating,
    }
    for name, value in fields.items():
        if value:
            yield Text.assemble((f"{name:12}", "dim"), value)


def _tree(branches: Sequence[Branch]) -> Iterator[Text]:
    for branch in branches:
        pages = f"p.{branch.first_page}" + (f"-{branch.last_page}" if branch.last_page > branch.first_page else "")
        counts = _count(branch.chunks, "chunk") + (f", {_count(branch.tables, 'table')}" if branch.tables else "")
        name = branch.path[-1] if branch.path else _BEFORE
        yield Text.assemble("  " * max(0, len(branch.path) - 1), name, (f"  {pages}  {counts}", "dim"))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _page(page: SeenPage, branches: Sequence[Branch]) -> Iterator[RenderableType]:
    size = f"  {page.width:.0f} x {page.height:.0f} pt" if page.width else ""
    yield Text.assemble(
        (f"── page {page.number} ", "bold"), (size.strip(), "dim"), ("  read by OCR" * page.ocr, "yellow")
    )
    for note in page.notes:
        yield Text(f"! {note}", style="bold yellow")
    section = None
    for block in page.blocks:
        if block.block.kind in ASIDE:
            continue
        if block.section not in {section, None} and block.block.kind is not BlockKind.HEADING:
            yield Text("     § " + (branches[block.section or 0].path or (_BEFORE,))[-1], style="dim")
        yield from _block(block)
        section = block.section
    if not page.blocks:
        yield Text("  nothing was read on this page", style="yellow")
    if page.chunks:
        yield Text("  chunks", style="green")
    for chunk in page.chunks:
        yield _chunk(chunk)
    for block in page.blocks:
        if block.block.kind in ASIDE:
            for line in block.block.lines:
                yield Text.assemble((f"  set aside  {block.block.kind.value:11}", "red"), (_short(line.text), "dim"))


def _block(seen: SeenBlock) -> Iterator[RenderableType]:
    block = seen.block
    kind = f"{block.kind.value} {block.level}" if block.level else block.kind.value
    where = "".join(f" #{number}" for number in seen.chunks)
    text = Text.assemble((f"{seen.number:>4} ", "dim"), (f"{kind:11}", _STYLES.get(block.kind, "")))
    text.append(_size(block.table) if block.table else _short(block_text(block)))
    text.append(where, style="dim")
    if block.kind in APART:
        text.append("  (apart)", style="yellow")
    yield text
    if block.table:
        yield from _grid(block.table)


def _size(table: Table) -> str:
    columns = len(table.header) or max((len(row.cells) for row in table.rows), default=0)
    return f"{table.title}  ({len(table.rows)} x {columns})".strip()


def _grid(table: Table) -> Iterator[RenderableType]:
    about = [f"unit {table.unit}" * bool(table.unit), table.source, "goes on from the page before" * table.continued]
    if any(about):
        yield Text("     " + "  ".join(part for part in about if part), style="dim")
    columns = len(table.header) or max((len(row.cells) for row in table.rows), default=0)
    grid = Grid(box=box.SIMPLE_HEAD, show_header=bool(table.header), header_style="bold cyan", pad_edge=False)
    for index in range(columns):
        grid.add_column(Text(table.header[index]) if table.header else "", overflow="fold")
    for row in table.rows:
        grid.add_row(*(Text(cell) for cell in row.cells))
    yield grid


def _chunk(seen: SeenChunk) -> Text:
    chunk = seen.chunk
    return Text.assemble(
        (f"     #{seen.number}", "green"),
        (f" {seen.tokens} tokens, {_count(len(chunk.sentences), 'sentence')}  ", "dim"),
        _short(chunk.text.replace("\n", " / ")),
    )


def _short(text: str) -> str:
    shown = Text(text)
    shown.truncate(SHORT, overflow="ellipsis")
    return shown.plain
