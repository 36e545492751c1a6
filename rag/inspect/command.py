"""What ``report-qa inspect`` does: read one file as for the store, and show it."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from index.errors import ReadError, SettingsError
from index.inspection import Inspection
from rag.settings import Settings

Progress = Callable[[int, int], None]


def look(file: Path, settings: Settings, pages: Sequence[str] = (), password: str = "") -> Inspection:
    """The file as it would go into the store, only the pages asked for ("3", "5-8").

    Raises ReadError when it cannot be read, SettingsError when ``pages`` name none of its pages, ModelError when the
    embedder, whose tokens chunks are measured in, is not there.
    """
    from index import reading
    from index.inspection import inspect
    from index.tokens import token_counter

    spans = [_span(text) for text in pages]
    if not file.is_file():
        raise ReadError(
            f"There is no file {file}.", "Name the report's file; the store keeps a report's text, not its file."
        )
    report = reading.read(
        file,
        max_pages=settings.max_pages,
        max_bytes=settings.max_file_mb * 1_000_000,
        passwords=[password] if password else (),
    )
    seen = inspect(report, token_counter(settings.embedder, settings.models_dir), settings.chunk_tokens)
    if not spans:
        return seen
    chosen = seen.only(number for first, last in spans for number in range(first, min(last, len(report.pages)) + 1))
    if not chosen.pages:
        raise SettingsError(
            f"{file.name} has no page {', '.join(pages)}; it has {len(report.pages)}.", "Name pages that it has."
        )
    return chosen


def write_html(seen: Inspection, file: Path, out: Path, password: str, scale: float, progress: Progress) -> int:
    """Write the HTML page to ``out``; gives its size in bytes. Raises SettingsError when it cannot be written."""
    from rag.inspect import html
    from rag.inspect.pictures import pictures

    numbers = [page.number for page in seen.pages]
    is_pdf = file.suffix.lower() == ".pdf" and scale > 0
    drawn = pictures(file, numbers, password=password, scale=scale, progress=progress) if is_pdf else ()
    data = html.render(seen, drawn).encode("utf-8", "replace")  # a damaged font can name half a character
    try:
        out.write_bytes(data)
    except OSError as error:
        raise SettingsError(f"{out} cannot be written: {error.strerror}.", "Name another file with --html.") from error
    return len(data)


def _span(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"\s*(\d{1,6})\s*(?:[-–]\s*(\d{1,6})\s*)?", text)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= first <= last:
        raise SettingsError(f"--page {text!r} is no page or range of pages.", "Write --page 3 or --page 5-8.")
    return first, last
