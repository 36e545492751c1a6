"""Ingest speed, peak memory and where the time goes, each run a process of its own, side by side with another pipeline.

    python -m eval.benchmarks.ingest REPORT... [--peer SCRIPT --peer-python PYTHON] [--runs 3] [--out FILE.json]

The peer is called ``PYTHON SCRIPT REPORTS_DIR OUT.jsonl QA.jsonl`` and prints one JSON line with ``read_s`` and
``index_s``. Both pipelines take turns, so that a slow spell of the machine meets both.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import pypdfium2
from pydantic import BaseModel, ConfigDict
from rich.console import Console
from rich.table import Table

from eval.benchmarks.finish import finish
from eval.benchmarks.processes import TreeMemory
from eval.environment import Machine, commit, machine, versions
from index.errors import ReportQAError

OURS, PEER = "report-qa", "peer"
_COMMAND = "from rag.cli import main; main()"
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


class BenchmarkError(ReportQAError):
    """A measured process failed, or a file it needs is missing."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Run(_Value):
    """One program: seconds from start to exit, seconds of work as it says itself, peak memory, CPU seconds.

    Memory is the sum over the program and the processes it starts, and so are the CPU seconds. ``work_s`` is None where
    the program does not say. ``stages`` are seconds a stage; those of reading are spent in other processes beside the
    others, opening beside reading, and embedding waits for opening.
    """

    who: str
    wall_s: float
    work_s: float | None
    rss_mb: float
    cpu_s: float
    stages: dict[str, float] = {}


class Result(_Value):
    """All runs over ``files`` (``pages`` in all) and, with a peer, how many times as fast ours was, by medians."""

    files: tuple[str, ...]
    pages: int
    runs: tuple[Run, ...]
    speedup_wall: float | None
    speedup_work: float | None
    machine: Machine
    versions: dict[str, str]
    commit: str
    load_before: float

    def of(self, who: str) -> tuple[Run, ...]:
        """Give the runs of one pipeline."""
        return tuple(run for run in self.runs if run.who == who)


