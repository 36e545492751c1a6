"""The components of the page and where they stand."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from rag.chat.shelf import Wanted

EVENTS = (  # what the page sends, see static/core.js
    "ask", "stop", "clear", "show", "suggest", "narrow", "cancel", "rename", "renamed", "reread", "remove", "removed",
    "sections", "aside", "about", "good", "bad", "judge", "language", "past", "find-past", "forget", "export-md",
    "export-docx",
)  # fmt: skip
_CONNECT = "const names = [{}]; window.reportQA.connect(trigger, names);"


@dataclass(frozen=True, slots=True)
class Parts:
    """What is on the page. Nearly all of it is HTML that the server writes; ``bridge`` brings what the page sends."""

    language: gr.State
    wanted: gr.State
    kept_as: gr.State
    conversation: gr.State
    preferred: gr.Textbox
    top: gr.HTML
    sides: gr.HTML
    upload: gr.UploadButton
    tools: gr.HTML
    told: gr.HTML
    shelf: gr.HTML
    finding: gr.HTML
    pasts: gr.HTML
    hello: gr.HTML
    log: gr.HTML
    live: gr.HTML
    composer: gr.HTML
    panel: gr.HTML
    viewer: gr.HTML
    sheet: gr.HTML
    notes: gr.HTML
    bridge: gr.HTML

    @property
    def whole(self) -> list[Any]:
        """What shows a conversation: log, last exchange, sources, itself, the list of kept ones, its id, a note."""
        return [self.log, self.live, self.panel, self.conversation, self.pasts, self.kept_as, self.notes]

    @property
    def dressed(self) -> list[Any]:
        """Everything that depends on the language."""
        return [
            self.language,
            self.top,
            self.sides,
            self.upload,
            self.tools,
            self.shelf,
            self.finding,
            self.hello,
            self.composer,
            self.viewer,
            *self.whole[:-1],
        ]


def lay_out() -> Parts:
    """Make the components, inside the Blocks that are open."""
    made: dict[str, Any] = {
        "language": gr.State("en"),
        "wanted": gr.State(Wanted()),
        "kept_as": gr.State(""),
        "conversation": gr.State(()),
        "preferred": gr.Textbox(visible="hidden", elem_id="preferred", label="preferred"),
        "top": _html("top"),
    }
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="side", min_width=0):
            made["sides"] = _html("sides")
            made["upload"] = gr.UploadButton(
                "添加报告 · Add reports", file_count="multiple", size="sm", elem_id="upload"
            )
            made |= {name: _html(name) for name in ("tools", "told", "shelf", "finding", "pasts")}
        with gr.Column(elem_id="talk", min_width=0):
            with gr.Column(elem_id="thread", min_width=0):
                made |= {name: _html(name) for name in ("hello", "log", "live")}
            made["composer"] = _html("ask")
        with gr.Column(elem_id="page", min_width=0):
            made["panel"], made["viewer"] = _html("panel"), _html("pages")
    made["sheet"], made["notes"] = _html("sheet"), _html("notes")
    named = ", ".join(f'"{name}"' for name in EVENTS)
    made["bridge"] = gr.HTML(elem_id="bridge", apply_default_css=False, js_on_load=_CONNECT.format(named))
    return Parts(**made)


def _html(elem_id: str) -> gr.HTML:
    return gr.HTML(elem_id=elem_id, apply_default_css=False, js_on_load=None)
