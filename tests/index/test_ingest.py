"""Adding reports: what is read ahead, what is not embedded twice, what is told meanwhile."""

import shutil
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from hard_files import line, pages_pdf
from pdf_files import encrypted_pdf
from test_crashes import whole

from index.embedding import Embedder, Vectors, open_embedder
from index.errors import ModelError, ReadError
from index.library import Library
from index.limits import Limits
from index.reading import ocr
from index.types import Progress, Stage, Status

SAMPLES = sorted((Path(__file__).parents[2] / "eval" / "data").glob("*.pdf"))


class Counting(Embedder):
    """The real embedder, noting the texts that it is given."""

    def __init__(self, real: Embedder) -> None:
        self._real = real
        self.name, self.fingerprint = real.name, real.fingerprint
        self.dimension, self.max_tokens = real.dimension, real.max_tokens
        self.given: list[str] = []

    def documents(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> Vectors:
        self.given += texts
        return self._real.documents(texts, progress)

    def query(self, text: str) -> Vectors:
        return self._real.query(text)

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        return self._real.token_counts(texts)


@pytest.fixture
def counting(embedder) -> Counting:
    return Counting(embedder)


@pytest.fixture
def library(tmp_path, counting):
    opened = Library(tmp_path / "store", counting)
    counting.given.clear()  # what opening measured
    yield opened
    opened.close()


def report(path: Path, *numbers: int) -> Path:
    """A text report with one page for each number."""
    said = "In segment {0} net sales rose by {0} percent because customers of plant {0} ordered more meters. " * 4
    path.write_text("\f".join(said.format(n) for n in numbers), encoding="utf-8")
    return path


def stored(library: Library) -> dict[str, np.ndarray]:
    """Every chunk's text with its vector."""
    (entry,) = library.reports()
    hits = library.search("net sales", k=entry.chunks, reports=[entry.id])
    found = library._opening.stores.vectors._collection.get(include=["embeddings", "documents"])
    assert len(hits) == entry.chunks == len(found["ids"])
    return dict(zip(found["documents"], found["embeddings"], strict=True))


def test_of_a_changed_report_only_what_changed_is_embedded_and_the_rest_keeps_its_vectors(
    library, counting, tmp_path
) -> None:
    path = tmp_path / "report.txt"
    library.add([report(path, 1, 2, 3)])
    first, before = list(counting.given), stored(library)
    counting.given.clear()
    (outcome,) = library.add([report(path, 1, 2, 7)])
    assert outcome.status is Status.REPLACED
    assert 0 < len(counting.given) < len(first)
    assert all("egment 7" in text for text in counting.given)
    after = stored(library)
    assert any("segment 3" in text for text in before)
    assert not any("segment 3" in text for text in after)
    same = before.keys() & after.keys()
    assert same
    assert all(np.allclose(before[text], after[text], atol=1e-6) for text in same)
    whole(library)


def test_vectors_kept_are_those_that_embedding_anew_gives(library, counting, embedder, tmp_path) -> None:
    path = tmp_path / "report.txt"
    library.add([report(path, 1, 2)])
    library.add([report(path, 1, 2, 3)])
    kept = stored(library)
    fresh = Library(tmp_path / "fresh", embedder)
    fresh.add([path])
    anew = stored(fresh)
    fresh.close()
    assert kept.keys() == anew.keys()
    assert all(float(kept[text] @ anew[text]) > 0.999 for text in kept)


def test_a_report_that_was_removed_is_embedded_again(library, counting, tmp_path) -> None:
    path = report(tmp_path / "report.txt", 1, 2)
    library.add([path])
    first = list(counting.given)
    library.remove("report.txt")
    counting.given.clear()
    library.add([path])
    assert sorted(counting.given) == sorted(first)


def test_text_that_repeats_is_embedded_once(library, counting, tmp_path) -> None:
    said = "Net sales rose by a tenth because customers of all plants ordered more meters than the year before. " * 3
    path = tmp_path / "report.txt"
    path.write_text("\f".join([said] * 5))
    (outcome,) = library.add([path])
    assert outcome.entry.chunks >= 5
    assert len(counting.given) == len(set(counting.given)) < outcome.entry.chunks
    whole(library)


def test_the_steps_of_several_files_are_told_each_in_order_and_one_at_a_time(library, tmp_path) -> None:
    long = pages_pdf(tmp_path / "long.pdf", [line(f"Net sales of unit {n} rose.") for n in range(40)])
    steps: dict[str, list[Progress]] = defaultdict(list)
    inside = []

    def tell(step: Progress) -> None:
        inside.append(step)
        assert len(inside) == 1
        steps[step.report].append(step)
        inside.pop()

    library.add([long, *SAMPLES], tell)
    assert steps.keys() == {"long.pdf", *(path.name for path in SAMPLES)}
    order = list(Stage)
    for told in steps.values():
        assert told == sorted(told, key=lambda step: (order.index(step.stage), step.done))
        assert {step.stage for step in told} == set(Stage) - {Stage.OCR}  # none is a scan
        for stage in set(Stage) - {Stage.OCR}:
            last = [step for step in told if step.stage is stage][-1]
            assert last.done == last.total > 0
        assert len({step.total for step in told if step.stage is Stage.READING}) == 1


@pytest.mark.skipif(not ocr.is_installed(), reason='pip install "report-qa[ocr]"')
def test_a_page_that_is_a_picture_is_told_as_ocr_before_it_is_read(library, tmp_path) -> None:
    page = pypdfium2.PdfDocument(SAMPLES[0])[1].render(scale=1.5).to_pil()
    page.save(tmp_path / "scan.pdf", resolution=108, save_all=True, append_images=[page])
    steps: list[Progress] = []
    library.add([tmp_path / "scan.pdf"], steps.append)
    told = [(step.done, step.total) for step in steps if step.stage is Stage.OCR]
    assert (told[0], told[-1]) == ((0, 2), (2, 2))
    assert Stage.READING not in {step.stage for step in steps}


def test_outcomes_come_in_the_order_of_the_files_and_say_what_they_took(library, tmp_path) -> None:
    long = pages_pdf(tmp_path / "long.pdf", [line(f"Net sales of unit {n} rose.") for n in range(40)])
    short = report(tmp_path / "short.txt", 1)
    outcomes = library.add([long, short, tmp_path / "missing.txt"])
    assert [outcome.path for outcome in outcomes] == [long, short, tmp_path / "missing.txt"]
    assert [outcome.status for outcome in outcomes] == [Status.ADDED, Status.ADDED, Status.FAILED]
    for outcome in outcomes[:2]:
        assert min(outcome.spent.reading, outcome.spent.embedding, outcome.spent.storing) > 0


def test_the_same_bytes_twice_in_a_batch_are_added_once(library, tmp_path) -> None:
    path = report(tmp_path / "one.txt", 1)
    copy = tmp_path / "two.txt"
    shutil.copy(path, copy)
    first, second, third = library.add([path, copy, path])
    assert [o.status for o in (first, second, third)] == [Status.ADDED, Status.UNCHANGED, Status.UNCHANGED]
    assert second.entry == first.entry
    assert "one.txt" in second.warnings[0]


def test_passwords_open_encrypted_reports_and_stand_nowhere(library, tmp_path) -> None:
    path = encrypted_pdf(tmp_path / "secret.pdf")
    (missing,) = library.add([path])
    assert "--password" in str(missing.error)
    (wrong,) = library.add([path], passwords=["parsley"])
    assert isinstance(wrong.error, ReadError)
    assert "no password that was given opens it" in str(wrong.error)
    (right,) = library.add([path], passwords=["parsley", "sesame"])
    assert right.status is Status.ADDED
    assert "sesame" not in f"{right!r} {wrong!r}"
    assert "parsley" not in f"{right!r} {wrong!r} {wrong.error!r}"
    library.close()
    for file in library.store.rglob("*"):
        assert not file.is_file() or b"sesame" not in file.read_bytes()


def test_a_library_opened_in_the_background_adds_and_searches_as_soon_as_it_can(models_dir, tmp_path) -> None:
    library = Library(tmp_path / "store", lambda: open_embedder("default", models_dir, 0), wait=False)
    (outcome,) = library.add([report(tmp_path / "report.txt", 1)])
    assert outcome.status is Status.ADDED
    assert library.search("net sales")[0].report == "report.txt"
    library.close()


def test_what_cannot_be_opened_in_the_background_is_an_error_of_the_first_call(tmp_path) -> None:
    library = Library(tmp_path / "store", lambda: open_embedder("default", tmp_path / "none", 0), wait=False)
    with pytest.raises(ModelError, match="models pull"):
        library.add([report(tmp_path / "report.txt", 1)])
    with pytest.raises(ModelError, match="models pull"):
        _ = library.embedder
    library.close()
    with pytest.raises(ModelError, match="models pull"):
        Library(tmp_path / "other", lambda: open_embedder("default", tmp_path / "none", 0))


def test_limits_hold_for_the_files_that_are_added(tmp_path, embedder) -> None:
    library = Library(tmp_path / "store", embedder, limits=Limits(pages=3))
    long = pages_pdf(tmp_path / "long.pdf", [line("Net sales rose.")] * 4)
    good = report(tmp_path / "good.txt", 1)
    failed, added = library.add([long, good])
    assert "the limit is 3" in str(failed.error)
    assert added.status is Status.ADDED
    library.close()
