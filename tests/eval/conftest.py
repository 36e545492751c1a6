"""What the tests of eval/ share: somebody's model server, whose answers depend on what it is given."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

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


class ModelServer:
    """An OpenAI-compatible server on loopback. ``answer`` takes the system prompt and the last message of a chat.

    ``asked`` are the last messages it was given, in order.
    """

    def __init__(self) -> None:
        self.answer: Callable[[str, str], str] = quoting
        self.asked: list[str] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: object) -> None:
                pass

            def do_POST(self) -> None:
                messages = json.loads(self.rfile.read(int(self.headers["content-length"])))["messages"]
                server.asked.append(messages[-1]["content"])
                text = server.answer(messages[0]["content"], messages[-1]["content"])
                body = f"data: {json.dumps(_chunk(text))}\n\ndata: [DONE]\n\n".encode()
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _chunk(text: str) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}
    return {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    server = ModelServer()
    yield server
    server.close()
