"""The few signs on buttons: lines on a 24 by 24 grid, drawn in the colour of the text."""

_PATHS = {
    "add": "M12 5v14M5 12h14",
    "bad": "M7 14V4H4v10zM7 14l4 6a2 2 0 0 0 2-2v-4h5a2 2 0 0 0 2-2.3l-1-6A2 2 0 0 0 17 4H7",
    "chat": "M5 5h14v11H10l-5 4z",
    "close": "M6 6l12 12M18 6L6 18",
    "copy": "M9 9h10v10H9zM5 15V5h10",
    "download": "M12 4v11M7 11l5 5 5-5M5 20h14",
    "edit": "M5 19l1-4L16 5l3 3L9 18z",
    "export": "M12 15V4M7 8l5-5 5 5M5 14v6h14v-6",
    "filter": "M4 6h16M7 12h10M10 18h4",
    "good": "M7 10v10H4V10zM7 10l4-6a2 2 0 0 1 2 2v4h5a2 2 0 0 1 2 2.3l-1 6a2 2 0 0 1-2 1.7H7",
    "language": "M4 6h10M9 4v2M12 6c-1 4-4 7-8 9M6 9c1 3 4 5 7 6M13 20l4-10 4 10M14.5 17h5",
    "more": "M6 12h.01M12 12h.01M18 12h.01",
    "next": "M9 5l7 7-7 7",
    "open": "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
    "previous": "M15 5l-7 7 7 7",
    "reports": "M6 3h9l4 4v14H6zM14 3v5h5M9 13h6M9 17h6",
    "retry": "M19 12a7 7 0 1 1-2-5l2 2M19 4v5h-5",
    "search": "M10.5 4a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13M15.5 15.5L20 20",
    "send": "M12 19V5M6 11l6-6 6 6",
    "settings": "M4 7h10M18 7h2M4 17h2M10 17h10M14 5v4M8 15v4",
    "stop": "M7 7h10v10H7z",
    "text": "M5 6h14M5 10h14M5 14h14M5 18h8",
    "zoom_in": "M10.5 4a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13M15.5 15.5L20 20M8 10.5h5M10.5 8v5",
    "zoom_out": "M10.5 4a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13M15.5 15.5L20 20M8 10.5h5",
}


def icon(name: str) -> str:
    """A sign as inline SVG, hidden from screen readers: the button that holds it has the label."""
    return f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{_PATHS[name]}"/></svg>'


def button(do: str, sign: str, label: str, more: str = "", css: str = "icon-button") -> str:
    """A button that shows a sign only. ``label`` and ``more`` (further attributes) are HTML already."""
    return (
        f'<button type="button" class="{css}" data-do="{do}" title="{label}" aria-label="{label}"{more}>'
        f"{icon(sign)}</button>"
    )
