"""Answers questions about reports: ``from rag import ReportQA``."""

from index.filters import Filter
from rag.engine import ReportQA
from rag.types import Answer, Citation, Evidence, Turn

__all__ = ["Answer", "Citation", "Evidence", "Filter", "ReportQA", "Turn"]
