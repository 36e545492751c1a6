"""On what the gold answer holds: a condition or a part of the year, and whether an answer leaves it out."""

import re

from eval.measures.content import content
from eval.measures.figures import gold_figures
from eval.measures.periods import parts
from eval.questions import Question

_CONDITION = re.compile(
    r"(?:如果|假如|倘若|若(?!干)|一旦|除非|\b(?:if|unless|provided that|assuming)\b)([^,，。;；:：]{4,})", re.IGNORECASE
)


def left_out(question: Question, answer: str) -> bool:
    """Whether neither question nor answer name what the gold answer holds on.

    That is a condition or, of several figures, the part of the year.
    """
    for condition in _CONDITION.findall(question.answer):
        words = set(content(condition))
        if words and len(words & set(content(question.question + " " + answer))) < len(words) / 2:
            return True
    series = sum(not figure.number.year for figure in gold_figures(question)) > 1
    return series and bool(parts(question.answer)) and not parts(question.question) and not parts(answer)
