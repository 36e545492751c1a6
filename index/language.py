"""Which of the two languages a text is in."""

import re
from functools import lru_cache

from index.text import CJK
from index.traditional import simplified

_CJK_CHAR = re.compile(f"[{CJK}]")
_LATIN_WORD = re.compile(r"[A-Za-z]+")
# Words that a name or a quotation rarely holds, but a question or sentence of the language nearly always.
_ENGLISH_MARK = re.compile(
    r"\b(?:what|which|who|whose|when|where|why|how|is|are|was|were|did|does|has|have|much|many)\b", re.IGNORECASE
)
_CHINESE_MARK = re.compile("[的是了吗呢么哪几]|多少|如何|为何")


def detect(text: str) -> str:
    """Tell "zh" or "en". The script decides; langdetect, seeded, only breaks ties; text in neither script is English.

    A Chinese question often names products in Latin letters ("台积电 CoWoS 产能"), so a Chinese character weighs as
    much as a Latin word; where neither script clearly leads, a language's own little words tell.
    """
    chinese = len(_CJK_CHAR.findall(text))
    latin = len(_LATIN_WORD.findall(text))
    if not chinese:
        return "en"
    if chinese >= 3 * latin:
        return "zh"
    if chinese * 5 < 2 * latin:
        return "en"
    marks = bool(_ENGLISH_MARK.search(text)), bool(_CHINESE_MARK.search(simplified(text)))
    if marks[0] != marks[1]:
        return "en" if marks[0] else "zh"
    return "zh" if chinese >= latin or _langdetect(text).startswith(("zh", "ko", "ja")) else "en"


@lru_cache(maxsize=1024)
def _langdetect(text: str) -> str:
    from langdetect import DetectorFactory, LangDetectException, detect

    DetectorFactory.seed = 0
    try:
        return str(detect(text))
    except LangDetectException:
        return "en"
