"""Markdown files through markdown-it-py. Pages are what form feeds part, else stretches that end at headings."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from index.errors import ReadError
from index.reading.builder import LONGEST_PAGE, Builder
from index.reading.container import check_kind
from index.reading.html import Walk, parse
from index.reading.spanned import Grid
from index.reading.text import text_of
from index.types import Report

_FRONT = re.compile(r"\A---[ \t]*\n(?P<fields>(?:[^\n]*\n){0,60}?)(?:---|\.\.\.)[ \t]*\n")
_FRONT_TITLE = re.compile(r"^title\s*:\s*[\"']?(.+?)[\"']?\s*$", re.MULTILINE | re.IGNORECASE)
_FOOTNOTE = re.compile(r"^\[\^[^\]\s]{1,40}\]:\s*")
_MARK = re.compile(r"\[\^[^\]\s]{1,40}\]")
_TAGS = re.compile(r"</?[A-Za-z][^>]*>")


def read(path: Path, data: bytes, sha256: str, progress: Callable[[int, int], None], max_pages: int) -> Report:
    """Read a Markdown file in any common encoding. Raises ReadError when it is no text or too long."""
    check_kind(path, data, ".md")
    text, warnings = text_of(path, data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT.match(text)
    named = _FRONT_TITLE.search(front["fields"]) if front else None
    parts = text[front.end() if front else 0 :].split("\f")
    stretches = max(map(len, parts)) > (LONGEST_PAGE if len(parts) > 1 else 0)
    builder = Builder(stretches=stretches)
    builder.warnings += warnings
    titles: list[str] = []
    for number, part in enumerate(parts):
        if number and not (stretches and builder.blank):
            builder.break_page()
        titles += _put(builder, part)
    if builder.page == 1 and not any(part.strip() for part in parts):
        raise ReadError(f"{path.name} is empty.", "Check that it was copied or downloaded whole.")
    report = builder.report(path, sha256, [named[1] if named else "", *titles[:1]], not stretches, max_pages)
    progress(len(report.pages), len(report.pages))
    return report


def _put(builder: Builder, text: str) -> list[str]:
    """Give a Markdown text to the builder, and its first-level headings to the caller."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    titles: list[str] = []
    prefix: list[str] = []  # bullets and numbers that wait for their text
    counters: list[int] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.type == "heading_open":
            shown = _inline(tokens[at + 1])
            builder.heading(shown, int(token.tag[1]))
            titles += [shown] if token.tag == "h1" else []
            at += 2
        elif token.type == "table_open":
            at = _table(builder, tokens, at)
        elif token.type in {"bullet_list_open", "ordered_list_open"}:
            counters.append(int(token.attrGet("start") or 1) if token.type.startswith("ordered") else 0)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            counters.pop()
        elif token.type == "list_item_open":
            prefix.append(f"{counters[-1]}. " if counters[-1] else "• ")
            counters[-1] += bool(counters[-1])
        elif token.type == "inline":
            shown = _inline(token)
            note = _FOOTNOTE.match(token.content)
            if note:
                for line in re.split(r"\n(?=\[\^)", token.content):
                    builder.footnote(_MARK.sub("", _FOOTNOTE.sub("", line)))
            else:
                builder.paragraph("".join(prefix[-1:]) + shown)
            prefix.clear()
        elif token.type in {"fence", "code_block"}:
            builder.paragraph(token.content)
        elif token.type == "html_block" and (root := parse(token.content)[0]) is not None:
            Walk(builder).put(root)
        at += 1
    return titles


def _inline(token: Any) -> str:
    """The words of an inline token: no marks, links by their text, pictures by their description."""
    text = ""
    for child in token.children or ():
        if child.type in {"text", "code_inline"}:
            text += child.content
        elif child.type == "softbreak":
            text += " " if text[-1:].isascii() else ""
        elif child.type == "hardbreak" or (child.type == "html_inline" and child.content.startswith("<br")):
            text += "\n"
        elif child.type == "image":
            text += child.content
    return _MARK.sub("", text)


def _table(builder: Builder, tokens: Sequence[Any], at: int) -> int:
    """Give the table that opens at ``at`` to the builder, and its last token's place to the caller."""
    grid = Grid(header=1)
    row: list[tuple[str, int, int]] = []
    while tokens[at].type != "table_close":
        token = tokens[at]
        if token.type == "tr_open":
            row = []
        elif token.type == "inline":
            row.append((_TAGS.sub("", _inline(token)).replace("\n", " ").strip(), 1, 1))
        elif token.type == "tr_close":
            grid.row(row)
        at += 1
    builder.table(grid)
    return at
