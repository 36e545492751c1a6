"""Text as Slack's rich text, which shows every character as it is: nothing in it is read as markup."""

import re
from collections.abc import Sequence
from itertools import groupby

from index.text import split_sentences
from rag.slack.limits import Block, Part
from rag.slack.tables import is_row, preformatted, rows_of, table

LONGEST = 1200  # characters of one part, so that a message is filled well and cut at a sentence's end
STYLED_BYTES = 8000  # of a part with styles: with very many of them it is shown without
_ITEM = re.compile(r"^\s*(?:[-*•])\s+")
_LETTER = re.compile(r"[A-Za-z0-9]")

Styled = tuple[str, str]  # text, and its style: "", "bold", "italic" or "code"


def section(*pieces: Styled) -> Block:
    """A line or paragraph of styled pieces, as an element of a rich text block."""
    return {"type": "rich_text_section", "elements": [_text(*piece) for piece in pieces if piece[0]]}


def bullets(items: Sequence[Sequence[Styled]]) -> Block:
    """A list with bullets, as an element of a rich text block."""
    return {"type": "rich_text_list", "style": "bullet", "elements": [section(*item) for item in items]}


def quote(*pieces: Styled) -> Block:
    """A quotation with a bar at its side, as an element of a rich text block."""
    return {"type": "rich_text_quote", "elements": [_text(*piece) for piece in pieces if piece[0]]}


def block(*elements: Block) -> Block:
    """A rich text block."""
    return {"type": "rich_text", "elements": list(elements)}


def _text(text: str, style: str) -> Block:
    return {"type": "text", "text": text, **({"style": {style: True}} if style else {})}


def parts(text: str, marks: Sequence[str] = (), doubtful: Sequence[str] = (), quoted: bool = False) -> list[Part]:
    """Running text, lists and tables as parts of at most about :data:`LONGEST` characters, cut at sentences' ends.

    ``marks`` are shown bold, ``doubtful`` as code; ``quoted`` gives the text a bar at its side.
    """
    found: list[Part] = []
    lines = [line.rstrip() for line in text.strip().split("\n")]
    for kind, group in groupby(lines, _kind):
        held = list(group)
        if kind == "row" and len(rows_of(held)) > 1:
            found += _tables(held)
        else:
            for piece in pieces("\n".join(held).strip("\n")):
                found.append(Part((_shown(piece, kind, marks, doubtful, quoted),), piece))
    return found


def _kind(line: str) -> str:
    return "row" if is_row(line) else "item" if _ITEM.match(line) else "text"


def _tables(lines: list[str]) -> list[Part]:
    rows = rows_of(lines)
    first = table(rows)
    if first is not None:
        return [Part((first,), "\n".join(" | ".join(row) for row in rows))]
    return [
        Part((block({"type": "rich_text_preformatted", "elements": [_text(piece, "")]}),), piece)
        for piece in pieces(preformatted(rows), lines=True)
    ]


def _shown(piece: str, kind: str, marks: Sequence[str], doubtful: Sequence[str], quoted: bool) -> Block:
    if kind == "item":
        lines = [_ITEM.sub("", line, count=1) for line in piece.split("\n") if line.strip()]
        items = [styled(line, marks, doubtful) for line in lines]
        if sum(map(len, items)) * 60 + len(lines) * 60 + len(piece.encode()) > STYLED_BYTES:
            return block(section((piece, "")))
        return block(bullets(items))
    shown = styled(piece, marks, doubtful)
    if len(shown) * 60 + len(piece.encode()) > STYLED_BYTES:
        shown = [(piece, "")]
    return block(quote(*shown) if quoted else section(*shown))


def styled(text: str, marks: Sequence[str] = (), doubtful: Sequence[str] = ()) -> list[Styled]:
    """The text cut into pieces with their styles: ``marks`` bold, ``doubtful`` as code, as whole words and figures."""
    styles = {**dict.fromkeys(marks, "bold"), **dict.fromkeys(doubtful, "code")}
    known = sorted((words for words in styles if words), key=len, reverse=True)
    if not known:
        return [(text, "")]
    cut = re.split("(" + "|".join(map(_whole, known)) + ")", text)
    return [(piece, styles[piece] if number % 2 else "") for number, piece in enumerate(cut) if piece]


def _whole(words: str) -> str:
    """A pattern of the words that does not find 5 in 15 or 5.2."""
    before = r"(?<![A-Za-z0-9])(?<!\d[.,])" if _LETTER.match(words[0]) else ""
    after = r"(?![A-Za-z0-9]|[.,]\d)" if _LETTER.match(words[-1]) else ""
    return before + re.escape(words) + after


def pieces(text: str, longest: int = LONGEST, lines: bool = False) -> list[str]:
    """The text in pieces of at most ``longest`` characters, cut at line ends (``lines``) or sentences' ends.

    A sentence or line that is too long itself is cut where it must be. Nothing but white space at the cuts is lost.
    """
    if lines:
        spans = [(match.start(), match.end()) for match in re.finditer(r"[^\n]*\n|[^\n]+", text)]
    else:
        spans = split_sentences(text)
    found, start = [], 0
    for begin, end in spans:
        if end - start > longest and begin > start:
            found.append(text[start:begin])
            start = begin
        while end - start > longest:
            found.append(text[start : start + longest])
            start += longest
    found.append(text[start:])
    return [piece for piece in (piece.strip("\n ") for piece in found) if piece]
