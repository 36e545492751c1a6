"""Any chat service behind a relay of its own: signed JSON in, JSON out.

Requests, and replies that go to a callback address, are signed (:mod:`rag.bots.signatures`). docs/webhook.md describes
the JSON.
"""

import asyncio
import logging
import re
import socket
import sys
import time
import uuid
from collections import OrderedDict
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.errors import ReadError, SettingsError
from index.types import Outcome
from rag.bots.callbacks import CallbackError, Callbacks
from rag.bots.plain import in_plain_text
from rag.bots.rules import Rules
from rag.bots.service import Answered, File, Incoming, Language, Place, ServiceError, Source
from rag.bots.signatures import SignatureError, secret_of, verify

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

    from rag.bots.bot import Bot
    from rag.engine import ReportQA
    from rag.settings import Settings

log = logging.getLogger(__name__)
PATH = "/webhook"
_ID = re.compile(r"[!-~]{1,200}")
LONGEST_BODY = 200_000  # bytes
REMEMBERED = 1000  # replies; answers are in the store


class RefusedError(ServiceError):
    """A request that is not answered; ``status`` is the HTTP status that says why."""

    def __init__(self, status: int, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.status = status


class Delivery(BaseModel):
    """The body of a request. What names its conversation is the relay's to choose; ``reports`` are ids or file names.

    ``callback`` is where the reply is sent; empty for the response to the request itself.
    """

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=20_000)
    team: str = Field("", max_length=200)
    channel: str = Field("", max_length=200)
    thread: str = Field("", max_length=200)
    user: str = Field("", max_length=200)
    direct: bool = False
    reports: tuple[str, ...] = Field((), max_length=100)
    callback: str = Field("", max_length=2000, pattern=r"^\S*$")


class Reply(BaseModel):
    """What is sent back: ``text`` to be shown as it stands, ``answer`` as ``report-qa ask --json`` prints it.

    ``status`` is "said" for a word of the bot, such as an error; "working" while there is no reply yet: the same
    request, sent again, then brings it.
    """

    id: str
    status: Literal["answered", "said", "working", "refused"]
    text: str = ""
    answer: dict[str, Any] | None = None


class Webhook:
    """The adapter: replies go to whom waits for them, or to the callback address that came with the message."""

    service = "webhook"
    source: Source = "api"
    step_seconds = float("inf")  # nobody sees steps

    def __init__(self, settings: "Settings") -> None:
        self.secret = secret_of(settings.webhook_secret.get_secret_value(), "webhook_secret")
        self.callbacks = Callbacks(self.secret, settings.webhook_callback_hosts, settings.webhook_callback_private)
        self.waiting: dict[str, Future[Reply]] = {}
        self.replies: OrderedDict[str, Reply] = OrderedDict()

    def react(self, place: Place, working: bool) -> None:
        """Nothing: there is no message to mark."""

    def progress(self, place: Place, text: str) -> str:
        """Nothing: the reply comes at once."""
        return ""

    def update(self, place: Place, text: str) -> None:
        """Nothing, as for progress."""

    def say(self, place: Place, text: str) -> None:
        """Reply with a word of the bot."""
        self._deliver(place, "said", text)

    def finish(self, place: Place, answered: Answered) -> None:
        """Reply with an answer."""
        self._deliver(place, "answered", in_plain_text(answered), answered)

    def card(self, place: Place, outcome: Outcome, language: Language) -> None:
        """Never called: no files are taken."""

    def post_picture(self, place: Place, png: bytes, caption: str) -> None:
        """Never called: replies have no buttons."""

    def download(self, file: File, folder: Path) -> Path:
        """No files are taken."""
        raise ReadError("Files cannot be sent this way.", "Send them to /api/reports.")

    def _deliver(
        self, place: Place, status: Literal["answered", "said"], text: str, answered: Answered | None = None
    ) -> None:
        message_id, _, callback = place.message.partition(" ")
        answer = answered.answer.model_dump(mode="json") if answered else None
        reply = Reply(id=message_id, status=status, text=text, answer=answer)
        key = waiting_key(place)
        if callback:
            self.callbacks.post(callback, reply.id, reply.model_dump_json().encode())
            return
        self.replies[key] = reply  # for the same request sent again
        if len(self.replies) > REMEMBERED:
            self.replies.popitem(last=False)
        if (future := self.waiting.pop(key, None)) is not None:
            future.set_result(reply)


def waiting_key(place: Place) -> str:
    """What names a message among those that are waited for."""
    return f"{place.team}/{place.channel}/{place.message.partition(' ')[0]}"


