"""The seam between the bot and a chat service: what comes in, and what a service must be able to show."""

import hashlib
from pathlib import Path
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict

from index.errors import ReportQAError
from index.types import Outcome
from rag.types import Answer

Language = Literal["zh", "en"]
Source = Literal["chat", "slack", "api"]


class ServiceError(ReportQAError):
    """A chat service cannot be reached, or refuses what it is told."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class File(_Value):
    """A file that came with a message: ``size`` in bytes (0 if unknown), ``kind`` its media type, ``url`` its address.

    None of it is to be trusted: the service says what a user named.
    """

    id: str
    name: str
    size: int = 0
    kind: str = ""
    url: str = ""


class Place(_Value):
    """Where a reply goes: a thread of a channel of a team (workspace).

    ``message`` is the id of the message that is answered, ``reply`` that of the message that shows progress and becomes
    the reply; "" while there is none. ``direct`` says that nobody else reads the conversation.
    """

    team: str
    channel: str
    thread: str
    user: str
    message: str = ""
    reply: str = ""
    direct: bool = False


class Incoming(_Value):
    """A message to the bot. Adapters make it of messages of people only, never of the bot's own or other bots'.

    ``event_id`` names the message, not its delivery: one that a service delivers twice, or under two kinds of events,
    has the same id both times. ``thread`` is the id of the thread that is answered in, the message's own when it
    begins one. ``addressed`` is False for a message that does not name the bot: it is answered only in a thread that
    the bot has joined. ``reports`` are ids of reports that it is asked of, empty for what its channel and thread say.
    """

    service: str
    team: str
    channel: str
    thread: str
    user: str
    text: str
    event_id: str
    files: tuple[File, ...] = ()
    message: str = ""
    direct: bool = False
    addressed: bool = True
    reports: tuple[str, ...] = ()

    @property
    def answer_id(self) -> str:
        """The id of its answer, the same when it is answered anew."""
        message = f"{self.service}/{self.team}/{self.event_id}"
        return hashlib.blake2b(message.encode(), digest_size=8).hexdigest()

    @property
    def place(self) -> Place:
        """Where its reply goes."""
        return Place(
            team=self.team,
            channel=self.channel,
            thread=self.thread,
            user=self.user,
            message=self.message,
            direct=self.direct,
        )


class Answered(_Value):
    """A finished answer under the id that buttons and feedback name. ``asked`` are the file names it was asked of.

    ``asked`` is empty when all reports of the store were. ``question`` is as the user wrote it.
    """

    id: str
    question: str
    answer: Answer
    asked: tuple[str, ...] = ()


class Adapter(Protocol):
    """One chat service. Its methods are called from several threads, and block until the service has taken the reply.

    Texts are plain: an adapter escapes what its service would read as markup. Whatever cannot be shown raises
    ServiceError, but for ``react`` and ``update``, which may be left out when the service allows no more of them.
    """

    service: str
    source: Source
    step_seconds: float

    def react(self, place: Place, working: bool) -> None:
        """Mark the message that is answered as being worked on, or take the mark away."""

    def progress(self, place: Place, text: str) -> str:
        """Show that work goes on. Returns the id of the message that shows it, the ``reply`` of later places."""

    def update(self, place: Place, text: str) -> None:
        """Show ``text``, a step of the work or an answer half written, in place of ``place.reply``."""

    def say(self, place: Place, text: str) -> None:
        """Show a short last word, such as an error, in place of ``place.reply`` when there is one."""

    def finish(self, place: Place, answered: Answered) -> None:
        """Show an answer with its sources in place of ``place.reply`` when there is one."""

    def card(self, place: Place, outcome: Outcome, language: Language) -> None:
        """Show what was read of a file, or why it was not, in place of ``place.reply`` when there is one."""

    def post_picture(self, place: Place, png: bytes, caption: str) -> None:
        """Post the picture of a page into the thread."""

    def download(self, file: File, folder: Path) -> Path:
        """Fetch a file into ``folder`` and return its path. Raises ReadError for one that must not be fetched."""
