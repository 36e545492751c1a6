"""What bots remember: claims that hold between processes, threads, and what is given up."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from stand_in import ME, event, mention, ts_of, wait_for

from rag.bots.book import Book
from rag.bots.queue import ThreadQueue
from rag.slack.incoming import of_event


def test_of_many_processes_one_claims_a_message(tmp_path) -> None:
    books = [Book(tmp_path) for _ in range(6)]  # each with a connection of its own, as processes have
    messages = [of_event(mention(f"question {n}"), ME) for n in range(40)]
    with ThreadPoolExecutor(6) as pool:
        claims = list(pool.map(lambda book: [book.claim(message) for message in messages], books))
    for book in books:
        book.close()
    assert [sum(column) for column in zip(*claims, strict=True)] == [1] * 40


def test_a_message_that_ended_its_process_twice_is_given_up(slack, start, store) -> None:
    body = mention("How much?")
    first = Book(store)
    first.claim(of_event(body, ME))
    first.close()
    second = Book(store)
    assert [tries for _, tries in second.left_behind("slack")] == [2]
    second.close()
    start("http")
    said = wait_for(lambda: slack.thread(ts_of(body)), "the reply")
    assert "ask it again" in said[0]["text"]


def test_history_belongs_to_a_thread_of_a_channel_of_a_team(tmp_path) -> None:
    book = Book(tmp_path)
    here = of_event(event("message", "x", thread="1.1"), ME)
    book.join(here)
    book.set_about(here, ("r1", "r2"))
    assert book.joined(here)
    assert book.about(here) == ("r1", "r2")
    for other in ({"team": "T2"}, {"channel": "C2"}, {"thread": "1.2"}):
        assert not book.joined(here.model_copy(update=other))
        assert book.about(here.model_copy(update=other)) == ()
    book.close()


def test_work_of_one_thread_is_done_in_order_and_of_others_beside_it() -> None:
    import threading

    queue, done, held = ThreadQueue(2), [], threading.Event()
    queue.add("a", lambda: (held.wait(30), done.append("a1")))
    assert queue.add("a", lambda: done.append("a2"))  # waits for the first
    queue.add("b", lambda: done.append("b1"))
    wait_for(lambda: "b1" in done, "the other thread's work")
    assert done == ["b1"]
    held.set()
    wait_for(lambda: len(done) == 3, "all work")
    queue.close()
    assert done == ["b1", "a1", "a2"]


def test_what_a_killed_process_had_claimed_is_taken_over(tmp_path) -> None:
    incoming = of_event(mention("How much?"), ME)
    code = (
        "import os, sys; from pathlib import Path; from rag.bots.book import Book;"
        "from rag.bots.service import Incoming;"
        "book = Book(Path(sys.argv[1])); assert book.claim(Incoming.model_validate_json(sys.argv[2]));"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path), incoming.model_dump_json()], check=False)
    book = Book(tmp_path)
    assert not book.claim(incoming)
    assert book.left_behind("slack") == [(incoming, 2)]
    book.close()
