"""A contradiction as a sentence for the reader."""

from rag.types import Conflict, ConflictFigure

LONGEST = 80  # characters of the subject


def sentence(conflict: Conflict, language: str) -> str:
    """That the reports differ, with each value and its pages; file names only where there are several.

    ``language`` is "zh" or "en". The subject stays in the words of its report.
    """
    several = len({figure.report for figure in conflict.figures}) > 1
    values: dict[str, list[ConflictFigure]] = {}
    for figure in conflict.figures:
        values.setdefault(_number(figure.value), []).append(figure)
    told = [f"{figures[0].value}{_places(figures, language, several)}" for figures in values.values()]
    subject = conflict.subject if len(conflict.subject) <= LONGEST else f"{conflict.subject[:LONGEST]}…"
    if language == "zh":
        return f"报告对“{subject}”的说法不一致：{'，'.join(told)}。"
    listed = f"{', '.join(told[:-1])} and {told[-1]}" if len(told) > 1 else told[0]
    return f"The {'reports give' if several else 'report gives'} different figures for “{subject}”: {listed}."


def _number(value: str) -> str:
    """What makes two printed values one: their digits."""
    return "".join(char for char in value if char.isdigit() or char == ".")


def _places(figures: list[ConflictFigure], language: str, several: bool) -> str:
    by_report: dict[str, list[int]] = {}
    for figure in figures:
        by_report.setdefault(figure.report, []).append(figure.page)
    told = []
    for report, pages in by_report.items():
        numbers = sorted(set(pages))
        if language == "zh":
            told.append(f"{report}，" * several + f"第{'、'.join(map(str, numbers))}页")
        else:
            told.append(f"{report}, " * several + f"p. {', '.join(map(str, numbers))}")
    return f"（{'；'.join(told)}）" if language == "zh" else f" ({'; '.join(told)})"
