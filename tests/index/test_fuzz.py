"""Five hundred damaged PDFs: each is a report or a clear error, within its time, and no store is left half filled."""

from pathlib import Path

import pytest
from hard_files import damaged
from test_crashes import whole

from index import reading
from index.errors import ReadError
from index.library import Library
from index.limits import Limits
from index.reading.messages import Job
from index.reading.pool import ReadingPool
from index.types import Report, Status

SAMPLES = sorted((Path(__file__).parents[2] / "eval" / "data").glob("*.pdf"))
FILES = 500
LIMITS = Limits(seconds=20, memory_mb=512)


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("damaged")
    paths = []
    for seed, sample in enumerate(SAMPLES):
        for number, data in enumerate(damaged(sample.read_bytes(), FILES // len(SAMPLES), seed)):
            paths.append(folder / f"{sample.stem}_{number:03}.pdf")
            paths[-1].write_bytes(data)
    return paths


def test_every_damaged_file_gives_a_report_or_a_clear_error_in_time(files) -> None:
    assert len(files) == FILES
    with ReadingPool(LIMITS) as pool:
        results = list(pool.read([Job(path, reading.file_hash(path)) for path in files]))
    assert sorted(result.job.path for result in results) == files
    for result in results:
        assert (result.report is None) != (result.error is None)
        if result.error is None:
            assert isinstance(result.report, Report)
            assert result.report.pages
        else:
            assert isinstance(result.error, ReadError)
            assert result.job.path.name in result.error.message
            assert result.error.remedy
    read = sum(result.error is None for result in results)
    assert 0.3 * FILES < read < 0.95 * FILES  # the damage is neither so small nor so great that nothing is tried


def test_damaged_versions_of_a_report_leave_the_old_or_the_new_one_whole(files, embedder, tmp_path) -> None:
    library = Library(tmp_path / "store", embedder, limits=LIMITS)
    path = tmp_path / SAMPLES[1].name
    path.write_bytes(SAMPLES[1].read_bytes())
    library.add([path])
    changed = failed = 0
    for version in files[FILES // 2 : FILES // 2 + 15]:
        before = library.reports()
        path.write_bytes(version.read_bytes())
        (outcome,) = library.add([path])
        texts = whole(library)
        assert len(library.reports()) == 1
        if outcome.status is Status.FAILED:
            failed += 1
            assert library.reports() == before
        else:
            changed += 1
            assert library.reports()[0].id == outcome.entry.id
            assert len(texts) == outcome.entry.chunks > 0
    library.close()
    assert changed
    assert failed


def test_damaged_files_in_a_batch_do_not_keep_the_whole_ones_out(files, embedder, tmp_path) -> None:
    library = Library(tmp_path / "store", embedder, limits=LIMITS)
    cut = [path for path in files if path.stat().st_size < 2000 or b"%%EOF" not in path.read_bytes()[-64:]][:20]
    outcomes = library.add([*cut[:10], SAMPLES[0], *cut[10:]])
    assert [outcome.path for outcome in outcomes] == [*cut[:10], SAMPLES[0], *cut[10:]]
    added = [outcome.entry.name for outcome in outcomes if outcome.entry]
    assert SAMPLES[0].name in added
    assert sorted(added) == [entry.name for entry in library.reports()]
    whole(library)
    library.close()
