"""A run as one HTML page that needs nothing but itself: scores, plots, and every question with its page's picture."""

from eval.page.writing import FILE, write

__all__ = ["FILE", "write"]
