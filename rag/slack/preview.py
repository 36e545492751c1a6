"""Messages of the bot as Slack shows them, drawn as a web page and as a picture of it."""

import base64
import io
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

Block = dict[str, Any]
_TAGS = {"bold": "b", "italic": "i", "strike": "s", "code": "code"}
BOT = "report-qa"
COLOURS = 96  # of the picture


@dataclass(frozen=True)
class Said:
    """What one side said: a person's text, or the bot's blocks; ``picture`` is a PNG posted with it.

    ``file`` is the name of a file that was sent, ``aside`` what the picture's reader should know of the message.
    """

    name: str
    text: str = ""
    blocks: tuple[Block, ...] = ()
    picture: bytes = b""
    file: str = ""
    aside: str = ""


def html_of(block: Block) -> str:
    """One block as HTML. Raises KeyError for a type that the bot does not use."""
    return _BLOCKS[block["type"]](block)


def page(threads: Sequence[Sequence[Said]]) -> str:
    """Threads side by side as a whole HTML page, which loads nothing from elsewhere."""
    columns = "".join(f'<section class="thread">{"".join(map(_said, thread))}</section>' for thread in threads)
    return f'<!doctype html><meta charset="utf-8"><title>{BOT}</title><style>{_CSS}</style><main>{columns}</main>'


def _said(said: Said) -> str:
    bot = said.name == BOT
    badge = '<span class="app">APP</span>' if bot else ""
    body = "".join(map(html_of, said.blocks)) if said.blocks else f"<p>{_lines(said.text)}</p>"
    if said.file:
        body += f'<div class="attached">{escape(said.file)}</div>'
    if said.picture:
        data = base64.b64encode(said.picture).decode()
        body += f'<div class="file"><img src="data:image/png;base64,{data}" alt=""></div>'
    aside = f'<span class="aside">{escape(said.aside)}</span>' if said.aside else ""
    face = f'<span class="face {"bot" if bot else "person"}">{"qa" if bot else escape(said.name[:1])}</span>'
    header = f"<header><b>{escape(said.name)}</b>{badge}{aside}</header>"
    return f'<article>{face}<div class="said">{header}{body}</div></article>'


def _lines(text: str) -> str:
    shown = escape(text).replace("\n", "<br>").replace("\ufe0f", "")
    for sign, drawing in _SIGNS.items():  # machines that draw the picture need no font of emoji
        shown = shown.replace(sign, f'<svg viewBox="0 0 24 24">{drawing}</svg>')
    return shown


def _rich_text(block: Block) -> str:
    return f'<div class="rich">{"".join(map(_rich_element, block["elements"]))}</div>'


def _rich_element(element: Block) -> str:
    kind = element["type"]
    if kind == "rich_text_list":
        return "<ul>" + "".join(f"<li>{_styled(item['elements'])}</li>" for item in element["elements"]) + "</ul>"
    tag = {"rich_text_section": "p", "rich_text_quote": "blockquote", "rich_text_preformatted": "pre"}[kind]
    return f"<{tag}>{_styled(element['elements'])}</{tag}>"


def _styled(elements: Sequence[Block]) -> str:
    shown = []
    for element in elements:
        text = _lines(element["text"])
        for style in element.get("style", {}):
            text = f"<{_TAGS[style]}>{text}</{_TAGS[style]}>"
        shown.append(text)
    return "".join(shown)


def _section(block: Block) -> str:
    aside = _button(block["accessory"]) if "accessory" in block else ""
    return f'<div class="section"><p>{_lines(block["text"]["text"])}</p>{aside}</div>'


def _context(block: Block) -> str:
    return f'<div class="context">{" ".join(_lines(element["text"]) for element in block["elements"])}</div>'


def _actions(block: Block) -> str:
    return f'<div class="actions">{"".join(map(_button, block["elements"]))}</div>'


def _button(button: Block) -> str:
    return f"<button>{_lines(button['text']['text'])}</button>"


def _table(block: Block) -> str:
    aligned = [column.get("align", "left") for column in block.get("column_settings", [])]
    rows = []
    for row in block["rows"]:
        cells = zip(row, [*aligned, *["left"] * (len(row) - len(aligned))], strict=True)
        rows.append("".join(f'<td class="{side}">{_lines(cell["text"])}</td>' for cell, side in cells))
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


