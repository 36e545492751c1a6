"""What the page of a run shows, as JSON: the run, its scores by group, its questions with all that came of them."""

from collections.abc import Sequence
from typing import Any

from eval.grounded import Standing, held
from eval.measures import Scores, first_right, includes, right_pages
from eval.page.judging import ORDER, judge
from eval.page.places import Places, wanted
from eval.predictions import Prediction, Reply
from eval.summary import Summary

_PARTS: dict[str, dict[str, tuple[str, ...]]] = {
    "pages": {
        "paged_n": ("hit_1", "hit_3", "hit_5", "hit_10", "mrr", "ndcg_10", "recall_5", "recall_10"),
        "report_n": ("report_hit_1", "report_mrr"),
    },
    "answers": {
        "judged_n": ("right", "partly", "wrong", "false_refusals"),
        "exact_n": ("correct", "correct_strict", "facts"),
        "loose_n": ("loose",),
        "f1_n": ("f1",),
        "figures_right_n": ("figures_right",),
        "lists_n": ("list_recall", "list_precision"),
        "conflicts_n": ("both_sides",),
        "unanswerable_n": ("refused", "refusal_recall"),
        "refusals_n": ("refusal_precision",),
        "answerable_n": ("refused_wrongly",),
        "language_n": ("language",),
        "drafts_n": ("draft_kept",),
    },
    "citations": {
        "found_n": ("cited", "unsupported"),
        "found_paged_n": ("cited_right", "citation_precision", "citation_recall", "sentences_cited"),
        "quotes_n": ("quotes_on_page",),
        "correct_paged_n": ("correct_cited_right",),
        "figures_n": ("grounded",),
    },
}
"""The measures of :class:`eval.measures.Scores` in the order in which they are shown, under what each is a share of."""
_MEASURES = [(part, key, count) for part, own in _PARTS.items() for count, keys in own.items() for key in keys]
_LESS_IS_BETTER = {"refused_wrongly", "unsupported", "partly", "wrong", "false_refusals"}
_TIMES = ("retrieve_ms", "evidence_s", "first_token_s", "answer_s", "prompt_tokens", "completion_tokens")


def as_data(predictions: Sequence[Prediction], summary: Summary, places: Places) -> dict[str, Any]:
    """Everything that the page's script needs, as JSON values."""
    groups = [_group("all", "", summary.total)]
    for by, own in (("set", summary.sets), ("kind", summary.kinds), ("language", summary.languages)):
        groups += [_group(by, name, scores) for name, scores in own.items()] if len(own) > 1 else []
    known = {name for group in groups for name in group["values"]}
    return {
        "run": {
            "started": summary.started,
            "seconds": summary.seconds,
            "retrieval_only": summary.retrieval_only,
            "model": summary.model,
            "embedder": summary.embedder,
            "commit": summary.commit,
            "machine": summary.machine.line(),
            "kept": summary.kept,
            "peak_memory_mb": summary.total.peak_memory_mb,
            "baseline": summary.baseline,
            "falls": [fall.model_dump(mode="json") for fall in summary.falls],
            "selection": {k: v for k, v in summary.selection.model_dump(mode="json").items() if v not in (None, [], 0)},
            "reports": summary.reports,
            "settings": {key: _short(value) for key, value in summary.settings.items()},
            "versions": {name: version for name, version in summary.versions.items() if version},
            "fingerprint": summary.fingerprint.model_dump(mode="json") if summary.fingerprint else {},
        },
        "verdicts": list(ORDER),
        "measures": [
            {"part": part, "key": key, "less": key in _LESS_IS_BETTER} for part, key, _ in _MEASURES if key in known
        ],
        "groups": groups,
        "places": [
            {"report": p.report, "page": p.page, "width": p.width, "height": p.height, "text": p.text}
            for p in places.found
        ],
        "pictured": places.library is not None,
        "questions": [_question(prediction, places) for prediction in predictions],
    }


def _group(by: str, name: str, scores: Scores) -> dict[str, Any]:
    values = {}
    for _, key, count in _MEASURES:
        value = getattr(scores, key)
        if value is not None:
            low, high = scores.intervals.get(key, (None, None))
            values[key] = [_round(value), getattr(scores, count), _round(low), _round(high)]
    times = {key: spread.model_dump(mode="json") for key in _TIMES if (spread := getattr(scores, key)) is not None}
    return {"by": by, "name": name, "n": scores.questions, "values": values, "times": times, "errors": scores.errors}


def _question(prediction: Prediction, places: Places) -> dict[str, Any]:
    question, reply = prediction.question, prediction.reply
    figures = held(prediction)
    verdict, reasons = judge(prediction)
    values: dict[str, Any] = {
        "set": question.set,
        "id": question.id,
        "lang": question.lang,
        "kind": question.kind,
        "question": question.question,
        "answerable": question.answerable,
        "gold": question.answer,
        "report": question.report,
        "pages": list(question.pages),
        "quotes": list(question.evidence),
        "verdict": verdict,
        "reasons": list(reasons),
        "rank": first_right(prediction.hits, right_pages(question)) if question.pages else None,
        "hits": [list(hit) for hit in prediction.hits[:10]],
        "retrieve_ms": round(prediction.retrieve_ms),
        "error": prediction.error,
        "places": _places(prediction, places),
    }
    if reply is not None:
        values |= _reply(prediction, reply) | {
            "figures": [[f.figure, f.standing.value] for f in figures if f.standing is not Standing.STANDS]
        }
    return values


def _reply(prediction: Prediction, reply: Reply) -> dict[str, Any]:
    groups = prediction.question.must_include or ()
    return {
        "predicted": reply.predicted,
        "found": reply.found,
        "facts": [[list(group), includes(reply.predicted, [group])] for group in groups],
        "citations": [c.model_dump(mode="json") for c in reply.citations_full],
        "unsupported": list(reply.unsupported),
        "conflicts": [conflict.model_dump(mode="json") for conflict in reply.conflicts],
        "shown": [item.model_dump(mode="json") for item in reply.evidence_shown],
        "notice": reply.notice,
        "evidence_s": _round(reply.evidence_s),
        "first_token_s": _round(reply.first_token_s),
        "answer_s": _round(reply.answer_s),
        "prompt_tokens": reply.prompt_tokens,
        "completion_tokens": reply.completion_tokens,
    }


def _places(prediction: Prediction, places: Places) -> list[dict[str, Any]]:
    """The pages to show, those cited first, each with its marks and the boxes of what is cited and of what is right."""
    question, reply = prediction.question, prediction.reply
    right = right_pages(question)
    found = []
    for report, page in wanted(prediction):
        cited = [c for c in reply.citations_full if (c.report, c.page) == (report, page)] if reply else []
        gold = question.evidence if (report, page) in right else ()
        found.append(
            {
                "place": places.numbers[report, page],
                "right": (report, page) in right,
                "marks": [c.n for c in cited],
                "boxes": [
                    *({"mark": 0, "boxes": boxes} for quote in gold if (boxes := places.boxes(report, page, quote))),
                    *({"mark": c.n, "boxes": b} for c in cited if (b := places.boxes(report, page, c.quote))),
                ],
            }
        )
    return found


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 300 else text[:300] + "…"
