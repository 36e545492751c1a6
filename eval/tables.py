"""The tables that a run prints, each narrow enough for 80 columns."""

from collections.abc import Callable, Iterable, Mapping

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from eval.measures import Scores, Spread
from eval.summary import Summary

Cell = Callable[[Scores], str]

_PAGES: dict[str, Cell] = {
    "n": lambda s: str(s.paged_n),
    "hit@1": lambda s: _share(s.hit_1),
    "hit@3": lambda s: _share(s.hit_3),
    "hit@5": lambda s: _share(s.hit_5),
    "hit@10": lambda s: _share(s.hit_10),
    "MRR": lambda s: _share(s.mrr),
    "recall@10": lambda s: _share(s.recall_10),
}
_ANSWERS: dict[str, Cell] = {
    "correct": lambda s: _of(s.correct, s.exact_n),
    "strict": lambda s: _share(s.correct_strict),
    "loose": lambda s: _of(s.loose, s.loose_n),
    "refused": lambda s: _of(s.refused, s.unanswerable_n),
    "refused\nwrongly": lambda s: _of(s.refused_wrongly, s.answerable_n),
}
_CITATIONS: dict[str, Cell] = {
    "cite a page\nthat exists": lambda s: _of(s.cited, s.found_n),
    "cite a\nright page": lambda s: _of(s.cited_right, s.found_paged_n),
    "correct and\nright page": lambda s: _of(s.correct_cited_right, s.correct_paged_n),
    "something\nunsupported": lambda s: _of(s.unsupported, s.found_n),
}
_FIGURES: dict[str, Cell] = {
    "stand in the\ncited evidence": lambda s: _of(s.grounded, s.figures_n),
    "by digits": lambda s: str(s.figures_digits),
    "computed": lambda s: str(s.figures_computed),
    "marked": lambda s: str(s.figures_marked),
}
_TIMES: dict[str, Cell] = {
    "retrieve ms": lambda s: _times(s.retrieve_ms, 0),
    "evidence s": lambda s: _times(s.evidence_s, 2),
    "first token s": lambda s: _times(s.first_token_s, 1),
    "answer s": lambda s: _times(s.answer_s, 1),
}


def render(summary: Summary) -> RenderableType:
    """Draw a run: pages found, answers, citations and times by set, then by kind and language, and what fell."""
    sets = list(summary.sets.items())
    if len(sets) > 1:
        sets.append(("all", summary.total))
    halved: list[tuple[str, Scores]] = []
    for name, scores in sets:
        halved.append((name, scores))
        languages = summary.set_languages.get(name, {})
        halved += [(f"· {language}", half) for language, half in languages.items() if len(languages) > 1]
    parts: list[RenderableType] = [_table("Pages found", "set", _PAGES, halved)]
    if summary.retrieval_only:
        by_group = _PAGES
        times = {"retrieve ms": _TIMES["retrieve ms"]}
    else:
        parts.append(_table("Answers (of how many)", "set", _ANSWERS, halved))
        parts.append(_table("Citations, share of the answers given that ... (of how many)", "set", _CITATIONS, sets))
        parts.append(_table("Figures in answers, share of those not marked (of how many)", "set", _FIGURES, sets))
        by_group = {name: cell for name, cell in _PAGES.items() if name == "hit@5"} | _ANSWERS
        times = _TIMES
    parts.append(_table("Times, median / 90th percentile", "set", times, sets))
    for name, groups in (("kind", summary.kinds), ("language", summary.languages)):
        if len(groups) > 1:
            parts.append(_table(f"By {name}", name, by_group, groups.items()))
    model = "retrieval only" if summary.retrieval_only else summary.model or "no language model, evidence only"
    for line in (f"{model}; embedder {summary.embedder}; {summary.seconds:.0f} s", summary.machine.line()):
        parts.append(Text(line))
    if summary.further_pages:
        parts.append(Text(f"{summary.further_pages} right pages beside those of the question files count, too."))
    if summary.kept:
        kept = f"{summary.kept} of {summary.total.questions} kept from an earlier run, with the times measured then."
        parts.append(Text(kept))
    if summary.total.errors:
        questions = "question" if summary.total.errors == 1 else "questions"
        parts.append(Text(f"{summary.total.errors} {questions} ended in an error; --out keeps them.", style="bold red"))
    return Group(*parts, *_gate(summary))


def _gate(summary: Summary) -> Iterable[RenderableType]:
    if summary.baseline and not summary.falls:
        yield Text(f"Nothing fell further than it may below {summary.baseline}.", style="green")
    if summary.falls:
        yield Text(f"Worse than the baseline {summary.baseline}:", style="bold red")
    for fall in summary.falls:
        yield Text(f"  {fall.line()}", style="red")


def _table(title: str, first: str, columns: Mapping[str, Cell], rows: Iterable[tuple[str, Scores]]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column(first, overflow="fold", min_width=14)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    for name, scores in rows:
        table.add_row(Text(name or "–"), *(cell(scores) for cell in columns.values()))
    return table


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _of(value: float | None, n: int) -> str:
    return "–" if value is None else f"{value:.2f} ({n})"


def _times(times: Spread | None, digits: int) -> str:
    return "–" if times is None else f"{times.median:.{digits}f} / {times.p90:.{digits}f}"
