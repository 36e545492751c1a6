"""The bot: a message taken once, worked on, answered, for any chat service."""

import logging
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from index.errors import QuestionError, ReadError
from index.language import detect
from index.types import Entry, Status
from rag.bots.book import Book, thread_key
from rag.bots.files import take_in
from rag.bots.queue import ThreadQueue
from rag.bots.rules import Rules
from rag.bots.service import Adapter, Answered, Incoming, Language, Place
from rag.bots.words import say
from rag.engine import ReportQA
from rag.feedback import FILE, FeedbackStore
from rag.types import Answer, Event, EvidenceReady, TextDelta, Waiting

log = logging.getLogger(__name__)
TRIES = 2  # of a message whose process ended while it was worked on: it may be what ended it


class _LeftError(Exception):
    """What has not begun to be written when the bot is closed is left for the next process."""


class Bot:
    """Answers messages from an open store. One for a process and service; close it before the store.

    Every message is claimed before :meth:`submit` returns, so a service may be told then that it was received: what
    this process does not finish, the next one does (:meth:`resume`).
    """

    def __init__(self, qa: ReportQA, rules: Rules) -> None:
        self.qa, self.rules = qa, rules
        self.book = Book(qa.library.store)
        self.feedback = FeedbackStore(qa.library.store / FILE)
        self._queue = ThreadQueue(rules.workers)
        self.closing = threading.Event()
        self._signals = ThreadPoolExecutor(1, thread_name_prefix="bot-signal")  # what must hold up neither work nor ack

    def close(self) -> None:
        """Finish the answers that are being written; what waits is left for the next process."""
        self.closing.set()
        self._queue.close()
        self._signals.shutdown(wait=True, cancel_futures=True)
        self.feedback.close()
        self.book.close()

    def submit(self, incoming: Incoming, adapter: Adapter) -> bool:
        """Claim a message and have it answered. Returns whether it will be: False for one that was claimed before.

        Takes milliseconds: the work is done in other threads, that of one conversation's thread in order.
        """
        if not incoming.addressed and not self.book.joined(incoming):
            return False
        language = language_of(incoming)
        if not self.rules.answers(incoming):
            if incoming.addressed and self.book.claim(incoming, done=True):
                self._signal(lambda: adapter.say(incoming.place, say("not_here", language)))
            return False
        files = incoming.model_copy(update={"event_id": f"{incoming.event_id}/files", "text": "", "user": ""})
        new_files = bool(incoming.files) and self.book.claim(files, done=True)
        if not self.book.claim(incoming):
            if not new_files:
                return False
            incoming = files.model_copy(update={"user": incoming.user})  # delivered before without its files
        most, sent = self.rules.per_minute, self.book.claimed(incoming)
        if most and sent > most:
            self.book.done(incoming)
            if sent == most + 1:  # told once
                self._signal(lambda: adapter.say(incoming.place, say("too_many", language, most)))
            return False
        self.book.join(incoming)
        self._add(incoming, adapter)
        return True

    def resume(self, adapter: Adapter) -> int:
        """Answer what processes that ended had taken and not answered. Returns how many messages that are."""
        left = self.book.left_behind(adapter.service)
        for incoming, tries in left:
            self._add(incoming, adapter, give_up=tries > TRIES)
        return len(left)

    def run(self, place: Place, adapter: Adapter, language: Language, work: Callable[[], None]) -> None:
        """Do something that a button asks for in the place's thread; its errors are told there."""
        self._queue.add(thread_key(place), lambda: self._guarded(adapter, language, work, lambda: place))

    def _signal(self, call: Callable[[], None]) -> None:
        def send() -> None:
            try:
                call()
            except Exception as error:
                log.warning("a note could not be sent: %s", error)

        self._signals.submit(send)

    def _add(self, incoming: Incoming, adapter: Adapter, *, give_up: bool = False) -> None:
        waits = self._queue.add(thread_key(incoming), lambda: self._work(incoming, adapter, give_up))
        if waits or incoming.direct:
            self._signal(lambda: adapter.react(incoming.place, working=True))

    def _work(self, incoming: Incoming, adapter: Adapter, give_up: bool) -> None:
        job = Job(self, incoming, adapter)
        work = job.give_up if give_up else job.do
        if self._guarded(adapter, job.language, work, lambda: job.place):
            self.book.done(incoming)
        self._signal(lambda: adapter.react(incoming.place, working=False))

    def _guarded(
        self, adapter: Adapter, language: Language, work: Callable[[], None], place: Callable[[], Place]
    ) -> bool:
        """Do some work and tell its errors. Returns False when not even those could be told."""
        try:
            try:
                work()
            except (QuestionError, ReadError) as error:
                adapter.say(place(), str(error))
            except _LeftError:
                return False
            except Exception:
                number = uuid.uuid4().hex[:8]
                log.exception("error %s", number)
                adapter.say(place(), say("broken", language, number))
        except Exception:
            log.exception("a reply could not be sent")
            return False
        return True


