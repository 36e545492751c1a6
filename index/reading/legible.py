"""Whether the characters of a page are those that are printed on it: fonts without, or with a wrong, Unicode map."""

import re
from functools import lru_cache

from index.text import CJK

_CJK_CHAR = re.compile(f"[{CJK}]")
_LATIN = re.compile(r"[A-Za-z]")
_UPPER_LATIN1 = re.compile("[\u00a1-\u00ff]")
_VOWELS = frozenset("aeiouyAEIOUY")
# Characters that no page of running Chinese, simplified or traditional, does without for long.
_EVERYDAY = frozenset(
    "的一在是了有和不大年中为人上个市公司增长资行业产发展月日以及对国经成本同比元亿万季度下高新能力数量合分收入"
    "价等可与期面将于出現现场場经經济濟发發為個業產長與會会资資"
)
_FEW = 60  # characters of a script below which its share tells nothing


def is_legible(text: str) -> bool:
    """Whether ``text``, that of one page, can be what a person reads there.

    False when three in ten characters are private-use, replacement or control characters, or when the letters are
    spread as in no language: Chinese without everyday characters, Latin letters almost without vowels, a Chinese
    encoding shown as Western. Pages of figures and short texts count as legible.
    """
    text = "".join(text.split())
    odd = sum(
        "\ue000" <= char <= "\uf8ff" or char == "\ufffd" or char < " " or "\x7f" <= char < "\xa0" for char in text
    )
    if odd > 0.3 * max(1, len(text)):
        return False
    chinese = _CJK_CHAR.findall(text)
    if len(chinese) >= _FEW:
        common = sum(map(_is_common, chinese))
        if common < 0.7 * len(chinese):
            return False
        if len(chinese) >= 4 * _FEW and sum(char in _EVERYDAY for char in chinese) < 0.05 * len(chinese):
            return False
    latin, western = _LATIN.findall(text), _UPPER_LATIN1.findall(text)
    if len(western) >= _FEW and len(western) > len(latin) + len(chinese):
        return False
    if len(latin) >= 3 * _FEW and len(latin) > 2 * len(chinese):
        vowels = sum(char in _VOWELS for char in latin) / len(latin)
        return 0.3 <= vowels <= 0.7
    return True


@lru_cache(maxsize=8192)
def _is_common(char: str) -> bool:
    """Whether a Chinese character stands in the first, everyday level of GB 2312, Big5 or Shift JIS."""
    for encoding, first, last in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6), ("shift_jis", 0x82, 0x98)):
        try:
            code = char.encode(encoding)
        except UnicodeEncodeError:
            continue
        if len(code) == 2 and first <= code[0] <= last:
            return True
    return False
