"""Uploaded files being added to the store, one upload after the other."""

import logging
import shutil
import threading
import uuid
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from index.types import Outcome, Progress
from rag.api.problems import NotFoundError, RequestError, problem_of
from rag.api.schemas import FileState, Job, Report

if TYPE_CHECKING:
    from rag.engine import ReportQA

log = logging.getLogger(__name__)
MOST_WAITING = 100  # uploads whose files lie on the disk until their turn
_REMEMBERED = 1000


class Jobs:
    """The uploads of this process. A finished one is remembered until a thousand came after it."""

    def __init__(self, qa: "ReportQA") -> None:
        self._qa = qa
        self._lock = threading.Lock()
        self._jobs: OrderedDict[str, tuple[str, Job]] = OrderedDict()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="uploads")

    def check_room(self) -> None:
        """Raise RequestError (429) when too many uploads wait."""
        with self._lock:
            waiting = sum(job.state != "done" for _, job in self._jobs.values())
        if waiting >= MOST_WAITING:
            raise RequestError(
                429, f"{waiting} uploads are waiting.", "Try again when some are done.", {"retry-after": "30"}
            )

    def start(self, user: str, folder: Path, files: list[Path]) -> Job:
        """Add ``files``, which lie in ``folder``; that is deleted afterwards."""
        job = Job(id=uuid.uuid4().hex, state="waiting", files=[FileState(file=file.name) for file in files])
        with self._lock:
            self._jobs[job.id] = user, job
            done = [key for key, (_, old) in self._jobs.items() if old.state == "done"]
            for key in done[: max(0, len(self._jobs) - _REMEMBERED)]:
                del self._jobs[key]
        self._worker.submit(self._work, job.id, folder, files)
        return job

    def find(self, user: str, id: str) -> Job:
        """An upload of this user, as it stands. Raises NotFoundError."""
        with self._lock:
            owner, job = self._jobs.get(id, ("", None))
        if job is None or owner != user:
            raise NotFoundError(f"There is no upload {id!r}.", "Uploads are forgotten when the server ends.")
        return job

    def _change(self, id: str, **values: object) -> None:
        with self._lock:
            user, job = self._jobs[id]
            self._jobs[id] = user, job.model_copy(update=values)

    def _change_file(self, id: str, number: int, state: FileState) -> None:
        with self._lock:
            user, job = self._jobs[id]
            files = [state if n == number else old for n, old in enumerate(job.files)]
            self._jobs[id] = user, job.model_copy(update={"files": files})

    def _work(self, id: str, folder: Path, files: list[Path]) -> None:
        numbers = {file.name: number for number, file in enumerate(files)}

        def tell(step: Progress) -> None:
            number = numbers[step.report]
            values = {"status": "working", "stage": step.stage.value, "done": step.done, "total": step.total}
            self._change_file(id, number, FileState.model_validate({"file": step.report, **values}))

        self._change(id, state="working")
        try:
            for number, outcome in enumerate(self._qa.ingest(files, tell)):
                self._change_file(id, number, _state(outcome))
        except Exception as error:  # the store or the embedder, not one of the files
            problem = problem_of(error)
            for number, file in enumerate(files):
                self._change_file(id, number, FileState(file=file.name, status="failed", error=problem))
        finally:
            self._change(id, state="done")
            shutil.rmtree(folder, ignore_errors=True)


def _state(outcome: Outcome) -> FileState:
    return FileState(
        file=outcome.path.name,
        status=outcome.status.value,
        report=Report.of(outcome.entry) if outcome.entry else None,
        error=problem_of(outcome.error) if outcome.error else None,
        warnings=list(outcome.warnings),
    )
