"""Reports added, replaced, removed and searched, with the real embedder and both real stores."""

import dataclasses
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest
from pdf_files import encrypted_pdf

from index.errors import StoreError
from index.library import Library
from index.types import BlockKind, Progress, Stage, Status

SAMPLES = Path(__file__).parents[2] / "eval" / "data"
STORAGE = "二月国内储能招标容量为三十八点六吉瓦时，环比增长三成六。"
METERS = "Net sales of the metering segment rose 11.6% because more ultrasonic meters were delivered."


@pytest.fixture
def library(tmp_path, embedder):
    opened = Library(tmp_path / "store", embedder)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def samples(sample_store, embedder, tmp_path_factory):
    """A library over a copy of the store with both sample reports."""
    store = tmp_path_factory.mktemp("copied") / "store"
    shutil.copytree(sample_store, store)
    opened = Library(store, embedder)
    yield opened
    opened.close()


def note(folder: Path, name: str, *paragraphs: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(paragraphs), encoding="utf-8")
    return path


def rows(library: Library) -> dict[str, int]:
    """How much each of the stores holds."""
    with sqlite3.connect(library.store / "catalog.sqlite") as db:
        tables = ("reports", "chunks", "chunk_words", "chunk_vocabulary", "pending")
        found = {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}  # noqa: S608
    return {**found, "vectors": library._opening.stores.vectors.count()}


def test_an_added_report_is_listed_and_found_with_its_page(library, tmp_path) -> None:
    path = note(tmp_path, "weekly.txt", STORAGE)
    seen: list[Progress] = []
    (outcome,) = library.add([path], seen.append)
    assert (outcome.status, outcome.error, outcome.path) == (Status.ADDED, None, path)
    assert library.reports() == [outcome.entry]
    assert (outcome.entry.name, outcome.entry.language, outcome.entry.chunks) == ("weekly.txt", "zh", 1)
    assert {p.stage for p in seen} == set(Stage) - {Stage.OCR}
    assert (seen[-1].done, seen[-1].total) == (1, 1)
    (hit,) = library.search("储能招标了多少？")
    assert (hit.report, hit.page, hit.text) == ("weekly.txt", 1, STORAGE)
    assert hit.dense > 0
    assert hit.lexical > 0


def test_the_same_file_again_does_nothing(library, tmp_path) -> None:
    path = note(tmp_path, "weekly.txt", STORAGE)
    (first,) = library.add([path])
    before = rows(library)
    (again,) = library.add([path])
    assert (again.status, again.entry, again.warnings) == (Status.UNCHANGED, first.entry, ())
    assert rows(library) == before


def test_the_same_bytes_under_another_name_do_nothing_and_say_so(library, tmp_path) -> None:
    library.add([note(tmp_path, "weekly.txt", STORAGE)])
    (outcome,) = library.add([note(tmp_path, "other.txt", STORAGE)])
    assert outcome.status is Status.UNCHANGED
    assert outcome.entry.name == "weekly.txt"
    assert "weekly.txt" in outcome.warnings[0]
    assert rows(library)["reports"] == 1


def test_a_changed_file_replaces_its_old_self_everywhere(library, tmp_path) -> None:
    library.add([note(tmp_path, "weekly.txt", STORAGE, STORAGE.replace("储能", "光伏") * 3)])
    old = library.reports()[0]
    (outcome,) = library.add([note(tmp_path, "weekly.txt", METERS)])
    assert outcome.status is Status.REPLACED
    assert [entry.id for entry in library.reports()] == [outcome.entry.id] != [old.id]
    assert rows(library) | {"chunk_vocabulary": 0} == {
        "reports": 1, "chunks": 1, "chunk_words": 1, "chunk_vocabulary": 0, "pending": 0, "vectors": 1,
    }  # fmt: skip
    assert [hit.text for hit in library.search("储能招标容量")] == [METERS]  # all there is, and by its vector only
    assert library.search("储能招标容量")[0].lexical == 0


