"""The folder of a run: predictions as they are made, and kept answers, with which a run that broke off goes on."""

import json
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from filelock import FileLock, Timeout
from pydantic import ValidationError

from eval.fingerprint import Fingerprint
from eval.predictions import FILE, Prediction
from eval.questions import Question
from eval.summary import FILE as SUMMARY
from index.errors import ReportQAError

KEPT = "kept.jsonl"
"""Every answer that was given in the folder, with the key of what it depends on; lines are only ever added."""


class RunFolderError(ReportQAError):
    """The folder of a run cannot be written."""


class RunFolder:
    """Writes ``predictions.jsonl`` and keeps answers in ``kept.jsonl``. Use it in a ``with`` statement.

    Answers of earlier runs with other settings or code stay in ``kept.jsonl``, so that going back to them costs
    nothing. ``fresh`` throws them away.
    """

    def __init__(self, path: Path, fingerprint: Fingerprint, *, fresh: bool = False) -> None:
        self.path, self._fingerprint, self._fresh = Path(path), fingerprint, fresh
        self._known: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Self:
        """Open the folder. Raises RunFolderError when it cannot be written or another run is writing it."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(self.path / ".lock")
            self._lock.acquire(timeout=0)
            kept = self.path / KEPT
            if self._fresh:
                kept.unlink(missing_ok=True)
            # Until this run ends, the summary of an earlier one would describe other predictions.
            (self.path / SUMMARY).unlink(missing_ok=True)
            whole = self._read(kept)
            self._kept = kept.open("a", encoding="utf-8")
            if not whole:
                self._kept.write("\n")
            self._predictions = (self.path / FILE).open("w", encoding="utf-8")
        except Timeout as error:
            raise RunFolderError(
                f"Another run is writing to {self.path}.", "Wait for it, or give another folder with --out."
            ) from error
        except OSError as error:
            raise RunFolderError(
                f"{self.path} cannot be written: {error.strerror}.", "Give another folder with --out."
            ) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the files."""
        self._predictions.close()
        self._kept.close()
        self._lock.release()

    def _read(self, kept: Path) -> bool:
        """Read what was kept; False where the last line was broken off."""
        if not kept.exists():
            return True
        text = kept.read_text(encoding="utf-8", errors="replace")
        for line in text.split("\n"):
            try:
                values = json.loads(line)
                self._known[values["key"]] = values["prediction"]
            except (ValueError, KeyError, TypeError):
                continue  # a line that a killed run did not finish: its question is asked again
        return not text or text.endswith("\n")

    def find(self, question: Question) -> Prediction | None:
        """Give what was answered to the same question text under the same fingerprint, for this question's gold."""
        values = self._known.get(self._fingerprint.key(question.question))
        if values is None:
            return None
        try:
            return Prediction.of_line(values).model_copy(update={"question": question})
        except (ValidationError, KeyError, TypeError):
            return None

    def write(self, prediction: Prediction, *, keep: bool) -> None:
        """Add a prediction to this run and, with ``keep``, to what later runs need not ask again."""
        if keep:
            key = self._fingerprint.key(prediction.question.question)
            self._kept.write(json.dumps({"key": key, "prediction": prediction.line()}, ensure_ascii=False) + "\n")
            self._kept.flush()
        self._predictions.write(json.dumps(prediction.line(), ensure_ascii=False) + "\n")
        self._predictions.flush()
