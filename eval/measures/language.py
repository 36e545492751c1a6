"""Whether an answer is in the language of its question."""

import re

from eval.measures.required import MARK
from eval.predictions import Prediction
from index.language import detect

FEWEST = 4
"""Words below which an answer without Chinese can be names and figures in any language."""

_CJK = re.compile(r"[\u3400-\u9fff]")
_WORDS = re.compile(r"[A-Za-z]{2,}")
_QUOTED = re.compile(r"[“\"「《(（][^”\"」》)）]*[”\"」》)）]")


def language_right(prediction: Prediction) -> bool | None:
    """Whether the answer's language (:func:`index.language.detect`) is the question's; None for names and figures.

    What stands in quotation marks or brackets does not count: an answer may quote its page.
    """
    reply = prediction.reply
    if reply is None:
        return None
    text = MARK.sub(" ", reply.predicted)
    own = _QUOTED.sub(" ", text)
    text = own if _CJK.search(own) or len(_WORDS.findall(own)) >= FEWEST else text
    if not _CJK.search(text) and len(_WORDS.findall(text)) < FEWEST:
        return None
    return detect(text) == prediction.question.lang
