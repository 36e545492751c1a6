"""What a figure says of its subject: how much it is, how it changed and since when, a share of something, a forecast.

Figures of different kinds are no contradiction, whatever the words around them.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

_I = re.IGNORECASE
CHANGE = re.compile(
    r"增长|增加|增幅|增速|增速|下降|下滑|上升|回落|提升|提高|减少|降幅|涨幅|跌幅|上涨|下跌|降低|扩大|收窄|上调|下调"
    r"|净增|攀升"
    r"|萎缩|缩短|反弹|高增|[增涨跌降](?=\s*(?:了|约|近|超|逾)?\s*[-+]?(?:\d|$))"
    r"|\b(?:increas|decreas|declin|improv|widen|narrow|expand|contract(?=ed)|reduc)\w*|\b(?:grew|grow|growth|rose"
    r"|rise|rises|fell"
    r"|fall|falls|drop|dropped|down|up|gain|gained|higher|lower|climbed|jumped|slipped|surged)\b",
    _I,
)
_DOWN = re.compile(
    r"下降|下滑|回落|减少|降幅|跌幅|下跌|降低|收窄|下调|萎缩|[跌降](?=\s*(?:了|约|近|超|逾)?\s*(?:\d|$))"
    r"|\b(?:decreas|declin|narrow|reduc)\w*|\b(?:fell|fall|falls|drop|dropped|down|lower|slipped)\b",
    _I,
)
_UP = re.compile(
    r"增长|增加|增幅|上升|提升|提高|涨幅|上涨|扩大|上调|攀升|高增|增(?=\s*(?:了|约|近|超|逾)?\s*(?:\d|$))"
    r"|\b(?:increas|improv|widen|expand)\w*|\b(?:grew|rose|rise|rises|up|gain|gained|higher|climbed|jumped|surged)\b",
    _I,
)
_BASES = (
    (
        "year",
        re.compile(
            r"同比|较(?:上|去)年|比(?:上|去)年|按年|year[- ](?:over|on)[- ]year|\byoy\b|y/y"
            r"|(?:from|over|compared (?:to|with)|versus) (?:the )?(?:prior|previous|last)[- ]year|a year (?:earlier"
            r"|ago)",
            _I,
        ),
    ),
    (
        "step",
        re.compile(
            r"环比|较(?:上|前)一?(?:季|月|周)|比上?(?:季|月|周)|按季|quarter[- ](?:over|on)[- ]quarter|\bqoq\b|q/q"
            r"|month[- ](?:over|on)[- ]month|\bmom\b|week[- ](?:over|on)[- ]week|sequential(?:ly)?",
            _I,
        ),
    ),
    ("compound", re.compile(r"复合(?:年)?(?:增长|增速)?|年均|折年|年化|\bCAGR\b|compound annual|annuali[sz]ed", _I)),
    (
        "since",
        re.compile(
            r"年初至今|较年初|比年初|较?上年末|比上年末|year[- ]to[- ]date|\bYTD\b|since (?:the )?(?:start|begin)", _I
        ),
    ),
)
_SHARE = re.compile(
    r"占比|占[^，。；]{0,16}(?=\d|比)|比重|比例|份额|市占率|贡献|\bshares? of\b|account(?:s|ed|ing)? for"
    r"|represent(?:s|ed|ing)?"
    r"|percent(?:age)? of|% of\b|compris(?:es|ed|ing)|contribut(?:ed|es|ing|ion)",
    _I,
)
_STANCES = (
    (
        "consensus",
        re.compile(
            r"(?:市场|分析师|机构|一致|华尔街)(?:普遍)?预[期测]|预估|consensus|analysts?|\bWall Street\b|expected by",
            _I,
        ),
    ),
    (
        "guidance",
        re.compile(
            r"指引|目标|计划|规划|拟|力争|guidance|target(?:s|ed|ing)?\b|\bplans?\b|planned|\bgoal\b|intend", _I
        ),
    ),
    (
        "forecast",
        re.compile(
            r"预计|预测|预期|有望|或将|可能|将(?:达|为|在|会|有|增|突破|升|降|超)|展望|估计|假设|若|如果|测算"
            r"|forecast|expect|outlook|project(?:ed|s|ion)|anticipat|estimate[sd]?\b|assum|would|could|may\b|might"
            r"|\bwill\b|\bif\b",
            _I,
        ),
    ),
    (
        "adjusted",
        re.compile(
            r"调整后|经调整|扣非|扣除|剔除|不变(?:价|汇率)|可比|备考|还原|不含|除外|non-?gaap|adjusted|\bcore\b"
            r"|organic|constant[- ]currency"
            r"|excluding|exclud|before |pro forma|comparable|same[- ]store|underlying|normali[sz]ed|net of",
            _I,
        ),
    ),
    ("real", re.compile(r"实际(?!上)|名义|\breal\b|nominal", _I)),
    ("sum", re.compile(r"cumulative|aggregate|in total|combined", _I)),
    ("mean", re.compile(r"平均|均值|中位|average|mean\b|median|weighted", _I)),
    ("extreme", re.compile(r"最高|最低|峰值|高点|低点|highest|lowest|\bpeak|maximum|minimum|record", _I)),
    (
        "single",
        re.compile(
            r"单[月季周]|当[月季]|单一|每[月季周年日股个只吨]|人均|户均|per[- ](?:share|unit|day|month|year|hour)"
            r"|monthly|quarterly|daily|weekly",
            _I,
        ),
    ),
)
_LASTING = frozenset({"consensus", "guidance", "forecast"})
_PRIOR = re.compile(
    r"(?:上年|去年|前年)(?:同期|同月|同季)|同期(?:为|的)|此前|原(?:指引|预期|预测|计划|来|为|先)?|前值|由|从(?!事"
    r"|而)|自"
    r"|比上?(?:年|季|月|周)[^，。；]{0,6}的|高于|低于|超(?:出|过)[^，。；]{0,6}(?:的|预期)|优于|逊于|不及|相较"
    r"|较[^，。；]{0,12}的"
    r"|\bfrom\b|compared (?:to|with)|\bversus\b|\bvs\b\.?|\bagainst\b|previous(?:ly)?|prior|\bthan\b|earlier"
    r"|formerly|original(?:ly)?|\babove\b|\bbelow\b",
    _I,
)
_COMPARED = re.compile(
    r"(?:低于|高于|好于|优于|不及|相较|compared (?:to|with)|versus)[^，；。;]*?(?:和|及|、|,? or|,? and)?\s*$", _I
)
_GROWTH_OF = re.compile(r"\b(?:increase|decrease|decline|growth|reduction|change)s? in\b[^,;]*\bof\s*[$¥€£]?\s*$", _I)
_TO = re.compile(
    r"(?:至|到|为|达到?|成|于|破|过)\s*(?:了|约|近|超过?|逾)?\s*(?:人民币|美元|RMB|US\$|[$¥€£])?\s*$|\b(?:to|at|was"
    r"|were|is|are|of|reached|totaled|totalled)\s*"
    r"(?:approximately |about |around |nearly |over )?(?:RMB|US\$|[$¥€£])?\s*$",
    _I,
)
_RESULT = re.compile(
    r"(?:至|到)\s*(?:了|约|近|超过?|逾)?\s*(?:RMB|US\$|[$¥€£])?\s*$"
    r"|(?<!compared )(?<!relative )(?<!equal )\bto\s*(?:approximately |about |around |nearly |over )?(?:RMB|US\$"
    r"|[$¥€£])?\s*$",
    _I,
)
_BOUND = re.compile(
    r"(?:超过?|逾|突破|不低于|至少|大于|以上|不少于|不超过|至多|最多|低于|小于|不足|近|接近)\s*(?:RMB|US\$|[$¥€£])?\s*$"
    r"|\b(?:more than|over|exceed(?:s|ed|ing)?|at least|less than|under|up to|at most|no more than|nearly|almost"
    r"|above|below|within|minimum of|maximum of)\s*"
    r"(?:RMB|US\$|[$¥€£])?\s*$",
    _I,
)
_BOUND_AFTER = re.compile(
    r"^\s*(?:[\u4e00-\u9fff/]{0,3}?(?:以上|多(?=[家个万亿名人])|余(?=[家个万亿名人])|以下|以内)|\+|or (?:more|less)"
    r"|plus\b)",
    _I,
)
_ABOUT = re.compile(
    r"(?:约|大约|大概|近|将近)\s*(?:为)?\s*(?:RMB|US\$|[$¥€£])?\s*$|\b(?:approximately|about|around|roughly|nearly"
    r"|some)\s*(?:RMB|US\$|[$¥€£])?\s*$",
    _I,
)
_ABOUT_AFTER = re.compile(r"^\s*[\u4e00-\u9fff/]{0,4}?左右|^\s*(?:or so)", _I)


@dataclass(frozen=True, slots=True)
class Kind:
    """What sort of statement a figure is.

    ``role`` is "level", "rate" (a change in per cent), "amount" (a change in what is counted), "share" or "prior" (what
    was before, or what something is compared with). ``bases`` say since when it changed, ``stances`` how it is meant.
    ``bound`` is a limit ("over 90"), ``about`` a rough figure.
    """

    role: str
    bases: frozenset[str]
    stances: frozenset[str]
    sign: int = 0
    bound: bool = False
    about: bool = False

    def is_like(self, other: "Kind") -> bool:
        """Whether figures of both kinds can be compared. "Rose 5%" may be a rise on the year, or since last quarter."""
        if self.role != other.role or self.role == "prior" or self.stances != other.stances:
            return False
        return self.bases == other.bases or (self.role == "rate" and {*self.bases, *other.bases} == {"year"})


def kind_of(clause: str, start: int, end: int, unit: str, lead: str = "", sentence: str = "") -> Kind:
    """The kind of the figure at ``start:end`` of ``clause``.

    ``unit`` is the figure's: "%", "pp", "bp" or "". ``lead`` is what stands before the clause and it leans on,
    ``sentence`` all that stands before it: a forecast or a target goes on to the sentence's end.
    """
    before, after = clause[:start], clause[end:]
    near = before[-24:] if len(before) > 24 else before
    bases = frozenset(name for name, pattern in _BASES if pattern.search(before) or pattern.search(after[:24]))
    stances = frozenset(
        name
        for name, pattern in _STANCES
        if pattern.search(lead + clause) or (name in _LASTING and pattern.search(sentence))
    )
    bound = bool(_BOUND.search(before) or _BOUND_AFTER.search(after))
    about = bool(_ABOUT.search(before) or _ABOUT_AFTER.search(after))
    compared = _COMPARED.search(lead) and not _RESULT.search(before) and not CHANGE.search(before)
    changes = list(CHANGE.finditer(before))
    last = changes[-1] if changes else None
    prior = [m for m in _PRIOR.finditer(before) if not _RESULT.search(before)]
    sign = 0
    if (prior and (not last or prior[-1].start() > last.start()) and len(before) - prior[-1].end() <= 24) or compared:
        role = "prior"
    elif _GROWTH_OF.search(before):
        role, sign = "rate" if unit == "%" else "amount", -1 if _DOWN.search(before) else 1
    elif re.match(
        r"\s*(?:的)?(?:[\w ]{0,30}\b(?=increase|decrease|decline|growth))?(?:增长|增幅|增速|increase|decrease"
        r"|decline|growth|higher|lower)",
        after,
        _I,
    ):
        role = "rate" if unit == "%" else "amount"
        sign = -1 if re.match(r"\s*(?:decrease|decline|lower)", after, _I) else 1
    elif last and not _RESULT.search(before):
        at_level = unit != "%" and _TO.search(before) and not re.search(r"\b(?:of|by)\s*[$¥€£]?\s*$", before, _I)
        role = (
            "level" if at_level else "rate" if unit == "%" else "amount" if len(before) - last.end() <= 20 else "level"
        )
        sign = (
            -1
            if _DOWN.search(last[0]) or (_DOWN.search(near) and not _UP.search(near))
            else 1
            if _UP.search(near)
            else 0
        )
    elif unit == "%" and (_SHARE.search(before) or re.match(r"\s*of\b", after, _I)):
        role = "share"
    elif unit == "%" and bases & {"year", "step", "compound"}:
        role = "rate"
    elif unit in {"pp", "bp"}:
        role = "amount"
    else:
        role = "level"
    if role in {"level", "share"}:
        bases = bases - {"year", "step"} if not last else bases & {"compound"}
    return Kind(role, bases, stances, sign, bound, about)


def signed(value: Decimal, kind: Kind) -> Decimal:
    """A change's value with the sign that its words give it: "fell 5%" is -5."""
    return -abs(value) if kind.role in {"rate", "amount"} and kind.sign < 0 else value
