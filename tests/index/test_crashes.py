"""Processes that die while they write, or write at the same time: each report is wholly in the store or wholly out."""

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from index.library import Library

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "eval" / "data"
OLD = "一月国内储能招标容量为二十八吉瓦时。"
NEW = "二月国内储能招标容量为三十八吉瓦时，环比增长三成六。"
CHILD = """
import os, signal, sys
from pathlib import Path
from index.catalog import Catalog
from index.embedding import open_embedder
from index.library import Library
from index.stores import Stores
from index.vectors import Vectors

moment, store, models, verb, *arguments = sys.argv[1:]

def die_at(owner, name, after):
    whole = getattr(owner, name)
    def hooked(*given, **named):
        if after:
            whole(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(owner, name, hooked)

library = Library(Path(store), open_embedder("default", Path(models), 1))
if moment == "vectors are written":
    die_at(Vectors, "add", after=True)
elif moment == "rows are written":
    die_at(Catalog, "insert", after=True)
elif moment == "digests are written":
    die_at(Catalog, "set_digests", after=True)
elif moment == "all is committed":
    die_at(Stores, "clear_pending", after=False)
if verb == "remove":
    library.remove(arguments[0])
elif verb == "reread":
    library._chunk_tokens = 10
    library.reread(arguments[0])
else:
    for outcome in library.add([Path(argument) for argument in arguments]):
        print(outcome.status.value, outcome.path.name, outcome.error or "")
library.close()
"""


def child(moment: str, store: Path, models_dir: Path, verb: str, *arguments: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", CHILD, moment, store, models_dir, verb, *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen([str(part) for part in command], cwd=ROOT, stdout=pipe, stderr=pipe, text=True)


@pytest.fixture
def filled(tmp_path, embedder) -> Path:
    """A store with one report, ``weekly.txt``."""
    store = tmp_path / "store"
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "weekly.txt").write_text(OLD, encoding="utf-8")
    opened = Library(store, embedder)
    opened.add([tmp_path / "old"])
    opened.close()
    return store


def whole(library: Library) -> list[str]:
    """The texts in the store, after checking that both of its halves hold the same reports and nothing else."""
    with sqlite3.connect(library.store / "catalog.sqlite") as db:
        (chunks,), (words,), (pending,) = (
            db.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
            for table in ("chunks", "chunk_words", "pending")
        )
        texts = [row[0] for row in db.execute("SELECT text FROM chunks")]
    assert (
        library._opening.stores.vectors.count() == chunks == words == sum(entry.chunks for entry in library.reports())
    )
    assert pending == 0
    return texts


@pytest.mark.parametrize(
    ("moment", "kept"),
    [
        ("vectors are written", OLD),
        ("rows are written", OLD),
        ("digests are written", OLD),
        ("all is committed", NEW),
    ],
)
def test_a_crash_while_replacing_keeps_the_old_report_or_the_new_one(
    filled, embedder, models_dir, tmp_path, moment, kept
) -> None:
    new = tmp_path / "weekly.txt"
    new.write_text(NEW, encoding="utf-8")
    killed = child(moment, filled, models_dir, "add", new)
    assert killed.communicate()[0] == ""
    assert killed.returncode == -9
    opened = Library(filled, embedder)
    assert whole(opened) == [kept]
    assert [hit.text for hit in opened.search("储能招标容量是多少？")] == [kept]
    opened.add([new])  # the crash does not stand in the way of the next try
    assert whole(opened) == [NEW]
    opened.close()


def test_a_crash_while_removing_leaves_no_vectors_behind(filled, embedder, models_dir) -> None:
    killed = child("all is committed", filled, models_dir, "remove", "weekly.txt")
    killed.communicate()
    assert killed.returncode == -9
    opened = Library(filled, embedder)
    assert whole(opened) == opened.search("储能") == []
    opened.close()


@pytest.mark.parametrize(("moment", "kept"), [("vectors are written", 1), ("all is committed", 2)])
def test_a_crash_while_reading_anew_keeps_the_old_reading_or_the_new_one(
    filled, embedder, models_dir, moment, kept
) -> None:
    first = Library(filled, embedder)
    old = first.reports()[0]
    first.add([_two_sentences(filled)])
    first.close()
    killed = child(moment, filled, models_dir, "reread", "two.txt")
    killed.communicate()
    assert killed.returncode == -9
    opened = Library(filled, embedder)
    assert len(whole(opened)) == 1 + kept
    assert opened.find(old.id) == old
    assert opened.original(opened.find("two.txt").id) is not None
    assert len(list((filled / "files").iterdir())) == 2
    opened.close()


def _two_sentences(folder: Path) -> Path:
    path = folder.parent / "two.txt"
    path.write_text(f"{OLD}{NEW}", encoding="utf-8")
    return path


def test_processes_may_add_at_the_same_time(filled, embedder, models_dir, tmp_path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder, sample in ((one, "en_annual_report.pdf"), (two, "zh_storage_weekly.pdf")):
        folder.mkdir()
        shutil.copy(SAMPLES / sample, folder)
        (folder / "both.txt").write_text(NEW, encoding="utf-8")
    watching = Library(filled, embedder)
    children = [child("never", filled, models_dir, "add", folder) for folder in (one, two)]
    said = [process.communicate() for process in children]
    assert [process.returncode for process in children] == [0, 0], "\n".join(err for _, err in said)
    lines = sorted(line.strip() for out, _ in said for line in out.splitlines())
    assert lines == [
        "added both.txt",
        "added en_annual_report.pdf",
        "added zh_storage_weekly.pdf",
        "unchanged both.txt",
    ]
    names = ["both.txt", "en_annual_report.pdf", "weekly.txt", "zh_storage_weekly.pdf"]
    assert [entry.name for entry in watching.reports()] == names
    assert watching.search("Aquilo ultrasonic meter")[0].report == "en_annual_report.pdf"
    whole(watching)
    watching.close()


def test_a_store_that_lost_its_vectors_is_told_at_once(filled, embedder) -> None:
    from index.errors import StoreError

    other = filled.with_name("other")
    other.mkdir()
    shutil.copy(filled / "catalog.sqlite", other)  # what a half-copied store looks like
    with pytest.raises(StoreError, match=r"0 vectors for 1 chunks.*ingest the reports again"):
        Library(other, embedder)


def test_vectors_without_their_catalogue_are_cleared_away(filled, embedder, tmp_path) -> None:
    for name in ("catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"):
        (filled / name).unlink(missing_ok=True)
    (filled / "catalog.sqlite").touch()
    opened = Library(filled, embedder)
    assert whole(opened) == []
    opened.add([tmp_path / "old"])
    assert whole(opened) == [OLD]
    opened.close()
