"""Files and stores that cannot be used: a clear error each, and the others of the batch done."""

import os
from pathlib import Path

import pytest
from pdf_files import encrypted_pdf, image_pdf

from index.errors import ReadError, StoreError
from index.library import Library
from index.types import Status

SAMPLES = Path(__file__).parents[2] / "eval" / "data"
GOOD = "Net sales rose by a tenth because more meters were delivered to utilities."


@pytest.fixture
def library(tmp_path, embedder):
    opened = Library(tmp_path / "store", embedder)
    yield opened
    opened.close()


def test_bad_files_are_told_and_the_good_ones_of_the_batch_added(library, tmp_path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "a_empty.pdf").touch()
    (folder / "b_text.pdf").write_text("Net sales rose.")
    (folder / "c_truncated.pdf").write_bytes((SAMPLES / "en_annual_report.pdf").read_bytes()[:3000])
    encrypted_pdf(folder / "d_secret.pdf")
    image_pdf(folder / "e_scan.pdf")
    (folder / "f_empty.txt").write_text(" \n")
    (folder / "g_binary.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "h_link.txt").symlink_to(folder / "nowhere.txt")
    (folder / "i_good.txt").write_text(GOOD)
    missing, empty_folder = tmp_path / "missing.pdf", tmp_path / "none"
    empty_folder.mkdir()
    outcomes = library.add([missing, empty_folder, folder, folder / "h_link.txt"])
    problems = {outcome.path.name: str(outcome.error) for outcome in outcomes if outcome.status is Status.FAILED}
    expected = {
        "missing.pdf": "cannot be opened",
        "none": "holds no reports",
        "a_empty.pdf": "is empty",
        "b_text.pdf": "is not a PDF",
        "c_truncated.pdf": "damaged",
        "d_secret.pdf": "is encrypted",
        "e_scan.pdf": "pictures",
        "f_empty.txt": "is empty",
        "g_binary.txt": "is not text",
        "h_link.txt": "cannot be opened",
    }
    assert problems.keys() == expected.keys()
    assert {name: text for name, text in expected.items() if text not in problems[name]} == {}
    for outcome in outcomes:
        if outcome.error:
            assert isinstance(outcome.error, ReadError)
            assert outcome.path.name in outcome.error.message
            assert outcome.error.remedy
    assert [entry.name for entry in library.reports()] == ["i_good.txt"]
    assert library.search("net sales")[0].text == GOOD


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_told(library, tmp_path) -> None:
    path = tmp_path / "locked.txt"
    path.write_text(GOOD)
    path.chmod(0)
    (outcome,) = library.add([path])
    assert "Permission denied" in str(outcome.error)


def test_a_report_that_fails_to_replace_leaves_the_old_one(library, tmp_path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(GOOD)
    library.add([path])
    path.write_text("")
    assert library.add([path])[0].status is Status.FAILED
    assert library.search("net sales")[0].text == GOOD


def test_a_report_of_signs_only_is_refused(library, tmp_path) -> None:
    path = tmp_path / "signs.txt"
    path.write_text("\u200b\ufeff\n\n \u3000")
    assert library.add([path])[0].status is Status.FAILED
    assert library.reports() == []


@pytest.mark.parametrize("query", ["", " ", "🙂🙂", "?", '"" OR *', "营收" * 10_000])
def test_any_query_gets_hits_or_none_but_no_error(library, tmp_path, query) -> None:
    path = tmp_path / "report.txt"
    path.write_text(GOOD)
    library.add([path])
    assert len(library.search(query)) <= 1


def test_an_empty_store_finds_nothing(library) -> None:
    assert library.reports() == library.search("net sales") == []


def test_a_catalogue_of_no_bytes_is_a_new_store(tmp_path, embedder) -> None:
    store = tmp_path / "store"
    store.mkdir()
    (store / "catalog.sqlite").touch()
    opened = Library(store, embedder)
    assert opened.reports() == []
    opened.close()


def test_a_damaged_catalogue_is_told_with_the_remedy(tmp_path, embedder) -> None:
    store = tmp_path / "store"
    store.mkdir()
    (store / "catalog.sqlite").write_bytes(os.urandom(8192))
    with pytest.raises(StoreError, match=r"catalog\.sqlite cannot be opened.*delete the store's folder"):
        Library(store, embedder)


def test_damaged_vectors_are_told_with_the_remedy(tmp_path, embedder) -> None:
    store = tmp_path / "store"
    (store / "chroma").mkdir(parents=True)
    (store / "chroma" / "chroma.sqlite3").write_bytes(os.urandom(8192))
    with pytest.raises(StoreError, match=r"vectors in .* cannot be opened.*delete the store's folder"):
        Library(store, embedder)


def test_a_store_where_a_file_stands_is_told(tmp_path, embedder) -> None:
    (tmp_path / "store").write_text("a file")
    with pytest.raises(StoreError, match=r"cannot be made.*--store"):
        Library(tmp_path / "store", embedder)