class Job:
    """One message being answered. ``place`` is where its reply goes as it stands."""

    def __init__(self, bot: Bot, incoming: Incoming, adapter: Adapter) -> None:
        self._bot, self._incoming, self._adapter = bot, incoming, adapter
        self._book, self._qa = bot.book, bot.qa
        self.language = language_of(incoming)
        self.place = incoming.place.model_copy(update={"reply": bot.book.reply(incoming)})

    def do(self) -> None:
        """Read the files of the message, then answer its text."""
        read = self._files() if self._incoming.files else ()
        if any(char.isalnum() for char in self._incoming.text):
            self._ask(self._chosen(read))
        elif not self._incoming.files and self._incoming.addressed:
            self._adapter.say(self.place, say("empty", self.language))

    def give_up(self) -> None:
        """Say that there will be no answer."""
        self._adapter.say(self.place, say("gave_up", self.language))

    def _show(self, text: str) -> None:
        """Show a step of the work, in a message that the reply will replace."""
        if self.place.reply:
            self._adapter.update(self.place, text)
        else:
            self._set_reply(self._adapter.progress(self.place, text))

    def _set_reply(self, reply: str) -> None:
        self.place = self.place.model_copy(update={"reply": reply})
        self._book.set_reply(self._incoming, reply)

    def _files(self) -> tuple[str, ...]:
        """Read the files of the message; the ids of the reports that they are."""
        if not self._bot.rules.reads_files(self._incoming):
            self._adapter.say(self.place, say("no_uploads", self.language))
            return ()
        begins = not self._book.history(self._incoming)
        read = []
        for file in self._incoming.files:
            outcome = take_in(self._qa, self._adapter, file, self._is_mine, self._show, self.language)
            if outcome.entry is not None and outcome.status is not Status.FAILED:
                self._book.drop(self._incoming, outcome.entry.id)
                read.append(outcome.entry.id)
            self._adapter.card(self.place, outcome, self.language)
            self._set_reply("")
        about = self._book.about(self._incoming)
        if read and (begins or about):
            self._book.set_about(self._incoming, tuple(dict.fromkeys((*about, *read))))
        return tuple(read)

    def _is_mine(self, entry: Entry) -> bool:
        allowed = self._allowed()
        return allowed is None or entry.id in allowed

    def _allowed(self) -> tuple[str, ...] | None:
        return self._bot.rules.may_ask(self._incoming, self._qa.reports(), self._book.dropped(self._incoming))

    def _chosen(self, read: tuple[str, ...]) -> tuple[tuple[str, ...] | None, bool]:
        """The ids of the reports to ask, None for all, and whether the channel may ask others, too."""
        allowed = self._allowed()
        there = {entry.id for entry in self._qa.reports()}
        may = there if allowed is None else there & set(allowed)
        for wanted in (self._incoming.reports, read, self._book.about(self._incoming)):
            if wanted and (found := tuple(report for report in wanted if report in may)):
                return found, len(found) < len(may)
        return allowed, False

    def _ask(self, chosen: tuple[tuple[str, ...] | None, bool]) -> None:
        reports, narrowed = chosen
        entries = self._qa.reports()
        if not entries or reports == ():
            self._adapter.say(self.place, say("no_reports", self.language))
            return
        self._show(say("searching", self.language))
        history = () if self._incoming.reports else self._book.history(self._incoming)
        draft, told, place = "", time.monotonic(), 0
        asker = f"{self._incoming.service}/{self._incoming.team}/{self._incoming.user}"
        for event in self._qa.stream(self._incoming.text, history, reports or (), asker):
            if isinstance(event, Answer):
                names = {entry.id: entry.name for entry in entries}
                asked = tuple(names[report] for report in reports or () if report in names) if narrowed else ()
                self._finish(event, asked)
                return
            draft += event.text if isinstance(event, TextDelta) else ""
            if isinstance(event, Waiting) and event.place and self._bot.closing.is_set():
                raise _LeftError
            before, place = place, event.place if isinstance(event, Waiting) else place
            if place != before or time.monotonic() - told >= self._adapter.step_seconds:
                self._adapter.update(self.place, self._step(event, draft))
                told = time.monotonic()

    def _step(self, event: Event, draft: str) -> str:
        if isinstance(event, Waiting) and event.place:
            return say("next" if event.place == 1 else "waiting", self.language, event.place)
        if isinstance(event, EvidenceReady):
            return say("writing", self.language, len(event.evidence))
        return draft or say("searching", self.language)

    def _finish(self, answer: Answer, asked: tuple[str, ...]) -> None:
        answered = Answered(
            id=self._incoming.answer_id,
            question=self._incoming.text,
            answer=answer,
            asked=asked,
        )
        self._book.keep(self.place, answered)
        self._adapter.finish(self.place, answered)


def language_of(incoming: Incoming) -> Language:
    """The language that a message is answered in: of its text, or of its files' names when it has none."""
    return "zh" if detect(incoming.text or " ".join(file.name for file in incoming.files)) == "zh" else "en"
