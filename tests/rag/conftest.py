"""What the tests of rag/ share: a clean environment, and a chat server that speaks OpenAI's streaming format."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest


class ChatServer:
    """A real HTTP server on loopback that answers every chat with ``pieces``.

    Before each piece but the first it waits for ``go_on``, which is set unless a test clears it. With ``status`` other
    than 200 it answers ``body``; with ``cut`` it hangs up after the pieces without ending the stream.
    """

    def __init__(self) -> None:
        self.pieces: list[str] = ["A", "B"]
        self.status, self.body, self.cut = 200, "", False
        self.go_on = threading.Event()
        self.go_on.set()
        self.requests: list[tuple[str, dict[str, str], Any]] = []
        self.left = 0  # clients that did not wait for all pieces
        chat = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: object) -> None:
                pass

            def do_GET(self) -> None:
                chat.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, None))
                self._send(chat.body or '{"object": "list", "data": []}', "application/json")

            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
                chat.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, asked))
                if chat.status != 200 or chat.body:
                    self._send(chat.body, "text/html" if chat.body.startswith("<") else "application/json")
                    return
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("transfer-encoding", "chunked")
                self.end_headers()
                for number, piece in enumerate(chat.pieces):
                    if number and not chat.go_on.wait(300):
                        return
                    try:
                        self._event(json.dumps(_chunk(piece)))
                    except ConnectionError:
                        chat.left += 1
                        self.close_connection = True
                        return
                if chat.cut:
                    self.close_connection = True
                    return
                self._event("[DONE]")
                self.wfile.write(b"0\r\n\r\n")

            def _event(self, data: str) -> None:
                line = f"data: {data}\n\n".encode()
                self.wfile.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")
                self.wfile.flush()

            def _send(self, body: str, kind: str) -> None:
                self.send_response(chat.status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def prompt(self, number: int = -1) -> str:
        """All that the model was given in one of the chats."""
        chats = [asked for _, _, asked in self.requests if asked]
        return "\n".join(message["content"] for message in chats[number]["messages"])

    def close(self) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._server.server_close()


def _chunk(piece: str) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": None}
    return {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}


@pytest.fixture
def chat_server() -> Iterator[ChatServer]:
    server = ChatServer()
    yield server
    server.close()


@pytest.fixture
def dead_url() -> str:
    """An address on loopback that nobody listens on."""
    server = ChatServer()
    server.close()
    return server.url


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No setting from the environment or from a file of the one who runs the tests."""
    import os

    for name in list(os.environ):
        if name.upper().startswith("REPORT_QA_"):
            monkeypatch.delenv(name)
    empty = tmp_path_factory.mktemp("empty")
    monkeypatch.chdir(empty)
    monkeypatch.setattr("rag.settings.user_config_path", lambda name: empty / "config")


@pytest.fixture
def inspected(
    models_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Runs ``report-qa inspect`` in this process; gives exit code, output and errors."""
    from rag.cli import main

    monkeypatch.setenv("REPORT_QA_MODELS_DIR", str(models_dir))

    def call(*arguments: object) -> tuple[int, str, str]:
        try:
            main(["inspect", *(str(argument) for argument in arguments)])
            code = 0
        except SystemExit as left:
            code = int(left.code or 0)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call
