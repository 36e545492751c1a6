"""The guide's picture: a conversation with the bot over the sample reports, as it stands in Slack.

``python -m rag.slack.transcript OUT.png`` reads the samples into a store of its own, lets the bot answer the script's
messages with the model of the settings, and draws the blocks that Slack was sent.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from rag.bots import buttons
from rag.bots.bot import Bot, Job
from rag.bots.rules import Rules
from rag.bots.service import File, Incoming
from rag.engine import ReportQA
from rag.settings import load
from rag.slack.adapter import SlackAdapter
from rag.slack.incoming import SERVICE
from rag.slack.preview import BOT, Said, page, screenshot


class Step(NamedTuple):
    """One message of a person, the file they send with it, the source whose page they open, what to show of it."""

    name: str
    text: str
    file: str = ""
    opened: int = 0
    while_writing: str = ""  # what is said beside the message as it stood before it was whole; "" leaves it out


SCRIPT = (
    (
        Step("林晓", "2月国内新型储能招标容量同比增长多少？", "zh_storage_weekly.pdf", 1, "写作中，同一条消息"),
        Step("林晓", "2月华南招标容量有多大，占全国的百分之几？"),
    ),
    (
        Step("Dana", "@report-qa Who is suing Halcyra over water meters, and how much is claimed?", opened=1),
        Step("Dana", "What was its market share in Brazil?"),
    ),
)


class Recorder:
    """In place of Slack's client: keeps messages in their order, and how each stood before its last edit."""

    token = ""

    def __init__(self) -> None:
        self.messages: dict[str, dict[str, Any]] = {}
        self.before: dict[str, dict[str, Any]] = {}

    def chat_postMessage(self, **message: Any) -> dict[str, str]:  # noqa: N802 - Slack's name
        """Keep a message."""
        ts = str(len(self.messages) + 1)
        self.messages[ts] = message
        return {"ts": ts}

    def chat_update(self, *, ts: str, **message: Any) -> None:
        """Keep a message as it is now."""
        self.before[ts] = self.messages[ts]
        self.messages[ts] = {**self.messages[ts], **message}

    def files_upload_v2(self, **file: Any) -> None:
        """Keep a picture."""
        self.chat_postMessage(**file)


class _Adapter(SlackAdapter):
    def download(self, file: File, folder: Path) -> Path:
        return Path(shutil.copy(file.url, folder / Path(file.url).name))


def converse(qa: ReportQA, samples: Path) -> list[list[Said]]:
    """The script's threads with the bot's replies. ``samples`` is the folder of the files that are sent."""
    recorder: Any = Recorder()
    adapter, bot = _Adapter(recorder, recorder, (), 0), Bot(qa, Rules())
    try:
        return [
            [said for step in steps for said in _exchange(bot, adapter, f"{thread}", step, samples)]
            for thread, steps in enumerate(SCRIPT)
        ]
    finally:
        bot.close()


def _exchange(bot: Bot, adapter: SlackAdapter, thread: str, step: Step, samples: Path) -> list[Said]:
    recorder: Any = adapter.client
    sent = (File(id=step.file, name=step.file, url=str(samples / step.file)),) if step.file else ()
    text = step.text.removeprefix(f"@{BOT} ")
    incoming = Incoming(
        service=SERVICE, team="", channel="", thread=thread, user=step.name, text=text, event_id=text, files=sent
    )
    first = len(recorder.messages)
    bot.book.join(incoming)
    Job(bot, incoming, adapter).do()
    if step.opened:
        buttons.post_page(bot, adapter, incoming.place, incoming.answer_id, step.opened)
    said = [Said(step.name, step.text, file=step.file)]
    for ts, message in list(recorder.messages.items())[first:]:
        if "content" in message:
            said.append(Said(BOT, message["initial_comment"], picture=message["content"]))
            continue
        if step.while_writing and ts in recorder.before and "feedback_good" in str(message):
            said.append(Said(BOT, blocks=tuple(recorder.before[ts]["blocks"]), aside=step.while_writing))
        said.append(Said(BOT, message["text"], blocks=tuple(message["blocks"] or ())))
    return said


def main() -> int:
    """Let the bot answer the script and write the conversation as HTML or PNG, or as both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, nargs="+", help="files to write: .html or .png")
    parser.add_argument("--samples", type=Path, default=Path("eval/data"), help="folder of the sample reports")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as store, ReportQA.open(settings=load(store=Path(store))) as qa:
        sent = {step.file for steps in SCRIPT for step in steps}
        qa.ingest([path for path in sorted(arguments.samples.glob("*.pdf")) if path.name not in sent])
        html = page(converse(qa, arguments.samples))
    for out in arguments.out:
        out.write_bytes(screenshot(html) if out.suffix == ".png" else html.encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
