"""``report-qa eval new``."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from eval.drafting.drafting import Drafts
    from rag.settings import Settings

out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)


def new(
    report: Annotated[str, typer.Argument(metavar="REPORT", help="Id or file name of a report in the store.")] = "",
    to: Annotated[Path | None, typer.Option("--out", help="The question file to make.", show_default=False)] = None,
    count: Annotated[int, typer.Option("-n", min=1, max=500, help="How many questions.")] = 10,
    lang: Annotated[str, typer.Option("--lang", help="Language of the questions, zh or en; the report's own.")] = "",
    kind: Annotated[list[str] | None, typer.Option("--kind", help="number, table or fact; repeatable.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="Which passages are drawn.")] = 0,
    from_feedback: Annotated[bool, typer.Option("--from-feedback", help="From what users said of answers.")] = False,
    since: Annotated[str, typer.Option("--since", help="Only feedback from this date on.")] = "",
    store: Annotated[Path | None, typer.Option("--store", help="Folder of the store.", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Draft questions from a report with the language model, or from users' feedback, for a person's review.

    Each has its quote and page and is marked as a draft, which `report-qa eval` does not ask until it is reviewed.
    """
    from eval.drafting.drafting import DraftingError
    from eval.drafting.passages import KINDS
    from rag.settings import load

    if bool(report) == from_feedback:
        raise DraftingError("Name either a report or --from-feedback.", "`report-qa reports` lists the reports.")
    if to is None:
        raise DraftingError("There is no file to write to.", "Give one with --out, such as --out drafts.jsonl.")
    if to.exists():
        raise DraftingError(f"{to} is already there, and its reviews must not be lost.", "Give another --out.")
    if lang not in ("", "zh", "en") or not set(kind or ()) <= set(KINDS):
        raise DraftingError("--lang is zh or en, --kind number, table or fact.", "Mend the option.")
    settings = load(store=store)
    if from_feedback:
        drafts = _of_feedback(settings, since)
    else:
        drafts = _of_report(settings, report, count, lang, kind or (), seed)
    _write(to, drafts)
    if as_json:
        values = {"file": str(to), "questions": len(drafts.questions), "thrown_away": drafts.thrown_away}
        sys.stdout.write(json.dumps(values, ensure_ascii=False, indent=2) + "\n")
        return
    out.print(f"[green]wrote[/] {len(drafts.questions)} drafts to {escape(str(to))}: review them (docs/questions.md).")
    if drafts.thrown_away:
        thrown = ", ".join(f"{code.replace('_', ' ')} {n}" for code, n in drafts.thrown_away.items())
        out.print(f"      left out: {thrown}")


def _write(to: Path, drafts: "Drafts") -> None:
    from eval.drafting.drafting import DraftingError

    if not drafts.questions:
        thrown = (
            ", ".join(f"{code.replace('_', ' ')} {n}" for code, n in drafts.thrown_away.items()) or "nothing to ask"
        )
        raise DraftingError(f"No question was drafted ({thrown}).", "Try a stronger model, another report or --kind.")
    text = "".join(json.dumps(question.fields(), ensure_ascii=False) + "\n" for question in drafts.questions)
    try:
        to.write_text(text, encoding="utf-8")
    except OSError as error:
        raise DraftingError(f"{to} cannot be written: {error.strerror}.", "Give another --out.") from error


def _of_feedback(settings: "Settings", since: str) -> "Drafts":
    from eval.drafting.drafting import DraftingError
    from eval.drafting.feedback import questions
    from rag.feedback import FILE, FeedbackStore

    file = settings.store.expanduser() / FILE
    if not file.is_file():
        raise DraftingError(f"There is no feedback in {settings.store}.", "Users give it in the chat and in Slack.")
    kept = FeedbackStore(file)
    try:
        return questions(kept.all(since))
    finally:
        kept.close()


def _of_report(
    settings: "Settings", report: str, count: int, language: str, kinds: Sequence[str], seed: int
) -> "Drafts":
    from eval.drafting.drafting import NO_MODEL, DraftingError, draft
    from rag.engine import ReportQA
    from rag.llm import open_llm

    model = open_llm(settings)
    if model is None:
        raise DraftingError(*NO_MODEL)
    if model.remote_host:
        err.print(f"[yellow]Report text leaves this machine: it is sent to {escape(model.remote_host)}.[/]")
    try:
        with ReportQA.open(settings=settings.model_copy(update={"llm": "none"})) as qa, err.status("drafting") as bar:
            return draft(
                qa,
                model,
                qa.library.find(report),
                count,
                language=language,
                kinds=kinds,
                seed=seed,
                progress=lambda made: bar.update(f"drafted {made} of {count}"),
            )
    finally:
        model.close()
