"""How well a scanned report is read: characters, seconds and memory, and whether its questions find their pages.

    python -m eval.benchmarks.ocr SCAN.pdf TEXT.pdf [--questions FILE.jsonl] [--beside REPORT...] [--out FILE.json]

TEXT.pdf holds the same pages as text, first page to first page; it may go on after the scan's last one. Every page of
SCAN.pdf is read as a picture, whether or not it has text.

**Character accuracy.** On both sides the pieces of text that stand side by side on a page make one row, left to right,
NFKC, white space dropped, case kept. Rows of the two sides are paired one to one so that the edit distances of the
pairs sum to the least; a row without a partner counts with its whole length, left out or invented alike. Accuracy is
1 - sum / (characters of TEXT). So the order in which blocks are read does not matter, while wrong, lost and invented
characters do.

**Questions** are those of FILE whose right pages are all among the scan's. A new store holds the scan (and, to make it
harder, the reports named by ``--beside``), and a question is a hit at k when one of its right pages of the scan is
among the first k distinct pages. No language model takes part.
"""

import argparse
import re
import resource
import sys
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import pypdfium2
from pydantic import BaseModel, ConfigDict
from rich.console import Console
from rich.table import Table

from eval.benchmarks.finish import finish
from eval.environment import Machine, commit, machine, versions
from eval.measures import distinct, first_right
from eval.questions import load
from index.errors import ReportQAError
from index.limits import Ocr
from index.reading import characters, ocr
from index.reading.sheet import Sheet
from rag import ReportQA
from rag.settings import Settings
from rag.settings import load as load_settings

_RSS_UNIT = 1 if sys.platform == "darwin" else 1024
_CHUNKS = 200  # taken for each question, so that enough distinct pages are among them


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class PageScore(_Value):
    """One page: characters it has, edits that the OCR's text is away from them, seconds and CPU seconds it took."""

    number: int
    characters: int
    edits: int
    wall_s: float
    cpu_s: float

    @property
    def accuracy(self) -> float:
        """1 - edits / characters."""
        return 1 - self.edits / max(1, self.characters)


class Found(_Value):
    """Shares of ``questions`` whose right page is among the first 1, 3 and 5; ids of those that missed at 5."""

    questions: int
    hit_1: float
    hit_3: float
    hit_5: float
    missed: tuple[str, ...]


class Result(_Value):
    """All pages, and what it took: peak resident memory of this process when the last page was read, and before."""

    scan: str
    text: str
    pages: tuple[PageScore, ...]
    accuracy: float
    rss_mb: float
    rss_before_mb: float
    threads: int
    found: Found | None
    machine: Machine
    versions: dict[str, str]
    commit: str