def test_removing_a_report_leaves_nothing_behind(library, tmp_path) -> None:
    library.add([note(tmp_path, "a.txt", STORAGE), note(tmp_path, "b.txt", METERS)])
    gone = library.remove("a.txt")
    assert gone.name == "a.txt"
    assert [hit.text for hit in library.search(STORAGE)] == [METERS]
    library.remove(library.reports()[0].id[:6])
    assert set(rows(library).values()) == {0}
    assert library.reports() == library.search("储能") == []


def test_an_unknown_report_is_told_with_those_that_are_there(library, tmp_path) -> None:
    library.add([note(tmp_path, "weekly.txt", STORAGE)])
    for call in (library.find, library.remove):
        with pytest.raises(StoreError, match=r"no report 'nothing\.pdf'.*weekly\.txt"):
            call("nothing.pdf")


def test_a_folder_is_searched_and_what_is_no_report_left_alone(library, tmp_path) -> None:
    folder = tmp_path / "inbox"
    note(folder, "a.txt", STORAGE)
    note(folder / "deep", "b.md", METERS)
    note(folder, "c.csv", "1,2")
    note(folder, ".hidden.txt", "hidden")
    assert sorted(o.path.name for o in library.add([folder])) == ["a.txt", "b.md"]
    assert len(library.reports()) == 2


def test_of_two_files_of_one_name_in_a_batch_the_second_is_refused(library, tmp_path) -> None:
    one, two = note(tmp_path / "1", "q.txt", STORAGE), note(tmp_path / "2", "q.txt", METERS)
    first, second = library.add([one, two])
    assert (first.status, second.status) == (Status.ADDED, Status.FAILED)
    assert str(one) in second.error.message
    assert "Rename" in second.error.remedy
    assert [o.status for o in library.add([one, note(tmp_path / "3", "q.txt", STORAGE)])] == [Status.UNCHANGED] * 2


def test_a_copy_is_passed_over_unless_named_and_stands_in_when_the_original_goes(samples, tmp_path) -> None:
    pdf = samples.find("zh_storage_weekly.pdf")
    text = "\n\n".join(hit.text for hit in samples.search("储能", k=400, reports=[pdf.id]))
    (outcome,) = samples.add([note(tmp_path, "weekly_copy.txt", text)])
    copy = samples.find("weekly_copy.txt")
    assert copy.copy_of == "zh_storage_weekly.pdf"
    assert samples.find("zh_storage_weekly.pdf").copy_of == ""
    question = "2 月国内新型储能招标容量是多少？"
    assert "weekly_copy.txt" not in {hit.report for hit in samples.search(question, k=30)}
    assert {hit.report for hit in samples.search(question, reports=[copy.id])} == {"weekly_copy.txt"}
    samples.remove("zh_storage_weekly.pdf")
    assert samples.find("weekly_copy.txt").copy_of == ""
    assert samples.search(question)[0].report == "weekly_copy.txt"
    samples.add([SAMPLES / "zh_storage_weekly.pdf"])
    samples.remove(outcome.entry.id)
    assert [entry.name for entry in samples.reports()] == ["en_annual_report.pdf", "zh_storage_weekly.pdf"]


@pytest.mark.parametrize(
    ("question", "report", "page"),
    [
        ("碳酸锂均价的周环比是多少？", "zh_storage_weekly.pdf", 5),
        ("Which inverter maker gained most this week?", "zh_storage_weekly.pdf", 6),
        ("How many patents were granted in 2025?", "en_annual_report.pdf", 4),
        ("公司的重组关闭了哪个工厂，什么时候？", "en_annual_report.pdf", 5),
    ],
)
def test_questions_find_their_page_in_either_language(samples, question, report, page) -> None:
    assert (report, page) in [(hit.report, hit.page) for hit in samples.search(question, k=5)]


