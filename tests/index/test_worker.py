"""Files read in processes of their own: what they give, what they may cost, and what happens when one breaks."""

import logging
import os
import pickle
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hard_files import (
    deep_pdf,
    endless_pdf,
    huge_pdf,
    line,
    nested_pdf,
    no_pages_pdf,
    pages_pdf,
    slow_pdf,
)
from pdf_files import encrypted_pdf

from index import reading
from index.errors import ReadError
from index.limits import Limits, render_scale
from index.reading.messages import Job, ranges, unpickle
from index.reading.pool import ReadingPool, read_file
from index.reading.underway import Read
from index.types import Report

ROOT = Path(__file__).parents[2]
SAMPLES = sorted((ROOT / "eval" / "data").glob("*.pdf"))
GOOD = "Net sales rose by a tenth because more meters were delivered."


def job(path: Path, *passwords: str) -> Job:
    return Job(path, reading.file_hash(path), passwords)


def read(pool: ReadingPool, *paths: Path) -> dict[str, Read]:
    return {result.job.path.name: result for result in pool.read([job(path) for path in paths])}


@pytest.fixture(scope="module")
def pool():
    with ReadingPool(workers=2) as opened:
        yield opened


@pytest.fixture
def good(tmp_path) -> Path:
    path = tmp_path / "good.txt"
    path.write_text(GOOD)
    return path


def test_reports_are_those_that_reading_here_gives(pool, good) -> None:
    found = read(pool, *SAMPLES, good)
    assert {name: result.report for name, result in found.items()} == {
        path.name: reading.read(path) for path in (*SAMPLES, good)
    }
    assert all(result.seconds > 0 for result in found.values())


def test_one_file_is_read_or_its_error_raised(tmp_path) -> None:
    steps: list[tuple[int, int]] = []
    assert read_file(SAMPLES[0], on_step=lambda *step: steps.append(step)) == reading.read(SAMPLES[0])
    assert steps[-1] == (9, 9)
    with pytest.raises(ReadError, match=r"has 9 pages; the limit is 8"):
        read_file(SAMPLES[0], Limits(pages=8))
    with pytest.raises(ReadError, match="cannot be opened"):
        read_file(tmp_path / "missing.pdf")


def test_a_long_file_is_shared_and_put_together_as_one(pool, tmp_path) -> None:
    contents = [line(f"Company 7 report {n}", 190) + line(f"Net sales of unit {n} rose.") for n in range(60)]
    path = pages_pdf(tmp_path / "long.pdf", contents)
    steps: list[tuple[int, int]] = []
    (result,) = pool.read([job(path)], lambda _, done, total, ocr: steps.append((done, total)))
    assert result.report == reading.read(path)
    assert steps == sorted(steps)
    assert (steps[-1], len({total for _, total in steps})) == ((60, 60), 1)


def test_ranges_cover_all_pages_once() -> None:
    for total in (1, 8, 9, 24, 53, 5000):
        pages = [page for first, last in ranges(total, 8) for page in range(first, last + 1)]
        assert pages == list(range(1, total + 1))


def test_five_thousand_pages_are_read(pool, tmp_path) -> None:
    path = pages_pdf(tmp_path / "thick.pdf", [line(f"Net sales of unit {n} rose.") for n in range(5000)])
    (result,) = pool.read([job(path)])
    assert result.error is None
    assert len(result.report.pages) == 5000
    assert result.report.pages[4998].blocks[0].lines[0].text == "Net sales of unit 4998 rose."


def test_more_pages_than_the_limit_are_refused(good, tmp_path) -> None:
    path = pages_pdf(tmp_path / "long.pdf", [line("Net sales rose.")] * 30)
    with ReadingPool(Limits(pages=29), workers=2) as small:
        found = read(small, path, good)
    assert "has 30 pages; the limit is 29" in str(found["long.pdf"].error)
    assert found["good.txt"].report is not None