def fold(text: str) -> str:
    """NFKC without white space, case kept."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def edits(one: str, other: str) -> int:
    """Levenshtein distance, a column a step in the bits of an integer (Hyyrö 2003, after Myers 1999)."""
    if not one or not other:
        return len(one) + len(other)
    places: dict[str, int] = {}
    for at, char in enumerate(one):
        places[char] = places.get(char, 0) | 1 << at
    every, last = (1 << len(one)) - 1, 1 << len(one) - 1
    more, fewer, distance = every, 0, len(one)
    for char in other:
        same = places.get(char, 0)
        across = (((same & more) + more) ^ more) | same | fewer
        up, down = fewer | (~(across | more) & every), more & across
        distance += bool(up & last) - bool(down & last)
        up, down = (up << 1 | 1) & every, (down << 1) & every
        more, fewer = down | (~(same | fewer | up) & every), up & (same | fewer)
    return distance


def rows(sheet: Sheet) -> list[str]:
    """The folded rows of a page; a piece belongs to the row whose first piece its middle stands beside."""
    pieces = sorted(
        (((cell.box.top + cell.box.bottom) / 2, cell) for line in sheet.lines for cell in line.cells),
        key=lambda piece: piece[0],
    )
    found: list[tuple[float, list[tuple[float, str]]]] = []
    for middle, cell in pieces:
        if not found or middle > found[-1][0]:
            found.append((middle + 0.35 * (cell.box.bottom - cell.box.top), []))
        found[-1][1].append((cell.box.x0, cell.text))
    return [fold("".join(text for _, text in sorted(row))) for _, row in found]


def distance(truth: Sequence[str], read: Sequence[str]) -> int:
    """The least sum of edit distances over all ways of pairing the rows; see the module."""
    from scipy.optimize import linear_sum_assignment

    size = max(len(truth), len(read), 1)
    left, right = ([*side, *[""] * (size - len(side))] for side in (truth, read))
    costs = np.array([[edits(one, other) for other in right] for one in left])
    return int(costs[linear_sum_assignment(costs)].sum())


def compare(scan: Path, text: Path, threads: int) -> tuple[list[PageScore], float, float]:
    """The score of every page of ``scan``, peak memory in MB after reading them, and before the first."""
    scores = []
    pictures, printed = pypdfium2.PdfDocument(scan), pypdfium2.PdfDocument(text)
    try:
        before, peak = _rss_mb(), 0.0
        for number in range(1, len(pictures) + 1):
            wall, cpu = perf_counter(), process_time()
            read = ocr.read(pictures[number - 1], number, Ocr(threads=threads))
            wall, cpu = perf_counter() - wall, process_time() - cpu
            peak = _rss_mb()
            truth = rows(characters.sheet(printed[number - 1], number))
            scores.append(
                PageScore(
                    number=number,
                    characters=sum(map(len, truth)),
                    edits=distance(truth, rows(read)),
                    wall_s=wall,
                    cpu_s=cpu,
                )
            )
    finally:
        pictures.close()
        printed.close()
    return scores, peak, before


def find(scan: Path, pages: int, questions: Path, beside: Iterable[Path]) -> Found:
    """Ask the questions whose right pages all lie on the first ``pages``, of a new store with the scan."""
    asked = [q for q in load(questions) if q.pages and max(q.pages) <= pages]
    if not asked:
        raise ReportQAError(f"{questions} has no questions on the first {pages} pages.", "Name another file.")
    ranks = {}
    with tempfile.TemporaryDirectory() as folder, ReportQA.open(Path(folder), _settings()) as qa:
        for outcome in qa.ingest([scan, *beside]):
            if outcome.error:
                raise outcome.error
        for question in asked:
            hits = distinct((hit.report, hit.page) for hit in qa.retrieve(question.question, k=_CHUNKS))
            ranks[question.id] = first_right(hits, {(scan.name, page) for page in question.pages})

    def share(k: int) -> float:
        return sum(rank is not None and rank <= k for rank in ranks.values()) / len(asked)

    missed = tuple(name for name, rank in ranks.items() if rank is None or rank > 5)
    return Found(questions=len(asked), hit_1=share(1), hit_3=share(3), hit_5=share(5), missed=missed)


def measure(
    scan: Path, text: Path, questions: Path | None = None, beside: Sequence[Path] = (), threads: int = 2
) -> Result:
    """Everything; see the module."""
    scores, peak, before = compare(scan, text, threads)
    return Result(
        scan=scan.name,
        text=text.name,
        pages=tuple(scores),
        accuracy=1 - sum(page.edits for page in scores) / max(1, sum(page.characters for page in scores)),
        rss_mb=peak,
        rss_before_mb=before,
        threads=threads,
        found=find(scan, len(scores), questions, beside) if questions else None,
        machine=machine(),
        versions=versions(),
        commit=commit(),
    )


def table(result: Result) -> Table:
    """Draw the pages."""
    drawn = Table(title=f"{result.scan} read by OCR, against {result.text}", title_justify="left")
    for column in ("page", "characters", "edits", "accuracy", "s", "CPU s"):
        drawn.add_column(column, justify="right")
    for page in result.pages:
        times = f"{page.wall_s:.1f}", f"{page.cpu_s:.1f}"
        drawn.add_row(str(page.number), str(page.characters), str(page.edits), f"{page.accuracy:.4f}", *times)
    return drawn


def _settings() -> Settings:
    return load_settings(llm="none")


def _rss_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT / 2**20


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; see the module."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.ocr", description="Accuracy of reading scans.")
    parser.add_argument("scan", type=Path)
    parser.add_argument("text", type=Path, help="PDF with the same pages as text")
    parser.add_argument("--questions", type=Path, help="question file on the report")
    parser.add_argument("--beside", type=Path, nargs="*", default=[], help="other reports for the questions' store")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, help="JSON file to write")
    given = parser.parse_args(arguments)
    console = Console()
    try:
        result = measure(given.scan, given.text, given.questions, given.beside, given.threads)
    except ReportQAError as error:
        console.print(f"[bold red]{type(error).__name__}[/]", str(error), markup=True)
        return error.exit_code
    console.print(table(result))
    console.print(
        f"accuracy {result.accuracy:.4f}; peak memory {result.rss_mb:.0f} MB, {result.rss_before_mb:.0f} before"
    )
    if result.found:
        found = result.found
        console.print(
            f"{found.questions} questions: hit@1 {found.hit_1:.2f}, hit@3 {found.hit_3:.2f}, hit@5 {found.hit_5:.2f}"
        )
        console.print(f"missed at 5: {', '.join(found.missed) or 'none'}", highlight=False)
    return finish(console, result, result.machine, f"{result.threads} threads", given.out)


if __name__ == "__main__":
    sys.exit(main())
