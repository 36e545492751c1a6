"""The line before the model, alone and in the engine over the sample reports with a chat server on loopback."""

import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from index.library import Library
from rag import ReportQA
from rag import Turn as Earlier
from rag.llm import open_llm
from rag.queueing import Cancelled, Turn, Turns
from rag.settings import Settings
from rag.types import Answer, EvidenceReady, TextDelta, Waiting

MARGIN = "栎野电气2025年毛利率是多少？"
pytestmark = pytest.mark.usefixtures("clean_environment")


class Asker:
    """A thread that waits for a turn and tells its places."""

    def __init__(self, turns: Turns, name: str, begun: "queue.Queue[Asker]") -> None:
        self.name = name
        self.turn = Turn(turns, name)
        self.places: queue.Queue[int] = queue.Queue()
        self.cancelled = threading.Event()
        self._begun = begun
        threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        try:
            self.turn.begin(self.places.put)
            self._begun.put(self)
        except Cancelled:
            self.cancelled.set()


@pytest.fixture
def line() -> tuple[Callable[[str], Asker], "queue.Queue[Asker]"]:
    """Adds an asker to one line, in order; and those whose turn has begun, in order."""
    turns, begun = Turns(1), queue.Queue()

    def add(name: str) -> Asker:
        asker = Asker(turns, name, begun)
        if asker.name != "first":
            assert asker.places.get(timeout=10) > 0
        return asker

    return add, begun


def served(begun: "queue.Queue[Asker]", count: int) -> str:
    """The names of the next ``count`` askers, each of which ends its turn at once."""
    names = []
    for _ in range(count):
        asker = begun.get(timeout=10)
        names.append(asker.name)
        asker.turn.end()
    return "".join(names)


def test_turns_go_round_between_askers(line) -> None:
    add, begun = line
    add("first")
    first = begun.get(timeout=10)
    for name in "aaaabbc":
        add(name)
    first.turn.end()
    assert served(begun, 7) == "abcabaa"


def test_whoever_was_served_waits_behind_who_was_not(line) -> None:
    add, begun = line
    add("first")
    first = begun.get(timeout=10)
    add("a"), add("a"), add("a")
    first.turn.end()
    running = begun.get(timeout=10)
    add("b")
    running.turn.end()
    assert served(begun, 3) == "baa"


def test_places_count_down_and_end_with_nought(line) -> None:
    add, begun = line
    add("first")
    first = begun.get(timeout=10)
    add("a")
    third = Asker(first.turn._turns, "b", begun)
    assert third.places.get(timeout=10) == 2
    first.turn.end()
    assert third.places.get(timeout=10) == 1
    assert served(begun, 2) == "ab"
    assert third.places.get(timeout=10) == 0


def test_who_leaves_the_line_is_passed_over(line) -> None:
    add, begun = line
    add("first")
    first = begun.get(timeout=10)
    left, stays = add("a"), add("b")
    left.turn.cancel()
    assert left.cancelled.wait(10)
    assert stays.places.get(timeout=10) == 1
    first.turn.end()
    assert served(begun, 1) == "b"


@pytest.fixture(scope="module")
def library(sample_store, embedder) -> Iterator[Library]:
    opened = Library(sample_store, embedder)
    yield opened
    opened.close()


@pytest.fixture
def qa(library: Library, chat_server) -> ReportQA:
    """An engine with a server that writes one piece of its answer and then waits."""
    chat_server.pieces = ["栎野电气毛利率", "为 38.6%[1]。"]
    chat_server.go_on.clear()
    return opened(library, chat_server, llm_answers=1)


def opened(library: Library, chat_server, **settings: object) -> ReportQA:
    chosen = Settings(store=library.store, llm="m", llm_base_url=chat_server.url, **settings)  # type: ignore[arg-type]
    return ReportQA(library, chosen, open_llm(chosen))


