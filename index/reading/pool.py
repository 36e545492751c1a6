"""Reads files in processes of their own, as many as there are cores, each file within its limits.

A file that crashes its process, hangs past the limit or takes too much memory is a ReadError; the process is replaced
and the other files go on. Long PDFs are shared: the ranges of their pages go to all processes, then one of them puts
the parts together.
"""

import contextlib
import itertools
import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from index import reading
from index.errors import ReadError
from index.limits import Limits
from index.reading.messages import Assemble, Done, Failed, Job, Long, Open, Pages, Request, ranges, unpickle
from index.reading.process import Process, ProcessGone
from index.reading.underway import File, OnStep, Read, Run
from index.types import Report

log = logging.getLogger(__name__)
RANGE = 8  # pages of a long file that one process reads at a time
_IDLE_SECONDS = 30.0
_LOOK_SECONDS = 0.2  # between looks whether the caller has cancelled
_LAST = 2**31


@dataclass(order=True, slots=True)
class _Task:
    priority: tuple[int, int]
    file: File | None = field(compare=False)
    request: Request | None = field(compare=False)


class ReadingPool:
    """Processes that read files. Each starts when there is work for it and ends when there has been none for a while.

    ``workers`` 0 means as many as there are cores. May be used from several threads at once; close it, or use it in a
    ``with`` statement. What the caller's process holds (models, locks, open stores) is not in these processes.
    """

    def __init__(self, limits: Limits | None = None, workers: int = 0) -> None:
        self.limits = limits or Limits()
        self.workers = workers or cores()
        self._tasks: queue.PriorityQueue[_Task] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._orders = itertools.count()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._processes: set[Process] = set()
        self._serving: dict[Process, File] = {}
        self._closed = False

    def __enter__(self) -> "ReadingPool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all processes, also those that are reading."""
        with self._lock:
            self._closed = True
            threads, self._threads = self._threads, []
            processes = list(self._processes)
        for process in processes:
            process.stop()
        for _ in threads:
            self._put(None, None, _LAST)
        for thread in threads:
            thread.join()

    @property
    def processes(self) -> tuple[int, ...]:
        """The ids of the processes that are running."""
        with self._lock:
            return tuple(process.pid for process in self._processes)

    def read(
        self,
        jobs: Sequence[Job],
        on_step: OnStep = lambda job, done, total, ocr: None,
        cancelled: threading.Event | None = None,
    ) -> Generator[Read, None, None]:
        """Read files, giving each as soon as it is ready, which need not be in order.

        ``on_step`` gets (job, pages done, pages in all, whether one is read by OCR), from other threads. No more than
        a few reports wait to be taken; leaving the iterator gives up the files that are not read yet, and
        ``cancelled`` ends it.
        """
        run = Run()
        files = [File(job, run, next(self._orders), on_step) for job in jobs]
        return self._read(run, files, self._begin(run, files), cancelled)

    def _begin(self, run: Run, files: list[File]) -> Iterator[File]:
        """Start on the first files at once, before anything is taken."""
        waiting = iter(files)
        self._start_threads()
        for file in itertools.islice(waiting, self.workers + 1):
            self._put(file, Open(file.job, self.limits, self.workers > 1), file.order)
        return waiting

    def _read(
        self, run: Run, files: list[File], waiting: Iterator[File], cancelled: threading.Event | None
    ) -> Generator[Read, None, None]:
        whole = False
        try:
            for _ in files:
                result = _next(run, cancelled)
                if result is None:
                    return
                if isinstance(result, BaseException):
                    raise result
                yield result
                del result  # a report may be large
                for file in itertools.islice(waiting, 1):
                    self._put(file, Open(file.job, self.limits, self.workers > 1), file.order)
            whole = True
        finally:
            with self._lock:
                run.cancelled = True
                given_up = [] if whole else [process for process, file in self._serving.items() if file.run is run]
            for process in given_up:
                process.stop()

    def _put(self, file: File | None, request: Request | None, order: int) -> None:
        self._tasks.put(_Task((order, next(self._numbers)), file, request))

    def _start_threads(self) -> None:
        with self._lock:
            if self._closed:
                raise RuntimeError("this ReadingPool is closed")
            while len(self._threads) < self.workers:
                thread = threading.Thread(target=self._work, name=f"reading-{len(self._threads)}", daemon=True)
                self._threads.append(thread)
                thread.start()

    def _work(self) -> None:
        process: Process | None = None
        while True:
            try:
                task = self._tasks.get(timeout=_IDLE_SECONDS if process else None)
            except queue.Empty:
                self._end(process)
                process = None
                continue
            if task.file is None or task.request is None:
                self._end(process)
                return
            if task.file.over or task.file.run.cancelled or self._closed:
                continue
            try:
                process = self._serve(process, task.file, task.request)
            except Exception as error:
                log.exception("reading %s", task.file.job.path)
                self._end(process)
                process = None
                task.file.finish(None, ReadError(f"{task.file.job.path.name} cannot be read: {error!r}."))

    def _end(self, process: Process | None) -> None:
        """End a process that is not to be used again."""
        if process is not None:
            process.kill()
            with self._lock:
                self._processes.discard(process)

    def _start(self) -> Process:
        process = Process(self.limits.memory_mb)
        with self._lock:
            self._processes.add(process)
            closed = self._closed
        if closed:
            process.stop()
        try:
            process.wait_ready()
        except ProcessGone:
            self._end(process)
            raise
        return process

    def _serve(self, process: Process | None, file: File, request: Request) -> Process | None:
        """Have one request answered; returns the process when it can be used again."""
        if process is None:
            try:
                process = self._start()
            except ProcessGone as gone:
                file.finish(None, _cannot_start(gone))
                return None
        with self._lock:
            if file.run.cancelled:
                return process
            self._serving[process] = file
        first = request.first if isinstance(request, Pages) else 1
        seconds = self.limits.seconds - file.begin()
        started = time.monotonic()
        try:
            reply = process.ask(request, max(0.01, seconds), lambda step: file.step(first, step))
        except ProcessGone as gone:
            file.finish(None, self._broken(file.job, gone))
            self._end(process)
            return None
        finally:
            with self._lock:
                self._serving.pop(process, None)
            file.pause(time.monotonic() - started)
        try:
            self._take(file, request, reply)
        except Exception as error:  # such as a reply that no reader sends
            log.warning("%s: reply refused: %r", file.job.path.name, error)
            file.finish(None, _crashed(file.job, "it sent what it may not"))
            self._end(process)
            return None
        if isinstance(reply, Done | Failed) and reply.tired:
            self._end(process)
            return None
        return process

    def _take(self, file: File, request: Request, reply: Done | Failed | Long) -> None:
        if isinstance(reply, Failed):
            if reply.trace:
                log.warning("%s could not be read:\n%s", file.job.path.name, reply.trace)
            error = unpickle(reply.error)
            file.finish(None, error if isinstance(error, ReadError) else ReadError(str(error)))
        elif isinstance(reply, Long):
            file.expected = min(reply.total, self.limits.pages)
            for first, last in ranges(file.expected, RANGE):
                self._put(file, Pages(file.job, self.limits, first, last), file.order)
        elif isinstance(request, Pages):
            with file.lock:
                file.parts[request.first] = reply.value
                ready = sum(1 for _ in file.parts) == len(ranges(file.expected, RANGE))
                parts = tuple(file.parts[key] for key in sorted(file.parts)) if ready else ()
            if ready:
                self._put(file, Assemble(file.job, parts), file.order)
        else:
            report: Any = unpickle(reply.value)
            if not isinstance(report, Report):
                raise TypeError(f"{type(report).__name__} instead of a report")
            file.finish(report, None)

    def _broken(self, job: Job, gone: ProcessGone) -> ReadError:
        if gone.timed_out:
            return ReadError(
                f"{job.path.name} takes longer than {self.limits.seconds:g} seconds to read.",
                "Raise the setting max_seconds, or split the file.",
            )
        if gone.out_of_memory:
            return ReadError(
                f"{job.path.name} takes more than {self.limits.memory_mb} MB of memory to read.",
                "Raise the setting max_memory_mb, or split the file.",
            )
        return _crashed(job, gone.how)


