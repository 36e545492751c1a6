"""A grid of settings, as ``report-qa eval grid`` reads it from a TOML file.

questions = ["samples.jsonl"]      # paths beside the file, as are those of the reports
reports = ["*.pdf"]                # files, folders or patterns
rank_by = "hit_5"
retrieval_only = true

[select]                           # kinds, languages, ids, sample, seed, limit
sample = 20

[settings]                         # of all runs
llm = "none"

[grid]                             # every combination of these is run
chunk_tokens = [60, 80, 120]
candidates = [50, 100]
"""

import itertools
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.selection import Selection
from eval.values import MEASURES
from index.errors import ReportQAError
from rag.settings import Settings

MOST = 200
"""Combinations of one grid: more are a slip of the pen."""

_OF_THE_RUN = {"store", "models_dir", "host", "port", "chroma_url"}
_PATHS = {"prompts"}


class GridError(ReportQAError):
    """A grid cannot be run. The message names the file and the key."""

    exit_code = 2


class Grid(BaseModel):
    """What to run: every combination of the values in ``grid``, over the same ``questions`` and ``reports``.

    ``rank_by`` is a measure of :class:`eval.measures.Scores`, the higher the better.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    questions: tuple[Path, ...] = Field(min_length=1)
    reports: tuple[str, ...] = Field(min_length=1)
    rank_by: str = "hit_5"
    retrieval_only: bool = False
    select: Selection = Selection()
    settings: dict[str, Any] = {}
    grid: dict[str, tuple[Any, ...]] = Field(min_length=1)

    def combinations(self) -> Iterator[dict[str, Any]]:
        """Give the values of every combination by setting; the last setting changes fastest."""
        for chosen in itertools.product(*self.grid.values()):
            yield dict(zip(self.grid, chosen, strict=True))


def read(path: Path) -> Grid:
    """Read a grid. Raises GridError naming the key that is unknown or wrong, before anything is run."""
    path = Path(path)
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        selected = values.get("select", {})
        unknown = set(selected) - set(Selection.model_fields) if isinstance(selected, dict) else set()
        if unknown:
            known = ", ".join(Selection.model_fields)
            raise GridError(f"{path}: unknown key select.{min(unknown)}.", f"Known are {known}.")
        grid = Grid.model_validate(values)
    except OSError as error:
        raise GridError(
            f"{path} cannot be read: {error.strerror}.", "Give a TOML file; see docs/evaluation.md."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GridError(f"{path} is not TOML: {error}.", "Mend the file.") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        if first["type"] == "extra_forbidden":
            raise GridError(f"{path}: unknown key {key}.", f"Known are {', '.join(Grid.model_fields)}.") from error
        raise GridError(f"{path}: {key}: {first['msg']}.", "Mend its value; see docs/evaluation.md.") from error
    if grid.rank_by not in MEASURES:
        raise GridError(f"{path}: rank_by: {grid.rank_by} is no measure.", f"Known are {', '.join(MEASURES)}.")
    for table, names in (("settings", grid.settings), ("grid", grid.grid)):
        for setting in names:
            if setting not in Settings.model_fields or setting in _OF_THE_RUN:
                raise GridError(
                    f"{path}: unknown setting {table}.{setting}.", "docs/settings.md lists the settings by name."
                )
    for setting, chosen in grid.grid.items():
        if not chosen or len({repr(value) for value in chosen}) < len(chosen):
            raise GridError(f"{path}: grid.{setting} is empty or names a value twice.", "Give each value once.")
    count = sum(1 for _ in grid.combinations())
    if count > MOST:
        raise GridError(f"{path} has {count} combinations.", f"Give at most {MOST}.")
    return _resolved(grid, path)


def report_files(grid: Grid) -> list[Path]:
    """Give the report files or folders of a grid. Raises GridError for a name that leads to none."""
    found: list[Path] = []
    for name in grid.reports:
        path = Path(name)
        matching = [path] if path.exists() else sorted(path.parent.glob(path.name)) if path.parent.is_dir() else []
        if not matching:
            raise GridError(f"reports: there is no {name}.", "Paths count from the folder of the grid's file.")
        found += matching
    return found


def _resolved(grid: Grid, path: Path) -> Grid:
    """The grid with its paths counted from the folder of its file."""
    folder = path.resolve().parent

    def place(setting: str, value: Any) -> Any:
        return str(folder / value) if setting in _PATHS and value else value

    return grid.model_copy(
        update={
            "questions": tuple(folder / file for file in grid.questions),
            "reports": tuple(str(folder / name) for name in grid.reports),
            "settings": {setting: place(setting, value) for setting, value in grid.settings.items()},
            "grid": {setting: tuple(place(setting, v) for v in chosen) for setting, chosen in grid.grid.items()},
        }
    )
