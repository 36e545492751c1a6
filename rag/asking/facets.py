"""What kinds of thing a question asks for: figures, a quarter, a person, a source, reasons."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from index.text import has_cjk
from rag.asking.splitting import sides
from rag.checking.terms import measures


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


FIGURES = frozenset({Kind.FIGURE, Kind.MONEY, Kind.PERCENT})


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing asked for. ``about`` is the measure or the name it is asked for; ``count`` how many, of a list."""

    kind: Kind
    about: str = ""
    count: int = 1


_CUES = {
    Kind.PHONE: r"电话(?:号码?)?(?=是|多少|为|[？?，,、]|$)|手机号|传真|\b(?:phone|telephone"
    r"|fax)(?: numbers?)?(?=\?|,| of| for|$| is)|\b(?:phone|telephone) number",
    Kind.PLACE: r"地址|在哪(?:里|儿|个城市|个国家|个省)?(?=[？?，,、]|$)|位于哪|哪里|何处|哪个?(?:城市|国家|省份?"
    r"|地区)|(?:^|[,;] |\band )where(?:'s| is| are| was| were| does| do| did| can)\b|\baddress\b|\b(?:which"
    r"|what) (?:city|country|region|state)\b",
    Kind.PERIOD: r"哪个?一?(?:季度|年|月|天|日|财年|财季|周)(?:份|度)?|什么时候|何时|几月|几号|什么日期|\bwhen\b"
    r"|\b(?:which|what) (?:fiscal )?(?:quarter|year|month|date|period)\b",
    Kind.SOURCE: r"(?:数据|资料)?来源(?:是|于|为|写|[？?，,]|$)|出处(?:是|[？?]|$)|数据出自"
    r"|\b(?:data )?source\b.{0,30}\?|\bwhat is the source\b|\bwho is the source\b",
    Kind.PERSON: r"(?:是|由|叫|谁)谁?(?:发布|说|提出|担任|写|负责|主持|作者)|^谁|谁(?=[、，,？?]|发布|担任|提出|说"
    r"|是|写|主持|负责|$)|哪位|\bwho(?:m)?\b",
    Kind.COMPANY: r"哪(?:一?家|些|几家|个)(?:公司|企业|券商|机构|银行|厂商|品牌)|哪一?家|谁的|\bwhose\b"
    r"|\bwhich (?:\w+ ){0,3}(?:company|firm|broker|bank|startup|supplier|manufacturer)\b",
    Kind.REASON: r"为什么|为何|为啥|原因|缘由|怎么会|\bwhy\b|\bwhat (?:actually |mainly )?(?:drove|caused"
    r"|explains?|led to|drives|is driving)\b|\breasons?\b",
    Kind.YES_NO: r"吗[？?]?$|是否|有没有|是不是|^(?:is|are|was|were|do|does|did|has|have|can|could|will|should)\b",
    Kind.LIST: r"哪些|哪[两二三四五六七八九十几\d]+[个大家种项点条类]|包括什么|有什么|\bwhich (?:two|three|four"
    r"|five|six)\b|\bwhat (?:are|were) the\b|\blist\b|\bname (?:the|all)\b",
}
_COUNT = re.compile(
    r"哪([两二三四五六七八九十\d])[个大家种项点条类](?!原因)|\b(?:which|what are the|what were the|name (?:the )?"
    r"|list (?:the )?)\s*(two|three|four|five|six)\b",
    re.IGNORECASE,
)
_COUNTS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
           "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}  # fmt: skip
_PERCENT = re.compile(
    r"百分之几|多少个?百分[比点]|几个百分点|几成|(?:占比|比重|比例|份额|市占率|增速|增幅|涨幅|跌幅|降幅|增长率"
    r"|毛利率|净利率|利润率|渗透率|收益率|失业率|同比|环比)"
    r"(?:(?:各|分别)?(?:是|为|有|达到?|增长了?|上升了?|下降了?|变化)?(?:大概|大约|约)?(?:多少|几|呢|多高|多大)"
    r"|[？?。]?$|[，,、？?])"
    r"|(?:同比|环比)(?:增长|增加|上升|下降|增|降|涨|跌|变化)(?:了)?(?:多少|几)"
    r"|\b(?:what|which) (?:share|percent(?:age)?|proportion|fraction)\b|\bhow many (?:percentage|basis) points\b"
    r"|\bby what percent\w*|\bhow fast\b"
    r"|\bwhat (?:was|is|were|are) .{0,40}\b(?:growth(?: rate)?|margin|tax rate|share|renewal rate)\b|\bgrowth\?$"
    r"|\b(?:and|,) (?:its |the )?growth(?: rate)?\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"(?<!哪)(?:多少|几)(?!成|个?季度|月|号|个原因|点|个?百分)|有?多[大高](?=[，,？?、]|$)|\bhow (?:much|many"
    r"|large|big)\b(?! (?:percentage|basis) points)"
    r"|\bwhat (?:(?:was|is|were|are) .{0,50}|(?:\w+ )?)\b(?:revenues?|sales|income|profits?|earnings|eps|cost"
    r"|price|total|number|value|amount|debt|cash)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"多少(?:亿|万)?(?:元|钱|美元|欧元|人民币)|\bhow much (?:money|cash|debt|revenue|profit)\b|\bcost\b", re.IGNORECASE
)
_ENDS_WITH_MEASURE = re.compile(
    r"(?:营收|收入|净利润?|归母净利|利润|出货量|产量|销量)[？?]?$|\b(?:revenues?|net (?:sales|profit|income)"
    r"|operating income|eps)\s*\?$",
    re.IGNORECASE,
)
_BARE_MEASURE = re.compile(
    r"(?:营收|收入|净利润?|归母净?利?|利润|出货量|产量|销量|规模|总额)(?=[和及与、，,？?。]|$|各|多少|呢)"
)


@lru_cache(maxsize=1024)  # pure, and asked for many times a question
def facets(question: str) -> tuple[Facet, ...]:
    """What ``question`` asks for, one facet a thing: two figures are two. Empty when it cannot be told."""
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
    if (
        percent
        and percent[0][-1] not in "几少成比点大高"
        and not explicit
        and asked & {Kind.REASON, Kind.YES_NO, Kind.LIST}
    ):
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
        joined = re.search(
            r"([\u4e00-\u9fff]{2,8})(?:和|与|及|以及|、)([\u4e00-\u9fff]{2,8}?)(?=各|分别|多少|是|增|[？?，,]|$)",
            question,
        )
    else:
        joined = re.search(r"\b((?:\w+ )?\w+) and ((?:\w+ )?\w+)", question)
    if joined is None:
        one = measures(question)
        return sorted(one) if len(one) == 1 else []
    first, second = measures(joined[1]), measures(joined[2])
    return [*sorted(first)[:1], *sorted(second)[:1]] if first and second and first != second else []
