"""How long the chat's user waits: for the app, for the evidence after asking, for a page after a click.

    python -m eval.benchmarks.chat --store DIR [--rounds 9]

Needs playwright and Chromium. The answers are quotations (llm = "none"), so that no model competes for the machine.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag import ReportQA
from rag.chat.suggestions import examples
from rag.settings import load

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
# Milliseconds until a condition holds, looked at in every frame that the browser draws.
UNTIL = """async ([act, holds]) => {
    const began = performance.now();
    new Function(act)();
    while (!new Function(`return ${holds}`)()) await new Promise(requestAnimationFrame);
    return performance.now() - began;
}"""


def asking(page: "Page", question: str, number: int) -> float:
    """Milliseconds from Enter to the evidence of exchange ``number``."""
    page.locator("#ask textarea").fill(question)
    took: float = page.evaluate(
        UNTIL,
        [
            "document.querySelector('#composer').requestSubmit()",
            f"document.querySelector('#live article[data-n=\"{number}\"]') && "
            "document.querySelector('#panel .asked')?.textContent === "
            f"document.querySelector('#live article[data-n=\"{number}\"] .question')?.textContent && "
            "document.querySelector('#panel .source')",
        ],
    )
    page.locator("#live article footer").wait_for()
    return took


def turning(page: "Page") -> float:
    """Milliseconds from a click on the next page (or the one before) to its picture, drawn for the first time."""
    took: float = page.evaluate(
        UNTIL,
        [
            "window.was = document.querySelector('#viewer img').src;"
            "(document.querySelector('#viewer [data-do=next]:not(:disabled)') ||"
            " document.querySelector('#viewer [data-do=previous]')).click()",
            "document.querySelector('#viewer img').src !== window.was && document.querySelector('#viewer img').complete"
            " && !document.querySelector('.paper.loading') && document.querySelector('#viewer img').naturalWidth",
        ],
    )
    return took


def main(argv: Sequence[str] | None = None) -> int:
    """Print the medians. Returns the process exit code."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=9)
    given = parser.parse_args(argv)
    with ReportQA.open(settings=load(store=given.store, llm="none")) as qa:
        entries = qa.reports()
        questions = [q for entry in entries for q in examples(qa.library, [entry], entry.language)]
    env = {**os.environ, "REPORT_QA_STORE": str(given.store), "REPORT_QA_LLM": "none", "REPORT_QA_PORT": "0"}
    began = time.perf_counter()
    with subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as app:
        try:
            assert app.stdout is not None  # noqa: S101
            url = app.stdout.readline().split()[-1]
            up = time.perf_counter() - began
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                page.goto(url, wait_until="commit")
                page.locator("body[data-ready]").wait_for(state="attached")
                ready = time.perf_counter() - began
                asked = [asking(page, questions[n % len(questions)], n) for n in range(given.rounds)]
                page.locator("#viewer img").wait_for()
                turned = [turning(page) for _ in range(given.rounds)]
                browser.close()
        finally:
            app.terminate()
    shown = [f"app up {up:.1f} s, page ready {ready:.1f} s", f"load average {os.getloadavg()[0]:.1f}"]
    for name, times in (("evidence after asking", asked[1:]), ("page after a click", turned)):
        shown.append(f"{name}: median {statistics.median(times):.0f} ms, worst {max(times):.0f} ms of {len(times)}")
    sys.stdout.write("\n".join(shown) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
