"""A stand-in for Slack on loopback: its Web API over HTTP, its socket for Socket Mode, its file host.

It keeps what it was told (``calls``), and answers as Slack does unless a test says otherwise.
"""

import hashlib
import hmac
import json
import threading
import time
import urllib.parse
import uuid
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-1-do-not-log", "xapp-1-do-not-log", "signing-do-not-log"
TEAM, ME, USER, CHANNEL, DIRECT = "T1", "UBOT", "UANN", "C1", "D1"
DEADLINE = 60  # seconds


def wait_for(condition: Callable[[], Any], what: str = "the condition", seconds: float = DEADLINE) -> Any:
    """The condition's value as soon as it is true; fails after the deadline."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        threading.Event().wait(0.01)
    raise AssertionError(f"{what} did not come about within {seconds} s")


class Slack:
    """``replies`` holds, for a method, replies to be given instead of the usual one, first come first."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.times: list[tuple[str, float]] = []
        self.messages: dict[str, dict[str, Any]] = {}  # as they stand, by id
        self.replies: dict[str, list[tuple[int, dict[str, str], dict[str, Any]]]] = {}
        self.files: dict[str, tuple[int, str, bytes]] = {}
        self.file_requests: list[tuple[str, str]] = []
        self.uploads: list[bytes] = []
        self.scopes = "chat:write"
        self.reject_blocks = False
        self.acks: list[str] = []
        self.sockets: list[ServerConnection] = []  # all there have been
        self.open: list[ServerConnection] = []
        self._lock = threading.Lock()
        self._number = 0
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self._ws = serve(self._socket, "127.0.0.1", 0)
        for server in (self._http, self._ws):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"

    def close(self) -> None:
        self._ws.shutdown()
        self._http.shutdown()
        self._http.server_close()

    # what tests look at

    def of(self, method: str) -> list[dict[str, Any]]:
        """What a method was called with."""
        with self._lock:
            return [asked for name, asked in self.calls if name == method]

    def posted(self) -> list[dict[str, Any]]:
        return self.of("chat.postMessage")

    def thread(self, thread: str) -> list[dict[str, Any]]:
        """The messages of a thread as they stand, in order."""
        with self._lock:
            return [message for message in self.messages.values() if message.get("thread_ts") == thread]

    def finished(self, thread: str) -> list[dict[str, Any]]:
        """The messages of a thread that are answers: with the buttons under them."""
        return [message for message in self.thread(thread) if "feedback_good" in json.dumps(message)]

    # what tests do

    def reply_once(self, method: str, status: int, headers: dict[str, str], body: dict[str, Any]) -> None:
        self.replies.setdefault(method, []).append((status, headers, body))

    def send(self, payload: dict[str, Any], kind: str = "events_api", **envelope: Any) -> str:
        """Send something over the open socket; over the next one when it breaks, as Slack does."""
        number = uuid.uuid4().hex
        text = json.dumps({"envelope_id": number, "type": kind, "payload": payload, **envelope})

        def sent() -> bool:
            try:
                self.open[-1].send(text)
            except (IndexError, ConnectionClosed):
                return False
            return True

        wait_for(sent, "an open socket")
        return number

    def acked(self, envelope: str) -> None:
        wait_for(lambda: envelope in self.acks, "the acknowledgement")

    def signed(self, payload: dict[str, Any], secret: str = SECRET, age: int = 0) -> dict[str, Any]:
        """Arguments for an HTTP request that Slack would make of an event."""
        return sign(json.dumps(payload).encode(), secret, age, "application/json")

    # what Slack does

    def _socket(self, connection: ServerConnection) -> None:
        connection.send(json.dumps({"type": "hello", "num_connections": 1}))
        self.sockets.append(connection)
        self.open.append(connection)
        try:
            for text in connection:
                self.acks.append(json.loads(text)["envelope_id"])
        except ConnectionClosed:
            pass
        finally:
            self.open.remove(connection)

    def _answer(self, method: str, asked: dict[str, Any]) -> tuple[int, dict[str, str], dict[str, Any]]:
        with self._lock:
            self.calls.append((method, asked))
            self.times.append((method, time.monotonic()))
            if self.replies.get(method):
                return self.replies[method].pop(0)
            if self.reject_blocks and asked.get("blocks"):
                return 200, {}, {"ok": False, "error": "invalid_blocks"}
            self._number += 1
            if method == "chat.postMessage":
                stamp = f"1800000000.{self._number:06d}"
                self.messages[stamp] = {**asked, "ts": stamp}
                return 200, {}, {"ok": True, "ts": stamp, "channel": asked["channel"]}
            if method == "chat.update":
                if asked["ts"] not in self.messages:
                    return 200, {}, {"ok": False, "error": "message_not_found"}
                self.messages[asked["ts"]] |= {"text": asked["text"], "blocks": asked.get("blocks", [])}
        known: dict[str, dict[str, Any]] = {
            "auth.test": {"user_id": ME, "bot_id": "BBOT", "team_id": TEAM, "team": "Team", "user": "report-qa"},
            "apps.connections.open": {
                "url": f"ws://127.0.0.1:{self._ws.socket.getsockname()[1]}/?ticket=secret-ticket"
            },
            "files.getUploadURLExternal": {"upload_url": f"{self.url}/upload", "file_id": "F9"},
            "files.completeUploadExternal": {"files": [{"id": "F9"}]},
        }
        return 200, {"x-oauth-scopes": self.scopes}, {"ok": True, **known.get(method, {})}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        slack = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: object) -> None:
                pass

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                if self.path == "/upload":
                    slack.uploads.append(body)
                    self._send(200, {}, b"OK")
                    return
                status, headers, reply = slack._answer(self.path.removeprefix("/api/"), _arguments(self.headers, body))
                self._send(status, {"content-type": "application/json", **headers}, json.dumps(reply).encode())

            def do_GET(self) -> None:
                slack.file_requests.append((self.path, self.headers.get("authorization", "")))
                status, kind, data = slack.files.get(self.path, (404, "text/plain", b""))
                where = {"location": data.decode()} if status in {301, 302} else {}
                self._send(status, {"content-type": kind, **where}, data)

            def _send(self, status: int, headers: dict[str, str], data: bytes) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        return Handler


