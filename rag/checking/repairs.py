"""A wrong figure written anew as the evidence has it, in the answer's own form where that can be."""

import re
from decimal import Decimal

from index.text import has_cjk
from rag.checking.claims import Claim

_NUMBER = re.compile(r"\d[\d,，]*(?:[.．]\d+)?|[０-９][０-９，．]*")
_SIZE_WORDS = {
    "en": {10**12: " trillion", 10**9: " billion", 10**6: " million", 1000: " thousand"},
    "zh": {10**12: "万亿", 10**9: "十亿", 10**8: "亿", 10**6: "百万", 10**4: "万", 1000: "千"},
}  # fmt: skip
MOST_DIGITS = 9


def written(claim: Claim, meant: Claim, sentence: str) -> str:
    """The figure ``meant`` as it is to stand in place of ``claim``'s in ``sentence``; "" where it cannot be said."""
    mine, theirs = claim.figure, meant.figure
    number = _NUMBER.search(mine.text)
    if number is None:
        return ""
    value = abs(theirs.value) * (meant.size or 1)
    printed = _NUMBER.search(theirs.text)
    if not meant.cell and theirs.scaled and mine.scaled and printed and printed[0] == number[0]:
        return theirs.text  # only the size was wrong
    if mine.unit == theirs.unit and (mine.scaled or not (theirs.scaled or meant.size > 1)):
        scale = _scale(mine.text, mine.value, number[0])
        said = f"{(value / scale).normalize():f}" if scale else ""
        if said and len(said.replace(".", "")) <= MOST_DIGITS and value / scale >= Decimal("0.01"):
            said = _like_printed(said, theirs.text, value / scale)
            put = mine.text.replace(number[0], said, 1)
            put = put if theirs.value < 0 else put.lstrip("-−")
            bare = theirs.value < 0 and not claim.direction and put[:1] not in {"-", "−", "+"}
            return f"-{put}" if bare else put
    if not mine.scaled and meant.cell and not theirs.scaled and mine.unit == theirs.unit:
        plain = _NUMBER.search(theirs.text)
        return plain[0] if plain else ""
    if meant.cell and not theirs.scaled and theirs.unit in {"", "%"}:
        plain = _NUMBER.search(theirs.text)
        if plain is None:
            return ""
        if theirs.unit == "%":
            return f"{plain[0]}%"
        words = _SIZE_WORDS["zh" if has_cjk(sentence) else "en"]
        return (
            plain[0] + words.get(meant.size, "")
            if (meant.size in {1, *words} and meant.size not in {10**8, 10**4}) or has_cjk(sentence)
            else ""
        )
    return theirs.text


def _scale(text: str, value: Decimal, number: str) -> Decimal:
    plain = Decimal(number.replace(",", "").replace("，", "")) if number.isascii() else Decimal(0)
    return abs(value) / plain if plain and value else Decimal(0)


def _like_printed(said: str, printed: str, value: Decimal) -> str:
    """The number with the decimals and thousands separators that it is printed with, where it is the same number."""
    number = _NUMBER.search(printed)
    if number and number[0].isascii() and Decimal(number[0].replace(",", "")) == value:
        return number[0]
    whole, point, rest = said.partition(".")
    return f"{int(whole):,}{point}{rest}" if "," in printed else said