class Endpoint:
    """Takes requests and answers them, in the event loop of a web server."""

    def __init__(self, bot: "Bot", adapter: Webhook) -> None:
        self._bot, self._adapter = bot, adapter

    async def answer(self, request: "Request") -> "Response":
        """Answer one request."""
        from starlette.responses import JSONResponse

        headers: dict[str, str] = {}
        try:
            reply = await self._reply(request)
            status = 202 if reply.status == "working" else 200
        except (RefusedError, CallbackError, SignatureError) as error:
            status = error.status
            headers = {"retry-after": "60"} if status == 429 else {}
            reply = _refusal(request, str(error))
        except Exception:
            status, number = 500, uuid.uuid4().hex[:8]
            log.exception("error %s", number)
            reply = _refusal(request, f"Something went wrong (id {number}). The log has the details.")
        return JSONResponse(reply.model_dump(), status, headers)

    async def _reply(self, request: "Request") -> Reply:
        body = await _body(request)
        message_id = verify(self._adapter.secret, request.headers, body, time.time())
        if not _ID.fullmatch(message_id):
            raise RefusedError(400, "webhook-id must be 1 to 200 letters, digits or signs.", "Send a UUID.")
        incoming = await asyncio.to_thread(self._incoming, message_id, _delivery(body))
        key, calls_back = waiting_key(incoming.place), " " in incoming.message
        waited_for = self._adapter.waiting.get(key)
        future = waited_for or Future[Reply]()
        if waited_for is None and not calls_back:
            future.set_running_or_notify_cancel()  # one request that breaks off must not cancel what others wait for
            self._adapter.waiting[key] = future
        taken = await asyncio.to_thread(self._bot.submit, incoming, self._adapter)
        if not taken and waited_for is None:
            self._adapter.waiting.pop(key, None)
            return await asyncio.to_thread(self._again, incoming)
        if not calls_back:
            with suppress(TimeoutError):
                return await asyncio.wait_for(asyncio.wrap_future(future), self._bot.qa.settings.webhook_wait)
        return Reply(id=message_id, status="working")

    def _incoming(self, message_id: str, delivery: Delivery) -> Incoming:
        if delivery.callback:
            self._adapter.callbacks.check(delivery.callback)
        incoming = Incoming(
            service=self._adapter.service,
            thread=delivery.thread or message_id,
            event_id=message_id,
            message=f"{message_id} {delivery.callback}".strip(),
            **delivery.model_dump(include={"text", "team", "channel", "user", "direct"}),
        )
        entries = self._bot.qa.reports()
        may = self._bot.rules.may_ask(incoming, entries, self._bot.book.dropped(incoming))
        known = {key: e.id for e in entries if may is None or e.id in may for key in (e.name, e.id)}
        for report in delivery.reports:
            if report not in known:
                raise RefusedError(404, f"There is no report {report!r} here.", "`report-qa reports` lists them.")
        return incoming.model_copy(update={"reports": tuple(known[report] for report in delivery.reports)})

    def _again(self, incoming: Incoming) -> Reply:
        """The reply to a message that was not taken: what became of it when it came before, or why it is refused."""
        bot = self._bot
        if kept := bot.book.answered(incoming.answer_id, incoming.place):
            answer = kept.answer.model_dump(mode="json")
            return Reply(id=incoming.event_id, status="answered", text=in_plain_text(kept), answer=answer)
        if not bot.rules.answers(incoming):
            raise RefusedError(403, f"The channel {incoming.channel!r} is not answered.")
        if bot.rules.per_minute and bot.book.claimed(incoming) > bot.rules.per_minute:
            raise RefusedError(429, f"{incoming.user!r} has sent too many messages.", "Send it again in a minute.")
        said = self._adapter.replies.get(waiting_key(incoming.place))
        return said or Reply(id=incoming.event_id, status="working")


def _refusal(request: "Request", text: str) -> Reply:
    return Reply(id=request.headers.get("webhook-id", "")[:200], status="refused", text=text)


async def _body(request: "Request") -> bytes:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LONGEST_BODY:
            raise RefusedError(413, f"The body has more than {LONGEST_BODY} bytes.")
    return body


def _delivery(body: bytes) -> Delivery:
    try:
        return Delivery.model_validate_json(body)
    except ValidationError as error:
        wrong = error.errors()[0]
        key = ".".join(map(str, wrong["loc"])) or "body"
        raise RefusedError(400, f"{key}: {wrong['msg']}.", "docs/webhook.md describes the request.") from error


def attach(web: "Starlette", bot: "Bot") -> Webhook:
    """Add the endpoint to a web application (FastAPI's is one), and answer what an earlier process left unanswered.

    Raises SettingsError without a secret.
    """
    adapter = Webhook(bot.qa.settings)
    web.add_route(PATH, Endpoint(bot, adapter).answer, methods=["POST"])
    bot.resume(adapter)
    return adapter


def serve(qa: "ReportQA") -> None:
    """Serve the endpoint on the settings' host and port until interrupted. SettingsError if the port is taken."""
    import uvicorn
    from starlette.applications import Starlette

    from rag.bots.bot import Bot

    host, port = qa.settings.host, qa.settings.webhook_port
    secret_of(qa.settings.webhook_secret.get_secret_value(), "webhook_secret")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen()  # who reads the address below may call at once
        except OSError as error:
            raise SettingsError(
                f"Cannot listen on {host}:{port}: {error.strerror}.", "Choose another with --port, 0 for any free one."
            ) from error
        bot, web = Bot(qa, Rules(per_minute=qa.settings.webhook_per_minute, uploads=False)), Starlette()
        try:
            attach(web, bot)
            name = f"[{host}]" if ":" in host else host
            sys.stdout.write(f"report-qa webhook: http://{name}:{listener.getsockname()[1]}{PATH}\n")
            sys.stdout.flush()
            uvicorn.Server(uvicorn.Config(web, log_level="warning", access_log=False)).run(sockets=[listener])
        finally:
            bot.close()
