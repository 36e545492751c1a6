"""The window that asks what was good or wrong about an answer, and what a user wrote into it."""

from typing import Any, NamedTuple

from rag.slack.words import word

FEEDBACK_VIEW = "answer_feedback"  # callback id of the view
_REASON, _DETAILS, _CORRECTION = "reason", "details", "correction"  # ids of blocks and of what is in them
REASONS = ("wrong", "source", "missing", "refused", "not_asked", "other")
NOT_ASKED = "not_asked"
LONGEST = 3000  # characters of a text that a user writes


class Filled(NamedTuple):
    """What a user wrote: ``reason`` one of :data:`REASONS` or "", and two texts that may be empty."""

    reason: str
    details: str
    correction: str


def feedback_modal(metadata: str, language: str, *, good: bool) -> dict[str, Any]:
    """The view for ``views.open``. ``metadata`` (at most 3,000 characters) comes back with what the user wrote."""
    blocks = []
    if not good:
        options = [{"text": _plain(word(f"reason_{reason}", language)), "value": reason} for reason in REASONS]
        chosen = {"type": "radio_buttons", "action_id": _REASON, "options": options}
        blocks.append(_input(_REASON, word("why_bad", language), chosen))
    blocks.append(_input(_DETAILS, word("why_good" if good else "details", language), _lines(_DETAILS)))
    if not good:
        correction = _input(_CORRECTION, word("correction", language), _lines(_CORRECTION))
        blocks.append({**correction, "hint": _plain(word("correction_hint", language))})
    return {
        "type": "modal",
        "callback_id": FEEDBACK_VIEW,
        "private_metadata": metadata,
        "title": _plain(word("modal_title", language)),
        "submit": _plain(word("send", language)),
        "close": _plain(word("cancel", language)),
        "blocks": blocks,
    }


def filled(view: dict[str, Any]) -> Filled:
    """What a user wrote into the view of a ``view_submission``; empty texts for what was left out."""
    values = view.get("state", {}).get("values", {})

    def value(name: str) -> dict[str, Any]:
        found = values.get(name, {}).get(name)
        return found if isinstance(found, dict) else {}

    chosen = (value(_REASON).get("selected_option") or {}).get("value", "")
    texts = [str(value(name).get("value") or "").strip()[:LONGEST] for name in (_DETAILS, _CORRECTION)]
    return Filled(chosen if chosen in REASONS else "", *texts)


def reason_text(reason: str, language: str) -> str:
    """The words of a reason, as the window shows it; "" for none."""
    return word(f"reason_{reason}", language) if reason in REASONS else ""


def _input(name: str, label: str, element: dict[str, Any]) -> dict[str, Any]:
    return {"type": "input", "block_id": name, "optional": True, "label": _plain(label), "element": element}


def _lines(name: str) -> dict[str, Any]:
    return {"type": "plain_text_input", "action_id": name, "multiline": True, "max_length": LONGEST}


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}
