"""What kinds of thing a question asks for, which of them an answer leaves out, and whether a sentence would give one.

An answer that gives the growth and leaves out the quarter is half an answer, and a small model often stops there. Sure
or silent: an answer that may be complete is never called incomplete, so kinds that cannot be told from the words
(reasons, names, yes or no) are only missed where nothing of the answer can be one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.language import detect
from index.text import fold, has_cjk
from rag.citations import MARK, is_refusal
from rag.figures import Figure, find, stands_in
from rag.splitting import sides
from rag.terms import measures, other_names


class Kind(StrEnum):
    """A kind of thing asked for."""

    FIGURE = "figure"
    PERCENT = "percent"
    MONEY = "money"
    PERIOD = "period"
    PERSON = "person"
    COMPANY = "company"
    PLACE = "place"
    PHONE = "phone"
    SOURCE = "source"
    REASON = "reason"
    LIST = "list"
    YES_NO = "yes/no"
    COMPARISON = "comparison"


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing asked for. ``about`` is the measure or the name it is asked for; ``count`` how many, of a list."""

    kind: Kind
    about: str = ""
    count: int = 1


_CUES = {
    Kind.PHONE: r"电话(?:号码?)?(?=是|多少|为|[？?，,、]|$)|手机号|传真|\b(?:phone|telephone|fax)(?: numbers?)?(?=\?|,| of| for|$| is)|\b(?:phone|telephone) number",
    Kind.PLACE: r"地址|在哪(?:里|儿|个城市|个国家|个省)?(?=[？?，,、]|$)|位于哪|哪里|何处|哪个?(?:城市|国家|省份?|地区)|(?:^|[,;] |\band )where(?:'s| is| are| was| were| does| do| did| can)\b|\baddress\b|\b(?:which|what) (?:city|country|region|state)\b",
    Kind.PERIOD: r"哪个?一?(?:季度|年|月|天|日|财年|财季|周)(?:份|度)?|什么时候|何时|几月|几号|什么日期|\bwhen\b"
    r"|\b(?:which|what) (?:fiscal )?(?:quarter|year|month|date|period)\b",
    Kind.SOURCE: r"(?:数据|资料)?来源(?:是|于|为|写|[？?，,]|$)|出处(?:是|[？?]|$)|数据出自|\b(?:data )?source\b.{0,30}\?|\bwhat is the source\b|\bwho is the source\b",
    Kind.PERSON: r"(?:是|由|叫|谁)谁?(?:发布|说|提出|担任|写|负责|主持|作者)|^谁|谁(?=[、，,？?]|发布|担任|提出|说|是|写|主持|负责|$)|哪位|\bwho(?:m)?\b",
    Kind.COMPANY: r"哪(?:一?家|些|几家|个)(?:公司|企业|券商|机构|银行|厂商|品牌)|哪一?家|谁的|\bwhose\b|\bwhich (?:\w+ ){0,3}(?:company|firm|broker|bank|startup|supplier|manufacturer)\b",
    Kind.REASON: r"为什么|为何|为啥|原因|缘由|怎么会|\bwhy\b|\bwhat (?:actually |mainly )?(?:drove|caused|explains?|led to|drives|is driving)\b|\breasons?\b",
    Kind.YES_NO: r"吗[？?]?$|是否|有没有|是不是|^(?:is|are|was|were|do|does|did|has|have|can|could|will|should)\b",
    Kind.LIST: r"哪些|哪[两二三四五六七八九十几\d]+[个大家种项点条类]|包括什么|有什么|\bwhich (?:two|three|four|five|six)\b|\bwhat (?:are|were) the\b|\blist\b|\bname (?:the|all)\b",
}
_COUNT = re.compile(
    r"哪([两二三四五六七八九十\d])[个大家种项点条类](?!原因)|\b(?:which|what are the|what were the|name (?:the )?|list (?:the )?)\s*(two|three|four|five|six)\b", re.IGNORECASE
)
_COUNTS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
           "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}  # fmt: skip
