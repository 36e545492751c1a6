"""A fair line of askers before a language model that writes only so many answers at a time.

Retrieval waits for nobody: an answer takes its place in the line when it first asks the model, and leaves it when it is
whole. Turns go round between the askers (start-time fair queueing, Goyal, Vin and Cheng 1996): whoever asks ten
questions at once waits with the second until the others have had their first.
"""

import bisect
import itertools
import queue
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from rag.llm import LanguageModel
from rag.types import Event, Waiting

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage

AGAIN = 1.0  # seconds after which who waits is told the place again, so that a front end sees that its user has left


class Cancelled(Exception):  # noqa: N818 - what happened; no user sees it
    """The asker has left."""


class Turn:
    """One answer's turn at the model. ``asker`` is whom turns go round between."""

    def __init__(self, turns: "Turns", asker: str) -> None:
        self.asker = asker
        self.cancelled = self.begun = False
        self.order = (0, 0)
        self._turns = turns

    def begin(self, on_place: Callable[[int], None]) -> None:
        """Wait until it is this turn; at once when it has begun. Raises Cancelled.

        ``on_place`` gets the place in the line, 1 for the next, whenever it changes, and 0 when the waiting is over; it
        is called under a lock and must not wait.
        """
        if not self.begun:
            self._turns.begin(self, on_place)

    def cancel(self) -> None:
        """Give the turn up, from any thread; what waits for it or writes ends with Cancelled."""
        self._turns.cancel(self)

    def end(self) -> None:
        """Let the next one begin."""
        if self.begun:
            self._turns.end(self)


class Turns:
    """The line before a model that writes ``at_once`` answers at a time."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._changed = threading.Condition()
        self._arrivals = itertools.count()
        self._waiting: list[Turn] = []
        self._round = 0
        self._rounds: dict[str, int] = {}  # of each asker's last turn, as far as it is not behind all others

    @property
    def waiting(self) -> int:
        """How many answers wait."""
        with self._changed:
            return len(self._waiting)

    def begin(self, turn: Turn, on_place: Callable[[int], None]) -> None:
        """See :meth:`Turn.begin`."""
        with self._changed:
            own = max(self._round, self._rounds.get(turn.asker, -1) + 1)
            self._rounds[turn.asker] = own
            turn.order = (own, next(self._arrivals))
            bisect.insort(self._waiting, turn, key=lambda other: other.order)
            self._changed.notify_all()
            told = 0
            try:
                while not (self._free and self._waiting[0] is turn):
                    if turn.cancelled:
                        raise Cancelled
                    place = self._waiting.index(turn) + 1
                    if place != told:
                        on_place(place)
                        told = place
                    self._changed.wait()
                self._free -= 1
                turn.begun = True
                self._round = own
                self._rounds = {asker: last for asker, last in self._rounds.items() if last >= own}
            finally:
                self._waiting.remove(turn)
                self._changed.notify_all()
            if told:
                on_place(0)

    def cancel(self, turn: Turn) -> None:
        """See :meth:`Turn.cancel`."""
        with self._changed:
            turn.cancelled = True
            self._changed.notify_all()

    def end(self, turn: Turn) -> None:
        """See :meth:`Turn.end`."""
        with self._changed:
            turn.begun = False
            self._free += 1
            self._changed.notify_all()


class _InTurn(LanguageModel):
    """A model as one answer has it: what is asked first waits for the turn, which lasts until the answer is whole."""

    def __init__(self, model: LanguageModel, turn: Turn, on_place: Callable[[int], None]) -> None:
        self.name, self.remote_host, self.prompts = model.name, model.remote_host, model.prompts
        self._model, self._turn, self._on_place = model, turn, on_place

    def start(self) -> None:
        self._model.start()

    def stream(self, messages: "Sequence[ChatMessage]", **options: Any) -> Generator[str, None, None]:
        self._turn.begin(self._on_place)
        with closing(self._model.stream(messages, **options)) as pieces:
            for piece in pieces:
                if self._turn.cancelled:
                    raise Cancelled
                yield piece

    def close(self) -> None:
        """Nothing: the model is not this answer's own."""


def in_turn(
    answer: Callable[[LanguageModel | None], Iterator[Event]], llm: LanguageModel | None, turns: Turns, asker: str
) -> Iterator[Event]:
    """The events of ``answer``, which is given the model as it may use it, with :class:`Waiting` while it may not.

    They are made in another thread, so that a front end that is slow to take them holds nobody up. Leaving the iterator
    gives the answer up. Raises what ``answer`` does.
    """
    events: queue.SimpleQueue[Event | BaseException | None] = queue.SimpleQueue()
    turn = Turn(turns, asker)
    model = _InTurn(llm, turn, lambda place: events.put(Waiting(place=place))) if llm is not None else None

    def work() -> None:
        ended: BaseException | None = None
        try:
            for event in answer(model):
                events.put(event)
                if turn.cancelled:
                    break
        except BaseException as error:  # it is the caller's
            ended = error
        turn.end()
        events.put(ended)

    threading.Thread(target=work, name="answer", daemon=True).start()
    waiting: Waiting | None = None
    try:
        while True:
            try:
                event = events.get(timeout=AGAIN if waiting else None)
            except queue.Empty:
                event = waiting
            if event is None:
                return
            if isinstance(event, BaseException):
                raise event
            waiting = event if isinstance(event, Waiting) and event.place else None
            yield event
    finally:
        turn.cancel()
