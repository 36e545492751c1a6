"""Charts of office files: the figures that a chart keeps, as a table with the chart's title."""

from typing import Any

from index.reading.builder import Builder
from index.reading.number_format import shown
from index.reading.spanned import Grid

_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MOST_POINTS = 400  # of one series; more are data, not a picture's figures


def put(builder: Builder, root: Any) -> None:
    """Add the chart with the root element ``root`` (c:chartSpace): its title and the values it was drawn from."""
    title = _rich(root.find(f"{_C}chart/{_C}title"))
    axes = [said for axis in root.iter(f"{_C}valAx") if (said := _rich(axis.find(f"{_C}title")))]
    if title:
        builder.caption(title)
    grid = Grid(header=1)
    series = list(root.iter(f"{_C}ser"))
    categories: list[str] = []
    columns: list[tuple[str, dict[int, str]]] = []
    for one in series:
        names = _points(one.find(f"{_C}cat")) or _points(one.find(f"{_C}xVal"))
        if len(names) > len(categories):
            categories = [names.get(at, "") for at in range(max(names) + 1)]
        name = " ".join(_points(one.find(f"{_C}tx")).values())
        columns.append((name, _points(one.find(f"{_C}val")) or _points(one.find(f"{_C}yVal"))))
    length = max([len(categories), *(max(values, default=-1) + 1 for _, values in columns)], default=0)
    if not 0 < length <= _MOST_POINTS:
        return
    grid.row([("", 1, 1), *((name, 1, 1) for name, _ in columns)])
    for at in range(length):
        label = categories[at] if at < len(categories) else str(at + 1)
        grid.row([(label, 1, 1), *((values.get(at, ""), 1, 1) for _, values in columns)])
    builder.table(grid, title=title, unit=axes[0] if len(axes) == 1 else "")


def _rich(element: Any) -> str:
    return "" if element is None else "".join(t.text or "" for t in element.iter(f"{_A}t")).strip()


def _points(holder: Any) -> dict[int, str]:
    """The cached points of a reference, by their index, as the chart's number format shows them."""
    if holder is None:
        return {}
    code = next((c.text or "" for c in holder.iter(f"{_C}formatCode")), "General")
    numeric = any(True for _ in holder.iter(f"{_C}numCache", f"{_C}numLit"))
    levels = list(holder.iter(f"{_C}lvl"))
    found: dict[int, str] = {}
    for point in (levels[0] if levels else holder).iter(f"{_C}pt"):
        text = (point.findtext(f"{_C}v") or "").strip()
        index = point.get("idx") or ""
        if index.isdigit() and int(index) <= _MOST_POINTS:
            found[int(index)] = _number(text, point.get("formatCode") or code) if numeric else text
    if not found and (plain := holder.findtext(f"{_C}v")):
        found[0] = plain.strip()
    return found


def _number(text: str, code: str) -> str:
    try:
        return shown(float(text), code)
    except ValueError:
        return text
