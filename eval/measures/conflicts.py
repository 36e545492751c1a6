"""Contradictions in reports: whether an answer gives both sides."""

from eval.measures.required import holds
from eval.predictions import Prediction, Reply
from eval.questions import Question

KIND = "conflict"


def is_conflict(question: Question) -> bool:
    """Whether the question is about something that the reports contradict themselves on, and says the sides."""
    return question.answerable and question.kind.lower() == KIND and bool(question.must_include)


def sides_given(prediction: Prediction) -> float:
    """Give the share of the sides, one a list of ``must_include``, that the answer or its contradictions name."""
    reply, groups = prediction.reply, prediction.question.must_include or ()
    if reply is None or not reply.found:
        return 0.0
    text = said(reply)
    return sum(holds(text, group) for group in groups) / len(groups)


def said(reply: Reply) -> str:
    """Give the answer with the sides of its contradictions, as a reader sees both."""
    sides = (f"{side.value} ({side.quote})" for conflict in reply.conflicts for side in conflict.figures)
    return "\n".join((reply.predicted, *sides))
