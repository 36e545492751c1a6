"""An answer as Slack's messages: Block Kit, and the same as plain text.

Everything that comes from a report, a file name or a model is put into rich text, raw text or plain text, where Slack
reads nothing as a mention, a link, an emoji or a format. Only what this module says itself may be markup.
"""

from collections.abc import Sequence

from rag.slack import rich
from rag.slack.limits import BUTTON_TEXT, Block, Part, pack, shortened
from rag.slack.message import BAD, ELSEWHERE, GOOD, LONGEST_TEXT, PICTURE, Message
from rag.slack.words import word
from rag.types import Answer, Citation, Conflict

QUOTE = 160  # characters of a source's quotation
MANY = 12  # sources from which on quotations are shorter
QUOTE_OF_MANY = 70
NAME = 120  # characters of a file's name and of a section
FIGURES = 40  # sides of one contradiction that are listed
ITEMS = 20  # of a list in one block


def answer_messages(answer: Answer, asked_id: str, asked: Sequence[str] = ()) -> list[Message]:
    """The messages that show an answer, one or more, in the answer's language.

    ``asked_id`` is the id that buttons carry. ``asked`` are the file names that the question was asked of, empty for
    all reports: only where some were left out is there a button to search the others.
    """
    language = answer.language
    parts = [*_before(answer), *_body(answer), *_doubts(answer)]
    for conflict in answer.conflicts:
        parts += _conflict(conflict, language)
    parts += _sources(answer.citations, language, asked_id)
    if answer.notice and not answer.failed:
        parts += _context(answer.notice)
    seconds = word("seconds", language, f"{answer.timings_ms.total / 1000:.1f}")
    parts += _context(" · ".join(filter(None, (answer.model, seconds))))
    parts.append(_actions(language, asked_id, elsewhere=bool(asked)))
    return pack(parts)


def progress_message(text: str) -> Message:
    """A step of the work, or an answer half written: the end of it when it is too long for one section."""
    shown = text if len(text) <= LONGEST_TEXT else "…" + text[1 - LONGEST_TEXT :]
    return Message(shortened(shown), (_plain(shown),))


def elsewhere_message(asked_id: str, language: str) -> Message:
    """The offer to search other reports, after a user has said that the answer was not what they asked for."""
    text = word("not_asked", language)
    button = _button(word("elsewhere", language), ELSEWHERE, asked_id)
    return Message(shortened(text), ({**_plain(text), "accessory": button},))


def page_caption(citation: Citation, language: str) -> str:
    """What is said beside the picture of a source's page, as plain text."""
    return _place(citation, language)


def _before(answer: Answer) -> list[Part]:
    found = []
    if answer.failed and answer.notice:
        found += _context(f"⚠️ {answer.notice}")
    if answer.standalone:
        found += _context(f"🔎 {word('standalone', answer.language, answer.standalone)}")
    if not answer.found:
        found += _context(f"📭 {word('refusal', answer.language)}")
    return found


def _body(answer: Answer) -> list[Part]:
    marks = [f"[{citation.n}]" for citation in answer.citations]
    return rich.parts(answer.answer, marks, answer.unsupported, quoted=not answer.found)


def _doubts(answer: Answer) -> list[Part]:
    heading = f"⚠️ {word('unsupported', answer.language)}"
    return _list(heading, [[(cut(text, NAME * 2), "code")] for text in answer.unsupported])


def _conflict(conflict: Conflict, language: str) -> list[Part]:
    heading = f"⚖️ {word('conflict', language, cut(conflict.subject, NAME))}"
    items: list[list[rich.Styled]] = []
    for figure in conflict.figures[:FIGURES]:
        place = f"{cut(figure.report, NAME)} {word('page', language, figure.page)}"
        items.append(
            [(cut(figure.value, NAME), "bold"), (f" — {place}", ""), (f" “{cut(figure.quote, QUOTE)}”", "italic")]
        )
    return _list(heading, items)


def _list(heading: str, items: Sequence[Sequence[rich.Styled]]) -> list[Part]:
    """A heading with a list under it, in several parts when it is long; nothing without items."""
    found: list[Part] = []
    held: list[Sequence[rich.Styled]] = []

    def close() -> None:
        title = [] if found else [rich.section((heading, "bold"))]
        lines = ([] if found else [heading]) + ["• " + "".join(text for text, _ in item) for item in held]
        found.append(Part((rich.block(*title, rich.bullets(held)),), "\n".join(lines)))
        held.clear()

    for item in items:
        length = sum(len(text) for line in [*held, item] for text, _ in line)
        if held and (length > rich.LONGEST or len(held) == ITEMS):
            close()
        held.append(item)
    if held:
        close()
    return found


def _sources(citations: Sequence[Citation], language: str, asked_id: str) -> list[Part]:
    found = []
    for number, citation in enumerate(citations):
        longest = QUOTE if len(citations) < MANY else QUOTE_OF_MANY
        text = f"{_place(citation, language)}\n“{cut(citation.quote, longest)}”"
        button = _button(word("see", language), f"{PICTURE}:{citation.n}", f"{asked_id}:{citation.n}")
        button["accessibility_label"] = word("see_of", language, citation.n)
        line: Block = {**_plain(text), "accessory": button}
        if number:
            found.append(Part((line,), text))
        else:
            heading = rich.block(rich.section((word("sources", language), "bold")))
            found.append(Part((heading, line), f"{word('sources', language)}\n{text}"))
    return found


def _place(citation: Citation, language: str) -> str:
    section = citation.section.removeprefix(citation.title).removeprefix(" › ")
    where = (cut(citation.report, NAME), word("page", language, citation.page), cut(section, NAME))
    return f"[{citation.n}] " + " · ".join(filter(None, where))


def _actions(language: str, asked_id: str, *, elsewhere: bool) -> Part:
    buttons = [
        _button(f"👍 {word('good', language)}", GOOD, asked_id),
        _button(f"👎 {word('bad', language)}", BAD, asked_id),
    ]
    if elsewhere:
        buttons.append(_button(word("elsewhere", language), ELSEWHERE, asked_id))
    return Part(({"type": "actions", "elements": buttons},), "")


def _button(text: str, action: str, value: str) -> Block:
    label = {"type": "plain_text", "text": cut(text, BUTTON_TEXT), "emoji": True}
    return {"type": "button", "text": label, "action_id": action, "value": value}


def _plain(text: str) -> Block:
    return {"type": "section", "text": {"type": "plain_text", "text": text, "emoji": False}}


def _context(text: str) -> list[Part]:
    text = cut(text, LONGEST_TEXT // 2)
    return [Part(({"type": "context", "elements": [{"type": "plain_text", "text": text, "emoji": False}]},), text)]


def cut(text: str, longest: int) -> str:
    """The text on one line, at most ``longest`` characters of it, with "…" where it goes on."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    held = line[: longest - 1]
    word_start = held.rfind(" ")
    if line[longest - 1].isascii() and line[longest - 1].isalnum() and word_start > longest - 20:
        held = held[:word_start]  # no half words
    return held.rstrip() + "…"
