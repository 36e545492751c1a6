"""Two runs over the same questions, question by question and measure by measure: ``report-qa eval compare``."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue

from eval import predictions as made
from eval import summary as summaries
from eval.predictions import Prediction
from eval.questions import Question
from eval.significance import Difference, paired
from eval.summary import Summary
from eval.values import LOWER_IS_BETTER, TIMES, Values, name, values
from index.errors import ReportQAError

DECIDING = ("hit_5", "right", "correct", "loose", "refused", "refused_wrongly", "cited_right", "grounded")
"""The measures by which a question is said to have got better or worse; those of ranks and times are only counted."""

GROUPS: dict[str, Callable[[Question], str]] = {
    "set": lambda question: question.set,
    "kind": lambda question: question.kind,
    "language": lambda question: question.lang,
}


class ComparisonError(ReportQAError):
    """Two runs cannot be compared."""

    exit_code = 2


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Run(_Value):
    """One of the two: its folder, and what it was made with."""

    folder: str
    started: str
    model: str
    embedder: str
    commit: str
    questions: int


class Changed(_Value):
    """A question that got better or worse: the DECIDING measures that did, and both answers."""

    set: str
    id: str
    kind: str
    lang: str
    question: str
    better: tuple[str, ...]
    worse: tuple[str, ...]
    before: dict[str, float]
    after: dict[str, float]
    answer_before: str = ""
    answer_after: str = ""


class Comparison(_Value):
    """What became of every measure from run ``a`` to run ``b``, over the ``questions`` that both asked.

    ``only_a`` and ``only_b`` count the others, ``regraded`` those whose gold answer has changed: both runs are scored
    by that of ``b``. ``other`` names what differs between the runs besides their answers: settings, versions, model,
    code, each as (a, b). ``total`` are the measures over all questions, ``groups`` those by set, kind and language.
    Values of p are not adjusted for how many measures and groups there are.
    """

    a: Run
    b: Run
    questions: int
    only_a: int
    only_b: int
    regraded: int
    other: dict[str, tuple[JsonValue, JsonValue]]
    total: dict[str, Difference]
    groups: dict[str, dict[str, dict[str, Difference]]]
    changed: tuple[Changed, ...]


def compare(a: Path, b: Path) -> Comparison:
    """Compare the runs in two folders that ``report-qa eval --out`` wrote.

    Raises BaselineError or PredictionFileError for a folder that cannot be read, and ComparisonError where the runs
    have no question in common.
    """
    first, second = summaries.read(a), summaries.read(b)
    before, after = ({name(p.question): p for p in made.read(folder)} for folder in (Path(a), Path(b)))
    common = [key for key, p in after.items() if key in before and before[key].question.question == p.question.question]
    if not common:
        raise ComparisonError(_nothing_shared(a, b, before, after), "Compare runs over the same question files.")
    asked = {key: after[key].question for key in common}
    answers = not (first.retrieval_only or second.retrieval_only)
    again = [before[key].model_copy(update={"question": asked[key]}) for key in common]
    old = values(again, answers=answers)
    new = values([after[key] for key in common], answers=answers)
    groups: dict[str, dict[str, dict[str, Difference]]] = {}
    for by, of in GROUPS.items():
        places: dict[str, list[int]] = {}
        for place, key in enumerate(common):
            places.setdefault(of(asked[key]), []).append(place)
        if len(places) > 1:
            groups[by] = {
                group: _differences([old[i] for i in own], [new[i] for i in own]) for group, own in places.items()
            }
    return Comparison(
        a=_run(a, first),
        b=_run(b, second),
        questions=len(common),
        only_a=len(before) - len(common),
        only_b=len(after) - len(common),
        regraded=sum(before[key].question.fields() != asked[key].fields() for key in common),
        other=_other(first, second),
        total=_differences(old, new),
        groups=groups,
        changed=tuple(
            changed
            for key, was, now in zip(common, old, new, strict=True)
            if (changed := _changed(before[key], after[key], was, now))
        ),
    )


def is_better(measure: str, difference: float) -> bool:
    """Whether a measure that changed by ``difference`` got better."""
    return difference < 0 if measure in LOWER_IS_BETTER else difference > 0


def _nothing_shared(a: Path, b: Path, before: Mapping[str, Prediction], after: Mapping[str, Prediction]) -> str:
    same = [key for key in after if key in before]
    if same:
        return f"{a} and {b} asked other questions under the same names, such as {same[0]}."
    sets = [", ".join(dict.fromkeys(p.question.set for p in run.values())) or "none" for run in (before, after)]
    return f"{a} (sets {sets[0]}) and {b} (sets {sets[1]}) have no question in common."


def _run(folder: Path, summary: Summary) -> Run:
    return Run(
        folder=str(folder),
        started=summary.started,
        model="retrieval only" if summary.retrieval_only else summary.model or "none",
        embedder=summary.embedder,
        commit=summary.commit,
        questions=summary.total.questions,
    )


def _other(a: Summary, b: Summary) -> dict[str, tuple[JsonValue, JsonValue]]:
    found: dict[str, tuple[JsonValue, JsonValue]] = {}
    for label, first, second in (
        ("model", a.model, b.model),
        ("embedder", a.embedder, b.embedder),
        ("commit", a.commit, b.commit),
        ("machine", a.machine.line(), b.machine.line()),
    ):
        if first != second:
            found[label] = (first, second)
    for label, ours, theirs in (("setting", a.settings, b.settings), ("version", a.versions, b.versions)):
        for key in sorted({*ours, *theirs} - {"store", "models_dir"}):
            if ours.get(key) != theirs.get(key):
                found[f"{label} {key}"] = (ours.get(key), theirs.get(key))
    prints = a.fingerprint, b.fingerprint
    if prints[0] and prints[1]:
        for part in ("code", "store"):  # the store's place does not matter, what it says does
            if getattr(prints[0], part) != getattr(prints[1], part):
                found[part] = (getattr(prints[0], part)[:12], getattr(prints[1], part)[:12])
    return found


def _differences(before: Sequence[Values], after: Sequence[Values]) -> dict[str, Difference]:
    found = {}
    for measure in dict.fromkeys(key for one in after for key in one):
        pairs = [(x[measure], y[measure]) for x, y in zip(before, after, strict=True) if measure in x and measure in y]
        if pairs:
            found[measure] = paired([x for x, _ in pairs], [y for _, y in pairs])
    return found


def _changed(a: Prediction, b: Prediction, was: Values, now: Values) -> Changed | None:
    both = [measure for measure in DECIDING if measure in was and measure in now and was[measure] != now[measure]]
    if not both:
        return None
    question = b.question
    return Changed(
        set=question.set,
        id=question.id,
        kind=question.kind,
        lang=question.lang,
        question=question.question,
        better=tuple(m for m in both if is_better(m, now[m] - was[m])),
        worse=tuple(m for m in both if not is_better(m, now[m] - was[m])),
        before={m: was[m] for m in was if m not in TIMES},
        after={m: now[m] for m in now if m not in TIMES},
        answer_before=a.reply.predicted if a.reply else "",
        answer_after=b.reply.predicted if b.reply else "",
    )
