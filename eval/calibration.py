"""Fits and scores the confidence that evidence holds an answer (rag/confidence/weighing.py, rag/confidence/signals.py).

    python -m eval.calibration --store DIR QUESTIONS.jsonl... [--most N] [--as-is | --print-weights]

Needs no labels by hand. *Held*: a question whose gold page is among the evidence with the facts of its answer. *Hard*:
the same question after the gold pages, and every chunk that gives away its facts, are taken out of the hits, so that
the nearest thing of the same report remains; only questions whose facts can be told apart (figures, required texts, a
quote) count, for what is said in general words is said elsewhere too. *Swapped*: asked for another year or country.
*Easy*: asked of other reports, or of those in the other language. Unanswerable questions are shown and never fitted.
Questions about the same pages are in the same half; each half is scored by what the other one gave. With ``--as-is``
nothing is fitted: the weights and thresholds that the program has are scored.
"""

import argparse
import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from eval.facts import Facts
from eval.questions import Question, load_all
from index.types import Hit
from rag.asking import question as questions
from rag.checking.grounding import Asked
from rag.confidence.signals import FULL, spans
from rag.confidence.weighing import T_QUOTE, T_REFUSE, features, probability
from rag.engine import ReportQA
from rag.finding.evidence import choose
from rag.settings import load