def measure(who: str, command: Sequence[str | Path], folder: Path) -> tuple[Run, str]:
    """Run ``command`` to its end and give its cost and standard output. Raises BenchmarkError if it fails."""
    with (folder / "stdout").open("w+b") as out, (folder / "stderr").open("w+b") as err:
        clock = perf_counter()
        process = subprocess.Popen(list(map(str, command)), stdout=out, stderr=err)  # noqa: S603
        # wait4 gives this one child's peak memory; getrusage(RUSAGE_CHILDREN) would keep the largest of all runs.
        memory = TreeMemory(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        wall = perf_counter() - clock
        tree = memory.stop()
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        text = out.read().decode("utf-8", "replace")
        if process.returncode:
            tail = err.read().decode("utf-8", "replace")[-800:]
            raise BenchmarkError(f"{who} ended with code {process.returncode}: {tail}", f"Command: {process.args!r}")
    rss, cpu = max(tree, usage.ru_maxrss * _RSS_UNIT) / 2**20, usage.ru_utime + usage.ru_stime
    return Run(who=who, wall_s=wall, work_s=None, rss_mb=rss, cpu_s=cpu), text


def ours(files: Sequence[Path]) -> Run:
    """Ingest ``files`` into a new store with ``report-qa ingest --json``."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command: list[str | Path] = [sys.executable, "-c", _COMMAND, "ingest", "--json", "--store", folder / "store"]
        run, text = measure(OURS, [*command, *files], folder)
    said = json.loads(text)
    stages = {"start": max(0.0, run.wall_s - (_seconds(said) or 0.0)), "opening": float(said["opening_seconds"])}
    for name in ("reading", "embedding", "storing"):
        stages[name] = sum(float(file["seconds"][name]) for file in said["files"])
    return run.model_copy(update={"work_s": _seconds(said), "stages": stages})


def peer(files: Sequence[Path], python: Path, script: Path) -> Run:
    """Run the peer on a folder with copies of ``files`` and one question."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        reports, questions = folder / "reports", folder / "questions.jsonl"
        reports.mkdir()
        for file in files:
            shutil.copy(file, reports)
        questions.write_text(json.dumps({"id": "1", "question": "Revenue?"}) + "\n", encoding="utf-8")
        run, text = measure(PEER, [python, script, reports, folder / "out.jsonl", questions], folder)
    said: dict[str, float] = next((json.loads(line) for line in text.splitlines() if line.startswith("{")), {})
    work = said["read_s"] + said["index_s"] if {"read_s", "index_s"} <= said.keys() else None
    return run.model_copy(update={"work_s": work})


def compare(files: Sequence[Path], runs: int, python: Path | None = None, script: Path | None = None) -> Result:
    """Run both in turn ``runs`` times; without ``script`` only ours."""
    done: list[Run] = []
    load = os.getloadavg()[0]
    for _ in range(runs):
        done.append(ours(files))
        if script is not None:
            done.append(peer(files, python or Path(sys.executable), script))
    return Result(
        files=tuple(file.name for file in files),
        pages=sum(map(page_count, files)),
        runs=tuple(done),
        speedup_wall=_ratio(done, "wall_s"),
        speedup_work=_ratio(done, "work_s"),
        machine=machine(),
        versions=versions(),
        commit=commit(),
        load_before=load,
    )


def page_count(file: Path) -> int:
    """Count the pages of a PDF; any other file counts as one."""
    if file.suffix.lower() != ".pdf":
        return 1
    document = pypdfium2.PdfDocument(file)
    try:
        return len(document)
    finally:
        document.close()


def table(result: Result) -> Table:
    """Draw medians of both pipelines."""
    drawn = Table(title=f"Ingest of {result.pages} pages ({', '.join(result.files)})", title_justify="left")
    for column in ("", "runs", "wall s", "pages/s", "own work s", "CPU s", "peak MB"):
        drawn.add_column(column, justify="right" if column else "left")
    for who in (OURS, PEER):
        runs = result.of(who)
        if runs:
            wall, work = _median(runs, "wall_s"), _median(runs, "work_s")
            drawn.add_row(
                who,
                str(len(runs)),
                f"{wall:.1f}",
                f"{result.pages / wall:.1f}" if wall else "–",
                "–" if work is None else f"{work:.1f}",
                f"{_median(runs, 'cpu_s'):.1f}",
                f"{max(run.rss_mb for run in runs):.0f}",
            )
    return drawn


def stages_line(result: Result) -> str:
    """Say where the time of our own runs went, by medians."""
    runs = result.of(OURS)
    middle = {
        name: statistics.median(run.stages.get(name, 0.0) for run in runs) for name in (runs[0].stages if runs else ())
    }
    return ", ".join(f"{name} {seconds:.1f} s" for name, seconds in middle.items())


def _seconds(said: Any) -> float | None:
    """Find the seconds of work that ``ingest --json`` reports: of the whole, or the sum over its files."""
    parts = said if isinstance(said, list) else [said]
    values = [part.get("seconds") for part in parts if isinstance(part, dict)]
    known = [float(value) for value in values if isinstance(value, int | float)]
    return sum(known) if known else None


def _median(runs: Sequence[Run], field: str) -> float | None:
    values = [value for value in (getattr(run, field) for run in runs) if value is not None]
    return statistics.median(values) if values else None


def _ratio(runs: Sequence[Run], field: str) -> float | None:
    mine = _median([run for run in runs if run.who == OURS], field)
    theirs = _median([run for run in runs if run.who == PEER], field)
    return theirs / mine if mine and theirs else None


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; see the module."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.ingest", description="Ingest speed and memory.")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--peer", type=Path, help="script of the other pipeline")
    parser.add_argument("--peer-python", type=Path, help="Python that has the packages the peer needs")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--out", type=Path, help="JSON file to write")
    given = parser.parse_args(arguments)
    console = Console()
    try:
        for file in [*given.files, *filter(None, (given.peer, given.peer_python))]:
            if not file.is_file():
                raise BenchmarkError(f"There is no file {file}.", "Check the path.")
        result = compare([file.resolve() for file in given.files], given.runs, given.peer_python, given.peer)
    except ReportQAError as error:
        console.print(f"[bold red]{type(error).__name__}[/]", str(error), markup=True)
        return error.exit_code
    console.print(table(result))
    console.print(f"report-qa: {stages_line(result)} (opening and reading go on beside the rest)", highlight=False)
    if result.speedup_wall is not None:
        work = "" if result.speedup_work is None else f", own work {result.speedup_work:.1f} times"
        console.print(f"report-qa was {result.speedup_wall:.1f} times as fast by wall time{work}")
    return finish(console, result, result.machine, f"load before {result.load_before:.1f}", given.out)


if __name__ == "__main__":
    sys.exit(main())
