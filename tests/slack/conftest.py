"""What the tests of the Slack bot share: the stand-in for Slack, and bots over the sample reports."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from stand_in import APP_TOKEN, BOT_TOKEN, SECRET, Slack

from index.library import Library
from rag import ReportQA
from rag.llm import open_llm
from rag.settings import Settings
from rag.slack.server import SlackBot


@pytest.fixture
def slack() -> Iterator[Slack]:
    stand_in = Slack()
    yield stand_in
    stand_in.close()


@pytest.fixture
def store(sample_store: Path, tmp_path: Path) -> Path:
    """A store of its own with the sample reports."""
    return Path(shutil.copytree(sample_store, tmp_path / "store"))


@pytest.fixture
def start(slack: Slack, store: Path, embedder, models_dir: Path) -> Iterator[Callable[..., SlackBot]]:
    """Starts a bot; closed with its engine when the test is over, unless the test has done so."""
    opened: list[tuple[SlackBot, ReportQA]] = []

    def run(mode: str = "socket", **settings: object) -> SlackBot:
        chosen = {"llm": "none", "slack_per_minute": 0, **settings}
        made = Settings(
            store=store,
            slack_mode=mode,
            slack_bot_token=BOT_TOKEN,
            slack_app_token=APP_TOKEN,
            slack_signing_secret=SECRET,
            slack_api_url=f"{slack.url}/api/",
            slack_file_hosts="127.0.0.1",
            slack_port=0,
            **chosen,
        )
        library = Library(store, embedder, kept=models_dir)  # as ReportQA.open does, with the embedder of all tests
        qa = ReportQA(library, made, open_llm(made))
        bot = SlackBot(qa, ping_seconds=0.5)
        opened.append((bot, qa))
        bot.start()
        return bot

    yield run
    for bot, qa in opened:
        bot.close()
        qa.close()