Array = NDArray[np.float64]
OVERVIEW = 8  # gold pages; a question with more has its answer all over the report
LEAK = 0.3  # share of the facts from which a chunk gives the answer away
PASSED = 0.03  # of the hard negatives, at the threshold for quoting
LOST = 0.01  # of the held, at the threshold for refusing
_SWAPS = (("2023", "2017"), ("2024", "2016"), ("2022", "2014"), ("2025", "2015"), ("FY23", "FY16"), ("25Q1", "17Q1"),
          ("美国", "挪威"), ("欧元区", "澳大利亚"), ("全球", "智利"), ("日本", "波兰"), ("US", "Norwegian"),
          ("euro area", "Chile"), ("global", "Polish"))  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One question with one choice of evidence. ``signals`` has a row for every sentence compared, best first."""

    group: str
    label: str
    id: str
    half: int
    crossing: bool
    features: dict[str, float]
    signals: Array = field(repr=False)
    holds: tuple[bool, ...] = ()
    probability: float = 0.0


def cases(qa: ReportQA, question: Question, group: str) -> Iterator[Case]:
    """The cases that one question gives."""
    facts = Facts(question)
    shown = 3 * qa.settings.evidence_items
    gold = {(question.report, page) for page in question.pages}

    def case(label: str, text: str, hits: Sequence[Hit]) -> Case | None:
        prepared = questions.prepare(text)
        evidence = choose(
            hits[:shown],
            prepared,
            items=qa.settings.evidence_items,
            tokens=qa.settings.evidence_tokens,
            token_counts=qa.library.embedder.token_counts,
            weights=qa.library.word_weights,
            before=qa.library.before,
        )
        asked = Asked.of(text, qa.library.frequencies, qa.library.chunk_count)
        ordered = (
            [s for s in spans(asked, hits[:shown], evidence, qa.library.similarities) if s.near] if evidence else []
        )
        if not ordered:
            return None
        holds = [facts.stand_in(s.text) and (s.item.report, s.item.page) in gold for s in ordered]
        if label == "held":
            there = [e for e in evidence if (e.report, e.page) in gold]
            if not any(facts.stand_in(f"{e.section} {e.text}") or not facts.exact for e in there):
                return None
        values = features(asked, hits[:shown], ordered)
        signals = np.array([[float(getattr(s, name)) for name in FULL] for s in ordered])
        half = zlib.crc32(f"{question.report}{question.pages}".encode()) % 2
        name = f"{group} {prepared.language}"
        return Case(name, label, question.id, half, ordered[0].crossing, values, signals, tuple(holds))

    hits = qa.retriever(60).hits(question.question)
    if not question.answerable:
        found = [case("unanswerable", question.question, hits)]
    else:
        found = [case("held", question.question, hits)]
        if len(question.pages) < OVERVIEW:
            rest = [h for h in hits if (h.report, h.page) not in gold and facts.share(f"{h.section} {h.text}") < LEAK]
            if facts.exact:
                found.append(case("hard", question.question, rest))
            elsewhere = [hit for hit in rest if hit.report != question.report]
            found.append(case("easy", question.question, elsewhere) if len(elsewhere) >= 5 else None)
            if foreign := _foreign(qa, question):
                found.append(case("easy", question.question, qa.retriever(shown, foreign).hits(question.question)))
        for old, new in _SWAPS:
            swapped = question.question.replace(old, new)
            if swapped != question.question and found[0] is not None:
                again = qa.retriever(shown).hits(swapped)
                if not any(new in hit.text for hit in again):
                    found.append(case("swapped", swapped, again))
                break
    yield from (c for c in found if c is not None)


def _foreign(qa: ReportQA, question: Question) -> list[str]:
    """For every third question the reports in the other language that it is not asked of."""
    if zlib.crc32(question.question.encode()) % 3:
        return []
    entries = [entry for entry in qa.reports() if not entry.copy_of and entry.name != question.report]
    return [entry.id for entry in entries if entry.language != question.lang]


def fit(x: Array, y: Array, weight: Array, ridge: float, intercept: bool = True) -> Array:
    """Logistic regression by Newton's method with an L2 penalty: intercept first, then a weight a column."""
    scale = x.std(axis=0) + 1e-9
    design = np.column_stack([np.ones(len(x)) * intercept, x / scale])
    penalty = np.diag([1e-6, *[ridge] * x.shape[1]])
    beta = np.zeros(design.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        gradient = design.T @ (weight * (y - p)) - penalty @ beta
        hessian = (design * (weight * p * (1 - p))[:, None]).T @ design + penalty
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if np.abs(step).max() < 1e-8:
            break
    return np.concatenate([beta[:1], beta[1:] / scale])


def fit_order(held: Sequence[Case], columns: Sequence[int]) -> Array:
    """Weights of the signals so that sentences with the facts come before those without."""
    pairs, weights = [], []
    for case in held:
        holds = np.array(case.holds)
        good, bad = case.signals[holds], case.signals[~holds]
        for a in good:
            for b in bad:
                pairs.append((a - b)[list(columns)])
                weights.append(1 / (len(good) * len(bad)))
    x, w = np.array(pairs), np.array(weights)
    both = np.concatenate([x, -x])
    y = np.concatenate([np.ones(len(x)), np.zeros(len(x))])
    return fit(both, y, np.concatenate([w, w]), ridge=1.0, intercept=False)[1:]


def fit_answerable(found: Sequence[Case], names: Sequence[str]) -> Array:
    """Weights of the features; groups count by the root of their size, held and not held alike."""
    counts = Counter((c.group, c.label) for c in found)
    x = np.array([[c.features[name] for name in names] for c in found])
    y = np.array([float(c.label == "held") for c in found])
    weight = np.array([counts[c.group, c.label] ** -0.5 for c in found])
    weight[y == 1] *= weight[y == 0].sum() / weight[y == 1].sum()
    return fit(x, y, weight * len(found) / weight.sum(), ridge=1.0)


def scored(found: Sequence[Case], weights: Array, names: Sequence[str]) -> list[Case]:
    """The cases with the probability that these weights give."""
    x = np.array([[c.features[name] for name in names] for c in found])
    p = 1 / (1 + np.exp(-(weights[0] + x @ weights[1:])))
    return [replace(c, probability=float(value)) for c, value in zip(found, p, strict=True)]


def auc(good: Sequence[float], bad: Sequence[float]) -> float:
    """The chance that one of ``good`` is above one of ``bad``; nan when one of them is empty."""
    if not good or not bad:
        return float("nan")
    g, b = np.array(good)[:, None], np.array(bad)[None, :]
    return float((g > b).mean() + 0.5 * (g == b).mean())


def _of(found: Sequence[Case], label: str, keep: Callable[[Case], bool] = lambda case: True) -> list[float]:
    return [c.probability for c in found if c.label == label and keep(c)]


def _in_group(name: str) -> Callable[[Case], bool]:
    return lambda case: case.group == name


def report(found: Sequence[Case], console: Console, *, as_is: bool = False) -> None:
    """Print areas under the curve by group, and what both thresholds let through."""
    hard, held = _of(found, "hard"), _of(found, "held")
    if not as_is:
        quote, refuse = float(np.quantile(hard, 1 - PASSED)), float(np.quantile(held, LOST))
    else:
        quote, refuse = T_QUOTE, T_REFUSE
    rows: dict[str, Callable[[Case], bool]] = {name: _in_group(name) for name in sorted({c.group for c in found})}
    rows["same language"] = lambda case: not case.crossing
    rows["across languages"] = lambda case: case.crossing
    rows["all"] = lambda case: True
    table = Table("group", "held", "AUC hard", "swapped", "easy", "held > quote", "hard >", "swapped >", "easy >",
                  "hard < refuse", "easy <", "held <")  # fmt: skip
    for name, keep in rows.items():
        h, n, s, e = (_of(found, label, keep) for label in ("held", "hard", "swapped", "easy"))
        shares = [float(np.mean([p > quote for p in ps])) if ps else float("nan") for ps in (h, n, s, e)]
        below = [float(np.mean([p < refuse for p in ps])) if ps else float("nan") for ps in (n, e, h)]
        figures = [auc(h, n), auc(h, s), auc(h, e), *shares, *below]
        table.add_row(name, f"{len(h)}/{len(n)}/{len(s)}/{len(e)}", *(f"{figure:.2f}" for figure in figures))
    console.print(f"T_quote {quote:.3f}, T_refuse {refuse:.3f}")
    console.print(table)
    console.print("unanswerable:", [(c.id, round(c.probability, 2)) for c in found if c.label == "unanswerable"])


def report_order(found: Sequence[Case], orders: Sequence[Array], console: Console) -> None:
    """Print how often the best sentence, and the best two, hold the facts, where one sentence of the evidence does."""
    table = Table("group", "questions", "best", "best two")
    for name in [*sorted({c.group for c in found}), "all"]:
        held = [c for c in found if c.label == "held" and any(c.holds) and name in (c.group, "all")]
        if held:
            tops = [np.argsort(-(c.signals @ orders[1 - c.half]), kind="stable")[:2] for c in held]
            one = np.mean([c.holds[top[0]] for c, top in zip(held, tops, strict=True)])
            two = np.mean([any(c.holds[i] for i in top) for c, top in zip(held, tops, strict=True)])
            table.add_row(name, str(len(held)), f"{one:.2f}", f"{two:.2f}")
    console.print(table)


def main(argv: Sequence[str] | None = None) -> None:
    """Collect, fit and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", nargs="+", type=Path)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--most", type=int, help="only the first N questions of each file")
    parser.add_argument("--print-weights", action="store_true", help="print what all cases together give")
    parser.add_argument("--as-is", action="store_true", help="score the program's own weights")
    arguments = parser.parse_args(argv)
    console = Console(soft_wrap=True, width=180)
    found: list[Case] = []
    with ReportQA.open(arguments.store, load(llm="none")) as qa:
        for path in arguments.questions:
            for question in load_all([path])[: arguments.most]:
                found += cases(qa, question, path.stem)
    if arguments.as_is:
        order = np.array(list(FULL.values()))
        report_order(found, [order, order], console)
        report([replace(c, probability=probability(c.features)) for c in found], console, as_is=True)
        return
    fitted = [c for c in found if c.label != "unanswerable"]
    names = list(found[0].features)
    columns = range(len(FULL))
    held = [c for c in found if c.label == "held" and any(c.holds)]
    orders = [fit_order([c for c in held if c.half == half], columns) for half in (0, 1)]
    report_order(found, orders, console)
    halves = [fit_answerable([c for c in fitted if c.half == half], names) for half in (0, 1)]
    report(
        [c for half in (0, 1) for c in scored([c for c in found if c.half == half], halves[1 - half], names)], console
    )
    if arguments.print_weights:
        cheap = [i for i, name in enumerate(FULL) if name != "near"]
        order, before, whole = fit_order(held, columns), fit_order(held, cheap), fit_answerable(fitted, names)
        without = [name for name in FULL if name != "near"]
        for title, keys, values in (
            ("FULL", list(FULL), order),
            ("CHEAP", without, before),
            ("_WEIGHTS", names, whole[1:]),
        ):
            weights = {key: round(float(value), 3) for key, value in zip(keys, values, strict=True)}
            console.print(title, json.dumps(weights))
        console.print("_INTERCEPT", round(float(whole[0]), 3))


if __name__ == "__main__":
    main()
