"""Files on their way through the reading processes, and what becomes of them."""

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from index.errors import ReadError
from index.reading.messages import Job, Step
from index.types import Report

OnStep = Callable[[Job, int, int, bool], None]


@dataclass(frozen=True, slots=True)
class Read:
    """What became of one file: the report or the error, and the seconds that processes worked on it, added up."""

    job: Job
    report: Report | None
    error: ReadError | None
    seconds: float


@dataclass(slots=True)
class Run:
    """One call of :meth:`ReadingPool.read`."""

    results: "queue.SimpleQueue[Read | BaseException]" = field(default_factory=queue.SimpleQueue)
    cancelled: bool = False


class File:
    """A file on its way. Its clock runs while at least one process works on it."""

    def __init__(self, job: Job, run: Run, order: int, on_step: OnStep) -> None:
        self.job, self.run, self.order = job, run, order
        self.over = False
        self.parts: dict[int, bytes] = {}
        self.expected = 0
        self.lock = threading.Lock()
        self._on_step = on_step
        self._steps: dict[int, Step] = {}
        self._working = 0
        self._used = self._since = 0.0
        self.worked = 0.0

    def begin(self) -> float:
        """A process begins to work on it; returns the seconds it has had so far."""
        with self.lock:
            now = time.monotonic()
            if not self._working:
                self._since = now
            self._working += 1
            return self._used + now - self._since

    def pause(self, seconds: float) -> None:
        """A process has worked on it for ``seconds``."""
        with self.lock:
            self.worked += seconds
            self._working -= 1
            if not self._working:
                self._used += time.monotonic() - self._since

    def step(self, first: int, step: Step) -> None:
        """So far is the range of pages that begins at ``first``."""
        try:
            with self.lock:
                self._steps[first] = step
                if not (self.over or self.run.cancelled):
                    steps = self._steps.values()
                    done, ocr = sum(one.done for one in steps), any(one.ocr and one.done < one.total for one in steps)
                    self._on_step(self.job, done, self.expected or step.total, ocr or step.ocr)
        except BaseException as error:  # the caller's own; it must reach the caller, not end this thread
            self.over = True
            self.run.results.put(error)

    def finish(self, report: Report | None, error: ReadError | None) -> None:
        """Tell the caller; only the first time counts."""
        with self.lock:
            if self.over:
                return
            self.over = True
            self.parts.clear()
        self.run.results.put(Read(self.job, report, error, self.worked))
