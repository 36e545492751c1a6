"""A report's blocks to its sections, in reading order, each with the path of headings above it."""

import re

from index.text import fold, join
from index.types import Block, BlockKind, Report, Section

LONGEST_HEADING = 60  # characters of a heading that go into a path
SHORTEST_TITLE = 4  # characters; less stands in many a title by chance
_DISCLAIMER = re.compile(
    r"免责|特别声明|法律声明|重要声明|重要提示|分析师声明|分析师承诺|评级.{0,4}说明|评级标准|投资评级"
    r"|disclaimer|important (?:notice|information)"
    r"|forward-looking|analyst certification|safe harbor|cautionary (?:statement|note)"
    r"|non-gaap (?:disclaimer|information)",
    re.IGNORECASE,
)
_WHOLLY = re.compile(r"免责|特别声明|法律声明|重要声明|disclaimer", re.IGNORECASE)  # with all that stands below it
_SET_ASIDE = {BlockKind.RUNNING, BlockKind.WATERMARK, BlockKind.CONTENTS}
_OPEN = ("。", "！", "？", "”", ".", "!", "?", "；", ";", "）", ")")


def block_text(block: Block) -> str:
    """A block's lines as one running text."""
    text = ""
    for line in block.lines:
        text = join(text, line.text)
    return text


def split(report: Report) -> list[Section]:
    """The sections of ``report``. Running lines, watermarks and tables of contents belong to none.

    The report's title is in the path only of what stands directly under it. A paragraph that names its subject at its
    beginning is a section of its own below the heading, with what goes on over the page break and the list it opens.
    Blocks under a disclaimer's heading become DISCLAIMER blocks, so that a search can rank them last.
    """
    sections: list[Section] = []
    path: list[tuple[int, str]] = []
    blocks: list[Block] = []
    waiting: list[Block] = []  # tables and charts after a paragraph with a subject: its section may still go on
    subject = ""
    titled = _is_titled(report)

    def close() -> None:
        names = [name for _, name in path] + [subject] * bool(subject)
        names = names[titled:] if len(names) > 1 else names
        if blocks:
            sections.append(Section(tuple(names), tuple(blocks)))
        if waiting:
            sections.append(Section(tuple(names[:-1]), tuple(waiting)))
        blocks.clear()
        waiting.clear()

    for page in report.pages:
        for block in page.blocks:
            if block.kind in _SET_ASIDE:
                continue
            if block.kind is BlockKind.HEADING:
                close()
                subject = ""
                while path and path[-1][0] >= block.level:
                    path.pop()
                path.append((block.level, block_text(block).rstrip("：: ")[:LONGEST_HEADING]))
            elif block.kind is BlockKind.PARAGRAPH and _disclaims([name for _, name in path]):
                block = Block(BlockKind.DISCLAIMER, block.lines, block.page, block.level, block.title)  # noqa: PLW2901
            if block.kind is not BlockKind.PARAGRAPH and subject:
                waiting.append(block)
                continue
            if block.kind is BlockKind.PARAGRAPH and block.title != subject:
                if _goes_on([*blocks, *waiting], block):
                    blocks += waiting
                    waiting.clear()
                else:
                    if waiting or any(b.kind is not BlockKind.HEADING for b in blocks):
                        close()
                    subject = block.title
            blocks.append(block)
    close()
    return sections


def _is_titled(report: Report) -> bool:
    """Whether the report's title, or a part of it, is its one heading of the highest depth."""
    tops = [b for page in report.pages for b in page.blocks if b.kind is BlockKind.HEADING and b.level == 1]
    if len(tops) != 1:
        return False
    top, title = fold(block_text(tops[0])), fold(report.title)
    return top == title or (len(top) >= SHORTEST_TITLE and (top in title or title in top))


def _disclaims(path: list[str]) -> bool:
    return bool(path) and (_DISCLAIMER.search(path[-1]) is not None or any(_WHOLLY.search(name) for name in path))


def _goes_on(blocks: list[Block], block: Block) -> bool:
    """Whether a paragraph without a subject belongs to the one before: its other page, or the list that it opens."""
    if block.title:
        return False
    before = next((b for b in reversed(blocks) if b.kind is BlockKind.PARAGRAPH), None)
    if before is None:
        return False
    text = before.lines[-1].text
    if before.page == block.page - 1 and not text.endswith((*_OPEN, "：", ":")):
        return not any(b.kind is BlockKind.PARAGRAPH and b.page == block.page for b in blocks)
    return text.endswith(("：", ":")) or block.lines[0].text[:1] in "•●○▪■◆➢►✓·"
