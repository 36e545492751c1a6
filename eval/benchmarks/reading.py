"""How well report pages are read, against hand-made truth about them.

    python -m eval.benchmarks.reading [--out F.json] [--page REPORT:N ...] [--misses] [--reports DIR] [--truth DIR]

What each figure means is said in ``reading/README.md``. Reports that are not there are skipped.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from pydantic import BaseModel, ConfigDict
from rich.console import Console
from rich.table import Table as Drawn

from eval.benchmarks import reading_running as running
from eval.benchmarks import reading_truth as truth
from eval.benchmarks.reading_page import MEASURES, Miss, PageCheck, Score, length_of, windows
from index.chunks import chunk
from index.errors import ReportQAError
from index.reading import read
from index.sections import split
from index.text import fold

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT.parent / "shared" / "reports", ROOT / "eval" / "data")
LONGEST = 80  # tokens a chunk, as a store's default is


class Result(BaseModel):
    """All measures: of every page ("file.pdf:3") and of all together, and the running lines found inside chunks."""

    model_config = ConfigDict(frozen=True)

    pages: dict[str, dict[str, Score]]
    total: dict[str, Score]
    running_in_chunks: dict[str, int]
    running_lines: int
    skipped: tuple[str, ...]
    seconds: float


def words(texts: Sequence[str]) -> list[int]:
    """A cheap stand-in for the embedder's token counts: characters, English ones by fours."""
    return [sum(1 if ord(char) > 0x2E7F else 0.25 for char in text).__ceil__() for text in texts]


def measure(
    every: Sequence[truth.ReportTruth],
    folders: Sequence[Path] = FOLDERS,
    pages: Sequence[str] = (),
    progress: Callable[[str], None] = lambda name: None,
) -> tuple[Result, list[Miss]]:
    """Read every report that is there and compare; ``pages`` ("file.pdf:3" or parts of it) limits the pages."""
    clock = perf_counter()
    scores: dict[str, dict[str, Score]] = {}
    misses: list[Miss] = []
    skipped, in_chunks, lines = [], {}, 0
    for report_truth in every:
        names = {page.page: f"{report_truth.report}:{page.page}" for page in report_truth.pages}
        chosen = [page for page in report_truth.pages if not pages or any(_named(names[page.page], p) for p in pages)]
        path = next(
            (folder / report_truth.report for folder in folders if (folder / report_truth.report).is_file()), None
        )
        if path is None:
            skipped.append(report_truth.report)
        if path is None or not chosen:
            continue
        progress(report_truth.report)
        report = read(path)
        sections = split(report)
        chunks = chunk(sections, words, LONGEST, report.title)
        for page in chosen:
            check = PageCheck(names[page.page], page, report, sections, chunks)
            check.take()
            scores[check.name] = check.scores
            misses += _looked_up(check.misses, path, page.page)
        found = running.find(path, report_truth, chunks)
        lines += found.lines
        in_chunks[report_truth.report] = len(found.inside)
        misses += [
            Miss(f"{report_truth.report}:{n}", "running lines", "inside a chunk", text=t) for n, t in found.inside
        ]
    total: dict[str, Score] = {}
    for own in scores.values():
        for name, score in own.items():
            total[name] = total.get(name, Score()) + score
    seconds = perf_counter() - clock
    result = Result(
        pages=scores,
        total=total,
        running_in_chunks=in_chunks,
        running_lines=lines,
        skipped=tuple(skipped),
        seconds=seconds,
    )
    return result, misses


def _named(name: str, pattern: str) -> bool:
    report, _, number = pattern.rpartition(":") if ":" in pattern else (pattern, "", "")
    return report in name and (not number or name.endswith(f":{number}"))


def _looked_up(misses: Sequence[Miss], path: Path, page: int) -> list[Miss]:
    """The misses with the texts of their keys, as far as they stand on the page in one piece."""
    keys = {key.lstrip("*") for miss in misses for key in miss.keys if key}
    text = fold(running.page_text(path, page)) if keys else ""
    lengths = {length_of(key) for key in keys}
    known = {key: piece for length in lengths for piece, key in windows(text, length) if key in keys}
    return [
        replace(miss, text=miss.text or " | ".join(known.get(key.lstrip("*"), key) for key in miss.keys))
        for miss in misses
    ]


def table(result: Result) -> Drawn:
    """Draw precision and recall of every measure, by page and in all."""
    drawn = Drawn(title="Reading: precision / recall", title_justify="left")
    drawn.add_column("page", overflow="fold")
    for name in MEASURES:
        drawn.add_column(name, justify="right")
    for page, scores in [*result.pages.items(), ("all", result.total)]:
        drawn.add_row(page, *(_shown(scores.get(name)) for name in MEASURES), style="bold" if page == "all" else "")
    return drawn


def _shown(score: Score | None) -> str:
    if score is None or not (score.expected or score.given):
        return ""
    shares = [score.recall] if score.given == score.expected else [score.precision, score.recall]
    text = " / ".join("–" if share is None else f"{share:.2f}" for share in shares)
    return f"{text} ({score.expected})"


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; see the module."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.reading", description="How well pages are read.")
    parser.add_argument("--out", type=Path, help="JSON file to write")
    parser.add_argument("--page", action="append", default=[], metavar="REPORT[:N]", help="only these pages")
    parser.add_argument("--misses", action="store_true", help="print everything that was read wrongly")
    parser.add_argument("--reports", type=Path, help="folder of the reports")
    parser.add_argument("--truth", type=Path, default=truth.DATA, help="folder of the truth")
    given = parser.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 160)
    try:
        folders = (given.reports, *FOLDERS) if given.reports else FOLDERS
        result, misses = measure(truth.load(given.truth), folders, given.page)
    except ReportQAError as error:
        console.print(str(error), style="bold red", markup=False)
        return error.exit_code
    console.print(table(result))
    inside = sum(result.running_in_chunks.values())
    console.print(f"running lines inside chunks, all pages: {inside} of {result.running_lines}", highlight=False)
    for name in result.skipped:
        console.print(f"skipped, the report is not there: {name}", style="yellow", highlight=False)
    console.print(f"{len(result.pages)} pages checked in {result.seconds:.1f} s", highlight=False)
    for miss in misses if given.misses else ():
        console.print(
            f"{miss.page}  {miss.measure}: {miss.what} {miss.text}", markup=False, highlight=False, soft_wrap=True
        )
    if given.out:
        given.out.write_text(result.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
