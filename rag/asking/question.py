"""A question as asked to one that can be searched for: checked, in a known language, readable without its history."""

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.errors import QuestionError
from index.language import detect
from index.text import clean
from rag.asking.standalone import standalone
from rag.types import History, Question

if TYPE_CHECKING:
    from rag.llm import LanguageModel

LONGEST = 2000  # characters


def prepare(
    text: str, history: History = (), reports: Sequence[str] = (), llm: "LanguageModel | None" = None
) -> Question:
    """Check a question and make it stand alone, with the model's help where no rule can (``standalone``).

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
    return Question(text=asked, language=language, standalone=standalone(asked, history, llm), reports=tuple(reports))
