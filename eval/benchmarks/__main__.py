"""Lists the benchmarks: ``python -m eval.benchmarks``."""

import ast
import sys
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table


def listed() -> dict[str, str]:
    """Give what every benchmark measures, by name; benchmarks are the modules that say how they are called."""
    found = {}
    for file in sorted(Path(__file__).parent.glob("*.py")):
        about = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        if f"python -m eval.benchmarks.{file.stem}" in about:
            found[file.stem] = about.splitlines()[0]
    return found


def main() -> int:
    """Print the list."""
    table = Table("python -m eval.benchmarks.…", "measures", box=box.SIMPLE_HEAD)
    for name, about in listed().items():
        table.add_row(name, about)
    console = Console()
    console.print(table)
    console.print("Each has --help, and with --out writes JSON.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
