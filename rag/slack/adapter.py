"""Slack as a chat service of the bot: replies posted and edited within Slack's limits."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.types import Outcome
from rag.bots.service import Answered, File, Language, Place, ServiceError, Source
from rag.slack.blocks import answer_messages, progress_message
from rag.slack.cards import file_message
from rag.slack.downloads import fetch
from rag.slack.incoming import SERVICE
from rag.slack.limits import SECTION_TEXT, shortened
from rag.slack.markup import literal
from rag.slack.message import Message

if TYPE_CHECKING:
    from slack_sdk import WebClient

log = logging.getLogger(__name__)
EDIT_SECONDS = 1.5  # between edits, of one message and of all: chat.update takes 50 a minute and more
WORKING = "eyes"  # the reaction of a message that waits
_STATUS = "is looking in the reports… 正在查阅报告…"  # follows the app's name
_BAD_BLOCKS = {
    "invalid_blocks",
    "invalid_blocks_format",
    "msg_blocks_too_long",
    "block_mismatch",
    "invalid_attachments",
}
_CANNOT_EDIT = {"message_not_found", "cant_update_message", "edit_window_closed"}


class SlackAdapter:
    """Replies of the bot in one workspace. ``patient`` sends what must arrive, ``hasty`` what may be left out."""

    service = SERVICE
    source: Source = "slack"
    step_seconds = EDIT_SECONDS

    def __init__(self, patient: "WebClient", hasty: "WebClient", file_hosts: Sequence[str], max_file_mb: int) -> None:
        self.client, self._hasty = patient, hasty
        self._file_hosts, self._max_file_mb = tuple(file_hosts), max_file_mb
        self._lock = threading.Lock()
        self._edits_from = 0.0  # monotonic time before which no message is edited without need
        self._limited_until = 0.0  # monotonic time before which Slack takes no edit
        self._reacted: set[tuple[str, str]] = set()

    def react(self, place: Place, working: bool) -> None:
        """A status in the assistant panel, else a reaction to the message."""
        if working:
            if place.direct and self._may(lambda: self._set_status(place)):
                return
            if self._may(lambda: self._hasty.reactions_add(**self._reaction(place))):
                self._reacted.add((place.channel, place.message))
        elif (place.channel, place.message) in self._reacted:
            self._reacted.discard((place.channel, place.message))
            self._may(lambda: self._hasty.reactions_remove(**self._reaction(place)))

    def _set_status(self, place: Place) -> Any:
        return self._hasty.assistant_threads_setStatus(channel_id=place.channel, thread_ts=place.thread, status=_STATUS)

    @staticmethod
    def _reaction(place: Place) -> dict[str, str]:
        return {"channel": place.channel, "timestamp": place.message, "name": WORKING}

    def progress(self, place: Place, text: str) -> str:
        """Post the message that is edited from now on."""
        return self.post(place, progress_message(text))

    def update(self, place: Place, text: str) -> None:
        """Edit the message that shows progress, unless Slack has had enough edits."""
        with self._lock:
            now = time.monotonic()
            if now < self._edits_from or not place.reply:
                return
            self._edits_from = now + EDIT_SECONDS
        self._may(lambda: self._edit(self._hasty, place, progress_message(text)), edits=True)

    def say(self, place: Place, text: str) -> None:
        """Show a short last word."""
        self.show(place, [note(text)])

    def finish(self, place: Place, answered: Answered) -> None:
        """Show an answer, in several messages when it is long."""
        self.show(place, answer_messages(answered.answer, answered.id, answered.asked))

    def card(self, place: Place, outcome: Outcome, language: Language) -> None:
        """Show what was read of a file."""
        self.show(place, [file_message(outcome, language)])

    def post_picture(self, place: Place, png: bytes, caption: str) -> None:
        """Upload a picture into the thread."""
        _told(
            lambda: self.client.files_upload_v2(
                content=png,
                filename="page.png",
                title=caption,
                alt_txt=caption,
                channel=place.channel,
                thread_ts=place.thread,
                initial_comment=literal(caption),
            )
        )

    def download(self, file: File, folder: Path) -> Path:
        """Fetch a file, asking Slack for its address when the message did not have it (Slack Connect)."""
        if not file.url and file.id:
            found = _told(lambda: self.client.files_info(file=file.id))["file"]
            address = found.get("url_private_download") or found.get("url_private") or ""
            file = file.model_copy(update={"name": found.get("name") or file.name, "url": address})
        token = self.client.token or ""
        return fetch(file, folder, token=token, hosts=self._file_hosts, max_mb=self._max_file_mb)

    def whisper(self, place: Place, text: str) -> None:
        """Show a note to the place's user alone; left out when Slack does not take it."""
        message = note(text)
        self._may(
            lambda: self._hasty.chat_postEphemeral(
                channel=place.channel,
                user=place.user,
                thread_ts=place.thread,
                text=message.text,
                blocks=list(message.blocks),
            )
        )

    def show(self, place: Place, messages: Sequence[Message]) -> None:
        """Show messages in the thread, the first in place of the one that shows progress."""
        first, *others = messages
        if place.reply:
            self._replace(place, first)
        else:
            self.post(place, first)
        for message in others:
            self.post(place, message)

    def post(self, place: Place, message: Message) -> str:
        """Post one message into the thread and return its id; without its blocks when Slack refuses them."""
        try:
            return self._post(place, message)
        except _RefusedError as error:
            if not message.blocks or error.reason not in _BAD_BLOCKS:
                raise
            log.warning("Slack refused the blocks of a message: %s", error.reason)
            return self._post(place, Message(message.text))

    def _post(self, place: Place, message: Message) -> str:
        posted = _told(
            lambda: self.client.chat_postMessage(
                channel=place.channel,
                thread_ts=place.thread or None,
                text=message.text,
                blocks=list(message.blocks) or None,
                mrkdwn=False,
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        return str(posted["ts"])

    def _replace(self, place: Place, message: Message) -> None:
        time.sleep(max(0.0, self._limited_until - time.monotonic()))
        try:
            _told(lambda: self._edit(self.client, place, message))
        except _RefusedError as error:
            if error.reason in _BAD_BLOCKS:
                log.warning("Slack refused the blocks of a message: %s", error.reason)
                _told(lambda: self._edit(self.client, place, Message(message.text)))
            elif error.reason in _CANNOT_EDIT:  # deleted meanwhile
                self.post(place, message)
            else:
                raise

    @staticmethod
    def _edit(client: "WebClient", place: Place, message: Message) -> Any:
        return client.chat_update(
            channel=place.channel, ts=place.reply, text=message.text, blocks=list(message.blocks), parse="none"
        )

    def _may(self, call: Callable[[], Any], *, edits: bool = False) -> bool:
        """Do what may be left out. After a rate-limit reply to an edit none is made until Slack allows it again."""
        from slack_sdk.errors import SlackApiError, SlackClientError

        try:
            call()
        except SlackApiError as error:
            if edits and error.response.status_code == 429:
                wait = float(error.response.headers.get("Retry-After") or error.response.headers.get("retry-after", 1))
                with self._lock:
                    self._limited_until = max(self._limited_until, time.monotonic() + wait)
                    self._edits_from = max(self._edits_from, self._limited_until)
            return False
        except (SlackClientError, OSError) as error:
            log.info("left out: %s", error)
            return False
        return True


def note(text: str) -> Message:
    """A short message, shown letter by letter: nothing in it is markup."""
    shown = text if len(text) <= SECTION_TEXT else text[: SECTION_TEXT - 1] + "…"
    section = {"type": "section", "text": {"type": "plain_text", "text": shown, "emoji": False}}
    return Message(shortened(shown), (section,))


class _RefusedError(ServiceError):
    """Slack does not take a call; ``reason`` is its word for why."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Slack refused: {reason}.", "See `report-qa doctor`.")
        self.reason = reason


def _told(call: Callable[[], Any]) -> Any:
    """Do what must arrive. Raises ServiceError."""
    from slack_sdk.errors import SlackApiError, SlackClientError

    try:
        return call()
    except SlackApiError as error:
        data = error.response.data
        reason = data.get("error") if isinstance(data, dict) else None
        raise _RefusedError(reason or f"status {error.response.status_code}") from error
    except (SlackClientError, OSError) as error:
        raise ServiceError(f"Slack cannot be reached: {error}.", "Check the network.") from error
