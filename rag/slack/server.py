"""The Slack bot as it runs: events over a socket that it opens itself, or over HTTP."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any

from index.errors import SettingsError
from rag.bots.bot import Bot
from rag.bots.rules import Rules
from rag.engine import ReportQA
from rag.settings import Settings
from rag.slack.adapter import SlackAdapter
from rag.slack.app import SlackListeners
from rag.slack.client import hasty_client, patient_client, wire_log

if TYPE_CHECKING:
    import uvicorn
    from starlette.applications import Starlette

PATH = "/slack/events"  # of HTTP events, commands and buttons alike
LARGEST_BODY = 2_000_000  # bytes
PING_SECONDS = 10.0


class SlackBot:
    """The bot in one workspace, from :meth:`start` to :meth:`close`; a ``with`` statement does both."""

    def __init__(self, qa: ReportQA, ping_seconds: float = PING_SECONDS) -> None:
        """Sign in. Raises SettingsError when a token is missing or Slack refuses it.

        ``ping_seconds``: how often the socket is looked after; one that broke is opened again by then.
        """
        settings = qa.settings
        require(settings)
        token = settings.slack_bot_token.get_secret_value()
        api = settings.slack_api_url
        self._settings, self._ping = settings, ping_seconds
        self.adapter = SlackAdapter(
            patient_client(token, api), hasty_client(token, api), settings.slack_file_hosts, settings.max_file_mb
        )
        self.bot = Bot(
            qa,
            Rules(
                channels=settings.slack_channels,
                reports=settings.slack_reports,
                per_minute=settings.slack_per_minute,
                workers=settings.slack_workers,
                uploads=settings.slack_uploads,
                upload_channels=settings.slack_upload_channels,
            ),
        )
        try:
            self.listeners = SlackListeners(self.bot, self.adapter, settings.slack_signing_secret.get_secret_value())
        except SettingsError:
            self.bot.close()
            raise
        self._socket: Any = None
        self._server: uvicorn.Server | None = None
        self._serving: threading.Thread | None = None

    def start(self) -> None:
        """Answer what was left behind, then listen. Returns when the bot listens."""
        self.bot.resume(self.adapter)
        if self._settings.slack_mode == "socket":
            self._open_socket()
        else:
            self._serve()

    @property
    def port(self) -> int:
        """The port that HTTP events come in on."""
        assert self._server is not None  # noqa: S101 - only asked for in HTTP mode
        return int(self._server.servers[0].sockets[0].getsockname()[1])

    def close(self) -> None:
        """Stop listening, finish the answers that have begun."""
        if self._socket is not None:
            self._socket.close()
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            self._serving.join()
        self.listeners.close()
        self.bot.close()

    def __enter__(self) -> "SlackBot":
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open_socket(self) -> None:
        from slack_bolt.adapter.socket_mode import SocketModeHandler
        from slack_sdk.errors import SlackApiError

        token = self._settings.slack_app_token.get_secret_value()
        self._socket = SocketModeHandler(self.listeners.app, token, logger=wire_log(), ping_interval=self._ping)
        try:
            self._socket.connect()
        except (SlackApiError, OSError) as error:
            raise SettingsError(
                "Slack refuses slack_app_token, or cannot be reached.", "Run `report-qa doctor`."
            ) from error

    def _serve(self) -> None:
        import uvicorn

        config = uvicorn.Config(
            web_app(self.listeners.app),
            host=self._settings.host,
            port=self._settings.slack_port,
            log_level="warning",
            access_log=False,
        )
        self._server = uvicorn.Server(config)
        self._serving = threading.Thread(target=self._server.run, name="slack-http")
        self._serving.start()
        while not self._server.started:
            if not self._serving.is_alive():
                where = f"{self._settings.host}:{self._settings.slack_port}"
                raise SettingsError(f"{where} cannot be listened on.", "Set slack_port to a free port.")
            self._serving.join(0.02)


def web_app(bolt: Any) -> "Starlette":
    """The endpoint for HTTP events. What is not signed with the signing secret, or five minutes old, gets 401."""
    from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    async def events(request: Request) -> Response:
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST_BODY:
                return Response(status_code=413)
        stamp = request.headers.get("x-slack-request-timestamp", "")
        try:
            body.decode()
        except UnicodeDecodeError:
            return Response(status_code=401)
        if not (stamp.isascii() and stamp.isdecimal()):  # bolt would fail to read it
            return Response(status_code=401)
        return to_starlette_response(await run_in_threadpool(bolt.dispatch, to_bolt_request(request, body)))

    return Starlette(routes=[Route(PATH, events, methods=["POST"])])


def require(settings: Settings) -> None:
    """Raise SettingsError when a token that the mode needs is not set."""
    needed = ["slack_bot_token", "slack_app_token" if settings.slack_mode == "socket" else "slack_signing_secret"]
    missing = [name for name in needed if not getattr(settings, name).get_secret_value()]
    if missing:
        raise SettingsError(
            f"Setting {' and '.join(missing)} is needed for slack_mode {settings.slack_mode!r}.",
            "docs/slack.md says where to find it.",
        )


def serve(qa: ReportQA, ready: Callable[[str], None]) -> None:
    """Run the bot until it is interrupted; ``ready`` is told what it listens to."""
    with SlackBot(qa) as bot:
        socket = qa.settings.slack_mode == "socket"
        ready("Socket Mode" if socket else f"http://{qa.settings.host}:{bot.port}{PATH}")
        threading.Event().wait()
