"""Hand-made truth about report pages: what stands on a page, as a person who looks at it would say.

It is written as plain text, one line a printed line, and kept so (``reading/*.txt``) for the project's own samples. For
reports whose text is not ours to publish ``python -m eval.benchmarks.reading_truth PLAIN.txt... --out FOLDER`` makes
digests of it (``*.json``): the structure (depths, rows, columns, joins) stays readable; every text becomes its length
and 12 hexadecimal digits of BLAKE2b of the folded text. ``reading/README.md`` says what a plain file holds.
"""

import argparse
import hashlib
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from index.errors import ReportQAError
from index.text import fold, join

DATA = Path(__file__).parent / "reading"
SIDE = 12  # folded characters on each side of a line end that tell whether the two lines were joined
_HEADING = re.compile(r"[Hh][1-9]\??$")
_MARKS = set("RKWPDFCSGT+^:|tu") | {"R?", "K?", "W?", "H+", "H~"}
_PAGE = re.compile(r"= page (\d+)\s*:\s*(.*)$")
_SOURCE = re.compile(r"来源|source", re.IGNORECASE)
_LEADERS = re.compile(r"[.…·]{4,}|…+|\|")
_ITEM = re.compile(r"(?<!\S)\|(?!\S)")


class TruthError(ReportQAError):
    """A truth file cannot be understood."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Heading(_Value):
    """A heading; ``depth`` only says which of the page's headings are deeper than others.

    ``optional``: a reader may take it for a heading or not. ``others`` are texts that are as good (two headings that
    stand under each other taken for one). ``run_in``: it begins a paragraph's first line.
    """

    key: str
    depth: int
    optional: bool = False
    others: tuple[str, ...] = ()
    run_in: bool = False


class LineEnd(_Value):
    """The characters around the end of a line; ``joined`` when the next line goes on with the same paragraph."""

    key: str
    joined: bool


class TableTruth(_Value):
    """A table's cells as keys, "" where nothing is printed. A cell that begins with "*" may be there or not.

    ``titles``, ``units``, ``sources``: the lines of the caption, the unit and the source beside the table.
    """

    ruled: bool
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    titles: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class Aside(_Value):
    """A line to be set aside: the keys of its pieces (parted by wide gaps) and of the whole line.

    ``kind`` is "R" running, "K" of a table of contents, "W" watermark; ``optional``: a reader may leave it in the text.
    """

    kind: str
    optional: bool = False
    whole: str
    pieces: tuple[str, ...]


class PageTruth(_Value):
    """What stands on one page. ``disclaimers`` and ``footnotes`` hold the beginnings of such lines."""

    page: int
    about: str
    headings: tuple[Heading, ...] = ()
    line_ends: tuple[LineEnd, ...] = ()
    tables: tuple[TableTruth, ...] = ()
    aside: tuple[Aside, ...] = ()
    disclaimers: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()


class ReportTruth(_Value):
    """The hand-checked pages of the report with this file name."""

    report: str
    pages: tuple[PageTruth, ...]


def key(text: str) -> str:
    """A text's key: number of folded characters, colon, 12 hexadecimal digits of BLAKE2b; "" for an empty text."""
    return key_of_folded(fold(text))


def key_of_folded(folded: str) -> str:
    """The key of a text that is folded already."""
    return f"{len(folded)}:{hashlib.blake2b(folded.encode(), digest_size=6).hexdigest()}" if folded else ""


def shape(text: str) -> str:
    """The key of a running line with every number made one sign, so that it is the same on every page."""
    return key(re.sub(r"\d+", "#", fold(text)))


def aside_key(text: str) -> str:
    """The key of a line that is set aside: dots that lead to a page number and bars do not count."""
    return key_of_folded(_LEADERS.sub("", fold(text)))


def heading_key(text: str) -> str:
    """The key of a heading: the colon that ends a run-in head does not count."""
    return key(text.strip().rstrip(":： "))


def load(folder: Path = DATA) -> tuple[ReportTruth, ...]:
    """All truth in ``folder``, by file name. Raises TruthError."""
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            found.append(ReportTruth.model_validate_json(path.read_text("utf-8")))
        except ValueError as error:
            raise TruthError(f"{path} is not truth: {error}", "Make it again from its plain file.") from error
    found += [parse(path) for path in sorted(folder.glob("*.txt"))]
    return tuple(sorted(found, key=lambda truth: truth.report))


def parse(path: Path) -> ReportTruth:
    """Read a plain truth file; its name is that of the report with ``.txt`` for ``.pdf``. Raises TruthError."""
    pages: list[tuple[int, str, list[tuple[str, str]]]] = []
    for number, raw in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not raw.strip() or raw.startswith("#"):
            continue
        if page := _PAGE.match(raw):
            pages.append((int(page[1]), page[2], []))
            continue
        mark, _, text = raw.partition(" ")
        if not pages or not (mark in _MARKS or _HEADING.match(mark)):
            raise TruthError(f"{path}, line {number}: what does {raw[:40]!r} say?", "See reading/README.md.")
        pages[-1][2].append((mark, text.rstrip() if mark in {":", "|"} else text.strip()))
    try:
        return ReportTruth(report=f"{path.stem}.pdf", pages=tuple(_page(*page) for page in pages))
    except IndexError as error:
        raise TruthError(f"{path}: a row or second line has nothing above it.", "See reading/README.md.") from error


