"""What the tests of eval/ share: a model that reads and quotes."""

import re

import pytest
from model_server import ModelServer

_ITEM = re.compile(r"^\[(\d+)\]\s*(.+?)(?=^\[\d+\]|^(?:Question|问题)|\Z)", re.MULTILINE | re.DOTALL)
_QUESTION = re.compile(r"^(?:Question|问题)\s*[:：]\s*(.+)$", re.MULTILINE)


def quoting(system: str, user: str) -> str:
    """The evidence item that shares most with the last question of the prompt: a model that only reads and quotes.

    Of items that share as much it is the last.
    """
    items = _ITEM.findall(user)
    asked = (_QUESTION.findall(user) or [user])[-1]
    if not items:
        return "Not found in the reports"
    wanted = _parts(asked)
    n, best = max(reversed(items), key=lambda item: len(wanted & _parts(item[1])))
    return f"{re.sub(r'^[(（].*?[)）]+', '', best.strip())} [{n}]"


def _parts(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{4,}|\d+", text.lower())) | set(re.findall(r"(?=([\u4e00-\u9fff]{2}))", text))


@pytest.fixture
def model_server(chat_server: ModelServer) -> ModelServer:
    chat_server.answer = quoting
    return chat_server
