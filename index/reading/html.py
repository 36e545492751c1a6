"""HTML files through lxml. Pages are the file's own page breaks for print, else stretches that end at headings."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from index.errors import ReadError
from index.reading.builder import LONGEST_PAGE, Builder
from index.reading.container import check_kind
from index.reading.encoding import decode
from index.reading.spanned import Grid
from index.text import clean, join
from index.types import BlockKind, Report

_DROPPED = frozenset(
    (
        "script style nav noscript template svg canvas iframe object embed applet audio video head select option "
        "button input textarea dialog menu datalist map"
    ).split(" ")
)
_BLOCKS = frozenset(
    (
        "address article aside blockquote body center details dd div dl dt fieldset figure figcaption footer form "
        "h1 h2 h3 h4 h5 h6 header hgroup hr html li main ol p pre section summary table tbody td tfoot th thead tr ul"
    ).split(" ")
)
_BREAK = re.compile(r"(page-)?break-(?P<side>before|after)\s*:\s*(?:always|page|left|right)", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CHARSET = re.compile(
    rb"<(?:meta[^>]{0,200}?charset|\?xml[^>]{0,100}?encoding)\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE
)
_DEEPEST = 250  # elements in elements


def read(path: Path, data: bytes, sha256: str, progress: Callable[[int, int], None], max_pages: int) -> Report:
    """Read a saved web page. Nothing it links to is fetched. Raises ReadError when it is empty or no HTML."""
    check_kind(path, data, ".html")
    text = _decode(data)
    if "<" not in text[:100_000] or "\0" in text[:1000]:
        raise ReadError(f"{path.name} is not HTML although its name says so.", "Give it the ending of what it is.")
    root, whole = parse(text)
    if root is None:
        raise ReadError(f"{path.name} is empty.", "Check that it was saved whole.")
    builder = Builder()
    walk = Walk(builder)
    walk.put(root)
    longest = max(builder.characters)
    if longest > (LONGEST_PAGE if builder.breaks else 0):
        builder = Builder(stretches=True)
        walk = Walk(builder)
        walk.put(root)
    if walk.too_deep or not whole:
        builder.warnings.append("parts that are nested too deeply were left out")
    named = root.find(".//title")
    titles = [*walk.titles[:1], "" if named is None else named.text_content()]
    report = builder.report(path, sha256, titles, not builder.stretches, max_pages)
    progress(len(report.pages), len(report.pages))
    return report


def parse(text: str) -> tuple[Any, bool]:
    """The root element of an HTML text, None for an empty one, and whether all of it was parsed.

    No entity is expanded and nothing is fetched.
    """
    from lxml import etree, html

    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text), parser=parser)
    except etree.ParserError:
        return None, True
    return root, not any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)


def _decode(data: bytes) -> str:
    """By the encoding that the file names, unless its bytes say otherwise."""
    named = _CHARSET.search(data[:4096])
    if named and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        name = named[1].decode("ascii").lower()
        name = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "iso-8859-1": "cp1252"}.get(name, name)
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            pass
    return decode(data)[0]


class Walk:
    """Goes through elements in order and gives what they hold to a builder."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.titles: list[str] = []
        self.too_deep = False
        self._text: list[str] = []
        self._prefix = ""
        self._kind = BlockKind.PARAGRAPH

    def put(self, root: Any) -> None:
        """Everything in ``root``."""
        self._element(root, 0)
        self._flush()

    def _element(self, element: Any, depth: int) -> None:
        name = element.tag.rsplit(":", 1)[-1].lower() if isinstance(element.tag, str) else ""
        if depth > _DEEPEST:
            self.too_deep = True
            return
        style = element.get("style") or ""
        if not name or name in _DROPPED or element.get("hidden") is not None or _HIDDEN.search(style):
            return
        if element.get("role") in {"navigation", "search", "menu"} or element.get("aria-hidden") == "true":
            return
        breaks = _BREAK.search(style)
        if breaks and breaks["side"].lower() == "before":
            self._break()
        if name == "br":
            self._text.append("\n")
        elif name == "img":
            pass
        elif name == "pre":
            self._flush()
            self.builder.paragraph(element.text_content())
        elif re.fullmatch(r"h[1-6]", name):
            self._flush()
            self._heading(element, int(name[1]))
        elif name == "table" and not _is_layout(element):
            self._flush()
            self._table(element)
        elif name == "footer" and not any(a.tag in {"article", "section", "main"} for a in element.iterancestors()):
            self._flush()
            self.builder.running(_inline(element))
        else:
            self._within(element, name, depth)
        if breaks and breaks["side"].lower() == "after":
            self._break()

    def _within(self, element: Any, name: str, depth: int) -> None:
        """An element that is no unit of its own: its text and what is in it."""
        block = name in _BLOCKS
        before = self._kind
        if block:
            self._flush()
            if name == "li":
                self._prefix = _mark(element)
            elif name in {"figcaption", "caption"}:
                self._kind = BlockKind.CAPTION
        self._add(element.text)
        for child in element:
            self._element(child, depth + 1)
            self._add(child.tail)
        if block:
            self._flush()
            self._kind = before

    def _add(self, text: str | None) -> None:
        if text:
            self._text.append(re.sub(r"\s+", " ", text))

    def _flush(self) -> None:
        text = "\n".join(clean(line) for line in "".join(self._text).split("\n")) if self._text else ""
        if text.strip():
            self.builder.paragraph(self._prefix + text.strip(), self._kind)
            self._prefix = ""
        self._text = []

    def _break(self) -> None:
        self._flush()
        if not (self.builder.stretches and self.builder.blank):
            self.builder.break_page()

    def _heading(self, element: Any, level: int) -> None:
        text = _inline(element)
        self.builder.heading(text, level)
        if level == 1 and text:
            self.titles.append(text)

    def _table(self, table: Any) -> None:
        grid = Grid()
        leading = True
        title = ""
        for part in table:
            if part.tag == "caption":
                title = _inline(part)
        if title:
            self.builder.caption(title)
        after: list[str] = []
        for row in _rows(table):
            cells = [cell for cell in row if cell.tag in {"td", "th"}]
            if not cells or _HIDDEN.search(row.get("style") or ""):
                continue
            head = row.getparent().tag == "thead" or all(cell.tag == "th" for cell in cells)
            leading = leading and head
            grid.header += leading
            line = [(_inline(cell), _number(cell, "colspan"), _number(cell, "rowspan")) for cell in cells]
            (
                after.append(" ".join(t for t, _, _ in line))
                if row.getparent().tag == "tfoot" and len(cells) == 1
                else grid.row(line)
            )
        self.builder.table(grid, title=title)
        for text in after:
            self.builder.footnote(text)


