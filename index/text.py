"""Text as reports print it: normal forms, sentences, words, and which language a text is in."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from index.traditional import mainland, simplified

CJK = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_CJK_CHAR = re.compile(f"[{CJK}]")
_CJK_OR_PUNCTUATION = re.compile(f"[{CJK}\u3001-\u301f\uff01-\uff65\u2018-\u201d\u2026\u00b7]")
RARE_IN_DICTIONARY = 5  # occurrences in the corpus of jieba's dictionary
_SPACES = re.compile(r"[ \t\u00a0\u2002-\u200a\u202f\u205f\u3000]+")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffe\uffff\x00-\x08\x0b\x0c\x0e-\x1f]")
_RADICALS = re.compile("[\u2e80-\u2fdf]")
# PDF fonts often name a character by its radical; NFKC knows the Kangxi radicals but not most of the supplement.
_SUPPLEMENT = str.maketrans(
    "⺁⺄⺈⺌⺍⺗⺝⺠⺢⺥⺩⺫⺬⺭⺮⺶⺷⺹⺼⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰",
    "厂乙刀小小心月民水爪王目示示竹羊羊老肉艹虎衣西西见角角讠贝足车辶辶辶钅長镸长门阝雨青韦页风飞食食饣首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙",
)

# A full stop ends an English sentence when a space and a capital, digit, quote or bracket follow, unless the word
# before it is one of these or a single letter.
_ABBREVIATIONS = frozenset(
    (
        "mr mrs ms dr prof inc corp co ltd llc plc no nos vs st jr sr fig figs approx dept est vol al e.g i.e cf ca "
        "jan feb mar apr jun jul aug sep sept oct nov dec u.s u.k n.a"
    ).split(" ")
)
_ENGLISH_END = re.compile(r"[.!?][\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9•●])")
_CHINESE_END = re.compile(r"(?:[。！？!?]+|；(?=\s*\d+[、.)）])|\n)[”’」』）)]*")
# Words that a hyphen at a line's end parts from the next word, not from their own other half.
_COMPOUND_FIRST = frozenset(
    "long short non self well mid year half full two three four five six third first".split(" ")
)
_CLAUSE_END = re.compile(r"[；;，,]")
LONGEST_SENTENCE = 240  # characters; a longer one is cut at a clause, or it would crowd out all other evidence


def has_cjk(text: str) -> bool:
    """Whether any Chinese character stands in ``text``."""
    return _CJK_CHAR.search(text) is not None


def clean(text: str) -> str:
    """``text`` without invisible characters, Kangxi radicals made ordinary characters, runs of spaces made one."""
    text = _INVISIBLE.sub("", text)
    text = _RADICALS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text.translate(_SUPPLEMENT))
    return _SPACES.sub(" ", text).strip()


def fold(text: str) -> str:
    """``text`` for comparing: NFKC, lower case, simplified characters, no white space."""
    return re.sub(r"\s+", "", simplified(unicodedata.normalize("NFKC", text).lower()))


def join(left: str, right: str) -> str:
    """Two lines of one paragraph as one: nothing between Chinese, a hyphen at an English line end taken back."""
    if not left or not right:
        return left or right
    if left.endswith("\u00ad"):
        return left[:-1] + right
    if left.endswith(("-", "\u2010")) and left[-2:-1].islower() and right[0].islower():
        word = left[:-1].rsplit(None, 1)[-1].lstrip("(\"'“‘").lower()
        compound = "-" in word or word in _COMPOUND_FIRST  # year-over-year and long-term keep their hyphens
        return left + right if compound else left[:-1] + right
    if left.endswith(("-", "\u2010")) or left[-1].isspace() or (left.endswith("/") and left[-2:-1].isalpha()):
        return left + right
    if _CJK_OR_PUNCTUATION.match(left[-1]) or _CJK_OR_PUNCTUATION.match(right[0]):
        return left + right
    return f"{left} {right}"


def join_sentences(texts: Sequence[str], rows: bool = False) -> str:
    """Sentences as running text, or table rows (``rows``) one a line."""
    if rows:
        return "\n".join(texts)
    joined = ""
    for text in texts:
        joined = join(joined, text)
    return joined


def split_sentences(text: str) -> list[tuple[int, int]]:
    """The sentences of ``text`` as (start, end) offsets that together cover it."""
    ends = [match.end() for match in _CHINESE_END.finditer(text) if not _is_english_mark(text, match)]
    for match in _ENGLISH_END.finditer(text):
        word = text[: match.start()].rsplit(None, 1)[-1:]
        last = word[0].lower().lstrip("(\"'“‘") if word else ""
        if text[match.start()] == "." and (last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha())):
            continue
        ends.append(match.end())
    spans: list[tuple[int, int]] = []
    start = 0
    for end in [*sorted(set(ends)), len(text)]:
        if end > start and text[start:end].strip():
            spans += _cut_long(text, start, end)
            start = end
    return spans


def _is_english_mark(text: str, match: re.Match[str]) -> bool:
    """Whether a ``!`` or ``?`` belongs to English text, where the English rule decides."""
    return match[0][0] in "!?" and not has_cjk(text[max(0, match.start() - 2) : match.start()])


def _cut_long(text: str, start: int, end: int) -> list[tuple[int, int]]:
    limit = LONGEST_SENTENCE if has_cjk(text[start:end]) else 3 * LONGEST_SENTENCE
    spans = []
    while end - start > limit:
        clauses = [m.end() for m in _CLAUSE_END.finditer(text, start + limit // 2, start + limit)]
        cut = clauses[-1] if clauses else start + limit
        spans.append((start, cut))
        start = cut
    return [*spans, (start, end)]


@lru_cache(maxsize=1)
def _jieba() -> Any:
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    return jieba


_WORD = re.compile(rf"[{CJK}]+|[a-z]+(?:'[a-z]+)?|\d+(?:[.,]\d+)*%?")
_COMPOUND = re.compile(r"(?=[\d.-]*[a-z])[a-z0-9]+(?:[-.][a-z0-9]+)+")


def words(text: str, whole: bool = False) -> list[str]:
    """The words of ``text`` for lexical search, in order: Chinese by jieba, Latin words lower-cased and stemmed.

    Numbers lose their thousands separators; compounds like ``gb200`` or ``10-k`` are kept whole beside their parts, and
    so are long Chinese words, unless ``whole`` asks for the words as they read only. Traditional Chinese gives the
    words of its simplified form.
    """
    folded = mainland(unicodedata.normalize("NFKC", text).lower())
    found: list[str] = []
    for match in _WORD.finditer(folded):
        token = match[0]
        if has_cjk(token):
            cut = _jieba().cut if whole else _jieba().cut_for_search
            found += [word for word in cut(token) if word not in _CHINESE_STOP]
        elif token[0].isdigit():
            found.append(token.replace(",", "").rstrip("%"))
        elif token.removesuffix("'s") not in _ENGLISH_STOP:
            found.append(stem(token.replace("'", "")))
    found += [match[0].replace("-", "").replace(".", "") for match in _COMPOUND.finditer(folded)]
    found += re.findall(r"[a-z]+\d+[a-z]*|\d+[a-z]+\d*", folded)
    return found


def is_uncommon(word: str) -> bool:
    """Whether jieba's dictionary of Chinese hardly knows a word: most likely a name, as every Latin word is."""
    return int(_jieba().dt.FREQ.get(word, 0) or 0) <= RARE_IN_DICTIONARY


def stem(word: str) -> str:
    """An English word without its plural or verbal ending, enough for reports ("sales"/"sale", "driven"/"driven")."""
    word = word.removesuffix("'s")
    for ending, rest in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith(("ss", "us", "is")):
            return word[: -len(ending)] + rest
    return word


_CHINESE_STOP = frozenset("的了是在和与及或也都就为以于对从到被把将等有其这那吗呢啊吧么") | frozenset(
    "什么 多少 如何 哪些 哪个 哪家 哪里 怎么 怎样 怎么样 为什么 为何 是否 几个 请问 谁 哪 几 各 分别 情况 一下".split(
        " "
    )
)
_ENGLISH_STOP = frozenset(
    (
        "a an the of and or to in on for by at as is are was were be been it its this that these those with from has "
        "have had do does did what which who whom whose when where why how much many i we you he she they them their "
        "our your us me my will would can could should may might s t vs than then there here any some did if so"
    ).split(" ")
)
