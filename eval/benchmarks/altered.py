"""Answers made wrong on purpose: how many the check catches, and how many true ones it flags.

    python -m eval.benchmarks.altered [--store DIR] [--n 300] [--seed 0] [--json]

True answers are made out of the reports of a store, in other words than theirs (``answers.py``). Each is checked as it
is, and again after one figure or period has been made wrong (``alterations.py``). Needs no language model.
"""

import argparse
import random
import re
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from time import perf_counter

from pydantic import BaseModel, ConfigDict
from rich.console import Console
from rich.table import Table

from eval.benchmarks.alterations import WAYS, Altered, alter
from eval.benchmarks.altered_answers import QUESTION, Made, answers
from index.errors import ReportQAError
from rag.checking.citations import MARK, Checked, check
from rag.checking.figures import find
from rag.checking.grounding import Asked
from rag.engine import ReportQA
from rag.settings import load


class Case(BaseModel):
    """One altered answer and what the check made of it and of the true one."""

    model_config = ConfigDict(frozen=True)

    language: str
    made_of: str
    way: str
    true: str
    altered: str
    wrong: str
    caught: bool
    flagged: bool
    said: str
    unsupported: tuple[str, ...]
    true_said: str
    true_unsupported: tuple[str, ...]
    ms: float


class Share(BaseModel):
    """How many of ``n`` altered answers were caught, and how many of the same true ones flagged."""

    model_config = ConfigDict(frozen=True)

    n: int
    caught: int
    flagged: int
    repaired: int


class Result(BaseModel):
    """Shares by way of altering, by language, by what the answers were made of, and of all."""

    model_config = ConfigDict(frozen=True)

    shares: dict[str, Share]
    median_ms: float
    cases: tuple[Case, ...]


def measure(qa: ReportQA, n: int = 300, seed: int = 0) -> Result:
    """Alter ``n`` answers out of the store of ``qa``, each way equally often, and check both forms of each."""
    draw = random.Random(seed)  # noqa: S311
    cases: list[Case] = []
    want = dict.fromkeys(WAYS, 0)
    for tries, made in enumerate(answers(qa, seed)):
        if len(cases) >= n or tries > 60 * n:
            break
        for way in sorted(WAYS, key=lambda way: want[way]):
            altered = alter(made.text, way, made.evidence, made.language, draw)
            if altered is not None:
                want[way] += 1
                cases.append(_case(made, altered, way))
                break
    return Result(
        shares=_shares(cases),
        median_ms=sorted(c.ms for c in cases)[len(cases) // 2] if cases else 0.0,
        cases=tuple(cases),
    )


def _case(made: Made, altered: Altered, way: str) -> Case:
    asked = Asked.of(QUESTION[made.language], lambda terms: dict.fromkeys(terms, 0), 1000)
    started = perf_counter()
    true = check(made.text, asked, made.language, made.evidence)
    ms = 1000 * (perf_counter() - started)
    said = check(altered.text, asked, made.language, made.evidence)
    return Case(
        language=made.language,
        made_of=made.made_of,
        way=way,
        true=made.text,
        altered=altered.text,
        wrong=altered.wrong,
        caught=is_caught(altered, said, made),
        flagged=not true.found or bool(true.unsupported) or _bare(true.text) != _bare(made.text),
        said=said.text,
        unsupported=said.unsupported,
        true_said=true.text,
        true_unsupported=true.unsupported,
        ms=ms,
    )


def is_caught(altered: Altered, said: Checked, made: Made) -> bool:
    """Whether what was made wrong is listed, put right again, or gives way to what the page says word for word."""
    if not said.found or any(altered.wrong.strip() in u or u in altered.wrong for u in said.unsupported):
        return True
    if any(figure in said.unsupported for figure in altered.bound):
        return True
    if _bare(altered.text) == _bare(said.text):
        return False
    if any(_bare(said.text) in _bare(item.text) for item in made.evidence):
        return True
    if altered.bound:
        return altered.wrong.strip() not in said.text
    if _values(said.text) == _values(made.text):
        return True
    if altered.wrong.strip() in said.text:
        return False
    right = find(altered.right)
    return not right or any(right[0].agrees(figure) for figure in find(said.text))


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", MARK.sub("", text))


def _values(text: str) -> list[tuple[Decimal, str]]:
    return [(figure.value, figure.unit) for figure in find(MARK.sub("", text))]


def _shares(cases: Sequence[Case]) -> dict[str, Share]:
    groups = {"all": list(cases)}
    for case in cases:
        for name in (case.way, case.language, case.made_of):
            groups.setdefault(name, []).append(case)
    return {
        name: Share(
            n=len(group),
            caught=sum(c.caught for c in group),
            flagged=sum(c.flagged for c in group),
            repaired=sum(c.caught and not c.unsupported and bool(c.said) for c in group),
        )
        for name, group in groups.items()
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--n", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    try:
        with ReportQA.open(options.store, load().model_copy(update={"llm": "none"})) as qa:
            result = measure(qa, options.n, options.seed)
    except ReportQAError as error:
        Console(stderr=True).print(str(error))
        return 1
    if options.json:
        sys.stdout.write(result.model_dump_json(indent=1) + "\n")
        return 0
    table = Table("answers", "n", "caught", "repaired", "true ones flagged")
    for name, share in result.shares.items():
        table.add_row(
            name, str(share.n), f"{share.caught / share.n:.1%}", str(share.repaired), f"{share.flagged / share.n:.1%}"
        )
    Console().print(table, f"median {result.median_ms:.1f} ms an answer")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
