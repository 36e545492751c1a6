"""What the page sends with an event: checked, for a browser may send anything."""

import logging
from typing import Any, Literal, TypeVar

import gradio as gr
from pydantic import BaseModel, ConfigDict, Field, ValidationError

log = logging.getLogger(__name__)
_Said = TypeVar("_Said", bound="Said")
LONGEST = 4000  # characters of a question or a remark


class Said(BaseModel):
    """Base of what is sent; attributes that are not asked for are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @classmethod
    def of(cls: type[_Said], event: gr.EventData) -> _Said | None:
        """What an event brought, None when it makes no sense: pages of this version do not send such."""
        data: Any = event._data
        try:
            return cls.model_validate(data if isinstance(data, dict) else {})
        except ValidationError as error:
            log.warning("the page sent what cannot be read: %s", error)
            return None


class Asked(Said):
    """A question, for which reports (ids), and how much is to be read. ``at`` starts again from that exchange."""

    question: str = Field(max_length=LONGEST)
    reports: tuple[str, ...] = ()
    at: int | None = Field(default=None, ge=0)
    amount: Literal["few", "usual", "many"] = "usual"
    evidence_only: bool = False


class At(Said):
    """An exchange of the conversation."""

    at: int = Field(ge=0)


class Judged(At):
    """What a user says of an answer."""

    reason: str = Field(default="", max_length=LONGEST)
    correction: str = Field(default="", max_length=LONGEST)


class Narrowed(Said):
    """What the list of reports is to be narrowed to."""

    text: str = Field(default="", max_length=200)
    language: Literal["", "zh", "en"] = ""
    since: str = Field(default="", max_length=20)
    until: str = Field(default="", max_length=20)


class OfReport(Said):
    """A report, and the name it is to have."""

    report: str = Field(max_length=64)
    name: str = Field(default="", max_length=255)


class OfReports(Said):
    """The reports (ids) that are ticked."""

    reports: tuple[str, ...] = ()


class OfPast(Said):
    """A kept conversation, or words to find one by."""

    id: str = Field(default="", max_length=64)
    text: str = Field(default="", max_length=200)


class Preferred(Said):
    """What the browser remembers of its user: language and the conversation that was open."""

    language: Literal["", "zh", "en"] = ""
    conversation: str = Field(default="", max_length=64)
