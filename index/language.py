"""Which of the two languages a text is in."""

import re
from functools import lru_cache

from index.text import CJK

_CJK_CHAR = re.compile(f"[{CJK}]")
_LATIN_WORD = re.compile(r"[A-Za-z]+")


def detect(text: str) -> str:
    """Tell "zh" or "en". The script decides; langdetect, seeded, only breaks ties; text in neither script is English.

    A Chinese question often names products in Latin letters ("台积电 CoWoS 产能"), so a Chinese character weighs as
    much as a Latin word.
    """
    chinese = len(_CJK_CHAR.findall(text))
    latin = len(_LATIN_WORD.findall(text))
    if not chinese:
        return "en"
    if chinese >= latin or (chinese * 5 >= 2 * latin and _langdetect(text).startswith(("zh", "ko", "ja"))):
        return "zh"
    return "en"


@lru_cache(maxsize=1024)
def _langdetect(text: str) -> str:
    from langdetect import DetectorFactory, LangDetectException, detect

    DetectorFactory.seed = 0
    try:
        return str(detect(text))
    except LangDetectException:
        return "en"
