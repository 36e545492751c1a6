"""Whether an answer gives what its question asks for, and whether a sentence of the evidence would give the rest.

An answer that gives the growth and leaves out the quarter is half an answer, and a small model often stops there. Sure
or silent: an answer that may be complete is never called incomplete, so kinds that cannot be told from the words
(reasons, names, yes or no) are only missed where nothing of the answer can be one.
"""

import re
from collections.abc import Sequence

from index.language import detect
from index.text import fold, has_cjk
from rag.asking.facets import FIGURES, Facet, Kind, facets
from rag.checking.citations import MARK, is_refusal
from rag.checking.figures import Figure, find, stands_in
from rag.checking.terms import measures, other_names

_DATE = re.compile(
    r"(?:19|20)\d{2}|\d{1,2}\s*月|[一二三四1-4]\s*季度|季|上半年|下半年|全年|年初|年末|年底|[1-4]Q\d{0,4}"
    r"|\d{2,4}Q[1-4]|Q[1-4]|H[12]|周|今年|去年|明年|本月|上月|昨日|今日|当日|\d+\s*[日号]"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr"
    r"|jun|jul|aug|sept?|oct|nov|dec|quarter|fiscal"
    r"|fy\s?\d+|year|month|week|today|yesterday|monday|tuesday|wednesday|thursday|friday|saturday|sunday|early|mid"
    r"|late)\b",
    re.IGNORECASE,
)
_MOMENT = re.compile(r"时|后|前|当|期间|尚未|\b(?:when|after|before|once|until|during|upon|not yet)\b", re.IGNORECASE)
_SHARE = re.compile(
    r"%|％|百分|成(?!本|立|为|交|功|果|长)|倍|pct|percent|basis point|基点|持平|翻番|翻倍|一半|过半|flat|doubl"
    r"|tripl|halv|half|unchanged|不变",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?:\+?\d[\d\s()（）-]{5,}\d)")
_CAUSE = re.compile(
    r"因|由于|得益|受益|受.{0,12}(?:影响|推动|拖累|带动)|原因|导致|拖累|带动|推动|驱动|系|为了|缘于|使得|从而"
    r"|\b(?:because|due to|owing|driven|as a result|result(?:ed|ing) (?:from|in)|thanks to|attribut\w+|reflect\w*"
    r"|offset|primarily|since|from|led by|on (?:higher|lower|strong|weak\w*)|caus\w+|help\w*|support\w*|so that"
    r"|to \w+)\b",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"来源|根据|据|Wind|IDC|Bloomberg|统计|公告|研究(?:院|所)|工信部|source|according|company (?:data|filings)"
    r"|estimates",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"[省市区县镇路街道号楼层室座]|大厦|国|洲|中心|\b(?:street|road|avenue|floor|building|city|tower|drive|plaza"
    r"|suite|located|in [A-Z]|at [A-Z])",
    re.IGNORECASE,
)
_CHANGE = re.compile(r"(?:同比|环比)?(?:增长|增加|上升|上涨|下降|下跌|减少|增|降|约为|约|为|达到?)")
_SEPARATORS = re.compile(r"[、，,；;]|\band\b|\bor\b|和|及|与|\n|\[\d+\]")
_WORDED = re.compile(
    r"[一二两三四五六七八九十百千万亿几数]+(?:个|家|亿|万|倍|成|年|条|种|次|类|名|位|项|大|台|座|人|款)|一半|持平"
    r"|翻番|翻倍|flat|doubl|tripl|halv|unchanged|none|no |没有|无",
    re.IGNORECASE,
)


def missing(question: str, answer: str) -> tuple[Facet, ...]:
    """The facets of ``question`` that ``answer`` does not give; none of a refusal, which gives nothing on purpose."""
    text = MARK.sub("", answer).strip()
    language = detect(question)
    if not text or is_refusal(text, language) or is_refusal(text, "en" if language == "zh" else "zh"):
        return ()
    asked = facets(question)
    lost = [facet for facet in asked if facet.kind not in FIGURES and not _given(facet, text, question)]
    return (*lost, *_missing_figures([facet for facet in asked if facet.kind in FIGURES], text, question))


def _missing_figures(asked: Sequence[Facet], text: str, question: str) -> list[Facet]:
    """Of the figures asked for those that are not there: fewer figures than asked, or no share where one is asked."""
    figures = _figures(text, question)
    shares = [figure for figure in figures if figure.unit]
    plain = [figure for figure in figures if not figure.unit]
    lost = [facet for facet in asked if facet.kind is Kind.PERCENT and not shares and not _SHARE.search(text)]
    amounts = [facet for facet in asked if facet.kind is not Kind.PERCENT]
    given = len(plain) if any(facet.kind is Kind.PERCENT for facet in asked) else len(figures)
    said = measures(text)
    if len(amounts) > 1 and all(facet.about for facet in amounts) and any(facet.about in said for facet in amounts):
        lost += [facet for facet in amounts if facet.about not in said]
    elif given < len(amounts) and not _WORDED.search(text):
        unnamed = [facet for facet in amounts if facet.about and facet.about not in measures(text)]
        lost += (unnamed or amounts[given:])[: len(amounts) - given] if len(amounts) > 1 else amounts
    return lost