def test_hits_come_best_first_and_only_from_the_reports_named(samples) -> None:
    hits = samples.search("net sales of the metering segment", k=20)
    assert len(hits) == 20
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.chunk_id for hit in hits}) == 20
    chinese = samples.find("zh_storage_weekly.pdf").id
    assert {hit.report_id for hit in samples.search("net sales", k=20, reports=[chinese])} == {chinese}


def test_a_disclaimer_does_not_come_before_the_text_it_speaks_of(samples) -> None:
    assert samples.search("投资建议", k=3)[0].kind is not BlockKind.DISCLAIMER


def test_a_store_opens_again_as_it_was(sample_store, embedder, tmp_path) -> None:
    store = tmp_path / "store"
    shutil.copytree(sample_store, store)
    found = []
    for _ in range(2):
        opened = Library(store, embedder)
        found.append((opened.reports(), opened.search("储能招标容量", k=5)))
        opened.close()
    assert found[0] == found[1]


def test_a_store_filled_by_another_embedder_is_refused(library, embedder, tmp_path) -> None:
    library.add([note(tmp_path, "weekly.txt", STORAGE)])
    library.close()
    with sqlite3.connect(library.store / "catalog.sqlite") as db:  # as another embedder would have left it
        db.execute("UPDATE meta SET value = 'other' WHERE key = 'embedder'")
        db.execute("UPDATE meta SET value = 'acme/other-model' WHERE key = 'embedder_name'")
    with pytest.raises(StoreError, match=r"acme/other-model.*--store") as refused:
        Library(library.store, embedder)
    assert embedder.name in refused.value.message


def test_entries_are_values(samples) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        samples.reports()[0].name = "x"


def test_a_renamed_report_is_found_under_its_new_name_everywhere(library, tmp_path) -> None:
    library.add([note(tmp_path, "weekly.txt", STORAGE)])
    entry = library.rename("weekly.txt", " 储能 周报 ")
    assert entry.name == "储能 周报.txt"
    assert [e.name for e in library.reports()] == ["储能 周报.txt"]
    assert library.search("储能招标")[0].report == "储能 周报.txt"
    assert library.rename(entry.id, "Weekly.TXT").name == "Weekly.txt"
    (notes,) = library._opening.stores.vectors._collection.get()["metadatas"]
    assert notes["report"] == "Weekly.txt"
    assert '"report": "Weekly.txt"' in notes["_node_content"]
    with pytest.raises(StoreError):
        library.find("weekly.txt")


def test_a_name_that_is_taken_or_cannot_be_is_refused(library, tmp_path) -> None:
    library.add([note(tmp_path, "one.txt", STORAGE), note(tmp_path, "two.txt", METERS)])
    with pytest.raises(StoreError, match=r"two\.txt already"):
        library.rename("one.txt", "two")
    for name in ("", " .txt", "../one", "a/b", "a\\b", "a\nb", ".hidden", "x" * 200, "长" * 70):
        with pytest.raises(StoreError, match="cannot be"):
            library.rename("one.txt", name)
    assert [entry.name for entry in library.reports()] == ["one.txt", "two.txt"]


def test_a_report_is_read_anew_from_the_file_in_the_store(library, tmp_path, monkeypatch) -> None:
    path = note(tmp_path, "weekly.txt", STORAGE)
    (first,) = library.add([path])
    library.rename("weekly.txt", "named")
    path.unlink()
    library._chunk_tokens = 10  # as other code would cut it
    outcome = library.reread(first.entry.id)
    assert (outcome.status, outcome.path.name, outcome.error) == (Status.REPLACED, "named.txt", None)
    assert [(e.name, e.sha256, e.added) for e in library.reports()] == [
        ("named.txt", first.entry.sha256, first.entry.added)
    ]
    kept = rows(library)
    assert (kept["reports"], kept["pending"]) == (1, 0)
    assert kept["chunks"] == kept["vectors"] == outcome.entry.chunks
    assert library.original(outcome.entry.id).read_text(encoding="utf-8") == STORAGE
    assert [hit.report_id for hit in library.search("储能招标")] == [outcome.entry.id] * outcome.entry.chunks
    again = library.reread(outcome.entry.id)
    for known in (first.entry.id, outcome.entry.id, first.entry.id[:6], again.entry.id):
        assert library.find(known).id == again.entry.id
    same = note(tmp_path, "weekly.txt", STORAGE)
    assert library.add([same])[0].status is Status.UNCHANGED


