"""What rows of the catalogue become."""

import json
import sys
from collections.abc import Sequence
from typing import Any

from index.types import BlockKind, Box, Card, Hit, Sentence

HIT_COLUMNS = "c.id, c.report_id, r.name, r.title, c.page, c.section, c.kind, c.text, c.sentences, c.context, c.ordinal"


def marks(values: Sequence[Any]) -> str:
    """A placeholder for each value."""
    return ",".join("?" * len(values))


def interned(text: str) -> tuple[str, ...]:
    """The words of a text, each kept once however many pages are remembered."""
    return tuple(map(sys.intern, text.split()))


def card_of(text: str) -> Card:
    """The card of a report from its JSON."""
    fields = json.loads(text)
    return Card(**{**fields, "authors": tuple(fields["authors"])})


def hit_of(row: tuple[Any, ...]) -> Hit:
    """A chunk without scores from the columns that :data:`HIT_COLUMNS` names."""
    page = int(row[4])
    sentences = tuple(
        Sentence(text, page, quote or text, tuple(map(Box._make, boxes))) for text, quote, boxes in json.loads(row[8])
    )
    return Hit(row[0], row[1], row[2], row[3], page, row[5], BlockKind(row[6]), row[7], sentences, row[9])
