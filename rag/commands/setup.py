"""Commands for what must be in place: the self-check, and ``report-qa models``."""

import os
from typing import Annotated

import typer
from rich.markup import escape

from rag import doctor as doctors
from rag.commands.shared import Json, Store, err, opened_settings, out, print_json
from rag.progress import pull_progress
from rag.settings import Settings

models_app = typer.Typer(help="Fetch, list and check the default models.", no_args_is_help=True)


def doctor(
    show_settings: Annotated[bool, typer.Option("--settings", help="List every setting with its value.")] = False,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Check that everything is in place, and say where report text goes."""
    settings = opened_settings(store)
    checks = doctors.examine(settings)
    values = doctors.settings_table(settings) if show_settings else []
    if as_json:
        print_json({"checks": [vars(c) for c in checks], "settings": [vars(v) for v in values]})
    else:
        for check in checks:
            mark = "[green]ok[/]  " if check.ok else "[red]FAIL[/]"
            out.print(f"{mark} {check.name}: {escape(check.detail)}")
        for value in values:
            out.print(f"{value.name} = {escape(value.value)}  [dim]{escape(value.description)}[/]")
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


@models_app.command("pull")
def models_pull(
    names: Annotated[list[str] | None, typer.Argument(help="llm, llm-small, embedder; default: what is set.")] = None,
    embedder: Annotated[str | None, typer.Option(help="Fetch this Sentence Transformers model from its hub.")] = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Fetch models and verify them. Resumes after a break."""
    if embedder:
        os.environ["HF_HUB_OFFLINE"] = "0"  # asked for by name: the one command that may go to a hub
    from index import models

    settings = opened_settings(store)
    if embedder:
        paths = {embedder: str(models.pull_hub_embedder(embedder, settings.models_dir))}
    else:
        wanted = names or doctors.wanted_models(settings)
        new = [name for name in wanted if not models.is_present(models.get(name), settings.models_dir)]
        with pull_progress(err) as progress:
            models.pull(wanted, settings.models_dir, progress)
        paths = {name: str(models.path(name, settings.models_dir)) for name in wanted}
        if "embedder" in new:
            _measure_embedder(settings)
    if as_json:
        print_json([{"name": name, "path": path} for name, path in paths.items()])
        return
    for name, path in paths.items():
        out.print(f"[green]ready[/] {escape(name)}: {escape(path)}")
    if not paths:
        out.print("The settings need none of the default models.")


def _measure_embedder(settings: Settings) -> None:
    """Measure what every new store needs to know of the default embedder, so that none has to wait for it."""
    from index.embedding import DEFAULT, open_embedder
    from index.opening import measured

    measured(open_embedder(DEFAULT, settings.models_dir, settings.threads), settings.models_dir)


@models_app.command("list")
def models_list(store: Store = None, as_json: Json = False) -> None:
    """List the default models and whether they are there."""
    from index import models

    rows = models.status(opened_settings(store).models_dir)
    if as_json:
        print_json([{**doctors.as_dict(row)} for row in rows])
        return
    for row in rows:
        there = "[green]there[/]  " if row.present else "[yellow]missing[/]"
        about = f"[bold]{row.name:9}[/] {row.size / 1e9:.2f} GB  {escape(row.title)} [dim]({escape(row.licence)})[/]"
        out.print(f"{there} {about}\n        {escape(str(row.path))}")


@models_app.command("verify")
def models_verify(
    names: Annotated[list[str] | None, typer.Argument(help="llm, llm-small, embedder; default: what is set.")] = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Check every byte of the models that are there."""
    from index import models

    settings = opened_settings(store)
    checks = models.verify(names or doctors.wanted_models(settings), settings.models_dir)
    if as_json:
        print_json([{"name": c.name, "path": str(c.path), "ok": c.ok, "problem": c.problem} for c in checks])
    else:
        for check in checks:
            mark = "[green]ok[/]  " if check.ok else "[red]FAIL[/]"
            out.print(f"{mark} {check.name} {escape(f'{check.path} {check.problem}')}")
    if not all(check.ok for check in checks):
        raise typer.Exit(1)
