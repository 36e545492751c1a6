"""Text that Slack shows letter by letter even where it reads its markup (mrkdwn): the plain text beside blocks."""

import re

from rag.slack.message import escape

_JOINER = "\u2060"  # of no width: breaks up what Slack would read as one word
_LOOK_ALIKE = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"})
_FORMAT = re.compile(r"(?<!\w)[*_~]+|[*_~]+(?!\w)|`+")  # within a word, as in a_file_name, these are only letters
_EMOJI = re.compile(r":(?=[a-z0-9_+'-]+:)")
_MENTION = re.compile(r"[@#](?=\w)")


def literal(text: str) -> str:
    """The text without mention, link, channel, emoji or format: ``&``, ``<`` and ``>`` escaped, marks made harmless.

    Marks that could begin a format become characters that look like them; ``@`` and the colon of an emoji's name are
    parted from what follows. It is a little longer than the text.
    """
    shown = _FORMAT.sub(lambda found: found[0].translate(_LOOK_ALIKE), text)
    shown = _EMOJI.sub(":" + _JOINER, shown)
    return escape(_MENTION.sub(lambda found: found[0] + _JOINER, shown))
