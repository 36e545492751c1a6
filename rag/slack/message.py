"""A message as Slack takes it, and what its buttons are called."""

from dataclasses import dataclass
from typing import Any

PICTURE, GOOD, BAD, ELSEWHERE = "page_picture", "feedback_good", "feedback_bad", "search_elsewhere"
"""The actions of buttons. The value of a button is the answer's id; of PICTURE it is ``<answer id>:<citation n>``.

Slack wants action ids unique within a message: a button may append ``:<anything>`` to its action.
"""

LONGEST_TEXT = 3000  # characters of one section's text, and of a message that streams


@dataclass(frozen=True)
class Message:
    """Block Kit ``blocks`` (at most 50), and ``text``, the same as escaped text, for where they do not show."""

    text: str
    blocks: tuple[dict[str, Any], ...] = ()


def escape(text: str) -> str:
    """Text with nothing left that Slack reads as a mention, a link or a channel.

    https://docs.slack.dev/messaging/formatting-message-text#escaping: exactly these three characters.
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
