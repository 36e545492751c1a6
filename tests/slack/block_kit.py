"""Answers to show, and what Slack demands of the messages that show them, by the models of its own library."""

import json

from slack_sdk.models.blocks import Block

from rag.slack.limits import MESSAGE_BLOCKS, MESSAGE_BYTES, MESSAGE_TEXT
from rag.slack.message import Message
from rag.types import Answer, Citation, Timings

HOSTILE = (
    "<!channel> <@U123> @here #general <https://pears.example|pears> http://pears.example *b* _i_ ~s~ `c` :100: & >q"
)


def answer(text: str = "营收为 12.4 亿元 [1]。", language: str = "zh", **others: object) -> Answer:
    values = {
        "found": True,
        "citations": (cited(1),),
        "timings_ms": Timings(retrieve=100, first_token=200, total=3210),
        "model": "some-model",
        "embedder": "e5",
    }
    return Answer(answer=text, language=language, **{**values, **others})


def cited(
    n: int, quote: str = "营收为 12.4 亿元。", report: str = "果园周报.pdf", section: str = "一、概况"
) -> Citation:
    return Citation(n=n, report=report, title="果园周报", page=n, section=section, quote=quote, score=0.5)


def texts(value: object) -> list[str]:
    """All strings that a reader of the blocks sees, in their order."""
    if isinstance(value, dict):
        shown = [value["text"]] if isinstance(value.get("text"), str) else []
        return shown + [text for child in value.values() for text in texts(child)]
    return [text for child in value for text in texts(child)] if isinstance(value, list | tuple) else []


def whole(messages: list[Message]) -> str:
    return "".join(text for message in messages for text in texts(message.blocks))


def buttons(messages: list[Message]) -> list[dict]:
    found = []
    for message in messages:
        for block in message.blocks:
            found += block.get("elements", []) if block["type"] == "actions" else []
            found += [block["accessory"]] if "accessory" in block else []
    return found


def hold(messages: list[Message]) -> list[Message]:
    """Check what Slack demands of messages: its library's own rules, and the limits that it does not know."""
    assert messages
    for message in messages:
        blocks = json.loads(json.dumps(message.blocks))
        parsed = [Block.parse(block).to_dict() for block in blocks]  # raises SlackObjectFormationError
        assert [block["type"] for block in parsed] == [block["type"] for block in blocks]
        assert sum(len(text) for text in texts(parsed)) == sum(len(text) for text in texts(blocks)), "something unknown"
        assert 0 < len(blocks) <= MESSAGE_BLOCKS
        assert len(json.dumps(blocks, ensure_ascii=False).encode()) <= MESSAGE_BYTES
        assert 0 < len(message.text) <= MESSAGE_TEXT
        assert all(0 < len(text) <= 3000 for text in texts(blocks))
        actions = [button["action_id"] for button in buttons([message])]
        assert len(actions) == len(set(actions)), "Slack wants action ids unique within a message"
        tables = [block for block in blocks if block["type"] == "table"]
        assert len(tables) <= 1
        for table in tables:
            assert len(table["rows"]) <= 100
            assert len({len(row) for row in table["rows"]}) == 1
            assert len(table["rows"][0]) <= 20
    return messages


def objects(messages: list[Message], kind: str) -> list[dict]:
    def walk(value: object) -> list[dict]:
        children = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
        found = [value] if isinstance(value, dict) and value.get("type") == kind else []
        return found + [hit for child in children for hit in walk(child)]

    return [hit for message in messages for hit in walk(message.blocks)]
