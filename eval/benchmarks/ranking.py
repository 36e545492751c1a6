"""Fits the weights of ``rag.finding.ranking`` to questions, and says how they do on questions they were not fitted to.

    python -m eval.benchmarks.ranking --store DIR QUESTIONS.jsonl... [--penalty 0.001] [--folds 5]

A listwise softmax over the chunks found for a question: the loss is minus the logarithm of the share that the chunks on
its right pages get; every file counts by the square root of its questions, the weights' squares are penalised. Shown
are page hit@1 / @5 by file for the weights in the code, for fits that leave a fold of the questions out, for fits that
leave the whole file out, and the weights fitted to all, the largest as 1. Reports that a question names and the vectors
of the texts alone, which come after the weights, are not part of it.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from eval.measures import first_right, right_pages
from eval.predictions import PageOf
from eval.questions import load_all
from index.errors import ReportQAError
from rag.engine import ReportQA
from rag.finding.ranking import WEIGHTS
from rag.settings import load

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """One question: of what file, its chunks' features (chunks x features), their pages, and the right pages."""

    group: str
    features: Array
    pages: tuple[PageOf, ...]
    right: frozenset[PageOf]

    @property
    def is_right(self) -> NDArray[np.bool_]:
        """Which chunks stand on a right page."""
        return np.array([page in self.right for page in self.pages])

    def rank(self, weights: Array) -> int:
        """How many distinct pages come before the first right one; 1,000 when it is not there."""
        order = np.argsort(-(self.features @ weights), kind="stable")
        found = first_right([self.pages[i] for i in order], self.right)
        return 1000 if found is None else found - 1


def cases(qa: ReportQA, files: Sequence[Path]) -> list[Case]:
    """What is found for every question of the files that has pages."""
    found = []
    for path in files:
        for question in load_all([path]):
            if question.pages:
                hits, values = qa.retriever().candidates(question.question)
                features = np.array([[value[name] for name in WEIGHTS] for value in values])
                pages = tuple((hit.report, hit.page) for hit in hits)
                found.append(Case(path.stem, features, pages, right_pages(question)))
    return found


def fit(chosen: Sequence[Case], penalty: float) -> Array:
    """The weights, in the order of :data:`rag.finding.ranking.WEIGHTS`, that suit the questions best."""
    used = [case for case in chosen if case.is_right.any()]
    share = {group: sum(case.group == group for case in used) ** -0.5 for group in {case.group for case in used}}
    counts = torch.tensor([share[case.group] for case in used], dtype=torch.double)
    counts /= counts.sum()
    size = max(len(case.pages) for case in used)
    values = torch.zeros(len(used), size, len(WEIGHTS), dtype=torch.double)
    there = torch.full((len(used), size), -1e9, dtype=torch.double)
    right = there.clone()
    for row, case in enumerate(used):
        values[row, : len(case.pages)] = torch.tensor(case.features)
        there[row, : len(case.pages)] = 0
        right[row, : len(case.pages)] = torch.where(torch.tensor(case.is_right), 0.0, -1e9)
    weights = torch.zeros(len(WEIGHTS), dtype=torch.double, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        scores = values @ weights
        gained = torch.logsumexp(scores + right, 1) - torch.logsumexp(scores + there, 1)
        total = -(counts * gained).sum() + penalty * (weights**2).sum()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    fitted: Array = weights.detach().numpy()
    return fitted


def _shares(name: str, ranks: Sequence[int], groups: Sequence[str]) -> list[str]:
    row = [name]
    for group in dict.fromkeys(groups):
        own = [rank for rank, of in zip(ranks, groups, strict=True) if of == group]
        row.append(f"{np.mean([r < 1 for r in own]):.3f} / {np.mean([r < 5 for r in own]):.3f}")
    return row


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit and print; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--penalty", type=float, default=0.001)
    parser.add_argument("--folds", type=int, default=5)
    options = parser.parse_args(arguments)
    console = Console(width=120)
    torch.set_num_threads(1)
    try:
        with ReportQA.open(options.store, load(llm="none")) as qa:
            every = cases(qa, options.files)
    except ReportQAError as error:
        console.print(str(error))
        return 2
    groups = [case.group for case in every]
    table = Table("weights", *dict.fromkeys(groups))
    table.add_row(*_shares("in the code", [case.rank(np.array(list(WEIGHTS.values()))) for case in every], groups))
    fold = np.random.default_rng(0).permutation(len(every)) % options.folds
    fits = [
        fit([c for c, of in zip(every, fold, strict=True) if of != n], options.penalty) for n in range(options.folds)
    ]
    left_out = [case.rank(fits[of]) for case, of in zip(every, fold, strict=True)]
    table.add_row(*_shares(f"fitted without the fold, {options.folds} folds", left_out, groups))
    if len(set(groups)) > 1:
        others = {group: fit([c for c in every if c.group != group], options.penalty) for group in set(groups)}
        table.add_row(*_shares("fitted without the file", [case.rank(others[case.group]) for case in every], groups))
    weights = fit(every, options.penalty)
    table.add_row(*_shares("fitted to all", [case.rank(weights) for case in every], groups))
    console.print(table)
    console.print(", ".join(f"{name} {w:.2f}" for name, w in zip(WEIGHTS, weights / weights.max(), strict=True)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
