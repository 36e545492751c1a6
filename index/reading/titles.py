"""What stands around a table and belongs to it: title and unit above, source below, the table before a page break."""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.reading.headings import CAPTION
from index.text import fold, has_cjk, join, split_sentences
from index.types import Block, BlockKind, Box, Line, Page, Table, around

UNIT = re.compile(
    r"^[(（]?\s*(?:(?:计量)?单位\s*[:：].*|(?:unaudited[;,]? *)?"
    r"(?:(?:us|u\.s\.)?\s*\$|(?:us |u\.s\. )?dollars?|amounts?|"
    r"all amounts|figures?|tabular amounts|shares)?\s*(?:and (?:shares|units|subscribers)\s*)?(?:expressed )?"
    r"in (?:us\$\s*|u\.s\. dollars? )?(?:millions?|thousands?|billions?|%|percent|rmb|人民币|亿元|百万元)\b.*|"
    r"(?:unaudited|未经审计))[)）]?$",
    re.IGNORECASE,
)
_UNIT_INSIDE = re.compile(
    r"[(（]([^()（）]*(?:\bin (?:millions|thousands|billions)|单位\s*[:：]|亿元|百万元|万元)[^()（）]*)[)）]",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"^(?:资料来源|数据来源|来源|Sources?)\s*[:：]", re.IGNORECASE)
_TABLE_NAME = re.compile(r"^(?:附?表|Table)\s*[:：]", re.IGNORECASE)
_CONTINUED = re.compile(r"[(（]?\s*(?:continued|cont[’']?d\.?|续表?|接上表|接上页)\s*[)）]?|^续表", re.IGNORECASE)
_LONGEST_TITLE = 160
_MOST_LINES = 6
_NEAR = 2.4  # font sizes between a table and what belongs to it


def above(lines: Sequence[Line], start: int, table: Box) -> tuple[str, str]:
    """The title and the unit that the lines before ``lines[start]`` give the table in the box ``table``."""
    title, unit, edge = "", "", table.top
    for index in range(start - 1, max(-1, start - 1 - _MOST_LINES), -1):
        line = lines[index]
        beside = line.box.x1 < table.x0 or line.box.x0 > table.x1
        if beside or not -line.size <= edge - line.box.bottom <= _NEAR * line.size or len(line.cells) > 2:
            break
        edge = line.box.top
        if UNIT.match(line.text):
            unit = line.text if not unit or _is_audit(unit) else unit
            continue
        if CAPTION.match(line.text) or _TABLE_NAME.match(line.text):
            title = line.text
        elif line.text.endswith((":", "：")) and not title:
            title = _lead_in(lines, index)
        elif not _is_title(line, table):
            break
        else:
            title = f"{line.text} {title}".strip()
            continue
        break
    inside = _UNIT_INSIDE.search(title)
    if inside and (not unit or _is_audit(unit)):
        unit = inside[1].strip()
    return shortened(title, _LONGEST_TITLE), unit_name(unit)


def shortened(text: str, longest: int) -> str:
    """The beginning of ``text`` up to a word's end, at most ``longest`` characters."""
    return text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0].rstrip(" ,;，；")


def unit_name(line: str) -> str:
    """A unit as its line says it, without brackets; "" for a line that says something else."""
    return "" if _is_audit(line) else re.sub(r"[)）]\s*[(（]", "; ", line.strip("()（） "))


def _is_audit(unit: str) -> bool:
    return not unit or unit.strip("()（） ").lower() in {"unaudited", "未经审计"}


def _is_title(line: Line, table: Box) -> bool:
    """Whether a line is a name without a number: short, bold or in the middle, no sentence."""
    if (
        len(line.cells) > 1
        or line.text.endswith((".", "。", "；", ";", ",", "，"))
        or not re.search(r"[^\W\d]", line.text)
    ):
        return False
    middle = abs((line.box.x0 + line.box.x1) / 2 - (table.x0 + table.x1) / 2) <= 2 * line.size
    centred = middle and line.box.x0 > table.x0 + 3 * line.size
    return (line.bold or centred) and len(line.text) <= (40 if has_cjk(line.text) else 110)


def _lead_in(lines: Sequence[Line], index: int) -> str:
    """The last sentence of the paragraph that ends with ``lines[index]``."""
    text = lines[index].text
    for before in range(index - 1, max(-1, index - 3), -1):
        line, below = lines[before], lines[before + 1]
        if len(line.cells) > 1 or not -2 <= below.box.top - line.box.bottom <= 0.8 * line.size:
            break
        text = join(line.text, text)
    start, end = split_sentences(text)[-1]
    return text[start:end].strip()


def below(lines: Sequence[Line], end: int, table: Box) -> str:
    """The line after a table that names its source, "" for none."""
    edge = table.bottom
    for line in lines[end : end + 4]:
        if not -line.size <= line.box.top - edge <= 2 * _NEAR * line.size:
            break
        if _SOURCE.match(line.text):
            return line.text
        edge = line.box.bottom
    return ""


def link_tables(pages: Sequence[Page]) -> tuple[Page, ...]:
    """``pages`` with every table that goes on from the page before marked so, under that table's title and header."""
    linked: list[Page] = []
    for page in pages:
        blocks = list(page.blocks)
        at = _first_table(blocks)
        before = _last_table(linked[-1]) if linked else None
        if at is not None and before is not None and before.table is not None:
            own = blocks[at].table
            if own is not None and _goes_on(before, blocks[at], blocks[:at]):
                first = before.table
                table = replace(
                    own,
                    header=own.header or first.header,
                    title=first.title or own.title,
                    unit=first.unit or own.unit,
                    continued=True,
                )
                blocks[at] = replace(blocks[at], title=table.title, table=table)
        linked.append(replace(page, blocks=tuple(blocks)))
    return tuple(linked)


_ASIDE = {BlockKind.RUNNING, BlockKind.WATERMARK, BlockKind.FOOTNOTE}


def _first_table(blocks: Sequence[Block]) -> int | None:
    """The table that nothing but titles stands above."""
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.TABLE:
            return index
        title = block.kind in {BlockKind.HEADING, BlockKind.CAPTION} or _is_short(block)
        if block.kind not in _ASIDE and not title:
            return None
    return None


def _last_table(page: Page) -> Block | None:
    """The table that nothing but notes stands below."""
    for block in reversed(page.blocks):
        if block.kind is BlockKind.TABLE:
            return block
        note = _is_short(block) and block.kind is BlockKind.PARAGRAPH and block.lines[0].box.top > 0.8 * page.height
        if block.kind not in _ASIDE and not note:
            return None
    return None


def _is_short(block: Block) -> bool:
    return sum(len(line.text) for line in block.lines) <= 80


def _goes_on(first: Block, second: Block, between: Sequence[Block]) -> bool:
    """Whether ``second`` has the columns of ``first``, which ends the page before, and no title that says otherwise."""
    one, two = first.table or Table(()), second.table or Table(())
    texts = [line.text for block in between if block.kind not in _ASIDE for line in block.lines]
    said = any(_CONTINUED.search(text) for text in [*texts, two.title, *two.header])
    if not one.rows or not two.rows or len(one.rows[0].cells) != len(two.rows[0].cells):
        return False
    a, b = around([line.box for line in first.lines]), around([line.box for line in second.lines])
    if abs(a.x1 - b.x1) > 30 or abs(a.x0 - b.x0) > 40:
        return False
    same = [fold(name) for name in one.header] == [fold(name) for name in two.header]
    if said:
        return same or not two.header
    named = two.title and fold(two.title) != fold(one.title)
    return (not two.header or same) and not named and not texts
