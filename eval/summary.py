"""The result of a run as one value, ``summary.json``, and its comparison with a baseline."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from eval.environment import Machine
from eval.fingerprint import Fingerprint
from eval.measures import Scores
from eval.selection import Selection
from index.errors import ReportQAError

FILE = "summary.json"


class BaselineError(ReportQAError):
    """A baseline cannot be read, or was not measured on the same questions."""

    exit_code = 2


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class QuestionSet(_Value):
    """One question file as it was run: how many questions, and the SHA-256 of what they say."""

    questions: int
    sha256: str


class Fall(_Value):
    """A measure of a set that got worse than its threshold lets it (:mod:`eval.gate`).

    ``baseline`` and ``now`` are means over the questions of both runs, ``p`` is the probability of a fall this large by
    chance, ``worse`` and ``better`` name the questions (``set/id``) that changed.
    """

    set: str
    measure: str
    baseline: float
    now: float
    p: float = 0.0
    worse: tuple[str, ...] = ()
    better: tuple[str, ...] = ()

    def line(self, most: int = 5) -> str:
        """Say it in one line, with the names of the first ``most`` questions that got worse."""
        named = ", ".join(self.worse[:most]) + (f" and {len(self.worse) - most} more" if len(self.worse) > most else "")
        word = "fell" if self.now < self.baseline else "rose"
        return (
            f"{self.set}: {self.measure} {word} from {self.baseline:.3f} to {self.now:.3f}"
            f" ({len(self.worse)} worse, {len(self.better)} better, p = {self.p:.2g}): {named}"
        )


class Summary(_Value):
    """A finished run. ``sets`` are the scores by set, ``kinds`` and ``languages`` by those fields of the questions.

    ``set_languages`` are the scores of each set by language. ``kept`` counts the answers that an earlier run into the
    same folder had given under the same ``fingerprint``; their times are of that run. ``further_pages`` are right pages
    beside those of the question files (:mod:`eval.pooling`).
    ``falls`` lists what fell against the baseline, empty without one; ``exit_code`` is 1 if anything did, else 0.
    """

    started: str
    seconds: float
    retrieval_only: bool
    selection: Selection = Selection()
    further_pages: int = 0
    kept: int = 0
    fingerprint: Fingerprint | None = None
    questions: dict[str, QuestionSet]
    reports: dict[str, int]
    model: str
    embedder: str
    settings: dict[str, JsonValue]
    versions: dict[str, str]
    machine: Machine
    commit: str
    sets: dict[str, Scores]
    set_languages: dict[str, dict[str, Scores]] = {}
    kinds: dict[str, Scores]
    languages: dict[str, Scores]
    total: Scores
    baseline: str = ""
    falls: tuple[Fall, ...] = ()

    @property
    def exit_code(self) -> int:
        """1 when a gated measure fell below the baseline, else 0."""
        return 1 if self.falls else 0


def read(folder: Path) -> Summary:
    """Read the summary of an earlier run from its folder. Raises BaselineError if there is none that can be read."""
    path = Path(folder) / FILE
    try:
        return Summary.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BaselineError(
            f"{path} cannot be read: {error.strerror}.", "Name a folder that `report-qa eval --out` has written."
        ) from error
    except (ValidationError, UnicodeDecodeError) as error:
        raise BaselineError(
            f"{path} is not a summary of this version.", "Run the baseline again with `report-qa eval --out`."
        ) from error


def require_comparable(baseline: Summary, questions: Mapping[str, QuestionSet]) -> None:
    """Raise BaselineError unless the baseline ran every set of ``questions``, on the same questions."""
    for name, ours in questions.items():
        theirs = baseline.questions.get(name)
        if theirs is None:
            raise BaselineError(
                f"The baseline has no set {name}.", f"It has {', '.join(baseline.questions)}; run the baseline with it."
            )
        if theirs.sha256 != ours.sha256:
            raise BaselineError(
                f"The baseline ran other questions of {name} ({theirs.questions}, now {ours.questions}).",
                "Use the same file and the same choice of questions (--limit, --ids ...), or run the baseline again.",
            )
