"""Contradictions: figures that reports give for one thing and that cannot all be right, and statements at odds.

``claims`` reads the figures of a sentence with what tells them apart (``measured``, ``kinds``, ``terms``, ``lists``,
``periods``), ``tables`` those of a table. ``matching`` says which are of one thing, ``finding`` puts them
together, ``reports`` does so for a report or an answer, ``wording`` writes it down. ``sides`` is for questions that ask
whether a report is consistent.
"""

from rag.conflicts.reports import conflicts_for, conflicts_of_report
from rag.conflicts.sides import Side, asks_for_consistency, sides
from rag.conflicts.wording import sentence

__all__ = [
    "Side",
    "asks_for_consistency",
    "conflicts_for",
    "conflicts_of_report",
    "sentence",
    "sides",
]
