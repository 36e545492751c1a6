"""A report's blocks to its sections, in reading order, each with the path of headings above it."""

import re

from index.text import join
from index.types import Block, BlockKind, Report, Section

LONGEST_HEADING = 60  # characters of a heading that go into a path
_DISCLAIMER = re.compile(
    r"免责|特别声明|法律声明|重要声明|分析师声明|分析师承诺|评级.{0,4}说明|评级标准|投资评级"
    r"|disclaimer|important (?:notice|information)"
    r"|forward-looking|analyst certification|safe harbor|non-gaap (?:disclaimer|information)",
    re.IGNORECASE,
)


def block_text(block: Block) -> str:
    """A block's lines as one running text."""
    text = ""
    for line in block.lines:
        text = join(text, line.text)
    return text


def split(report: Report) -> list[Section]:
    """The sections of ``report``. Running lines and tables of contents belong to none.

    Blocks under a disclaimer's heading become DISCLAIMER blocks, so that a search can rank them last.
    """
    sections: list[Section] = []
    path: list[tuple[int, str]] = []
    blocks: list[Block] = []

    def close() -> None:
        if blocks:
            sections.append(Section(tuple(name for _, name in path), tuple(blocks)))
            blocks.clear()

    for page in report.pages:
        for block in page.blocks:
            if block.kind in {BlockKind.RUNNING, BlockKind.CONTENTS}:
                continue
            if block.kind is BlockKind.HEADING:
                close()
                while path and path[-1][0] >= block.level:
                    path.pop()
                path.append((block.level, block_text(block).rstrip("：: ")[:LONGEST_HEADING]))
            elif block.kind is BlockKind.PARAGRAPH and path and _DISCLAIMER.search(path[-1][1]):
                block = Block(BlockKind.DISCLAIMER, block.lines, block.page, block.level, block.title)  # noqa: PLW2901
            blocks.append(block)
    close()
    return sections
