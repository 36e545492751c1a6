"""What fits into one message of Slack, and blocks packed into as many messages as they need.

https://docs.slack.dev/reference/block-kit/blocks and https://docs.slack.dev/reference/methods/chat.update, read in
November 2026. Beside these limits all blocks of a message together may have about 13,200 characters as JSON
(``msg_blocks_too_long``), which Slack's pages do not say: https://github.com/slackapi/bolt-js/issues/2509.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rag.slack.markup import literal
from rag.slack.message import Message

Block = dict[str, Any]

SECTION_TEXT = 3000  # characters, as of every text object
BUTTON_TEXT = 75
MESSAGE_BLOCKS = 50
MESSAGE_BYTES = 12_000  # of all blocks of a message as JSON
MESSAGE_TEXT = 3900  # characters: chat.update refuses more than 4,000
TABLE_ROWS, TABLE_COLUMNS, TABLE_TEXT = 100, 20, 10_000  # cells' characters, of all tables of a message together


@dataclass(frozen=True)
class Part:
    """Blocks that stay together in one message, and what they say as text (not escaped)."""

    blocks: tuple[Block, ...]
    text: str

    @property
    def size(self) -> int:
        """Bytes of the blocks as JSON, with the commas between them."""
        return sum(len(json.dumps(block, ensure_ascii=False).encode()) + 2 for block in self.blocks)


def pack(parts: Iterable[Part]) -> list[Message]:
    """The parts in their order as few messages as Slack's limits allow. A part must fit into a message alone."""
    messages: list[list[Part]] = []
    for part in parts:
        last = messages[-1] if messages else None
        if last is not None and _fits([*last, part]):
            last.append(part)
        else:
            messages.append([part])
    return [
        Message(shortened(_text(found)), tuple(block for part in found for block in part.blocks)) for found in messages
    ]


def _fits(parts: list[Part]) -> bool:
    blocks = [block for part in parts for block in part.blocks]
    return (
        len(blocks) <= MESSAGE_BLOCKS
        and sum(part.size for part in parts) <= MESSAGE_BYTES
        and len(literal(_text(parts))) <= MESSAGE_TEXT
        and sum(block["type"] == "table" for block in blocks) <= 1
    )


def _text(parts: list[Part]) -> str:
    return "\n".join(part.text for part in parts if part.text)


def shortened(text: str) -> str:
    """The text that :func:`literal` makes, cut so that a message's text holds it."""
    while len(literal(text)) > MESSAGE_TEXT:  # a text of nothing but & grows fivefold
        text = text[: len(text) * 3 // 4].rstrip() + "…"
    return literal(text)
