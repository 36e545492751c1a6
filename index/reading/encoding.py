"""Bytes of a text file to text: every encoding is tried, and the one whose characters people write is taken."""

import re
from collections.abc import Callable

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SAMPLE = 200_000  # bytes that are scored
# What any Chinese report is full of, in both scripts: read in the wrong encoding hardly one of these turns up.
_CHINESE = frozenset(
    "的是在不了有和中大为上个国以要时来用到出就分对成会可主发年同能下产种面方后多定行学所得经三之进等部度高现加量"
    "两机当点从业本性应开合还因由其前外一二四五六七八九十日月事平相全表间与关各重新内数明利比但第向公无最总品增"
    "長為個國來時們會發過產種後經進業應開還間與關現從點機兩學對當動實體數變條結總問無這說電點價億萬約較預報營"
    "亿万元约较预报营收入费市场司股资金银行报告季期同环降升率额费用利润司亿，。、；：（）《》“”％"
)
_WESTERN = frozenset("éèêëàâäáåãçñíîïóôöòõúûüùœæøßÉÈÀÂÄÅÇÑÖØÜ’‘“”–—…•€£¥®©™°§±×½¼·«»\u00a0")
_RARE = re.compile("[\ue000-\uf8ff\ufffd\ufffe\uffff\x80-\x9f]|[\U00010000-\U0010ffff]")


def decode(data: bytes) -> tuple[str, bool]:
    """The text of ``data``, and whether some bytes of it could not be read. Empty when it is no text at all."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    zeros = data[:_SAMPLE].count(0)
    if not zeros:
        try:
            return data.decode("utf-8"), False
        except UnicodeDecodeError:
            pass
    sample = data[:_SAMPLE]
    scores = {encoding: score(sample) for encoding, score in _SCORES.items() if not zeros or encoding[:4] == "utf-"}
    best = max(scores, key=lambda encoding: scores[encoding])
    if scores[best] >= 0.1:
        return _decoded(data, best)
    return ("", False) if zeros else _guessed(data)


def _decoded(data: bytes, encoding: str) -> tuple[str, bool]:
    try:
        return data.decode(encoding), False
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
        return text, True


def _guessed(data: bytes) -> tuple[str, bool]:
    """Text in an encoding that reports in Chinese and English seldom have."""
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE]).best()
    return _decoded(data, best.encoding) if best else ("", False)


def _utf8(sample: bytes) -> float:
    """Text with a few broken bytes is still UTF-8: hardly anything else makes whole sequences by chance."""
    text = sample.decode("utf-8", "ignore")
    whole = sum(char > "\x7f" for char in text)
    high = sum(byte > 0x7F for byte in sample)
    taken = sum(len(char.encode()) for char in text if char > "\x7f")
    return 1.0 if whole >= 4 and high - taken <= 0.05 * high else 0.0


def _utf16(encoding: str) -> Callable[[bytes], float]:
    def score(sample: bytes) -> float:
        text = sample[: len(sample) // 2 * 2].decode(encoding, "replace")
        common = sum(char in _CHINESE or " " <= char <= "~" or char in "\r\n\t" for char in text)
        return common / max(1, len(text)) - 3 * _rare(text)

    return score


def _chinese(encoding: str) -> Callable[[bytes], float]:
    def score(sample: bytes) -> float:
        wide = [char for char in sample.decode(encoding, "replace") if char > "\x7f"]
        return sum(char in _CHINESE for char in wide) / max(1, len(wide)) - 3 * _rare("".join(wide))

    return score


def _western(sample: bytes) -> float:
    """Accents and typographic signs stand alone among ASCII; Chinese bytes stand in rows."""
    text = sample.decode("cp1252", "replace")
    high = [at for at, char in enumerate(text) if char > "\x7f"]
    alone = sum(
        text[at] in _WESTERN and not (text[at - 1 : at] > "\x7f" and text[at + 1 : at + 2] > "\x7f") for at in high
    )
    rows = sum(text[at + 1 : at + 2] > "\x7f" for at in high)
    return 0.6 * (alone - 2 * rows) / max(1, len(high))


def _rare(text: str) -> float:
    return len(_RARE.findall(text)) / max(1, len(text))


_SCORES: dict[str, Callable[[bytes], float]] = {
    "utf-8": _utf8,
    "utf-16-le": _utf16("utf-16-le"),
    "utf-16-be": _utf16("utf-16-be"),
    "gb18030": _chinese("gb18030"),
    "big5hkscs": _chinese("big5hkscs"),
    "cp1252": _western,
}
