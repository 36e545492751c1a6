"""What a question consists of: whom it is about, the period, the measure, and how it is compared."""

import re
from dataclasses import dataclass

from index.text import CJK, has_cjk
from index.traditional import simplified
from rag.asking.names import find

_YEAR = "(?:19|20)\\d\\d"
_MONTH = (
    "(?:january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
)
_PERIODS = (
    # Chinese
    rf"(?:截至)?(?:{_YEAR}|(?<!\d)[12]\d)(?:年度?|财年|(?=Q))(?:(?:[第前]?[一二三四1-4]|上|下)个?季度"
    rf"|[一二三四]季报?|Q[1-4]|上半年|下半年|全年|末|底"
    r"|\d{1,2}(?:-\d{1,2})?月(?:份|末|底|\d{1,2}日)?|第\d{1,2}周|年报)?",
    r"(?:截至)?(?:今年|去年|前年|明年|上年|本年)(?:第?[一二三四1-4]季度|上半年|下半年|全年|末|底|同期"
    r"|\d{1,2}月(?:份|末|底)?)?",
    r"第?[一二三四]个?季度|[前本上下当][一]?个?季度|本季|上季|单季|上半年|下半年|全年|第\d{1,2}周|本周|上周|本月"
    r"|上月|当月",
    r"(?:此?前|上|后|下)一(?:个?财?年|期|年度)|前一年度?|次年|去年同期|上年同期|(?<![\d-])\d{1,2}月(?:份|末|底)?",
    # English
    rf"\b(?:the )?(?:first|second|third|fourth|[1-4](?:st|nd|rd|th))[- ](?:quarter"
    rf"|half)(?: of)?(?: fiscal(?: year)?| FY)?(?:,? {_YEAR})?\b",
    rf"\b(?:Q[1-4]|H[12])(?: of)?(?: fiscal(?: year)?| ?FY)?(?: ?['’]?(?:{_YEAR}|\d\d))?\b",
    rf"(?<!\d)(?:[1-4]Q|[12]H) ?(?:{_YEAR}|\d\d)(?!\d)|(?<!\d)(?:{_YEAR}|\d\d)(?:Q[1-4]|H[12])\b",
    rf"\b(?:FY ?|fiscal(?: year)? ?)(?:{_YEAR}|\d\d)(?:Q[1-4])?\b|\b(?:full[- ]year "
    rf"|calendar )?(?<!\d){_YEAR}\b(?![%年])",
    rf"\b{_MONTH}\.?(?: \d{{1,2}},?)? {_YEAR}\b",
    r"\b(?:this|last|next|that|the (?:previous|prior|preceding|following|same)|the current|a)"
    r" (?:fiscal )?(?:year|quarter|month|half)(?: (?:before|earlier|ago|after))?\b",
    r"\bthe (?:fiscal )?(?:year|quarter|month) (?:before|after|prior|earlier)\b",
)
_ASPECTS = (
    r"同比|环比",
    r"(?:增速|增幅|增长率|占比|比重|变化情况?|涨幅|跌幅|增长情况)",
    r"\b(?:year[- ](?:on|over)[- ]year|quarter[- ](?:on|over)[- ]quarter|month[- ](?:on|over)[- ]month|yoy|qoq"
    r"|mom|y/y|q/q)\b",
    r"\bsequentially\b",
)
_MEASURES = (
    # Chinese
    r"(?:扣非|归母|归属于?(?:上市公司|母公司)?股东的?)*净利润?率?|扣非|(?:海外|国内|主营|营业|总"
    r"|净息)*(?:业务)?(?:总)?收入|营收|毛利率?|净利率"
    r"|(?:营业|经营)?利润(?:总额|率)?|(?:研发|销售|管理|财务|期间)+(?:费用|投入|支出)率?|资本性?(?:开支|支出)"
    r"|(?:经营(?:活动|性)?|自由|净)*现金流量?净?额?"
    r"|每股(?:收益|分红|净资产|股息)|(?:资产)?负债率?|总资产|净资产(?:收益率)?|存货|库存|应收账款|(?:在手"
    r"|新增)?订单|(?:合同)?负债|销量|产量|出货量"
    r"|产能利用率|产能|市占率|市场份额|份额|市值|目标价|评级|股价|市盈率|市净率|估值|分红率?|股息率?|派息"
    r"|员工(?:人?数)?|用户(?:数|规模)?|月活|日活"
    r"|(?:营业|生产|单位)?成本|(?:平均)?(?:售价|价格|均价)|渗透率|净息差|不良(?:贷款)?率|拨备覆盖率|资本充足率"
    r"|通胀率?|失业率|经济增速|出口|进口|贸易(?:顺|逆)差"
    r"|利率|汇率|业绩指引|指引|商誉|税率|门店数量?|装机量|装机容量|保费|客单价|复购率",
    # English
    r"\b(?:(?:net|total|operating|gross|adjusted|diluted|basic|core|organic|free|comparable|same-store|interest"
    r"|income|tax|r&d|research"
    r"|capital|long-term|short-term|effective|average|overseas|domestic|advertising|ad|cloud|segment"
    r"|attributable|pre-tax|quarterly|annual)\s+)*"
    r"(?:sales|revenues?|income|profits?|earnings|loss(?:es)?|margins?|cash flows?|capex|expenditures?|spending"
    r"|expenses?|debt"
    r"|liabilities|assets|equity|dividends?|inventor(?:y|ies)|receivables?|headcount|employees|guidance|backlog"
    r"|orders|shipments"
    r"|deliveries|capacity|utili[sz]ation|market share|price targets?|target prices?|ratings?|valuations?"
    r"|tax rates?|interest rates?"
    r"|inflation|unemployment|subscribers?|users?|costs?|prices?|leverage|liquidity|buybacks?|share repurchases?"
    r"|stores?|tax)"
    r"(?:\s+(?:growth|margins?|per share|expenses?|ratio|attributable to shareholders|rate))?\b",
    # both
    r"(?<![A-Za-z])(?:EPS|ROE|ROA|ROIC|ARPU|EBITDAR?|EBIT|GDP|CPI|PPI|PMI|MAU|DAU|R&D|P/E|P/B|PE|PB|AUM|NIM|GMV"
    r"|capex)(?![A-Za-z])",
)
# Words that ask or join, and say nothing themselves.
_EMPTY = re.compile(
    r"(?:是|有)?多少(?:亿元?|万元?|个|家|人|元|钱|户)?|是什么|什么|如何|怎么样|怎样|怎么|怎么看|分别是?|各是"
    r"|各|几|大概|大约|约|为何|为什么|是否|有没有"
    r"|请问|那么|那|呢|吗|的|是|有|了|为|在|和|与|及|以及|还有|又|又如何|也|情况|一下|数据|水平|方面|具体|到底"
    r"|达到|达|公司的?|该公司|本公司|报告(?:里|中)?|换成|换"
    r"|\b(?:what|which|how|much|many|was|were|is|are|did|does|do|has|have|had|the|a|an|of|in|for|at|on|by|to|and"
    r"|or|its|it|their|about"
    r"|what's|tell|me|give|please|so|then|also|as|with|from|end|figure|number|be|been|company|company's|same"
    r"|question|thing|there|that"
    r"|show|report(?:ed)?|over|level|rate|amount|change|changed|look|like|compare|compared|versus|vs|during"
    r"|both)\b|['’]s\b",
    re.IGNORECASE,
)
# What happens to a measure: part of what is asked, but nobody's name.
_EVENTS = re.compile(
    r"截至|下降|上升|增长|增加|减少|提高|提升|改善|恶化|回落|下滑|上调|下调|变动|变化|波动|亏损|盈利|好转|超预期"
    r"|不及预期|低于预期|高于预期"
    r"|原因|驱动因素|主要因素|因素|影响|预计|预期|预测|实现|同期|最高|最低|最大|最多|最好|排名|怎样"
)
_RUN = re.compile(rf"[{CJK}A-Za-z0-9&·'’.+-]+(?: [A-Za-z0-9&'’.+-]+)*")
_CAPITAL = re.compile(r"(?<![\w])[A-Z][\w&.+-]*(?:(?: of| and| &| the)? [A-Z0-9][\w&.+-]*)*")
_NO_NAME = frozenset(
    (
        "what which who whom whose when where why how is are was were did does do has have had can could would "
        "will should and or but "
        "so then also in on at for of by from to the a an its it their they this that these those if as about "
        "please tell give "
        "show list compare explain describe summarise summarize name same any were report both by during between "
        "ok okay yes no "
        "thanks now i we my our there"
    ).split(" ")
)


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a question: ``kind`` is subject, period, measure or aspect."""

    kind: str
    text: str
    start: int
    end: int


def _pattern(parts: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(parts), re.IGNORECASE)


_KINDS = (("period", _pattern(_PERIODS)), ("aspect", _pattern(_ASPECTS)), ("measure", _pattern(_MEASURES)))


def slots(text: str) -> list[Span]:
    """The parts of a question in order; what they cover does not overlap. Offsets are those of ``text``.

    A subject is a name of the glossary or, where there is none of those, what is left over once all other parts and the
    words that only ask are taken away.
    """
    plain = simplified(text)
    found = [Span("subject", text[name.start : name.end], name.start, name.end) for name in find(text)]
    masked = _blank(plain, found)
    for kind, pattern in _KINDS:
        spans = [
            Span(kind, text[match.start() : match.end()], match.start(), match.end())
            for match in pattern.finditer(masked)
        ]
        found += spans
        masked = _blank(masked, spans)
    return sorted([*found, *_others(text, masked)], key=lambda span: span.start)


def _others(text: str, masked: str) -> list[Span]:
    """What may be names among the words that are nothing else."""
    if not has_cjk(text):
        spans = []
        for match in _CAPITAL.finditer(masked):
            start, words = match.start(), match[0].split(" ")
            while words and words[0].lower().rstrip(".,") in _NO_NAME:
                start += len(words.pop(0)) + 1
            name = " ".join(words).rstrip(".,")
            if name and not name.isdigit():
                spans.append(Span("subject", text[start : start + len(name)], start, start + len(name)))
        return spans
    rest = _EVENTS.sub(_hidden, _EMPTY.sub(_hidden, masked))
    runs = (match for match in _RUN.finditer(rest) if len(match[0].strip(" .'’-")) > 1)
    return [Span("subject", text[match.start() : match.end()], match.start(), match.end()) for match in runs]


def rest(text: str, spans: list[Span]) -> str:
    """The words of ``text`` that no span and no word that only asks covers."""
    left = _EMPTY.sub(" ", _blank(simplified(text), spans, " "))
    return " ".join(re.findall(r"[^\W_]+", left))


def _hidden(match: re.Match[str]) -> str:
    return "\0" * len(match[0])


def _blank(text: str, spans: list[Span], mark: str = "\0") -> str:
    for span in spans:
        text = f"{text[: span.start]}{mark * (span.end - span.start)}{text[span.end :]}"
    return text
