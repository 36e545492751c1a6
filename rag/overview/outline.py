"""Points as an answer, without a language model: one line each, under its heading, with its mark."""

import re
from collections.abc import Sequence
from itertools import groupby

from index.text import fold, has_cjk
from rag.overview.points import is_lead
from rag.types import Citation, Evidence

LONGEST = {"zh": 130, "en": 280}  # characters of a line
LONGEST_LABEL = {"zh": 45, "en": 70}
_NUMBER = re.compile(
    r"^(?:\d+(?:\.\d+)+\s*|第?[一二三四五六七八九十\d]+[章节、.．]\s*|[(（][一二三四五六七八九十\d]+[)）]\s*"
    r"|\d+(?:\.\d+)*[.、]?\s+|Item\s+\d+[A-Z]?[.:]?\s*[-—]?\s*|Part\s+[IVX]+\s*[-—.]?\s*)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[；;，,：:]")
_PER_SHARE = re.compile(r"per (?:\w+ )?share|\beps\b|每股|%", re.IGNORECASE)
LONGEST_NAME = 8  # characters; a longer beginning of the report's title is the title
_KEPT_COLUMN = re.compile(r"代码|评级|目标价|推荐|rating|target|ticker|recommendation", re.IGNORECASE)
MOST_CELLS = 4
_CUT_HEADING = 60  # characters that index.sections keeps of a heading


def outline(evidence: Sequence[Evidence], language: str) -> str:
    """The evidence as a list: ``- heading: sentence [n]``, under their reports' titles when there are several.

    ``language`` is that of the labels' punctuation; the sentences stay as their pages have them, shortened at a clause.
    """
    several = len({item.report_id for item in evidence}) > 1
    lines: list[str] = []
    for _, group in groupby(evidence, key=lambda item: item.report_id):
        items = list(group)
        if several:
            lines += [""] * bool(lines) + [items[0].title]
        shown: set[str] = set()
        for item in items:
            label = heading(item)
            again = label in shown
            shown.add(label)
            lines.append(_line(item, "" if again else label, language))
    return "\n".join(lines)


def citations(evidence: Sequence[Evidence]) -> tuple[Citation, ...]:
    """The citations that the marks of :func:`outline` name."""
    return tuple(Citation.of(item, item.n, item.on_page or item.text) for item in evidence)


def heading(item: Evidence) -> str:
    """What a point is about, "" when its section's heading does not say: the heading without its number."""
    path = item.section.split(" › ") if item.section else []
    if not path or (is_lead(tuple(path[-1:])) and len(path) < 2):
        return ""
    name = path[-1]
    if fold(item.title).startswith(fold(name)) and (len(name) >= LONGEST_NAME or fold(name) == fold(item.title)):
        return ""
    cut = len(name) >= _CUT_HEADING
    name = _NUMBER.sub("", name).strip()
    before = re.split(r"\s*[—–]\s*|\s-\s", name)[0]
    if before != name and len(before) >= 4:
        name, cut = before, False
    longest = LONGEST_LABEL["zh" if has_cjk(name) else "en"]
    if cut or len(name) > longest:
        kept = name[:longest]
        name = (kept if has_cjk(name) else kept.rsplit(" ", 1)[0]).rstrip("，,、 ") + "…"
    return name


def _line(item: Evidence, label: str, language: str) -> str:
    table = " | " in item.text
    text = " ".join((_rows(item.text.split("\n")) if table else item.text).split())
    subject = None if table else re.match(r"^([^：:.。]{1,30})[：:.]\s*", text)
    if label and subject and fold(subject[1]) in fold(label):
        text = text[subject.end() :]
    if label and fold(text).startswith(fold(label).rstrip("…")) and not has_cjk(label):
        label = ""
    short = shortened(text)
    if table and item.about and _has_amounts(item.text):
        short += f" ({item.about})"
    mark = f"[{item.n}]" if has_cjk(short) else f" [{item.n}]"
    colon = "：" if language == "zh" or has_cjk(label) else ": "
    return f"- {label}{colon}{short}{mark}" if label else f"- {short}{mark}"


def _has_amounts(rows: str) -> bool:
    """Whether any row holds amounts that the table's unit applies to: no percentages, nothing per share."""
    for row in rows.split("\n"):
        label, *cells = row.split(" | ")
        values = [cell.rpartition(": ")[2] for cell in cells]
        if not _PER_SHARE.search(label) and any(re.search(r"\d", value) and "%" not in value for value in values):
            return True
    return False


def _rows(rows: Sequence[str]) -> str:
    """A table's rows as they read: label, then cells; a column's name is left out when all rows have the one column."""
    cells = [[cell.strip() for cell in row.split("|")] for row in rows]
    columns = {cell.partition(": ")[0] for row in cells for cell in row[1:]}
    if all(len(row) == 2 for row in cells) and len(columns) == 1:
        cells = [[row[0], row[1].partition(": ")[2] or row[1]] for row in cells]
    cells = [_fewer(row) for row in cells]
    return "; ".join(f"{row[0]}: {', '.join(row[1:])}" if len(row) > 1 else row[0] for row in cells)


def _fewer(row: list[str]) -> list[str]:
    """A long row's label and the cells that matter most: its rating, else its first ones."""
    if len(row) <= MOST_CELLS + 1:
        return row
    rated = [cell for cell in row[1:] if _KEPT_COLUMN.search(cell.partition(": ")[0])]
    return [row[0], *(rated or row[1 : MOST_CELLS + 1])]


def shortened(text: str) -> str:
    """The sentence without its full stop, cut at a clause where it is long."""
    longest = LONGEST["zh" if has_cjk(text) else "en"]
    if len(text) > longest:
        ends = [m.start() for m in _CLAUSE.finditer(text, longest // 2, longest)]
        kept = text[: ends[-1]] if ends else text[:longest].rsplit(" ", 1)[0]
        return kept.rstrip("，,；; ") + "…"
    return re.sub(r"[。.;；,，]$|[;,]? and$", "", text.rstrip())
