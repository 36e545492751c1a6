"""What the browser tests do with the page, and a model server for them."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

QUESTION = "Who is suing the company over water meters, and how much is claimed?"  # e17: page 9 of the annual report
ANSWER = ["The town of Larkspur Ferry ", "claims $8.2 million ", "for meters that under-registered water [1]."]


class ModelServer:
    """An OpenAI-compatible server on loopback that streams ``pieces``; it waits before the last until ``go_on``."""

    def __init__(self) -> None:
        self.pieces = list(ANSWER)
        self.go_on = threading.Event()
        self.go_on.set()
        self.asked = 0
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args: object) -> None:
                pass

            def do_GET(self) -> None:
                self._begin("application/json")
                self._write(b'{"object": "list", "data": []}')
                self._write(b"")

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                server.asked += 1
                self._begin("text/event-stream")
                for number, piece in enumerate(server.pieces, 1):
                    if number == len(server.pieces) and not server.go_on.wait(60):
                        return
                    self._write(f"data: {json.dumps(_chunk(piece))}\n\n".encode())
                self._write(b"data: [DONE]\n\n")
                self._write(b"")

            def _begin(self, kind: str) -> None:
                self.send_response(200)
                self.send_header("content-type", kind)
                self.send_header("transfer-encoding", "chunked")
                self.end_headers()

            def _write(self, data: bytes) -> None:
                try:
                    self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
                    self.wfile.flush()
                except OSError:  # the client has left
                    self.close_connection = True

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def close(self) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._server.server_close()


def _chunk(piece: str) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": None}
    return {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}


def ask(page: Page, question: str) -> None:
    """Ask, and wait until the question stands in the chat."""
    before = page.locator("article.exchange").count()
    page.locator("#ask textarea").fill(question)
    page.locator("#ask textarea").press("Enter")
    expect(page.locator("article.exchange")).to_have_count(before + 1)


def answered(page: Page) -> None:
    """Wait until the last answer is finished."""
    expect(page.locator("#live article footer")).to_have_count(1)
    expect(page.locator("[data-busy]")).to_have_count(0)


def upload(page: Page, *files: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.locator("#upload").click()
    chooser.value.set_files(files)


def act(page: Page, report: str, action: str) -> None:
    """Choose an action from a report's menu."""
    row = page.locator("#shelf .report", has_text=report)
    row.locator("summary").click()
    row.locator(f"[data-do={action}]").click()


def shown_page(page: Page, number: int) -> None:
    """Wait until the picture of a page is drawn."""
    expect(page.locator("#viewer .number")).to_have_value(str(number))
    page.wait_for_function(
        "n => { const i = document.querySelector('#viewer img');"
        " return i.complete && i.naturalWidth > 0 && i.src.includes(`/${n}.png`)"
        " && !document.querySelector('.paper.loading'); }",
        arg=number,
    )
