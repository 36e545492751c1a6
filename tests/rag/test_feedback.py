import multiprocessing
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.errors import SettingsError, StoreError
from rag.feedback import Cited, Feedback, FeedbackStore
from rag.types import Answer, Citation, Timings


def judgement(question="毛利率是多少?", **fields):
    values = {"source": "chat", "answer": "43.5% [1]", "language": "zh", "found": True, "good": True}
    return Feedback(question=question, **{**values, **fields})


@pytest.fixture
def store(tmp_path):
    opened = FeedbackStore(tmp_path / "store" / "feedback.sqlite")
    yield opened
    opened.close()


def test_judgements_come_back_as_given_oldest_first(store):
    late = judgement("What was capex?", at="2026-03-02T09:00:00+00:00", language="en", good=False, source="slack",
                     user="U1", reason="wrong year", correction="1.2 billion", reports=("a.pdf", "b.pdf"),
                     citations=(Cited(report="a.pdf", page=3, quote="资本开支 “1.2”"),))  # fmt: skip
    early = judgement(at="2026-03-02T16:00:00+08:00")
    store.add(late)
    store.add(early)
    assert store.all() == [early, late]


def test_since_takes_dates_and_times_of_any_zone(store):
    for hour in ("07", "08", "09"):
        store.add(judgement(hour, at=f"2026-03-02T{hour}:00:00+00:00"))
    assert [f.question for f in store.all("2026-03-02T16:00:00+08:00")] == ["08", "09"]
    assert len(store.all("2026-03-02")) == 3
    assert store.all("2026-03-03") == []
    with pytest.raises(SettingsError, match="yesterday"):
        store.all("yesterday")


def test_a_reason_given_later_replaces_the_judgement(store):
    first = judgement(good=False)
    store.add(first)
    store.add(first.model_copy(update={"reason": "old figure"}))
    assert [f.reason for f in store.all()] == ["old figure"]


def test_half_characters_are_kept_as_question_marks(store):
    store.add(judgement("a\ud800b"))
    assert store.all()[0].question == "a?b"


def test_an_answer_becomes_a_judgement_with_its_citations():
    citation = Citation(n=1, report="a.pdf", title="A", page=2, section="S", quote="Q", score=0.5)
    answer = Answer(answer="A [1]", language="en", found=True, citations=(citation,), standalone="What was X in 2024?",
                    timings_ms=Timings(retrieve=1, first_token=None, total=2), model="m", embedder="e")  # fmt: skip
    made = Feedback.of("And in 2024?", answer, source="api", good=True, user="ann", reports=["a.pdf"])
    assert made.citations == (Cited(report="a.pdf", page=2, quote="Q"),)
    assert (made.standalone, made.user, made.reports) == ("What was X in 2024?", "ann", ("a.pdf",))


def _write(path: Path, writer: int) -> None:
    store = FeedbackStore(path)
    for number in range(20):
        store.add(judgement(f"{writer}-{number}"))
    store.close()


def test_threads_and_processes_write_at_once_and_nothing_is_lost(tmp_path):
    path = tmp_path / "feedback.sqlite"
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_write, args=(path, n)) for n in range(2)]
    for process in processes:
        process.start()
    store = FeedbackStore(path)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: store.add(judgement(f"thread-{n}")), range(40)))
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * 2
    assert len({f.question for f in store.all()}) == 80
    store.close()


def test_a_file_that_is_no_database_is_an_error_that_names_it(tmp_path):
    path = tmp_path / "feedback.sqlite"
    path.write_text("not a database, but long enough to look like a file of something else" * 20)
    with pytest.raises(StoreError, match=r"feedback\.sqlite"):
        FeedbackStore(path)


def test_what_was_written_survives_without_closing(tmp_path):
    path = tmp_path / "feedback.sqlite"
    FeedbackStore(path).add(judgement())
    other = sqlite3.connect(path)
    assert other.execute("SELECT count(*) FROM feedback").fetchone() == (1,)
    other.close()