_THUMB = '<path d="M2 10h4v11H2zM8 21V10l4-8c2 0 3 1 2.6 3L14 9h6c1.6 0 2.3 1 2 2.3l-2 8c-.3 1-1 1.7-2 1.7z"{}/>'
_SIGNS = {
    "👍": _THUMB.format(""),
    "👎": _THUMB.format(' transform="rotate(180 12 12)"'),
    "🔎": '<path d="M15 15l7 7" class="line"/><circle cx="10" cy="10" r="7" class="line"/>',
    "📭": '<path d="M2 5h20v14H2zM2 5l10 8 10-8" class="line"/>',
    "⚠": '<path d="M12 2l11 20H1zM12 9v6M12 18v2" class="line"/>',
    "✅": '<path d="M2 12l6 7L22 4" class="line"/>',
    "⚖": '<path d="M12 3v18M6 21h12M3 7h18M3 7l-2 7h6zM21 7l-2 7h6z" class="line"/>',
}
_BLOCKS: dict[str, Callable[[Block], str]] = {
    "rich_text": _rich_text,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "table": _table,
}

_CSS = """
body { margin: 0; background: #fff; color: #1d1c1d; font: 15px/1.47 Lato, "Noto Sans", "Liberation Sans",
  "Noto Sans CJK SC", sans-serif; }
main { display: flex; align-items: flex-start; }
.thread { flex: 1; min-width: 0; padding: 14px 20px 18px; }
.thread + .thread { border-left: 1px solid #ddd; }
article { display: flex; gap: 9px; padding: 7px 0; }
.face { flex: none; width: 36px; height: 36px; border-radius: 8px; color: #fff; font-weight: 700; text-align: center;
  line-height: 36px; background: #7c5ba6; }
.face.bot { background: #0f766e; }
.said { flex: 1; min-width: 0; }
header b { font-weight: 900; }
.app { margin-left: 6px; padding: 0 3px; border-radius: 2px; background: #ebeaeb; color: #616061; font-size: 10px; }
p, ul, blockquote, pre, table { margin: 3px 0; }
p, li { overflow-wrap: anywhere; }
ul { padding-left: 22px; }
.rich { margin: 3px 0 5px; }
.section { display: flex; gap: 14px; align-items: flex-start; justify-content: space-between; margin: 5px 0; }
.section p { margin: 0; }
.context { color: #616061; font-size: 12.5px; margin: 4px 0; overflow-wrap: anywhere; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0 2px; }
button { flex: none; font: 700 13px/1 inherit; font-family: inherit; height: 28px; padding: 0 10px; color: #1d1c1d;
  background: #fff; border: 1px solid #bbb; border-radius: 8px; }
code { font: 12.5px/1.4 monospace, "Noto Sans CJK SC"; color: #c01343; background: #f6f6f6; border: 1px solid #ddd;
  border-radius: 3px; padding: 1px 3px; }
pre { background: #f8f8f8; border: 1px solid #ddd; border-radius: 4px; padding: 8px; font-size: 12px; }
blockquote { border-left: 4px solid #ddd; padding-left: 12px; }
table { border-collapse: collapse; } td { border: 1px solid #ddd; padding: 5px 9px; }
tr:first-child td { font-weight: 700; background: #f8f8f8; } td.right { text-align: right; }
svg { width: 1.05em; height: 1.05em; vertical-align: -.15em; fill: #d99a1c; }
svg .line { fill: none; stroke: #b7791f; stroke-width: 2; }
.aside { margin-left: 8px; color: #616061; font-size: 12.5px; }
.attached { display: inline-block; padding: 8px 14px; border: 1px solid #ddd; border-radius: 8px; font-weight: 700; }
.file img { display: block; max-width: 300px; border: 1px solid #ddd; border-radius: 8px; margin-top: 6px; }
"""


def screenshot(html: str, width: int = 1240) -> bytes:
    """The page as PNG, drawn by chromium."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        view = browser.new_page(viewport={"width": width, "height": 400})
        view.set_content(html)
        png = view.screenshot(full_page=True)
        browser.close()
    small = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS).save(small, "PNG", optimize=True)
    return small.getvalue()
