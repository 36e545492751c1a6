"""A served webhook and what sends to it: a relay, with an HTTP server of its own for what is called back."""

import json
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue

import httpx
import uvicorn
from fastapi import FastAPI

from rag import ReportQA
from rag.bots import webhook
from rag.bots.bot import Bot
from rag.bots.rules import Rules
from rag.bots.signatures import sign

SECRET = "a secret of the tests, long enough"  # noqa: S105
KEY = SECRET.encode()
QUESTION = "Who is suing the company over water meters, and how much is claimed?"
PATIENCE = 60  # seconds; a bound for slow machines


class Relay(HTTPServer):
    """A chat service's relay: keeps what it is sent; ``status`` is what it answers, ``location`` where it redirects."""

    def __init__(self) -> None:
        self.got: Queue[tuple[dict[str, str], bytes]] = Queue()
        self.status, self.location = 200, ""

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                relay: Relay = self.server  # type: ignore[assignment]
                body = self.rfile.read(int(self.headers["content-length"]))
                relay.got.put(({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(relay.status)
                if relay.location:
                    self.send_header("location", relay.location)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/replies"


class Site:
    """A served webhook, and requests to it as a relay makes them."""

    def __init__(self, url: str, bot: Bot) -> None:
        self.url, self.bot = url, bot

    def send(self, text: str = QUESTION, *, id: str = "", at: float = 0, key: bytes = KEY, **others: object):
        body = json.dumps({"text": text, "user": "u1", "channel": "c1", **others}).encode()
        return self.send_raw(body, id=id, at=at, key=key)

    def send_raw(self, body: bytes, *, id: str = "", at: float = 0, key: bytes = KEY, **headers: str):
        id, sent = id or uuid.uuid4().hex, str(int(at or time.time()))
        signed = {"webhook-id": id, "webhook-timestamp": sent, "webhook-signature": sign(key, id, sent, body)}
        return httpx.post(self.url, content=body, headers={**signed, **headers}, timeout=PATIENCE)


@contextmanager
def serving(qa: ReportQA, rules: Rules) -> Iterator[Site]:
    bot, web = Bot(qa, rules), FastAPI()
    webhook.attach(web, bot)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(web, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield Site(f"http://127.0.0.1:{listener.getsockname()[1]}{webhook.PATH}", bot)
        finally:
            server.should_exit = True
            thread.join()
            bot.close()