def _next(run: Run, cancelled: threading.Event | None) -> Read | BaseException | None:
    """What comes next of a run, None when it has been cancelled."""
    while cancelled is None or not cancelled.is_set():
        with contextlib.suppress(queue.Empty):
            return run.results.get(timeout=None if cancelled is None else _LOOK_SECONDS)
    return None


def _crashed(job: Job, how: str) -> ReadError:
    return ReadError(
        f"{job.path.name} broke the process that read it ({how}).",
        "It is damaged or made to do harm; print it to a new PDF and add that.",
    )


def _cannot_start(gone: ProcessGone) -> ReadError:
    return ReadError(
        f"The process that reads reports could not be started ({gone.how}).",
        "Check the memory that is free and the setting max_memory_mb, and see the log.",
    )


def cores() -> int:
    """How many cores this process may use."""
    with contextlib.suppress(AttributeError):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def read_file(
    path: Path,
    limits: Limits | None = None,
    passwords: Sequence[str] = (),
    on_step: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Read one file in processes of their own; ``on_step`` gets pages done and pages in all.

    Raises ReadError when it cannot be read within the limits.
    """
    reading.reader(path)
    with ReadingPool(limits) as pool:
        job = Job(path, reading.file_hash(path), tuple(passwords))
        (read,) = pool.read([job], lambda _, done, total, ocr: on_step(done, total))
    if read.report is None:
        raise read.error or ReadError(f"{path.name} cannot be read.")
    return read.report