def until(events: Iterator[object], kind: type) -> object:
    """The next event of a kind."""
    return next(event for event in events if isinstance(event, kind))


def test_twenty_at_once_all_get_evidence_and_a_place_and_then_an_answer(qa: ReportQA, chat_server) -> None:
    streams = [qa.stream(MARGIN, asker=f"user{n}") for n in range(20)]
    with ThreadPoolExecutor(20) as pool:
        first = list(pool.map(next, streams))
        assert all(isinstance(event, EvidenceReady) and event.evidence for event in first)
        second = list(pool.map(next, streams))
        waiting = [event.place for event in second if isinstance(event, Waiting)]
        assert len(waiting) == 19
        assert max(waiting) == 19
        assert len(chat_server.requests) == 1
        chat_server.go_on.set()
        answers = list(pool.map(lambda events: until(events, Answer), streams))
    assert [(a.found, a.failed) for a in answers] == [(True, False)] * 20
    assert all("38.6%" in a.answer for a in answers)


def test_a_place_is_told_again_while_nothing_changes(qa: ReportQA) -> None:
    writing, waits = qa.stream(MARGIN), qa.stream(MARGIN)
    until(writing, TextDelta)
    assert [until(waits, Waiting).place, next(waits).place, next(waits).place] == [1, 1, 1]


def test_who_leaves_while_waiting_is_never_put_to_the_model(qa: ReportQA, chat_server) -> None:
    writing, left, waits = (qa.stream(MARGIN, asker=name) for name in "abc")
    until(writing, TextDelta)
    until(left, Waiting)
    assert until(waits, Waiting) == Waiting(place=2)
    left.close()
    assert next(event.place for event in waits if event.place != 2) == 1
    chat_server.go_on.set()
    assert until(waits, Answer).found
    assert len(chat_server.requests) == 2


def test_who_leaves_while_the_model_writes_lets_the_next_one_begin(qa: ReportQA, chat_server) -> None:
    writing, waits = qa.stream(MARGIN, asker="a"), qa.stream(MARGIN, asker="b")
    until(writing, TextDelta)
    until(waits, Waiting)
    writing.close()
    chat_server.go_on.set()
    assert until(waits, Answer).found


def test_who_does_not_take_the_answer_holds_nobody_up(qa: ReportQA, chat_server) -> None:
    asleep, waits = qa.stream(MARGIN), qa.stream(MARGIN)
    until(asleep, TextDelta)
    until(waits, Waiting)
    chat_server.go_on.set()
    assert until(waits, Answer).found
    assert until(asleep, Answer).found


def test_what_needs_no_model_does_not_wait_for_it(qa: ReportQA) -> None:
    writing = qa.stream(MARGIN)
    until(writing, TextDelta)
    events = list(qa.stream("这些报告是否前后一致？请概括要点。"))
    assert isinstance(events[-1], Answer)
    assert not any(isinstance(event, Waiting) for event in events)


def test_a_server_may_be_asked_for_several_answers_at_a_time(library: Library, chat_server) -> None:
    chat_server.pieces = ["栎野电气毛利率", "为 38.6%[1]。"]
    chat_server.go_on.clear()
    qa = opened(library, chat_server)
    streams = [qa.stream(MARGIN) for _ in range(5)]
    for stream in streams[:4]:
        until(stream, TextDelta)
    assert until(streams[4], Waiting) == Waiting(place=1)


def test_a_follow_up_that_only_the_model_understands_waits_before_its_evidence(qa: ReportQA, chat_server) -> None:
    writing = qa.stream(MARGIN)
    until(writing, TextDelta)
    history = [Earlier(question=MARGIN, answer="毛利率为 38.6%[1]。")]
    waits = qa.stream("Why?", history)
    assert next(waits) == Waiting(place=1)
    chat_server.go_on.set()
    assert [type(event) for event in waits if not isinstance(event, Waiting | TextDelta)] == [EvidenceReady, Answer]
