"""A run as Markdown: scores, what fell, and what was wrong with each question."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from eval.faults import Fault, faults
from eval.measures import Scores, Spread
from eval.predictions import Prediction
from eval.summary import Summary
from eval.values import TIMES, name

FILE = "report.md"
LISTED = 100
"""Questions of which it is told what was wrong; all of them are in ``predictions.jsonl``."""

LONGEST = 400
"""Characters of an answer that are shown."""

_MEASURES = {
    "hit_1": "hit@1",
    "hit_5": "hit@5",
    "hit_10": "hit@10",
    "mrr": "MRR",
    "recall_10": "recall@10",
    "right": "right",
    "partly": "partly",
    "wrong": "wrong",
    "correct": "correct",
    "correct_strict": "strict",
    "loose": "loose",
    "refused": "refused",
    "refused_wrongly": "refused wrongly",
    "cited_right": "right page cited",
    "grounded": "figures grounded",
}
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&!$@^])")
_OPENING = re.compile(r"^(\d*)([.)+=-])")
_LINKS = re.compile(r"(?<=\b[wW]{3})\.|:(?=//)|(?<=\bmailto):", re.IGNORECASE)


def write(folder: Path, predictions: Sequence[Prediction], summary: Summary) -> Path:
    """Write ``report.md`` into the run's folder and give its path."""
    path = Path(folder) / FILE
    path.write_text(render(predictions, summary), encoding="utf-8", errors="replace")
    return path


def render(predictions: Sequence[Prediction], summary: Summary) -> str:
    """Give the run as Markdown with GitHub's tables. No text of a report, question or model becomes markup."""
    model = "search only" if summary.retrieval_only else summary.model or "no language model, evidence only"
    lines = [
        "# Evaluation",
        "",
        f"{summary.total.questions} questions · {escape(model)} · embedder {escape(summary.embedder)} ·"
        f" {summary.started} · {summary.seconds:.0f} s · commit {escape(summary.commit[:12]) or 'unknown'} ·"
        f" {escape(summary.machine.line())}",
        "",
        *_gate(summary),
        *_table("set", [*summary.sets.items(), *([("all", summary.total)] if len(summary.sets) > 1 else [])]),
        *(_table("kind", summary.kinds.items()) if len(summary.kinds) > 1 else []),
        *(_table("language", summary.languages.items()) if len(summary.languages) > 1 else []),
        *_times(summary),
    ]
    wrong = [(prediction, found) for prediction in predictions if (found := faults(prediction))]
    wrong.sort(key=lambda pair: (not pair[1][0].fails, -len(pair[1])))
    failed = sum(found[0].fails for _, found in wrong)
    lines += [f"## What was wrong: {failed} failed, {len(wrong) - failed} with remarks", ""]
    for prediction, found in wrong[:LISTED]:
        lines += _question(prediction, found)
    if len(wrong) > LISTED:
        lines += [f"{len(wrong) - LISTED} more are in `predictions.jsonl`.", ""]
    return "\n".join(lines)


def escape(text: str) -> str:
    """Give a text that Markdown shows as it is, in one line."""
    flat = _OPENING.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", " ".join(text.split())))
    return _LINKS.sub(lambda found: "\\" + found[0], flat)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Draw a table of cells that are Markdown already; the first column is text, the others are figures."""
    lines = ["| " + " | ".join(header) + " |", "|---|" + "---:|" * (len(header) - 1)]
    return [*lines, *("| " + " | ".join(row) + " |" for row in rows), ""]


def _table(title: str, rows: Iterable[tuple[str, Scores]]) -> list[str]:
    groups: Mapping[str, Scores] = dict(rows)
    used = {key: label for key, label in _MEASURES.items() if any(_of(s, key) is not None for s in groups.values())}
    return table(
        [title, "n", *used.values()],
        [
            [escape(group) or "–", str(scores.questions), *(_share(_of(scores, key)) for key in used)]
            for group, scores in groups.items()
        ],
    )


def _times(summary: Summary) -> list[str]:
    found = []
    for key in sorted(TIMES):
        times = getattr(summary.total, key, None)
        if isinstance(times, Spread):
            unit = "ms" if key.endswith("_ms") else "s"
            label = key.rpartition("_")[0].replace("_", " ")
            found.append([label, f"{times.median:.3g} {unit}", f"{times.p90:.3g} {unit}"])
    return table(["time to", "median", "90th percentile"], found) if found else []


def _gate(summary: Summary) -> list[str]:
    if not summary.baseline:
        return []
    if not summary.falls:
        return [f"Nothing fell further than it may below {escape(summary.baseline)}.", ""]
    return [f"**Worse than the baseline {escape(summary.baseline)}**", "", *_items(f.line() for f in summary.falls), ""]


def _question(prediction: Prediction, found: Sequence[Fault]) -> list[str]:
    question, reply = prediction.question, prediction.reply
    mark = "✗" if found[0].fails else "·"
    lines = [f"### {mark} {escape(name(question))}", "", f"{escape(question.question)}", ""]
    said = [fault.text for fault in found]
    if reply is not None:
        said += [f"answer: {_cut(reply.predicted)}", f"gold answer: {_cut(question.answer)}" if question.answer else ""]
    return [*lines, *_items(text for text in said if text), ""]


def _items(texts: Iterable[str]) -> list[str]:
    return [f"- {escape(text)}" for text in texts]


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _of(scores: Scores, key: str) -> float | None:
    value: float | None = getattr(scores, key, None)
    return value


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
