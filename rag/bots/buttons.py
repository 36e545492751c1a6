"""What the buttons under an answer do, for any chat service. All take the answer's id and the place of the button."""

from typing import TYPE_CHECKING

from index.errors import QuestionError, StoreError
from rag.bots.service import Adapter, Answered, Incoming, Language, Place
from rag.bots.words import say
from rag.feedback import Feedback

if TYPE_CHECKING:
    from rag.bots.bot import Bot


def find(bot: "Bot", answer_id: str, place: Place, language: Language = "en") -> Answered:
    """The answer. Raises QuestionError when there is none, or it was given in another channel."""
    answered = bot.book.answered(answer_id, place)
    if answered is None:
        raise QuestionError(say("gone", language))
    return answered


def judge(
    bot: "Bot",
    adapter: Adapter,
    place: Place,
    answer_id: str,
    *,
    good: bool,
    reason: str = "",
    correction: str = "",
) -> Feedback:
    """Keep what the user of ``place`` thinks of an answer, in place of what they thought of it before.

    Raises QuestionError when there is no such answer.
    """
    answered = find(bot, answer_id, place)
    feedback = Feedback.of(
        answered.question,
        answered.answer,
        source=adapter.source,
        good=good,
        user=place.user,
        reason=reason,
        correction=correction,
        reports=answered.asked,
    ).model_copy(update={"id": f"{adapter.service}-{answer_id}-{place.user}"})
    bot.feedback.add(feedback)
    return feedback


def post_page(bot: "Bot", adapter: Adapter, place: Place, answer_id: str, n: int) -> None:
    """Post the page that the answer's source ``n`` names, its quotation framed; its text where none can be drawn.

    Raises QuestionError when there is no such answer or source, StoreError when its report is gone.
    """
    answered = find(bot, answer_id, place)
    language = spoken(answered)
    cited = next((citation for citation in answered.answer.citations if citation.n == n), None)
    if cited is None:
        raise QuestionError(say("no_source", language))
    library = bot.qa.library
    entry = library.find(cited.report)
    where = f"[{n}] {cited.report} · {say('page', language, cited.page)}"
    try:
        png = library.picture(entry.id, cited.page, library.boxes(entry.id, cited.page, cited.quote))
    except StoreError:  # no PDF: its text is all there is
        text = "\n".join(chunk.text for chunk in library.chunks(entry.id, cited.page))
        adapter.say(place, f"{where}\n\n{text or cited.quote}")
        return
    adapter.post_picture(place, png, where)


def search_elsewhere(bot: "Bot", adapter: Adapter, place: Place, answer_id: str) -> None:
    """Ask the question again, of the reports that the channel may ask and the answer does not cite. Done once.

    Raises QuestionError when there is no such answer.
    """
    answered = find(bot, answer_id, place)
    entries = bot.qa.reports()
    cited = {citation.report for citation in answered.answer.citations} or set(answered.asked)
    allowed = bot.rules.may_ask(place, entries, bot.book.dropped(place))
    others = tuple(
        entry.id
        for entry in entries
        if cited and entry.name not in cited and not entry.copy_of and (allowed is None or entry.id in allowed)
    )
    if not others:
        adapter.say(place, say("no_others", spoken(answered)))
        return
    again = Incoming(
        service=adapter.service,
        team=place.team,
        channel=place.channel,
        thread=place.thread,
        user=place.user,
        text=answered.answer.standalone or answered.question,
        event_id=f"elsewhere/{answer_id}",
        message=place.message,
        direct=place.direct,
        reports=others,
    )
    bot.submit(again, adapter)


def spoken(answered: Answered) -> Language:
    """The language of an answer."""
    return "zh" if answered.answer.language == "zh" else "en"