_PERCENT = re.compile(
    r"百分之几|多少个?百分[比点]|几个百分点|几成|(?:占比|比重|比例|份额|市占率|增速|增幅|涨幅|跌幅|降幅|增长率|毛利率|净利率|利润率|渗透率|收益率|失业率|同比|环比)"
    r"(?:(?:各|分别)?(?:是|为|有|达到?|增长了?|上升了?|下降了?|变化)?(?:大概|大约|约)?(?:多少|几|呢|多高|多大)|[？?。]?$|[，,、？?])"
    r"|(?:同比|环比)(?:增长|增加|上升|下降|增|降|涨|跌|变化)(?:了)?(?:多少|几)"
    r"|\b(?:what|which) (?:share|percent(?:age)?|proportion|fraction)\b|\bhow many (?:percentage|basis) points\b|\bby what percent\w*|\bhow fast\b"
    r"|\bwhat (?:was|is|were|are) .{0,40}\b(?:growth(?: rate)?|margin|tax rate|share|renewal rate)\b|\bgrowth\?$|\b(?:and|,) (?:its |the )?growth(?: rate)?\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"(?<!哪)(?:多少|几)(?!成|个?季度|月|号|个原因|点|个?百分)|有?多[大高](?=[，,？?、]|$)|\bhow (?:much|many|large|big)\b(?! (?:percentage|basis) points)"
    r"|\bwhat (?:(?:was|is|were|are) .{0,50}|(?:\w+ )?)\b(?:revenues?|sales|income|profits?|earnings|eps|cost|price|total|number|value|amount|debt|cash)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(r"多少(?:亿|万)?(?:元|钱|美元|欧元|人民币)|\bhow much (?:money|cash|debt|revenue|profit)\b|\bcost\b", re.IGNORECASE)
_ENDS_WITH_MEASURE = re.compile(
    r"(?:营收|收入|净利润?|归母净利|利润|出货量|产量|销量)[？?]?$|\b(?:revenues?|net (?:sales|profit|income)|operating income|eps)\s*\?$", re.IGNORECASE
)
_BARE_MEASURE = re.compile(r"(?:营收|收入|净利润?|归母净?利?|利润|出货量|产量|销量|规模|总额)(?=[和及与、，,？?。]|$|各|多少|呢)")
_DATE = re.compile(
    r"(?:19|20)\d{2}|\d{1,2}\s*月|[一二三四1-4]\s*季度|季|上半年|下半年|全年|年初|年末|年底|[1-4]Q\d{0,4}|\d{2,4}Q[1-4]|Q[1-4]|H[12]|周|今年|去年|明年|本月|上月|昨日|今日|当日|\d+\s*[日号]"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|quarter|fiscal"
    r"|fy\s?\d+|year|month|week|today|yesterday|monday|tuesday|wednesday|thursday|friday|saturday|sunday|early|mid|late)\b",
    re.IGNORECASE,
)
_MOMENT = re.compile(r"时|后|前|当|期间|尚未|\b(?:when|after|before|once|until|during|upon|not yet)\b", re.IGNORECASE)
_SHARE = re.compile(r"%|％|百分|成(?!本|立|为|交|功|果|长)|倍|pct|percent|basis point|基点|持平|翻番|翻倍|一半|过半|flat|doubl|tripl|halv|half|unchanged|不变", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+?\d[\d\s()（）-]{5,}\d)")
_CAUSE = re.compile(
    r"因|由于|得益|受益|受.{0,12}(?:影响|推动|拖累|带动)|原因|导致|拖累|带动|推动|驱动|系|为了|缘于|使得|从而"
    r"|\b(?:because|due to|owing|driven|as a result|result(?:ed|ing) (?:from|in)|thanks to|attribut\w+|reflect\w*|offset|primarily|since|from|led by|on (?:higher|lower|strong|weak\w*)|caus\w+|help\w*|support\w*|so that|to \w+)\b",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"来源|根据|据|Wind|IDC|Bloomberg|统计|公告|研究(?:院|所)|工信部|source|according|company (?:data|filings)|estimates", re.IGNORECASE)
_PLACE = re.compile(
    r"[省市区县镇路街道号楼层室座]|大厦|国|洲|中心|\b(?:street|road|avenue|floor|building|city|tower|drive|plaza|suite|located|in [A-Z]|at [A-Z])", re.IGNORECASE
)
_SEPARATORS = re.compile(r"[、，,；;]|\band\b|\bor\b|和|及|与|\n|\[\d+\]")
_FIGURES = frozenset({Kind.FIGURE, Kind.MONEY, Kind.PERCENT})
_WORDED = re.compile(r"[一二两三四五六七八九十百千万亿几数]+(?:个|家|亿|万|倍|成|年|条|种|次|类|名|位|项|大|台|座|人|款)|一半|持平|翻番|翻倍|flat|doubl|tripl|halv|unchanged|none|no |没有|无", re.IGNORECASE)


def facets(question: str) -> tuple[Facet, ...]:
    """What ``question`` asks for, one facet for each thing; two figures are two facets. Empty when it cannot be told."""
    found: list[Facet] = []
    compared = sides(question)
    found += [Facet(Kind.COMPARISON, name) for name in compared if not name.startswith(("图", "表"))]
    asked = {kind for kind, pattern in _CUES.items() if re.search(pattern, question, re.IGNORECASE)}
    if compared or re.search(r"来源[^，,？?]{0,4}谁", question):
        asked -= {Kind.PERSON, Kind.COMPANY}
    for kind in (Kind.PERIOD, Kind.SOURCE, Kind.PHONE, Kind.PLACE, Kind.PERSON, Kind.COMPANY, Kind.REASON, Kind.YES_NO):
        if kind in asked:
            found.append(Facet(kind))
    if Kind.LIST in asked:
        number = _COUNT.search(question)
        token = (number[1] or number[2]).lower() if number else ""
        found.append(Facet(Kind.LIST, count=_COUNTS.get(token, int(token) if token.isdigit() else 1)))
    found += _figure_facets(question, asked, bool(compared))
    return tuple(found)


def _figure_facets(question: str, asked: set[Kind], compares: bool) -> list[Facet]:
    explicit = _AMOUNT.search(question) is not None
    percent = _PERCENT.search(question)
    if percent and percent[0][-1] not in "几少成比点大高" and not explicit and asked & {Kind.REASON, Kind.YES_NO, Kind.LIST}:
        percent = None  # the measure is what the question is about, not what it asks for
    kind = Kind.MONEY if _MONEY.search(question) else Kind.FIGURE
    rest = question.replace(percent[0], " ", 1) if percent else question
    clauses = sum(_AMOUNT.search(clause) is not None for clause in re.split(r"[，,；;？?]", rest))
    bare = not asked and _ENDS_WITH_MEASURE.search(question) is not None
    wanted = clauses - (Kind.PHONE in asked) > 0 or bare or bool(percent and _BARE_MEASURE.search(rest))
    named = _asked_measures(question) if wanted or percent else []
    found: list[Facet] = []
    if wanted and len(named) > 1 and not compares:
        found += [Facet(kind, name) for name in named]
    elif wanted:
        one = named[0] if len(named) == 1 and clauses < 2 else ""
        found += [Facet(kind, one)] * max(1, min(clauses, 2))
    if percent:
        found.append(Facet(Kind.PERCENT, named[0] if len(named) == 1 and named[0] != "market share" else ""))
    return found


def _asked_measures(question: str) -> list[str]:
    """The measures asked for when they are joined by "and": in any other place a measure may be part of the story."""
    if has_cjk(question):
        joined = re.search(r"([\u4e00-\u9fff]{2,8})(?:和|与|及|以及|、)([\u4e00-\u9fff]{2,8}?)(?=各|分别|多少|是|增|[？?，,]|$)", question)
    else:
        joined = re.search(r"\b((?:\w+ )?\w+) and ((?:\w+ )?\w+)", question)
    if joined is None:
        one = measures(question)
        return sorted(one) if len(one) == 1 else []
    first, second = measures(joined[1]), measures(joined[2])
    return [*sorted(first)[:1], *sorted(second)[:1]] if first and second and first != second else []


def missing(question: str, answer: str) -> tuple[Facet, ...]:
    """The facets of ``question`` that ``answer`` does not give; none of a refusal, which gives nothing on purpose."""
    text = MARK.sub("", answer).strip()
    language = detect(question)
    if not text or is_refusal(text, language) or is_refusal(text, "en" if language == "zh" else "zh"):
        return ()
    asked = facets(question)
    lost = [facet for facet in asked if facet.kind not in _FIGURES and not _given(facet, text, question)]
    return (*lost, *_missing_figures([facet for facet in asked if facet.kind in _FIGURES], text, question))


def _missing_figures(asked: Sequence[Facet], text: str, question: str) -> list[Facet]:
    """Of the figures asked for those that are not there: fewer figures than asked, or no share where one is asked."""
    figures = _figures(text, question)
    shares = [figure for figure in figures if figure.unit]
    plain = [figure for figure in figures if not figure.unit]
    lost = [facet for facet in asked if facet.kind is Kind.PERCENT and not shares and not _SHARE.search(text)]
    amounts = [facet for facet in asked if facet.kind is not Kind.PERCENT]
    given = len(plain) if any(facet.kind is Kind.PERCENT for facet in asked) else len(figures)
    if given < len(amounts) and not _WORDED.search(text):
        unnamed = [facet for facet in amounts if facet.about and facet.about not in measures(text)]
        lost += (unnamed or amounts[given:])[: len(amounts) - given] if len(amounts) > 1 else amounts
    return lost


def _figures(text: str, question: str) -> list[Figure]:
    """The different figures of an answer that are no dates and that the question does not say itself."""
    given = find(question)
    found: list[Figure] = []
    for figure in find(text):
        after, before = text[figure.end : figure.end + 2].strip(), text[max(0, figure.start - 2) : figure.start]
        dated = not figure.unit and not figure.scaled and (
            (1900 <= figure.value <= 2100 and figure.value == int(figure.value)) or after[:1] in "年月日季" or before.upper().endswith("Q")
        )  # fmt: skip
        if (dated and after) or (dated and 1900 <= figure.value <= 2100) or stands_in(figure, given):
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
    halves = [name[:2], name[-2:]] if has_cjk(name) and len(name) >= 4 else [word for word in name.split() if len(word) > 3]
    return any(fold(form) in folded for form in [*forms, *halves])


def _has_news(text: str, question: str, least: int = 2) -> bool:
    """Whether the answer has words, not figures, that the question does not have: it may name somebody or something."""
    if has_cjk(text):
        runs = re.findall(r"[\u4e00-\u9fff]{2,}|[A-Z][A-Za-z]+", text)
        return sum(len(run) for run in runs if run not in question) >= least
    return any(word.lower() not in question.lower() for word in re.findall(r"[A-Za-z]{3,}", text))


def completes(facet: Facet, span: str) -> bool:
    """Whether a sentence of the evidence gives what a facet asks for, and of the measure or name it is asked for."""
    kind, text = facet.kind, MARK.sub("", span)
    if kind in _FIGURES:
        if facet.about and facet.about not in measures(text):
            return False
        figures = _figures(text, "")
        return any(f.unit for f in figures) if kind is Kind.PERCENT else any(not f.unit for f in figures)
    if kind is Kind.PERIOD:
        return re.search(r"(?:19|20)\d{2}|[1-4]Q|Q[1-4]|季度|\d{1,2}\s*月|\b(?:first|second|third|fourth) quarter\b|fiscal|[A-Z][a-z]+ \d{1,2}\b", text) is not None
    if kind is Kind.SOURCE:
        return re.search(r"来源|\bsources?\b", text, re.IGNORECASE) is not None
    if kind is Kind.PERSON:
        return re.search(r"[\u4e00-\u9fff]{2,}|[A-Z][a-z]+ [A-Z][a-z]+", text) is not None
    if kind is Kind.REASON:
        return _CAUSE.search(text) is not None
    if kind is Kind.COMPARISON:
        return _names(facet.about, text) and bool(_figures(text, ""))
    return _given(facet, text, "")