def test_a_report_that_cannot_be_read_anew_stays_as_it_was(library, tmp_path) -> None:
    (first,) = library.add([note(tmp_path, "weekly.txt", STORAGE)])
    library.original(first.entry.id).write_bytes(b"")
    outcome = library.reread("weekly.txt")
    assert (outcome.status, outcome.entry) == (Status.FAILED, None)
    assert [hit.text for hit in library.search("储能招标")] == [STORAGE]
    library.original(first.entry.id).unlink()
    with pytest.raises(StoreError, match="not in the store"):
        library.reread("weekly.txt")


def test_the_pages_of_an_encrypted_report_can_be_shown_and_read_anew(library, tmp_path) -> None:
    path = encrypted_pdf(tmp_path / "secret.pdf")
    (outcome,) = library.add([path], passwords=["wrong", "sesame"])
    assert outcome.error is None
    assert library.picture(outcome.entry.id, 1).startswith(b"\x89PNG")
    again = library.reread("secret.pdf")
    assert (again.status, again.entry.sha256) == (Status.REPLACED, outcome.entry.sha256)
    assert library.add([path])[0].status is Status.UNCHANGED


def test_what_was_set_aside_of_a_report_in_the_store_can_be_seen(samples) -> None:
    seen = samples.inspection("zh_storage_weekly.pdf")
    assert seen.report.name == "zh_storage_weekly.pdf"
    assert seen.branches
    assert {block.kind for block in seen.aside} >= {BlockKind.RUNNING}
    entry = samples.find("zh_storage_weekly.pdf")
    assert sum(len(page.chunks) for page in seen.pages) == entry.chunks


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.OCR])
def test_a_cancelled_ingest_leaves_what_is_whole_and_nothing_else(library, tmp_path, stage: Stage) -> None:
    first = note(tmp_path, "a.txt", STORAGE)
    library.add([first])
    cancelled = threading.Event()

    def watch(progress: Progress) -> None:
        if progress.stage is stage and progress.report == "b.pdf":
            cancelled.set()

    shutil.copy(SAMPLES / "zh_storage_weekly.pdf", tmp_path / "b.pdf")
    files = [first, tmp_path / "b.pdf", note(tmp_path, "c.txt", METERS * 40)]
    outcomes = library.add(files, watch, cancelled=cancelled)
    assert [o.path.name for o in outcomes] == ["a.txt", "b.pdf", "c.txt"]
    assert outcomes[0].status is Status.UNCHANGED
    # c.txt may have been whole before; at storing b.pdf is over the line
    assert outcomes[1].status is (Status.ADDED if stage is Stage.STORING else Status.CANCELLED)
    kept = rows(library)
    added = [o for o in outcomes[1:] if o.status is Status.ADDED]
    assert {o.status for o in outcomes[1:]} <= {Status.ADDED, Status.CANCELLED}
    assert (kept["reports"], kept["pending"]) == (1 + len(added), 0)
    assert kept["chunks"] == kept["vectors"] == 1 + sum(o.entry.chunks for o in added)
    assert not any(library.store.glob("files/.*"))
    assert [o.status for o in library.add(files[1:2])] == [Status.UNCHANGED if stage is Stage.STORING else Status.ADDED]


def test_an_ingest_cancelled_before_it_begins_reads_nothing(library, tmp_path) -> None:
    cancelled = threading.Event()
    cancelled.set()
    (outcome,) = library.add([note(tmp_path, "weekly.txt", STORAGE)], cancelled=cancelled)
    assert (outcome.status, outcome.entry, outcome.error) == (Status.CANCELLED, None, None)
    assert library.reports() == []
