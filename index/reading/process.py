"""The program's side of one reading process (:mod:`index.reading.worker`)."""

import contextlib
import json
import logging
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from typing import Any

from index.reading.messages import Done, Failed, Long, Ready, Request, Step, receive, send, unpickle

log = logging.getLogger(__name__)
_START_SECONDS = 120.0  # a machine under load may need some; a process that never starts must still be told
_MEMORY_EXIT = 77
_PROGRAM = "import sys, json; sys.path[:] = json.loads(sys.argv.pop()); from index.reading.worker import main; main()"


class ProcessGone(Exception):  # noqa: N818 - what happened, not what a user sees
    """The process ended, or was ended, before it answered."""

    def __init__(self, how: str, timed_out: bool = False, out_of_memory: bool = False) -> None:
        super().__init__(how)
        self.how, self.timed_out, self.out_of_memory = how, timed_out, out_of_memory


class Process:
    """One reading process, used by one thread; any thread may kill it."""

    def __init__(self, memory_mb: int) -> None:
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process
        self._timed_out = False
        self._popen = subprocess.Popen(  # noqa: S603 - this program's own interpreter and code
            [sys.executable, "-c", _PROGRAM, str(memory_mb), json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
        )

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._popen.pid

    def wait_ready(self) -> None:
        """Wait until it can be given work. Raises ProcessGone when it does not start."""
        reply = self._within(_START_SECONDS, self._receive)
        if not isinstance(reply, Ready):
            raise ProcessGone("it said something else than that it is ready")

    def ask(self, request: Request, seconds: float, on_step: Callable[[Step], None]) -> Done | Failed | Long:
        """The answer to a request. Raises ProcessGone when it is not there after ``seconds`` or the process ended."""

        def talk() -> Any:
            assert self._popen.stdin is not None  # noqa: S101 - a pipe was asked for
            send(self._popen.stdin, request)
            while isinstance(reply := self._receive(), Step):
                on_step(reply)
            return reply

        reply = self._within(seconds, talk)
        if not isinstance(reply, Done | Failed | Long):
            self.kill()
            raise ProcessGone("it sent what it may not")
        return reply

    def _within(self, seconds: float, do: Callable[[], Any]) -> Any:
        timer = threading.Timer(seconds, self._time_is_up)
        timer.daemon = True
        timer.start()
        try:
            return do()
        except (OSError, EOFError, ValueError) as error:
            raise self._gone() from error
        except Exception as error:  # a reply that cannot be unpickled
            self.kill()
            log.warning("reply of a reading process refused: %r", error)
            raise ProcessGone("it sent what it may not") from error
        finally:
            timer.cancel()

    def _receive(self) -> Any:
        assert self._popen.stdout is not None  # noqa: S101 - a pipe was asked for
        return unpickle(receive(self._popen.stdout))

    def _time_is_up(self) -> None:
        self._timed_out = True
        self._popen.kill()

    def _gone(self) -> ProcessGone:
        try:
            code = self._popen.wait(5)
        except subprocess.TimeoutExpired:  # it closed its pipe but lives
            self._popen.kill()
            code = self._popen.wait()
        self._complaints.seek(0)
        said = self._complaints.read()[-2000:].decode("utf-8", "replace").strip()
        if said:
            log.info("a reading process ended with %d: %s", code, said)
        self.kill()
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return ProcessGone(how, self._timed_out, code == _MEMORY_EXIT)

    def stop(self) -> None:
        """End the process from another thread than the one that uses it, which then finds it gone."""
        self._popen.kill()

    def kill(self) -> None:
        """End the process, whatever it does, and let go of its pipes."""
        self._popen.kill()
        self._popen.wait()
        for pipe in (self._popen.stdin, self._popen.stdout, self._complaints):
            with contextlib.suppress(OSError):  # what was still to be written is of no use now
                if pipe is not None:
                    pipe.close()