def _figures(text: str, question: str) -> list[Figure]:
    """The different figures of an answer that are no dates and that the question does not say itself."""
    given = find(question)
    found: list[Figure] = []
    for figure in find(text):
        after, before = text[figure.end : figure.end + 2].strip(), text[max(0, figure.start - 2) : figure.start]
        whole = not figure.unit and not figure.scaled and figure.value == int(figure.value)
        year = whole and 1900 <= figure.value <= 2100
        dated = whole and bool(after) and (after[0] in "年月日季" or before.upper().endswith("Q"))
        if year or dated or stands_in(figure, given):
            continue
        if not any(figure.value == other.value and figure.unit == other.unit for other in found):
            found.append(figure)
    return found


def _given(facet: Facet, text: str, question: str) -> bool:
    """Whether the answer gives a facet that is no figure, or may give it."""
    kind = facet.kind
    if kind is Kind.PERIOD:
        loose = re.search(r"何时|什么时候|\bwhen\b", question, re.IGNORECASE) is not None
        return _DATE.search(text) is not None or (loose and _MOMENT.search(text) is not None)
    if kind is Kind.PHONE:
        return _PHONE.search(text) is not None
    if kind is Kind.COMPARISON:
        return _names(facet.about, text) or has_cjk(facet.about) != has_cjk(text)
    if kind is Kind.PLACE:
        return _PLACE.search(text) is not None or _has_news(text, question)
    if kind is Kind.SOURCE:
        return _SOURCE.search(text) is not None or _has_news(text, question, 4)
    if kind in {Kind.PERSON, Kind.COMPANY}:
        return _has_news(text, question)
    if kind is Kind.REASON:
        return _CAUSE.search(text) is not None or len(text) > (14 if has_cjk(text) else 40)
    if kind is Kind.LIST:
        items = [item for item in _SEPARATORS.split(text) if item and item.strip(" 。.")]
        return len(items) >= facet.count
    return True


def _names(name: str, text: str) -> bool:
    """Whether ``text`` has the name, its other form, or its most telling half."""
    forms = [name, *(other for pair in other_names(name) for other in pair)]
    folded = fold(text)
    halves = (
        [name[:2], name[-2:]] if has_cjk(name) and len(name) >= 4 else [word for word in name.split() if len(word) > 3]
    )
    return any(fold(form) in folded for form in [*forms, *halves])


def _has_news(text: str, question: str, least: int = 2) -> bool:
    """Whether the answer has words, not figures, that the question does not have: it may name somebody or something."""
    if has_cjk(text):
        runs = re.findall(r"[\u4e00-\u9fff]{2,}|[A-Z][A-Za-z]+", _CHANGE.sub(" ", text))
        return sum(len(run) for run in runs if run not in question) >= least
    return any(word.lower() not in question.lower() for word in re.findall(r"[A-Za-z]{3,}", text))


def completes(facet: Facet, span: str) -> bool:
    """Whether a sentence of the evidence gives what a facet asks for, and of the measure or name it is asked for."""
    kind, text = facet.kind, MARK.sub("", span)
    if kind in FIGURES:
        if facet.about and facet.about not in measures(text):
            return False
        figures = _figures(text, "")
        return any(f.unit for f in figures) if kind is Kind.PERCENT else any(not f.unit for f in figures)
    if kind is Kind.PERIOD:
        return (
            re.search(
                r"(?:19|20)\d{2}|[1-4]Q|Q[1-4]|季度|\d{1,2}\s*月|\b(?:first|second|third|fourth) quarter\b|fiscal"
                r"|[A-Z][a-z]+ \d{1,2}\b",
                text,
            )
            is not None
        )
    if kind is Kind.SOURCE:
        return re.search(r"来源|\bsources?\b", text, re.IGNORECASE) is not None
    if kind is Kind.PERSON:
        return re.search(r"[\u4e00-\u9fff]{2,}|[A-Z][a-z]+ [A-Z][a-z]+", text) is not None
    if kind is Kind.REASON:
        return _CAUSE.search(text) is not None
    if kind is Kind.COMPARISON:
        return _names(facet.about, text) and bool(_figures(text, ""))
    return _given(facet, text, "")
