"""How a benchmark ends: the machine it ran on, and its result as JSON."""

from pathlib import Path

from pydantic import BaseModel
from rich.console import Console

from eval.environment import Machine


def finish(console: Console, result: BaseModel, machine: Machine, about: str, out: Path | None) -> int:
    """Say where it was measured and ``about`` what load, write the result where it is wanted, and give exit code 0."""
    console.print(f"{machine.line()}; {about}", highlight=False)
    if out:
        out.write_text(result.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return 0
