"""PowerPoint files (PPTX) through python-pptx. A page is a slide; hidden slides keep their number and stay empty."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from index.errors import ReadError
from index.reading import charts
from index.reading.builder import Builder
from index.reading.container import check_office, core, damaged
from index.reading.spanned import Grid
from index.text import clean
from index.types import Report

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RUNNING = frozenset({"dt", "ftr", "sldNum", "hdr"})
_DEEPEST = 20  # groups in groups


def read(path: Path, data: bytes, sha256: str, progress: Callable[[int, int], None], max_pages: int) -> Report:
    """Read a PPTX or PPTM. Raises ReadError when it is damaged, encrypted, old, a bomb or too long."""
    check_office(path, data, ".pptx")
    from pptx import Presentation

    builder = Builder()
    try:
        presentation = Presentation(io.BytesIO(data))
        slides = list(presentation.slides)
        titles: list[str] = []
        hidden = 0
        for number, slide in enumerate(slides[: max_pages + 1], 1):
            if number > 1:
                builder.break_page()
            if slide._element.get("show") in {"0", "false"}:
                hidden += 1
            else:
                title = _slide(builder, slide)
                titles += [title] if title else []
            progress(number, len(slides))
        metadata = core(presentation.core_properties)
    except Exception as error:
        raise damaged(path, error) from error
    if len(slides) > max_pages:
        raise ReadError(
            f"{path.name} has {len(slides)} slides; the limit is {max_pages}.", "Raise the setting max_pages."
        )
    if hidden:
        builder.warnings.append(f"{hidden} hidden slides were left out")
    return builder.report(path, sha256, [*titles[:1], metadata["Title"]], True, max_pages, metadata)


def _slide(builder: Builder, slide: Any) -> str:
    """Put a slide's title, its shapes in reading order and its speaker notes; give the title."""
    shapes = slide.shapes
    titled = shapes.title
    title = clean(titled.text_frame.text.replace("\v", " ").replace("\n", " ")) if titled is not None else ""
    if title:
        builder.heading(title, 1)
    _shapes(builder, [shape for shape in shapes if titled is None or shape.shape_id != titled.shape_id], 0)
    if slide.has_notes_slide and (frame := slide.notes_slide.notes_text_frame) is not None:
        builder.footnote(_text(frame._txBody))
    return title


def _shapes(builder: Builder, shapes: Sequence[Any], depth: int) -> None:
    for shape in in_reading_order([(shape, _place(shape)) for shape in shapes]):
        _shape(builder, shape, depth)


def _shape(builder: Builder, shape: Any, depth: int) -> None:
    from pptx.enum.shapes import MSO_SHAPE_TYPE

    if shape.is_placeholder and (shape._element.xpath("string(.//p:nvPr/p:ph/@type)") in _RUNNING):
        if shape.has_text_frame:
            builder.running(_text(shape.text_frame._txBody))
    elif shape.shape_type == MSO_SHAPE_TYPE.GROUP:
        if depth < _DEEPEST:
            _shapes(builder, list(shape.shapes), depth + 1)
    elif getattr(shape, "has_table", False) and shape.has_table:
        builder.table(_table(shape.table))
    elif getattr(shape, "has_chart", False) and shape.has_chart:
        charts.put(builder, shape.chart.part._element)
    elif shape.has_text_frame:
        subtitle = shape.is_placeholder and shape._element.xpath("string(.//p:nvPr/p:ph/@type)") == "subTitle"
        for paragraph in (
            _text(shape.text_frame._txBody).split("\n") if not subtitle else [_text(shape.text_frame._txBody)]
        ):
            builder.paragraph(paragraph)
    else:
        _diagram(builder, shape)


def _text(body: Any) -> str:
    """A text body's paragraphs as lines; a break inside a paragraph is a space, none between Chinese."""
    from index.text import join

    lines = []
    for paragraph in body.iter(f"{_A}p"):
        text = part = ""
        for element in paragraph.iter(f"{_A}t", f"{_A}br", f"{_A}tab"):
            if element.tag == f"{_A}t":
                part += element.text or ""
            elif element.tag == f"{_A}br":
                text, part = join(text, part.strip()), ""
        lines.append(join(text, part.strip()))
    return "\n".join(line for line in lines if line.strip())


def _table(table: Any) -> Grid:
    grid = Grid(header=1 if table.first_row and len(table.rows) > 1 else 0)
    for row in table.rows:
        cells = []
        for cell in row.cells:
            if cell.is_spanned and not cell.is_merge_origin:
                continue
            wide, high = (cell.span_width, cell.span_height) if cell.is_merge_origin else (1, 1)
            cells.append((clean(_text(cell._tc).replace("\n", " ")), wide, high))
        grid.row(cells)
    return grid


def _diagram(builder: Builder, shape: Any) -> None:
    """The texts of a SmartArt diagram, in the order of its outline."""
    ids = next(shape._element.iter(f"{_DIAGRAM}relIds"), None)
    if ids is None:
        return
    from pptx.oxml import parse_xml

    part = shape.part.related_part(ids.get(f"{_RELATION}dm"))
    for point in parse_xml(part.blob).iter(f"{_DIAGRAM}pt"):
        if point.get("type", "node") == "node":
            text = "".join(t.text or "" for t in point.iter(f"{_A}t"))
            builder.paragraph(text)


Place = tuple[int, int, int, int]


def _place(shape: Any) -> Place:
    """Left, top, right, bottom in EMU; a shape without a place of its own stands at the top."""
    left, top = int(shape.left or 0), int(shape.top or 0)
    return left, top, left + int(shape.width or 0), top + int(shape.height or 0)


def in_reading_order(placed: Sequence[tuple[Any, Place]]) -> list[Any]:
    """Shapes row by row; within a row that no gap divides, column by column; else by their top left corners."""
    if len(placed) <= 1:
        return [shape for shape, _ in placed]
    for near, far in ((1, 3), (0, 2)):
        groups = _parted(placed, near, far)
        if len(groups) > 1:
            return [shape for group in groups for shape in in_reading_order(group)]
    return [shape for shape, _ in sorted(placed, key=lambda item: (item[1][1], item[1][0]))]


def _parted(placed: Sequence[tuple[Any, Place]], near: int, far: int) -> list[list[tuple[Any, Place]]]:
    """Groups with a gap between them along one axis; shapes may overlap by a tenth of the smaller one."""
    groups: list[list[tuple[Any, Place]]] = []
    end = 0
    for item in sorted(placed, key=lambda item: (item[1][near], item[1][1 - near])):
        place = item[1]
        slack = (place[far] - place[near]) // 10
        if groups and place[near] + slack < end:
            groups[-1].append(item)
            end = max(end, place[far])
        else:
            groups.append([item])
            end = place[far] if len(groups) == 1 else max(end, place[far])
    return groups
