"""What was read of a file that was sent to the bot, as a Slack message."""

from index.types import Entry, Outcome, Status
from rag.slack import rich
from rag.slack.blocks import cut
from rag.slack.limits import Part, pack
from rag.slack.message import Message
from rag.slack.words import word

VALUE = 300  # characters of one line of a card
NOTES = 5  # warnings shown
_SIGN = {
    Status.ADDED: "✅",
    Status.REPLACED: "🔁",
    Status.UNCHANGED: "📌",
    Status.FAILED: "⚠️",
    Status.CANCELLED: "✖️",
}


def file_message(outcome: Outcome, language: str) -> Message:
    """The card of a file: title, institution, date, period, pages and language of what was read.

    A file that was there already, or has the text of another one, says so; one that could not be read says why and
    what to do.
    """
    heading = f"{_SIGN[outcome.status]} {cut(outcome.path.name, VALUE)}"
    status = word(outcome.status, language)
    lines = [heading, status]
    elements = [rich.section((heading, "bold"), (f"\n{status}", ""))]
    if outcome.error is not None:
        notes = [cut(outcome.error.message, VALUE)]
        if outcome.error.remedy:
            notes.append(word("remedy", language, cut(outcome.error.remedy, VALUE)))
        elements.append(rich.quote(("\n".join(notes), "")))
        lines += notes
    if outcome.entry is not None:
        facts = _facts(outcome.entry, language)
        elements.append(rich.bullets([[(f"{name}: ", "bold"), (value, "")] for name, value in facts]))
        lines += [f"• {name}: {value}" for name, value in facts]
        after = [word("ask_now", language)]
        if outcome.entry.copy_of:
            after = [word("copy", language, cut(outcome.entry.copy_of, VALUE))]
        after += [f"⚠️ {cut(note, VALUE)}" for note in outcome.warnings[:NOTES]]
        elements.append(rich.section(("\n".join(after), "")))
        lines += after
    return pack([Part((rich.block(*elements),), "\n".join(lines))])[0]


def _facts(entry: Entry, language: str) -> list[tuple[str, str]]:
    card = entry.card
    pages = word("one_page" if entry.pages == 1 else "pages", language, entry.pages)
    facts = (
        ("title", card.title or entry.title),
        ("institution", card.institution),
        ("date", card.date),
        ("period", card.period_text or card.period),
        ("size", pages),
        ("language", word(entry.language, language)),
    )
    return [(word(name, language), cut(value, VALUE)) for name, value in facts if value]
