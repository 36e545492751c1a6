"""What the bot listens to in Slack: slack-bolt's app with its listeners.

Listeners only claim and hand on. They run before Slack is told that an event was received (bolt's
``process_before_response``), so that an event that is acknowledged is one that is kept; what calls Slack is done after.
"""

import json
import logging
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from index.errors import QuestionError, ReportQAError, SettingsError
from index.language import detect
from rag.bots import buttons
from rag.bots.bot import Bot, language_of
from rag.bots.service import Incoming, Language, Place
from rag.bots.words import say
from rag.slack.adapter import SlackAdapter
from rag.slack.blocks import elsewhere_message
from rag.slack.client import wire_log
from rag.slack.incoming import of_command, of_event, place_of_action
from rag.slack.markup import literal
from rag.slack.message import BAD, ELSEWHERE, GOOD, PICTURE, Message
from rag.slack.modal import FEEDBACK_VIEW, NOT_ASKED, feedback_modal, filled, reason_text

if TYPE_CHECKING:
    from slack_bolt import App

log = logging.getLogger(__name__)
COMMAND = "/report"
_ACTIONS = {action: re.compile(f"^{action}(:.*)?$") for action in (PICTURE, GOOD, BAD, ELSEWHERE)}


class SlackListeners:
    """Hands what Slack tells of to the bot."""

    def __init__(self, bot: Bot, adapter: SlackAdapter, signing_secret: str = "") -> None:
        """Make the app. Raises SettingsError when Slack refuses the token."""
        from slack_bolt import App
        from slack_bolt.error import BoltError
        from slack_sdk.errors import SlackClientError

        self._bot, self._adapter = bot, adapter
        self._calls = ThreadPoolExecutor(4, thread_name_prefix="slack")  # calls of Slack that must come at once
        try:
            self.app = App(
                client=adapter.client,
                signing_secret=signing_secret,
                process_before_response=True,
                logger=wire_log(),
                name="report-qa",
            )
            self._me = str(adapter.client.auth_test()["user_id"])
        except (BoltError, SlackClientError, OSError) as error:
            raise SettingsError(
                "Slack refuses the bot's token, or cannot be reached.", "Run `report-qa doctor`."
            ) from (error.__cause__ or error)
        self._listen(self.app)

    def close(self) -> None:
        """Finish the calls that have begun."""
        self._calls.shutdown(wait=True, cancel_futures=True)

    def _listen(self, app: "App") -> None:
        app.event("app_mention")(self._message)
        app.event("message")(self._message)
        app.event("assistant_thread_started")(self._panel_opened)
        app.event("assistant_thread_context_changed")(lambda body: None)
        app.command(COMMAND)(self._command)
        app.action(_ACTIONS[PICTURE])(self._picture)
        app.action(_ACTIONS[GOOD])(self._thumb)
        app.action(_ACTIONS[BAD])(self._thumb)
        app.action(_ACTIONS[ELSEWHERE])(self._elsewhere)
        app.view(FEEDBACK_VIEW)(self._feedback)

    def _message(self, body: dict[str, Any]) -> None:
        incoming = of_event(body, self._me)
        if incoming is not None:
            self._bot.submit(incoming, self._adapter)

    def _command(self, ack: Callable[..., None], command: Mapping[str, Any]) -> None:
        incoming = of_command(command)
        language = language_of(incoming)
        if not self._bot.rules.answers(incoming):
            ack(text=say("not_here", language))
        elif not any(char.isalnum() for char in incoming.text):
            ack(text=say("empty", language))
        else:
            once = incoming.model_copy(update={"event_id": f"{incoming.event_id}/shown", "user": "", "text": ""})
            new = self._bot.book.claim(once, done=True)  # its question is shown once, however often it is delivered
            ack()
            if new:
                self._call(lambda: self._ask(incoming, command))

    def _ask(self, incoming: Incoming, command: Mapping[str, Any]) -> None:
        """Show the question of a command to the channel, then answer it in that message's thread."""
        who = f"<@{incoming.user}>"
        asked = {"type": "section", "text": {"type": "plain_text", "text": incoming.text[:3000], "emoji": False}}
        named = {"type": "context", "elements": [{"type": "mrkdwn", "text": who}]}
        try:
            shown = self._adapter.post(incoming.place, Message(f"{who} {literal(incoming.text)}", (named, asked)))
        except ReportQAError as error:  # the bot is not in that channel
            from slack_sdk import WebhookClient

            text = f"{error} {say('invite', language_of(incoming))}"
            WebhookClient(command["response_url"], logger=wire_log()).send(text=literal(text))
            return
        self._bot.submit(of_command(command, thread=shown), self._adapter)

    def _panel_opened(self, body: Mapping[str, Any]) -> None:
        thread = body["event"]["assistant_thread"]
        names = sorted(self._bot.qa.reports(), key=lambda entry: entry.added)[-3:]
        prompts = [
            {"title": entry.title[:70] or entry.name, "message": _prompt(entry.name, entry.language)} for entry in names
        ]
        language: Language = "zh" if names and all(entry.language == "zh" for entry in names) else "en"

        def greet() -> None:
            place = Place(
                team=body.get("team_id", ""),
                channel=thread["channel_id"],
                thread=thread["thread_ts"],
                user="",
                direct=True,
            )
            self._adapter.say(place, say("empty", language))
            if prompts:
                self._adapter.client.assistant_threads_setSuggestedPrompts(
                    channel_id=place.channel, thread_ts=place.thread, prompts=prompts
                )

        once = Incoming(
            service=self._adapter.service,
            team=body.get("team_id", ""),
            channel=thread["channel_id"],
            thread=thread["thread_ts"],
            user="",
            text="",
            event_id=f"panel/{thread['thread_ts']}",
        )
        if self._bot.book.claim(once, done=True):
            self._call(greet)

    def _picture(self, ack: Callable[..., None], body: Mapping[str, Any], action: Mapping[str, Any]) -> None:
        ack()
        place = place_of_action(body)
        answer_id, _, n = str(action["value"]).partition(":")
        self._bot.run(
            place,
            self._adapter,
            "en",
            lambda: buttons.post_page(self._bot, self._adapter, place, answer_id, int(n) if n.isdecimal() else 0),
        )

    def _elsewhere(self, ack: Callable[..., None], body: Mapping[str, Any], action: Mapping[str, Any]) -> None:
        ack()
        place = place_of_action(body)
        self._call(lambda: buttons.search_elsewhere(self._bot, self._adapter, place, str(action["value"])), tell=place)

    def _thumb(self, ack: Callable[..., None], body: Mapping[str, Any], action: Mapping[str, Any]) -> None:
        ack()
        place, answer_id = place_of_action(body), str(action["value"])
        good = str(action["action_id"]).startswith(GOOD)

        def ask_why() -> None:
            answered = buttons.find(self._bot, answer_id, place)
            metadata = json.dumps({"answer": answer_id, "good": good, "place": place.model_dump()})
            view = feedback_modal(metadata, answered.answer.language, good=good)
            buttons.judge(self._bot, self._adapter, place, answer_id, good=good)  # kept though no reason be given
            self._adapter.client.views_open(trigger_id=body["trigger_id"], view=view)

        self._call(ask_why, tell=place)

    def _feedback(self, ack: Callable[..., None], body: Mapping[str, Any], view: dict[str, Any]) -> None:
        ack()
        told = json.loads(view["private_metadata"])
        place = Place(**told["place"]).model_copy(update={"user": body["user"]["id"]})
        written = filled(view)

        def keep() -> None:
            answered = buttons.find(self._bot, told["answer"], place)
            language = buttons.spoken(answered)
            reason = ": ".join(filter(None, (reason_text(written.reason, language), written.details)))
            buttons.judge(
                self._bot,
                self._adapter,
                place,
                answered.id,
                good=told["good"],
                reason=reason,
                correction=written.correction,
            )
            self._adapter.whisper(place, say("thanks", language))
            if written.reason == NOT_ASKED:
                self._adapter.show(place, [elsewhere_message(answered.id, language)])

        self._call(keep, tell=place)

    def _call(self, work: Callable[[], object], tell: Place | None = None) -> None:
        """Call Slack outside the listener; what goes wrong is logged, and told to who pressed a button."""

        def do() -> None:
            try:
                work()
            except QuestionError as error:
                if tell is not None:
                    self._adapter.whisper(tell, str(error))
            except Exception:
                log.exception("Slack could not be told")

        self._calls.submit(do)


def _prompt(name: str, language: str) -> str:
    return f"请总结 {name}" if language == "zh" or detect(name) == "zh" else f"Summarise {name}"
