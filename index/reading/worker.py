"""A reading process: takes requests from its input, reads files, and writes reports to its output.

It is started by :mod:`index.reading.pool` as a program of its own, not through ``multiprocessing``, so that nothing of
the program that uses it is imported again, and imports nothing but what reading needs. It ends when its input does,
even in the middle of a file, so that none outlives the program.
"""

import contextlib
import os
import pickle
import queue
import signal
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any, BinaryIO

from index import reading
from index.errors import ReadError
from index.reading import pdf
from index.reading.messages import Assemble, Done, Failed, Job, Long, Pages, Ready, Request, Step, receive, send
from index.reading.messages import unpickle as unpickle_part

MEMORY_EXIT = 77  # the exit code that says: more memory than the limit
LONG_FILE = 24  # pages from which a file is shared; below, telling another process costs more than it saves
_HEADROOM = 1024 * 2**20  # bytes of address space over the limit: code, stacks and arenas that are never touched
_STEP_SECONDS = 0.1


def main() -> None:
    """Serve requests until the input ends. The first argument is the memory limit in MB."""
    memory = int(sys.argv[1]) * 2**20
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the program decides, and closes the input
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the replies
    _limit_memory(memory)
    inbox: queue.SimpleQueue[Request] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(os.fdopen(os.dup(0), "rb"), inbox), daemon=True).start()
    threading.Thread(target=_watch_memory, args=(memory,), daemon=True).start()
    import pypdfium2  # noqa: F401 - before the first file, which has only so much time

    send(replies, Ready())
    server = _Server(replies, memory)
    while server.serve(inbox.get()):
        pass


def _listen(requests: BinaryIO, inbox: "queue.SimpleQueue[Request]") -> None:
    while True:
        try:
            inbox.put(pickle.loads(receive(requests)))  # noqa: S301 - from the program that started this process
        except EOFError:
            os._exit(0)


def _limit_memory(memory: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        wanted = memory + _HEADROOM
        resource.setrlimit(resource.RLIMIT_AS, (wanted if hard < 0 else min(wanted, hard), hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _watch_memory(memory: int) -> None:
    while True:
        if memory_used() > memory:
            os._exit(MEMORY_EXIT)
        time.sleep(0.05)


def memory_used() -> int:
    """Resident memory of this process in bytes: what it has now, or, where that cannot be known, what it had most."""
    try:
        pages = int(Path("/proc/self/statm").read_bytes().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        pass
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


class _Server:
    """Answers requests, keeping the file of the last one open: the next is often for other pages of it."""

    def __init__(self, replies: BinaryIO, memory: int) -> None:
        self._replies, self._memory = replies, memory
        self._open: tuple[Job, Any] | None = None
        self._last_step, self._ocr = 0.0, False

    def serve(self, request: Request) -> bool:
        """Answer one request; False when the process should end."""
        trace = ""
        try:
            answer = self._answer(request)
        except ReadError as error:
            answer = error
        except MemoryError:
            answer = too_much_memory(request.job.path.name, self._memory // 2**20)
        except RecursionError:
            answer = ReadError(
                f"{request.job.path.name} is nested too deeply to be read.", "Print it to a new PDF and add that."
            )
        except Exception as error:
            trace = traceback.format_exc()
            answer = ReadError(
                f"{request.job.path.name} cannot be read: {type(error).__name__}.",
                "It may be damaged; save it anew and add that.",
            )
        if not isinstance(answer, Long) and not isinstance(request, Pages):
            self._close()
        tired = memory_used() > self._memory // 2
        if isinstance(answer, ReadError):
            reply: object = Failed(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL), trace, tired)
        elif isinstance(answer, Long):
            reply = answer
        else:
            reply = Done(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL), tired)
        send(self._replies, reply)
        return not (tired and isinstance(reply, Done | Failed))

    def _answer(self, request: Request) -> Any:
        job = request.job
        if isinstance(request, Assemble):
            return pdf.put_together(job.path, job.sha256, [unpickle_part(part) for part in request.parts])
        if isinstance(request, Pages):
            total = request.last - request.first + 1
            return pdf.read_part(
                self._document(job, request.limits), request.first, request.last, request.limits,
                lambda done, ocr: self._step(done, total, ocr),
            )  # fmt: skip
        limits = request.limits
        if reading.reader(job.path) is pdf.read:
            total = pdf.page_count(job.path, self._document(job, limits), limits.pages)
            if request.share and total >= LONG_FILE:
                return Long(total)
            part = pdf.read_part(
                self._document(job, limits), 1, total, limits, lambda done, ocr: self._step(done, total, ocr)
            )
            return pdf.put_together(job.path, job.sha256, [part])
        data = reading.load(job.path, limits.file_bytes, job.sha256)
        return reading.read_data(job.path, data, job.sha256, self._step, job.passwords, limits)

    def _document(self, job: Job, limits: Any) -> Any:
        if self._open is None or self._open[0] != job:
            self._close()
            data = reading.load(job.path, limits.file_bytes, job.sha256)
            self._open = job, pdf.open_pdf(job.path, data, job.passwords)
        return self._open[1]

    def _close(self) -> None:
        if self._open is not None:
            document, self._open = self._open[1], None
            with contextlib.suppress(Exception):
                document.close()

    def _step(self, done: int, total: int, ocr: bool = False) -> None:
        now = time.monotonic()
        if done == total or ocr is not self._ocr or now - self._last_step >= _STEP_SECONDS:
            self._last_step, self._ocr = now, ocr
            send(self._replies, Step(done, total, ocr))


def too_much_memory(name: str, limit_mb: int) -> ReadError:
    """The error for a file that takes more memory to read than it may."""
    return ReadError(
        f"{name} takes more than {limit_mb} MB of memory to read.",
        "Raise the setting max_memory_mb, or split the file.",
    )