def _inline(element: Any) -> str:
    """An element's text on one line, without what is dropped."""
    parts: list[str] = []

    def collect(inner: Any, depth: int) -> None:
        name = inner.tag if isinstance(inner.tag, str) else "script"
        if name in _DROPPED or _HIDDEN.search(inner.get("style") or "") or depth > _DEEPEST:
            return
        if name in _BLOCKS or name == "br":
            parts.append("\n")
        parts.append(re.sub(r"\s+", " ", inner.text or ""))
        for child in inner:
            collect(child, depth + 1)
            parts.append(re.sub(r"\s+", " ", child.tail or ""))
        if name in _BLOCKS:
            parts.append("\n")

    collect(element, 0)
    text = ""
    for line in "".join(parts).split("\n"):
        text = join(text, clean(line))
    return text


def _rows(table: Any) -> list[Any]:
    """The rows of a table, head first and foot last, without those of tables inside it."""
    own: dict[str, list[Any]] = {"thead": [], "tbody": [], "tfoot": []}
    for part in table:
        if part.tag == "tr":
            own["tbody"].append(part)
        elif part.tag in own:
            own[part.tag] += [row for row in part if row.tag == "tr"]
    return own["thead"] + own["tbody"] + own["tfoot"]


def _is_layout(table: Any) -> bool:
    """Whether a table only arranges the page: it says so, holds headings or tables, or has one column."""
    if table.get("role") in {"presentation", "none"}:
        return True
    if next(table.iterdescendants("table", "h1", "h2", "h3", "ul", "ol"), None) is not None:
        inner = next(table.iterdescendants("table"), None)
        return inner is not None or next(table.iterdescendants("th"), None) is None
    return all(len(row) <= 1 for row in _rows(table))


def _mark(item: Any) -> str:
    """What stands before an item of a list."""
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return "• "
    start = parent.get("start") or "1"
    return f"{int(start if start.isdigit() else 1) + sum(1 for _ in item.itersiblings('li', preceding=True))}. "


def _number(cell: Any, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    if name == "rowspan" and value == "0":
        return 65534
    return max(1, min(int(value), 65534)) if value.isascii() and value.isdigit() and len(value) < 8 else 1
