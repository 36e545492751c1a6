"""What Slack tells of, as messages to the bot.

https://docs.slack.dev/reference/events/message and https://docs.slack.dev/reference/events/app_mention
"""

import html
import re
from collections.abc import Mapping
from typing import Any

from rag.bots.service import File, Incoming, Place

SERVICE = "slack"
_WRITTEN_BY_PEOPLE = {None, "file_share", "thread_broadcast"}  # subtypes of messages; all others tell of something else
_MENTION = re.compile(r"<@[UW][A-Z0-9]+(?:\|[^>]*)?>")
_LINK = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def of_event(body: Mapping[str, Any], me: str) -> Incoming | None:
    """The message that an ``app_mention`` or ``message`` event tells of; None for one that is not to be answered.

    ``me`` is the bot's own user id. Both kinds of events give one message the same ``event_id``: its channel and time.
    """
    event = body.get("event", {})
    user, text, time = event.get("user", ""), event.get("text") or "", event.get("ts", "")
    if event.get("subtype") not in _WRITTEN_BY_PEOPLE or event.get("bot_id") or event.get("bot_profile"):
        return None
    if not user or user in {me, "USLACKBOT"} or event.get("hidden") or not time:
        return None
    channel = event.get("channel", "")
    direct = event.get("channel_type") == "im" or channel.startswith("D")
    addressed = direct or event.get("type") == "app_mention" or f"<@{me}>" in text or f"<@{me}|" in text
    if not addressed and _MENTION.match(text.lstrip()):
        return None  # people talking to each other
    return Incoming(
        service=SERVICE,
        team=body.get("team_id", ""),
        channel=channel,
        thread=event.get("thread_ts") or time,
        user=user,
        text=plain_text(text),
        event_id=f"{channel}/{time}",
        files=tuple(_file(file) for file in event.get("files") or () if isinstance(file, dict)),
        message=time,
        direct=direct,
        addressed=addressed,
    )


def of_command(command: Mapping[str, Any], thread: str = "") -> Incoming:
    """A slash command as a message; ``thread`` is the message that shows it to the channel."""
    channel = command["channel_id"]
    return Incoming(
        service=SERVICE,
        team=command["team_id"],
        channel=channel,
        thread=thread,
        user=command["user_id"],
        text=plain_text(command.get("text") or ""),
        event_id=f"command/{command['trigger_id']}",
        message=thread,
        direct=channel.startswith("D"),
    )


def place_of_action(body: Mapping[str, Any]) -> Place:
    """Where a button was pressed, and by whom."""
    message, channel, user = body["message"], body["channel"]["id"], body["user"]
    return Place(
        team=(body.get("team") or {}).get("id") or user.get("team_id", ""),
        channel=channel,
        thread=message.get("thread_ts") or message["ts"],
        user=user["id"],
        message=message["ts"],
        direct=channel.startswith("D"),
    )


def plain_text(text: str) -> str:
    """What a user wrote, without Slack's marks: no mentions, the words of links, no entities."""
    without = _MENTION.sub(" ", text)
    shown = _LINK.sub(_words_of_link, without)
    return re.sub(r"[ \t]+", " ", html.unescape(shown)).strip()


def _words_of_link(found: re.Match[str]) -> str:
    target, label = found[1], found[2]
    if target.startswith("#"):
        return f"#{label}" if label else " "
    if target.startswith("!"):
        return label or " "
    return label or target.removeprefix("mailto:")


def _file(file: Mapping[str, Any]) -> File:
    size = file.get("size")
    return File(
        id=str(file.get("id") or ""),
        name=str(file.get("name") or file.get("title") or file.get("id") or ""),
        size=size if isinstance(size, int) and size > 0 else 0,
        kind=str(file.get("mimetype") or ""),
        url=str(file.get("url_private_download") or file.get("url_private") or ""),
    )