def _arguments(headers: Any, body: bytes) -> dict[str, Any]:
    if headers.get("content-type", "").startswith("application/json"):
        return dict(json.loads(body or b"{}"))
    fields = {name: values[-1] for name, values in urllib.parse.parse_qs(body.decode(), True).items()}
    return {
        name: json.loads(value) if name in {"blocks", "view", "prompts"} else value for name, value in fields.items()
    }


def sign(body: bytes, secret: str = SECRET, age: int = 0, kind: str = "application/json") -> dict[str, Any]:
    """Body and headers as Slack signs them, ``age`` seconds ago."""
    stamp = str(int(time.time()) - age)
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {
        "content": body,
        "headers": {"x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}", "content-type": kind},
    }


_stamps = iter(range(1, 1_000_000))


def stamp() -> str:
    """A message id that has not been before."""
    return f"1700000000.{next(_stamps):06d}"


def event(kind: str, text: str, ts: str = "", thread: str = "", channel: str = CHANNEL, **more: Any) -> dict[str, Any]:
    """The body of an event, ``kind`` "app_mention" or "message"."""
    where = {"channel_type": "im" if channel.startswith("D") else "channel"} if kind == "message" else {}
    told = {"type": kind, "user": USER, "text": text, "ts": ts or stamp(), "channel": channel, **where, **more}
    if thread:
        told["thread_ts"] = thread
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "event_id": f"Ev{uuid.uuid4().hex}",
        "token": "legacy-do-not-log",
        "authorizations": [{"team_id": TEAM, "user_id": ME, "is_bot": True}],
        "event": told,
    }


def mention(text: str, **more: Any) -> dict[str, Any]:
    return event("app_mention", f"<@{ME}> {text}", **more)


def ts_of(body: dict[str, Any]) -> str:
    return str(body["event"]["ts"])


def press(message: dict[str, Any], action: str, value: str, thread: str) -> dict[str, Any]:
    """What Slack sends when a button is pressed."""
    return {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": USER, "team_id": TEAM},
        "channel": {"id": message["channel"]},
        "message": {"ts": message["ts"], "thread_ts": thread},
        "trigger_id": "trigger-1",
        "actions": [{"type": "button", "action_id": action, "block_id": "b", "value": value}],
    }


def buttons(message: dict[str, Any]) -> dict[str, str]:
    """The buttons of a message: action and value."""
    found = {}

    def look(block: Any) -> None:
        if isinstance(block, dict):
            if block.get("type") == "button":
                found[block["action_id"]] = block["value"]
            for value in block.values():
                look(value)
        elif isinstance(block, list):
            for value in block:
                look(value)

    look(message.get("blocks"))
    return found


def post(port: int, arguments: dict[str, Any]) -> httpx.Response:
    """Send an HTTP event to the bot."""
    return httpx.post(f"http://127.0.0.1:{port}/slack/events", timeout=30, trust_env=False, **arguments)
