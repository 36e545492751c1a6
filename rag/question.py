"""A question as asked to one that can be searched for: checked, in a known language, readable without its history."""

import re
import unicodedata
from collections.abc import Sequence

from index.errors import QuestionError
from index.language import detect
from index.text import clean, words
from rag.types import History, Question

LONGEST = 2000  # characters
_LEANS_ON_HISTORY = re.compile(
    r"^(?:那么?|还有|以及|and\b|what about|how about|then\b|also\b)|呢[？?]?$"
    r"|(?:^|[，,。 ])(?:它|他们|该公司|这个|其中|上述|前者|后者)"
    r"|\b(?:it|its|they|their|them|that|those|this|the same|the former|the latter|the year before)\b",
    re.IGNORECASE,
)


def prepare(text: str, history: History = (), reports: Sequence[str] = ()) -> Question:
    """Check a question and make it stand alone.

    Raises QuestionError when it is empty, has no word or number, or more than 2,000 characters.
    """
    readable = text.encode("utf-8", "replace").decode()  # a terminal passes on bytes that are no text as surrogates
    asked = clean(readable.replace("\n", " "))
    if not asked:
        raise QuestionError("The question is empty.", "Type a question. 请输入问题。")
    if len(asked) > LONGEST:
        raise QuestionError(
            f"The question has {len(asked):,} characters; the limit is {LONGEST:,}.",
            "Shorten it; to search a long text, add it as a report. 请缩短问题。",
        )
    if not any(unicodedata.category(char)[0] in "LN" for char in asked):
        raise QuestionError("The question has no words.", "Ask in Chinese or English. 请用文字提问。")
    language = detect(asked)
    return Question(text=asked, language=language, standalone=_standalone(asked, history), reports=tuple(reports))


def _standalone(asked: str, history: History) -> str:
    """The question with the one before it when it leans on that; searching needs no more than the words."""
    if history and (_LEANS_ON_HISTORY.search(asked) or len(words(asked)) <= 2):
        return f"{history[-1].question} {asked}"
    return asked
