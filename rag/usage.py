"""How many tokens a language model read and wrote."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.text import CJK

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage

_CHINESE = re.compile(f"[{CJK}]")


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens read (``prompt_tokens``) and written; ``estimated`` if the server did not count all of them itself."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    estimated: bool = False

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.estimated or other.estimated,
        )


def reported(raw: Any) -> Usage | None:
    """What a streamed piece says of tokens: OpenAI's ``usage``, or the ``timings`` of llama.cpp's last piece."""
    usage = getattr(raw, "usage", None)
    if usage is not None:
        return Usage(int(usage.prompt_tokens or 0), int(usage.completion_tokens or 0))
    timings = getattr(raw, "timings", None)
    if isinstance(timings, dict) and "predicted_n" in timings:
        read = int(timings.get("prompt_n") or 0) + int(timings.get("cache_n") or 0)
        return Usage(read, int(timings["predicted_n"]))
    return None


def estimated(messages: Sequence["ChatMessage"], text: str) -> Usage:
    """Tokens by the length of the texts (:func:`tokens`), and 4 a message."""
    read = sum(4 + tokens(str(message.content or "")) for message in messages)
    return Usage(read, tokens(text), estimated=True)


def tokens(text: str) -> int:
    """About how many tokens a text has: one for 1.5 Chinese characters or 4 others."""
    chinese = len(_CHINESE.findall(text))
    return round(chinese / 1.5 + (len(text) - chinese) / 4)