def test_a_file_that_takes_too_long_is_given_up_and_the_rest_go_on(good, tmp_path) -> None:
    with ReadingPool(Limits(seconds=3), workers=1) as strict:
        found = read(strict, slow_pdf(tmp_path / "slow.pdf"), good)
    assert "takes longer than 3 seconds" in str(found["slow.pdf"].error)
    assert "max_seconds" in found["slow.pdf"].error.remedy
    assert found["good.txt"].report is not None


@pytest.mark.skipif(sys.platform == "win32", reason="memory is held on POSIX systems")
def test_a_file_that_takes_too_much_memory_is_given_up_and_the_rest_go_on(good, tmp_path) -> None:
    with ReadingPool(Limits(memory_mb=200), workers=1) as strict:
        found = read(strict, huge_pdf(tmp_path / "huge.pdf"), good)
    assert "takes more than 200 MB of memory" in str(found["huge.pdf"].error)
    assert found["good.txt"].report is not None


def test_a_file_whose_process_dies_is_told_and_the_process_replaced(good, tmp_path) -> None:
    long = pages_pdf(tmp_path / "long.pdf", [line("Net sales rose.")] * 2000)
    victims: set[int] = set()

    def kill(_: Job, done: int, total: int, ocr: bool) -> None:
        if done < total and not victims:
            victims.update(opened.processes)
            for victim in victims:
                os.kill(victim, signal.SIGKILL)

    with ReadingPool(workers=1) as opened:
        found = {r.job.path.name: r for r in opened.read([job(long), job(good)], kill)}
        assert len(victims) == 1
        assert not victims & set(opened.processes)
    assert "broke the process that read it (signal 9)" in str(found["long.pdf"].error)
    assert found["good.txt"].report is not None


@pytest.mark.parametrize("make", [deep_pdf, endless_pdf, nested_pdf, no_pages_pdf])
def test_files_without_end_or_bottom_are_told(pool, good, tmp_path, make) -> None:
    found = read(pool, make(tmp_path / "bomb.pdf"), good)
    assert isinstance(found["bomb.pdf"].error, ReadError)
    assert "bomb.pdf" in found["bomb.pdf"].error.message
    assert found["good.txt"].report is not None


def test_a_page_of_enormous_size_is_read_like_any_other(pool, tmp_path) -> None:
    path = pages_pdf(tmp_path / "wide.pdf", [line("Net sales rose.")], box=b"0 0 1e9 1e9")
    (result,) = pool.read([job(path)])
    assert result.report.pages[0].blocks[0].lines[0].text == "Net sales rose."


def test_a_page_is_drawn_within_the_pixels_allowed() -> None:
    assert render_scale(600, 800, 2.0, 10_000_000) == 2.0
    scale = render_scale(1e9, 1e9, 2.0, 10_000_000)
    assert scale == 0.0 or (1e9 * scale) ** 2 <= 10_000_000
    assert render_scale(1e12, 1, 2.0, 10_000_000) == 0.0
    assert render_scale(0, 10, 2.0, 10_000_000) == render_scale(float("inf"), 10, 2.0, 1) == 0.0


def test_passwords_open_encrypted_files_and_are_never_shown(pool, tmp_path, caplog) -> None:
    path = encrypted_pdf(tmp_path / "secret.pdf")
    caplog.set_level(logging.DEBUG)
    for passwords, problem in (
        ((), "is encrypted."),
        (("open", "sesamo", "\0"), "no password that was given opens it"),
    ):
        (result,) = pool.read([job(path, *passwords)])
        assert problem in str(result.error)
        assert "sesamo" not in f"{result} {result.error} {result.error!r} {caplog.text}"
    (result,) = pool.read([job(path, "open", "sesame")])
    assert result.report.pages[0].blocks[0].lines[0].text == "Net sales rose 7 percent."
    assert "sesame" not in f"{result} {caplog.text}"


