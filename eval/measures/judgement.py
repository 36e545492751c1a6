"""One question judged: the verdict, what was wrong, and its value of every measure."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from eval.grounded import Standing


class Grade(StrEnum):
    """The automatic verdict on an answer; the words are those of verdicts by hand, without ``marked``."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    REFUSED = "refused"


class Reason(StrEnum):
    """What was wrong. Those up to UNSUPPORTED decide the verdict; the others are faults of an answer that may be right.

    MISSING_FACT something asked for is not there; WRONG_FIGURE another figure stands in its place; WRONG_UNIT,
    WRONG_SIGN, WRONG_PERIOD its unit, sign or period is another; SWAPPED figures or names changed places; ONE_SIDE one
    side of a contradiction is left out; EXTRA_ITEM a list has what does not belong there; CONTRADICTS the answer goes
    the other way than the gold answer; LITTLE_OVERLAP too little of the gold answer is said; REFUSED_WRONGLY not found
    although it is there; NOT_REFUSED answered what the reports do not say; ERROR the question ended in one;
    UNSUPPORTED a figure stands nowhere in evidence or gold answer.

    WRONG_PAGE no right page is cited; UNCITED_SENTENCE a sentence has no mark; QUOTE_NOT_ON_PAGE a quote does not stand
    on the page it names; LANGUAGE the answer is not in the question's language; NOT_RETRIEVED no right page is
    among the first ten.
    """

    MISSING_FACT = "missing_fact"
    WRONG_FIGURE = "wrong_figure"
    WRONG_UNIT = "wrong_unit"
    WRONG_SIGN = "wrong_sign"
    WRONG_PERIOD = "wrong_period"
    SWAPPED = "swapped"
    ONE_SIDE = "one_side"
    EXTRA_ITEM = "extra_item"
    CONTRADICTS = "contradicts"
    LITTLE_OVERLAP = "little_overlap"
    REFUSED_WRONGLY = "refused_wrongly"
    NOT_REFUSED = "not_refused"
    ERROR = "error"
    UNSUPPORTED = "unsupported"
    WRONG_PAGE = "wrong_page"
    UNCITED_SENTENCE = "uncited_sentence"
    QUOTE_NOT_ON_PAGE = "quote_not_on_page"
    LANGUAGE = "language"
    NOT_RETRIEVED = "not_retrieved"


class Judgement(BaseModel):
    """One question judged.

    ``verdict`` is None where only retrieval ran. ``values`` holds every measure that applies to the question, by the
    name that :class:`~eval.measures.scores.Scores` gives its mean (or, for ``grounded``, its ratio of sums): questions
    of two runs can be compared in pairs by it. A question that ended in an error counts 0 in the measures of answers
    that apply to it. ``standings`` counts the figures of the answer by how they stand in the evidence.
    """

    model_config = ConfigDict(frozen=True)

    set: str
    id: str
    kind: str
    lang: str
    verdict: Grade | None
    reasons: tuple[Reason, ...]
    values: dict[str, float]
    standings: dict[Standing, int] = {}
