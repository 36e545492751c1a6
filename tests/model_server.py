"""Somebody's OpenAI-compatible server on loopback, for every test that needs a language model's words."""

import json
import threading
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class ModelServer:
    """Answers every chat with ``pieces``, or with what ``answer`` makes of its first and last message.

    Before each piece but the first it waits for ``go_on``, which is set unless a test clears it. ``usage`` is what it
    says of tokens. With ``status`` other than 200 it answers ``body``; with ``cut`` it hangs up after the pieces
    without ending the stream.
    """

    def __init__(self, pieces: Iterable[str] = ("A", "B")) -> None:
        self.pieces = list(pieces)
        self.answer: Callable[[str, str], str] | None = None
        self.usage: dict[str, int] = {}
        self.status, self.body, self.cut = 200, "", False
        self.go_on = threading.Event()
        self.go_on.set()
        self.requests: list[tuple[str, dict[str, str], Any]] = []
        self.left = 0  # clients that did not wait for all pieces
        model = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: object) -> None:
                pass

            def do_GET(self) -> None:
                model.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, None))
                self._send(model.body or '{"object": "list", "data": []}', "application/json")

            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
                model.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, asked))
                if model.status != 200 or model.body:
                    self._send(model.body, "text/html" if model.body.startswith("<") else "application/json")
                    return
                texts = [message["content"] for message in asked["messages"]]
                pieces = [model.answer(texts[0], texts[-1])] if model.answer else model.pieces
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("transfer-encoding", "chunked")
                self.end_headers()
                for number, piece in enumerate(pieces):
                    if number and not model.go_on.wait(300):
                        return
                    try:
                        self._event(json.dumps(_chunk(piece)))
                    except ConnectionError:
                        model.left += 1
                        self.close_connection = True
                        return
                if model.cut:
                    self.close_connection = True
                    return
                if model.usage:
                    self._event(json.dumps(_chunk("") | {"choices": [], "usage": model.usage}))
                self._event("[DONE]")
                self.wfile.write(b"0\r\n\r\n")

            def _event(self, data: str) -> None:
                line = f"data: {data}\n\n".encode()
                self.wfile.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")
                self.wfile.flush()

            def _send(self, body: str, kind: str) -> None:
                self.send_response(model.status)
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

    @property
    def asked(self) -> list[str]:
        """The last message of every chat."""
        return [asked["messages"][-1]["content"] for _, _, asked in list(self.requests) if asked]

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