def test_a_file_that_changed_since_it_was_hashed_is_refused(pool, good) -> None:
    before = job(good)
    good.write_text(GOOD * 2)
    (result,) = pool.read([before])
    assert "changed while it was read" in str(result.error)


def test_cancelling_ends_the_processes_that_read_and_the_pool_goes_on(good, tmp_path) -> None:
    cancelled = threading.Event()
    with ReadingPool(Limits(seconds=60), workers=1) as pool:
        results = pool.read([job(slow_pdf(tmp_path / "slow.pdf"))], cancelled=cancelled)
        deadline = time.monotonic() + 60
        while not pool._serving:
            assert time.monotonic() < deadline
        (reading_it,) = pool.processes
        cancelled.set()
        assert list(results) == []
        assert read(pool, good)["good.txt"].report is not None
        assert reading_it not in pool.processes


def test_an_error_of_the_caller_reaches_the_caller(pool, tmp_path) -> None:
    path = pages_pdf(tmp_path / "long.pdf", [line("Net sales rose.")] * 30)

    def stop(_: Job, done: int, total: int, ocr: bool) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(pool.read([job(path)], stop))
    (result,) = pool.read([job(path)])
    assert result.report is not None


def test_several_threads_may_read_at_once(pool) -> None:
    found: list[list[Report | None]] = []
    threads = [
        threading.Thread(target=lambda: found.append([r.report for r in pool.read([job(p) for p in SAMPLES])]))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    names = sorted(path.name for path in SAMPLES)
    assert [sorted(report.name for report in reports) for reports in found] == [names] * 3


def test_a_script_without_a_main_guard_may_read(good) -> None:
    code = (
        "import sys; from pathlib import Path; from index import reading; from index.reading.pool import ReadingPool\n"
        "from index.reading.messages import Job\n"
        "path = Path(sys.argv[1])\n"
        "pool = ReadingPool(workers=1)\n"
        "print([r.report.name for r in pool.read([Job(path, reading.file_hash(path))])])\n"
    )
    script = good.with_name("script.py")
    script.write_text(code)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, script, good], capture_output=True, text=True, env=environment, check=True)
    assert run.stdout.splitlines() == ["['good.txt']"]


def test_a_reading_process_imports_nothing_heavy() -> None:
    code = (
        "import sys, index.reading.worker, pypdfium2\n"
        "print({'torch', 'sentence_transformers', 'chromadb', 'llama_index', 'openvino', 'gradio', 'rag', 'jieba'}"
        " & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for a process that is no child, as Linux can")
def test_reading_processes_end_with_the_program_even_in_the_middle_of_a_file(tmp_path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from index import reading\n"
        "from index.reading.pool import ReadingPool; from index.reading.messages import Job\n"
        "path, pool = Path(sys.argv[1]), ReadingPool(workers=1)\n"
        "results = pool.read([Job(path, reading.file_hash(path))], lambda *step: print(*pool.processes, flush=True))\n"
        "list(results)\n"
    )
    long = pages_pdf(tmp_path / "long.pdf", [line("Net sales rose.")] * 5000)
    program = subprocess.Popen([sys.executable, "-c", code, long], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    process = os.pidfd_open(int(program.stdout.readline()))
    try:
        program.kill()
        program.wait()
        assert select.select([process], [], [], 60)[0] == [process]
    finally:
        os.close(process)


def test_closing_ends_the_processes(good) -> None:
    opened = ReadingPool(workers=1)
    read(opened, good)
    (process,) = opened.processes
    opened.close()
    assert opened.processes == ()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_reading_process_cannot_send_what_would_run(tmp_path) -> None:
    class Evil:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "made"),)

    for value in (Evil(), Path("x"), print):
        with pytest.raises(pickle.UnpicklingError):
            unpickle(pickle.dumps(value))
    assert not (tmp_path / "made").exists()
    assert unpickle(pickle.dumps(reading.read(SAMPLES[0]))) == reading.read(SAMPLES[0])
