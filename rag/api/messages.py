"""OpenAI's chat protocol: what its messages mean here, and an answer in its form."""

import time
import uuid
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from index.errors import QuestionError
from rag.api.schemas import Ask, Wanted
from rag.types import Answer, Turn
from rag.usage import tokens

MODEL = "report-qa"


class Part(BaseModel):
    """A piece of a message; only text is read."""

    model_config = ConfigDict(extra="ignore")

    type: str = "text"
    text: str = ""


class Message(BaseModel):
    """A message of the conversation."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """What it says."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type in {"text", "input_text"})
        return self.content or ""


class StreamOptions(BaseModel):
    """Options of a stream."""

    model_config = ConfigDict(extra="ignore")

    include_usage: bool = False


class ChatRequest(BaseModel):
    """A chat completion that is asked for. Parameters of writing (temperature, tools, ...) have no effect.

    ``reports`` and ``filter`` are this program's own: which reports to ask.
    """

    model_config = ConfigDict(extra="ignore")

    model: str = MODEL
    messages: list[Message] = Field(min_length=1, max_length=1000)
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = 1
    reports: list[str] = Field(default=[], description="Only from these reports, by id or file name.")
    filter: Wanted = Field(default=Wanted(), description="Only from reports that this lets in.")

    def ask(self) -> Ask:
        """The last user's message as a question, the turns before it as its history.

        System messages are not passed on: how answers are written is not for a front end to say. Raises QuestionError
        when the last message is not a user's.
        """
        said = [message for message in self.messages if message.role in {"user", "assistant"} and message.text.strip()]
        if not said or said[-1].role != "user":
            raise QuestionError("The last message is not a user's.", "End the messages with a question.")
        turns = [
            Turn(question=one.text, answer=two.text)
            for one, two in pairwise(said)
            if (one.role, two.role) == ("user", "assistant")
        ]
        return Ask(question=said[-1].text, history=turns[-20:], reports=self.reports, filter=self.filter)


class Completion:
    """One completion under way: its id and time, which all of its parts carry."""

    def __init__(self) -> None:
        self._id, self._created = f"chatcmpl-{uuid.uuid4().hex}", int(time.time())

    def whole(self, answer: Answer, urls: Mapping[str, str], spent: Mapping[str, int]) -> dict[str, Any]:
        """The answer as a completion; ``urls`` are the addresses of its citations (see :func:`annotations`)."""
        message = {
            "role": "assistant",
            "content": answer.answer,
            "refusal": None,
            "annotations": annotations(answer, urls),
        }
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        known = {"choices": [choice], "usage": spent, "report_qa": answer.model_dump(mode="json")}
        return {**self._head("chat.completion"), **known}

    def chunk(self, delta: Mapping[str, Any], finish: str | None = None, **more: Any) -> dict[str, Any]:
        """A piece of a streamed completion."""
        choice = {"index": 0, "delta": dict(delta), "logprobs": None, "finish_reason": finish}
        return {**self._head("chat.completion.chunk"), "choices": [choice], **more}

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self._id, "object": kind, "created": self._created, "model": MODEL}


def usage(asked: ChatRequest, text: str) -> dict[str, int]:
    """About how many tokens were sent and came back, by their length.

    How many the language model behind it read and wrote is another matter, and often none.
    """
    read, wrote = sum(4 + tokens(message.text) for message in asked.messages), tokens(text)
    return {"prompt_tokens": read, "completion_tokens": wrote, "total_tokens": read + wrote}


def annotations(answer: Answer, urls: Mapping[str, str]) -> list[dict[str, Any]]:
    """A ``url_citation`` for every mark ``[n]`` of the text, in order; ``urls`` by :func:`place`.

    Beside OpenAI's fields they have the report's file name, the page and the quotation.
    """
    found = []
    for citation in answer.citations:
        mark = f"[{citation.n}]"
        start = answer.answer.find(mark)
        while start >= 0:
            cited = {
                "start_index": start,
                "end_index": start + len(mark),
                "url": urls.get(place(citation.report, citation.page), ""),
                "title": f"{citation.title or citation.report}, p. {citation.page}",
                "report": citation.report,
                "page": citation.page,
                "quote": citation.quote,
            }
            found.append({"type": "url_citation", "url_citation": cited})
            start = answer.answer.find(mark, start + 1)
    return sorted(found, key=_start)


def _start(annotation: Mapping[str, Any]) -> int:
    return int(annotation["url_citation"]["start_index"])


def place(report: str, page: int) -> str:
    """The key of a page among the addresses."""
    return f"{report}#{page}"


def models(ids: Sequence[str] = (MODEL,)) -> dict[str, Any]:
    """The list of models: the one that answers from the reports."""
    return {"object": "list", "data": [model(id) for id in ids]}


def model(id: str) -> dict[str, Any]:
    """One model as OpenAI's clients know it."""
    return {"id": id, "object": "model", "created": 0, "owned_by": "report-qa"}