def _page(number: int, about: str, lines: Sequence[tuple[str, str]]) -> PageTruth:
    return PageTruth(
        page=number,
        about=about,
        headings=tuple(_headings(lines)),
        line_ends=tuple(_line_ends(lines)),
        tables=tuple(_tables(lines)),
        aside=tuple(_aside(mark, text) for mark, text in lines if mark[0] in "RKW"),
        disclaimers=tuple(_starts(lines, "D")),
        footnotes=tuple(_starts(lines, "F")),
    )


def _headings(lines: Sequence[tuple[str, str]]) -> list[Heading]:
    found: list[tuple[str, str, list[str]]] = []
    for mark, text in lines:
        if _HEADING.match(mark):
            found.append((mark, text, []))
        elif mark == "H+":
            found[-1] = (found[-1][0], join(found[-1][1], text), found[-1][2])
        elif mark == "H~":
            found[-1][2].append(heading_key(text))
    return [
        Heading(
            key=heading_key(text), depth=int(mark[1]), optional="?" in mark, others=tuple(others), run_in=mark[0] == "h"
        )
        for mark, text, others in found
    ]


def _line_ends(lines: Sequence[tuple[str, str]]) -> Iterable[LineEnd]:
    last, kind = "", ""
    for mark, raw in lines:
        text = raw.replace(" | ", " ")
        if mark[0] in "RKWGT:|tuh" or mark == "H~":
            continue
        goes_on = mark in {"+", "H+"}
        new_kind = kind if goes_on else mark[0]
        # Two headings are told apart by their texts; a chart's caption and sources may be one block.
        either = not goes_on and (kind + new_kind in {"HH", "CS", "SS"})
        if last and mark != "^" and not either:
            joined = join(last, text)
            left = fold(joined[: len(joined) - len(text)])[-SIDE:]
            yield LineEnd(key=key_of_folded(left + fold(text)[:SIDE]), joined=goes_on)
        last, kind = text, new_kind


def _tables(lines: Sequence[tuple[str, str]]) -> Iterable[TableTruth]:
    before: list[tuple[str, str]] = []  # captions and units that wait for their table
    opened: list[_OpenTable] = []
    inside = False
    for mark, text in lines:
        if mark in {"C", "u", "t"} or (mark == "+" and before and before[-1][0] == "C"):
            if inside and mark in {"u", "t"}:
                opened[-1].facts.append(_fact(mark, text))
            else:
                before.append((mark, text))
        elif mark == "T":
            opened.append(_OpenTable(text.split()[0] == "ruled", facts=[_fact(*one) for one in before]))
            before, inside = [], True
        elif mark == ":":
            opened[-1].header = _cells(text)
        elif mark == "|":
            opened[-1].rows.append(_cells(text))
        elif mark == "S" and inside:
            if _SOURCE.search(text):
                opened[-1].facts.append(_fact(mark, text))
        elif mark[0] not in "RKWG":
            before, inside = [], False
    return [table.closed() for table in opened]


@dataclass(slots=True)
class _OpenTable:
    ruled: bool
    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)

    def closed(self) -> TableTruth:
        width = max(map(len, (self.header, *self.rows)))
        header, *rows = ((*cells, *[""] * (width - len(cells))) for cells in (self.header, *self.rows))
        return TableTruth(
            ruled=self.ruled,
            header=header if self.header else (),
            rows=tuple(rows),
            titles=tuple(known for what, known in self.facts if what == "title"),
            units=tuple(known for what, known in self.facts if what == "unit"),
            sources=tuple(known for what, known in self.facts if what == "source"),
        )


def _fact(mark: str, text: str) -> tuple[str, str]:
    name = {"u": "unit", "S": "source"}.get(mark, "title")
    return name, key(text.strip("()（） ") if name == "unit" else text)


def _cells(text: str) -> list[str]:
    cells = [cell.strip() for cell in _ITEM.split(text)]
    return [f"*{key(cell[1:])}" if cell.startswith("*") else key(cell) for cell in cells]


def _aside(mark: str, text: str) -> Aside:
    pieces = [piece.strip() for piece in _ITEM.split(text)]
    whole, keys = aside_key("".join(pieces)), tuple(map(aside_key, pieces))
    return Aside(kind=mark[0], optional=mark.endswith("?"), whole=whole, pieces=keys)


def _starts(lines: Sequence[tuple[str, str]], kind: str) -> Iterable[str]:
    current = ""
    for mark, text in lines:
        current = current if mark == "+" else mark
        if current == kind:
            yield key_of_folded(fold(text.replace(" | ", " "))[: 2 * SIDE])


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; see the module."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.reading_truth", description="Digests of truth.")
    parser.add_argument("files", nargs="+", type=Path, help="plain truth files")
    parser.add_argument("--out", type=Path, default=DATA, help="folder for the JSON files")
    given = parser.parse_args(arguments)
    for path in given.files:
        try:
            truth = parse(path)
        except (TruthError, OSError) as error:
            sys.stderr.write(f"{error}\n")
            return 1
        target = given.out / f"{path.stem}.json"
        pages = ",\n".join(page.model_dump_json(exclude_defaults=True) for page in truth.pages)
        target.write_text(f'{{"report": "{truth.report}", "pages": [\n{pages}\n]}}\n', encoding="utf-8")
        sys.stdout.write(f"{target}: {len(truth.pages)} pages\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
