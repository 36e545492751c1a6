"""Files being added to the store and reports being read anew, one request after the other."""

import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from index.types import Outcome, Progress
from rag.api.problems import NotFoundError, RequestError, problem_of
from rag.api.schemas import FileState, Job, Report

if TYPE_CHECKING:
    from index.ingest import OnProgress

Work = Callable[["OnProgress", threading.Event], Sequence[Outcome]]
"""Does it, telling its progress, until the event is set; gives an outcome for each of the job's files, in order."""
MOST_WAITING = 100  # uploads whose files lie on the disk until their turn
_REMEMBERED = 1000


@dataclass(slots=True)
class _Entry:
    user: str
    job: Job
    cancelled: threading.Event = field(default_factory=threading.Event)


class Jobs:
    """The jobs of this process. A finished one is remembered until a thousand came after it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: OrderedDict[str, _Entry] = OrderedDict()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="uploads")

    def check_room(self) -> None:
        """Raise RequestError (429) when too many jobs wait."""
        with self._lock:
            waiting = sum(entry.job.state != "done" for entry in self._jobs.values())
        if waiting >= MOST_WAITING:
            raise RequestError(
                429, f"{waiting} uploads are waiting.", "Try again when some are done.", {"retry-after": "30"}
            )

    def start(self, user: str, names: Sequence[str], work: Work) -> Job:
        """Do ``work`` on the files of these names when its turn comes."""
        job = Job(id=uuid.uuid4().hex, state="waiting", files=[FileState(file=name) for name in names])
        entry = _Entry(user, job)
        with self._lock:
            self._jobs[job.id] = entry
            done = [id for id, old in self._jobs.items() if old.job.state == "done"]
            for id in done[: max(0, len(self._jobs) - _REMEMBERED)]:
                del self._jobs[id]
        self._worker.submit(self._work, entry, work)
        return job

    def find(self, user: str, id: str) -> Job:
        """A job of this user, as it stands. Raises NotFoundError."""
        return self._find(user, id).job

    def cancel(self, user: str, id: str) -> Job:
        """Let a job of this user end soon; what is in the store by then stays. Raises NotFoundError."""
        entry = self._find(user, id)
        entry.cancelled.set()
        return entry.job

    def _find(self, user: str, id: str) -> _Entry:
        with self._lock:
            entry = self._jobs.get(id)
        if entry is None or entry.user != user:
            raise NotFoundError(f"There is no job {id!r}.", "Jobs are forgotten when the server ends.")
        return entry

    def _change(self, entry: _Entry, state: Literal["working", "done"]) -> None:
        with self._lock:
            entry.job = entry.job.model_copy(update={"state": state})

    def _change_file(self, entry: _Entry, number: int, state: FileState) -> None:
        with self._lock:
            files = [state if n == number else old for n, old in enumerate(entry.job.files)]
            entry.job = entry.job.model_copy(update={"files": files})

    def _work(self, entry: _Entry, work: Work) -> None:
        names = [file.file for file in entry.job.files]

        def tell(step: Progress) -> None:
            values = {"status": "working", "stage": step.stage.value, "done": step.done, "total": step.total}
            state = FileState.model_validate({"file": step.report, **values})
            self._change_file(entry, names.index(step.report), state)

        self._change(entry, "working")
        try:
            for number, outcome in enumerate(work(tell, entry.cancelled)):
                self._change_file(entry, number, _state(outcome))
        except Exception as error:  # the store or the embedder, not one of the files
            problem = problem_of(error)
            for number, name in enumerate(names):
                self._change_file(entry, number, FileState(file=name, status="failed", error=problem))
        finally:
            self._change(entry, "done")


def _state(outcome: Outcome) -> FileState:
    return FileState(
        file=outcome.path.name,
        status=outcome.status.value,
        report=Report.of(outcome.entry) if outcome.entry else None,
        error=problem_of(outcome.error) if outcome.error else None,
        warnings=list(outcome.warnings),
    )
