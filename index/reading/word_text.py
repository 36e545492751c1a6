"""The text of one paragraph of a Word file, with the page breaks, notes and text boxes that stand in it."""

from dataclasses import dataclass, field
from typing import Any

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BREAK = "\f"
RENDERED = "\v"
_DELETED = frozenset({"del", "moveFrom", "pPr", "rPr", "instrText", "delText", "rt", "Fallback", "fldData"})
_PLAIN = {"tab": "  ", "cr": "\n", "noBreakHyphen": "-", "ptab": "  "}


def tag(name: str) -> str:
    """The full name of a WordprocessingML element."""
    return f"{{{_W}}}{name}"


def attribute(element: Any, name: str, space: str = "w") -> str:
    """An attribute's value, "" without one or without the element. ``space`` is "w" or "r"."""
    if element is None:
        return ""
    return str(element.get(f"{{{_W if space == 'w' else _R}}}{name}") or "")


def child(element: Any, name: str) -> Any:
    """The first child of that name, None without one or without the element."""
    return None if element is None else element.find(tag(name))


def local(element: Any) -> str:
    """An element's name without its namespace, "" for a comment."""
    name = element.tag
    return name.rsplit("}", 1)[-1] if isinstance(name, str) else ""


def on(element: Any) -> bool:
    """Whether a switch is there and not set off."""
    return element is not None and attribute(element, "val") not in {"0", "false", "off"}


@dataclass(slots=True)
class Text:
    """A paragraph's text in pieces, between them BREAK (the author's) and RENDERED (Word's last layout)."""

    pieces: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)  # ("footnote" or "endnote", id)
    boxes: list[Any] = field(default_factory=list)  # contents of text boxes
    charts: list[str] = field(default_factory=list)  # relation ids of charts

    @property
    def plain(self) -> str:
        """All text without the breaks."""
        return "".join(piece for piece in self.pieces if piece not in {BREAK, RENDERED})


def paragraph_text(paragraph: Any) -> Text:
    """The text that stands when all changes are accepted; hidden text and field codes are left out."""
    text = Text()
    _collect(paragraph, text)
    return text


def _collect(parent: Any, text: Text) -> None:
    for element in parent:
        name = element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else "del"
        if name in _DELETED or (name == "r" and _hidden(element)):
            continue
        if name == "t":
            text.pieces.append(element.text or "")
        elif name in _PLAIN and parent.tag == tag("r"):
            text.pieces.append(_PLAIN[name])
        elif name == "br":
            text.pieces.append(BREAK if attribute(element, "type") == "page" else "\n")
        elif name == "lastRenderedPageBreak":
            text.pieces.append(RENDERED)
        elif name in {"footnoteReference", "endnoteReference"}:
            text.notes.append((name.removesuffix("Reference"), attribute(element, "id")))
        elif name == "txbxContent":
            text.boxes.append(element)
        elif name == "chart":
            text.charts.append(attribute(element, "id", "r"))
        else:
            _collect(element, text)


def _hidden(run: Any) -> bool:
    properties = child(run, "rPr")
    return on(child(properties, "vanish")) or on(child(properties, "webHidden"))
