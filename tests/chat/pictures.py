"""Pictures of the chat's states for docs/chat.md.

    PYTHONPATH=tests:tests/chat python -m pictures [--out docs/images/chat] [NAME]...

`make pictures` makes them all, over the sample reports. What a language model would write is scripted, so that the same
states come every time.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import scenes_around
import scenes_of_answers
from conftest import CHROMIUM_ARGS
from PIL import Image
from playwright.sync_api import Error, Page, expect, sync_playwright
from studio import Studio, scenes

OUT = Path(__file__).parents[2] / "docs" / "images" / "chat"
COLOURS = 200  # of a picture's palette: pages and letters need few
SCENES = (scenes_of_answers, scenes_around)  # which fill ``scenes``


def save(page: Page, target: Path) -> int:
    """Draw the page into a small PNG; gives its bytes."""
    page.mouse.move(0, 0)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=target, animations="disabled", caret="hide")
    with Image.open(target) as picture:
        few = picture.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(target, optimize=True)
    return target.stat().st_size


def main(argv: Sequence[str] | None = None) -> int:
    """Make the pictures. Returns the process exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these, of: " + ", ".join(scenes))
    given = parser.parse_args(argv)
    given.out.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=30_000)
    total, failed = 0, 0
    folder = Path(tempfile.gettempdir()) / "report-qa"  # a name that always looks the same, for it is in a picture
    shutil.rmtree(folder, ignore_errors=True)
    with sync_playwright() as playwright, ExitStack() as stack:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_ARGS)
        studio = Studio(browser, stack, folder)
        for name in given.names or scenes:
            try:
                total += save(scenes[name](studio), given.out / f"{name}.png")
                told = name
            except (Error, AssertionError) as error:  # the other pictures are still wanted
                failed, told = failed + 1, f"{name} failed: {error}"
                if studio.pages:
                    save(studio.pages[-1], given.out / f"{name}.png")
            studio.leave()
            sys.stdout.write(f"{told}\n")
            sys.stdout.flush()
        browser.close()
    sys.stdout.write(f"{total / 1e6:.2f} MB in all\n")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
