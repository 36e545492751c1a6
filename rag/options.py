"""The command line's filter options, the same for every command that chooses reports."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer

from index.filters import Filter

_HELP = {
    "company": "Only reports on this company (part of its name).",
    "institution": "Only what this institution published (part of its name).",
    "author": "Only reports by this author (part of the name).",
    "ticker": "Only reports on this ticker, such as PEP or 600519.",
    "title": "Only reports with this in their title.",
    "rating": "Only reports that rate so, such as 买入 or Buy.",
    "language": "Only reports in this language: zh or en.",
    "since": "Only reports of this day, month or year, or later: 2025-01.",
    "until": "Only reports of this day, month or year, or earlier: 2025-06.",
}


def with_filter(command: Callable[..., None]) -> Callable[..., None]:
    """A command that takes the filter's fields as options, for a function that takes ``wanted``, a Filter."""

    @wraps(command)
    def run(**values: Any) -> None:
        wanted = Filter(**{name: values.pop(name) for name in _HELP})
        command(wanted=wanted, **values)

    options = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default="",
            annotation=Annotated[str, typer.Option(f"--{name}", help=text, show_default=False)],
        )
        for name, text in _HELP.items()
    ]
    own = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for parameter in inspect.signature(command).parameters.values()
        if parameter.name != "wanted"
    ]
    parameters = [own[0], *options, *own[1:]] if own[0].default is inspect.Parameter.empty else [*options, *own]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run
