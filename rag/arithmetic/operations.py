"""What a question asks to be reckoned: the kind, the periods, the things named, the ratio's definition."""

import re
from dataclasses import dataclass
from enum import StrEnum

from index.text import has_cjk
from rag.arithmetic.definitions import before_definition, definition
from rag.arithmetic.expressions import Binary, Expression, Line, parse
from rag.arithmetic.items import ITEMS
from rag.arithmetic.periods import Period, periods
from rag.arithmetic.ratios import Ratio, ratio_of


class Kind(StrEnum):
    """Kinds of reckoning."""

    RATIO = "ratio"
    SHARE = "share"
    DIFFERENCE = "difference"
    GROWTH = "growth"
    CAGR = "cagr"
    SUM = "sum"
    AVERAGE = "average"
    TIMES = "times"
    RANK = "rank"


@dataclass(frozen=True, slots=True)
class Operation:
    """What is to be reckoned. ``periods`` are those the question names, oldest first.

    ``operands`` are the things named, as the question says them: part and whole of a share, the two of a difference.
    They are empty where the question's form does not tell. ``formulas`` are a ratio's, best first. ``least`` says for
    RANK that the lowest is asked for.
    """

    kind: Kind
    question: str
    periods: tuple[Period, ...] = ()
    operands: tuple[str, ...] = ()
    ratio: Ratio | None = None
    formulas: tuple[Expression, ...] = ()
    least: bool = False

    @property
    def compares(self) -> bool:
        """Whether a ratio is asked for more than one period."""
        return len(self.periods) > 1

    @property
    def reckoned_first(self) -> bool:
        """Whether it is reckoned at once: what reports print beside these is seldom the one asked for."""
        return self.kind in {Kind.RATIO, Kind.GROWTH, Kind.CAGR, Kind.AVERAGE}


_STANDS_FOR = re.compile(
    r"\s*(?:that|this|it|its|they|these|those|them|such|其|它|这|那|该|此|前者|后者)"
    r"(?:\s*(?:amount|figure|number|sum|total|one|项|个|些|部分|数|金额))?\s*$",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"^\s*(?:why|what (?:drove|caused|explains|led to|factors|were the (?:main )?(?:reasons|drivers)))|为什么|为何"
    r"|什么原因|原因(?:是|有|在)|主要因为|驱动因素",
    re.IGNORECASE,
)
_PATTERNS: tuple[tuple[Kind, str], ...] = (
    (Kind.CAGR, r"\bcagr\b|compound(?:ed)? annual|复合(?:年)?(?:均)?增[长速]率?|年均复合"),
    (
        Kind.SHARE,
        r"占.{0,30}?(?:比例|比重|几成|份额|百分比|百分之|多少)|占比|(?:what|which) (?:share|percent(?:age)?"
        r"|proportion|fraction) (?:of|did|does|was|is)"
        r"|as an? (?:percent(?:age)?|share|proportion|%) of|how much of .{3,80}? (?:came|come|comes|is|was|were"
        r"|occurred)"
        r"|(?:share|percent(?:age)?|proportion|%) of (?:total|the|its|overall|all|group|company|consolidated|net)"
        r"|account(?:s|ed)? for",
    ),
    (
        Kind.TIMES,
        r"(?:是|为|相当于).{0,20}?(?:几|多少)倍|(?:几|多少)倍|how many times|ratio of .{2,60}? to |倍数",
    ),
    (
        Kind.SUM,
        r"合计|总共|一共|总和|加起来|加总|之和|共计|\bcombined\b|\bsum of\b|\btogether\b|\bin total\b"
        r"|\baltogether\b|\btotal of\b|\badd(?:ed)? up\b",
    ),
    (
        Kind.AVERAGE,
        r"(?:的|三年|两年|\d年|季度|年度|年)?平均(?:值|数|每年|每季)?(?:是|为)?(?:多少|几)|均值|\b(?:two|three|four"
        r"|five|\d)[- ]year average|\baverage of\b|\bwhat (?:is|was) the average\b|\bmean of\b",
    ),
    (
        Kind.DIFFERENCE,
        r"相差|差多少|差距|差额|之差|[多少高低大小](?:出)?(?:了)?多少(?!家|个|人)|多出|difference between"
        r"|how (?:much|many) (?:more|less|fewer|higher|lower|larger|greater|smaller|bigger)"
        r"|by how (?:much|many)|\bgap between|exceed(?:s|ed)? .{2,60}? by",
    ),
    (
        Kind.GROWTH,
        r"(?:增长|增加|下降|减少|变化|变动|提高|上升|下滑|回落|降低|提升|扩大|缩小)了?(?:多少|几|吗|率|幅度)|增减"
        r"|增幅|增速|(?:变化|变动)(?:如何|情况|怎样)|有(?:没有|无)?(?:增长|下降|增加|减少|变化)|是否(?:增长|下降"
        r"|增加|减少|改善|提高|上升)"
        r"|growth rate|(?:how much|by what) .{0,60}?(?:grow|grew|increase|decrease|decline|fall|fell|rise|rose"
        r"|change|drop)"
        r"|percent(?:age)? (?:change|increase|decrease|growth)|year[- ](?:over|on)[- ]year|\byoy\b"
        r"|(?:any )?(?:change|increase|decrease|drop|decline|growth|rise|reduction) in .{2,80}?(?:between|from"
        r"|since|compared|over|during)"
        r"|(?:has|have|had|did|is|are|was|were)\b.{2,90}?(?:increas|decreas|declin|improv|grow|grown|grew|chang"
        r"|drop|fall|fell|rise|risen|reduc|worsen)",
    ),
    (
        Kind.RANK,
        r"谁更|哪(?:个|家|项|类|种|块|一).{0,12}(?:更|最)|更[高大多低小少]|最[高大多低小少强差好]|排名|排序"
        r"|\b(?:which|who|what)\b.{2,80}?\b(?:highest|lowest|largest|smallest|biggest|most|least|best|worst|higher"
        r"|lower|larger|greater|bigger|more|fastest|slowest)\b|\branks?\b",
    ),
)
_COMPILED = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _PATTERNS)
_TOLD = re.compile(r"算一?下|计算|\b(?:calculate|compute|work out)\b", re.IGNORECASE)
_RATE = re.compile(
    r"同比|环比|增速|增长率|预[计测期]|趋势|growth rate|year[- ](?:over|on)[- ]year (?:growth|rate)|forecast",
    re.IGNORECASE,
)
_OVER_YEARS = re.compile(r"[两二三四五\d]年平均|年均|\b(?:two|three|four|five|\d)[- ]year", re.IGNORECASE)
_LOWEST = re.compile(
    r"[最更][低小少差]|\b(?:lower|smaller|less|fewer|lowest|smallest|least|worst|slowest)\b", re.IGNORECASE
)
_LEADING = re.compile(
    r"^(?:请问|请|麻烦|帮我|算一?下|计算(?:一下)?|那么?|what|which|how much|did|has|have|does|(?:is|was|are"
    r"|were)(?: the)?)[，,:： ]*",
    re.IGNORECASE,
)
_SHARES = (
    re.compile(r"(?P<part>[^，,。？?]{2,40}?)在(?P<whole>[^，,。？?]{2,40})(?:中|里)的?(?:占比|比[例重]|份额)"),
    re.compile(
        r"(?P<whole>[^，,。？?]{2,40}?)(?:(?<!其)中(?![国东西小等央期长])|里"
        r"|当中)(?:的)?[，,]?(?P<part>[^，,。？?]{2,30}?)(?:占(?:了)?(?:多少|几成|比)|的?占比|的?比[例重])"
    ),
    re.compile(
        r"(?P<part>[^，,。？?]{2,40}?)占(?!比)(?:到|了)?(?P<whole>[^，,。？?]{2,40}?)的?(?:比例|比重|份额|百分比"
        r"|百分之|多少|几成|比)"
    ),
    re.compile(
        r"(?:share|percent(?:age)?|proportion|fraction|%|how much) of (?P<whole>[^,?]{3,90}?) (?:did|do|does|was"
        r"|were|is|are|came from|comes from|come from|occurred in"
        r"|was spent in)\b ?(?P<part>[^,?]{2,80}?)(?: (?:make up|account for|represent|contribute|occur))?[?.]?$",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:what (?:is|was|were)|calculate)? ?(?P<part>[^,?]{3,80}?)(?:,)? as an? (?:percent(?:age)?|share"
        r"|proportion|%) of (?P<whole>[^,?]{3,80}?)(?: (?:increase|decrease|in|for|during|between|improve|decline"
        r"|at|as of)\b|[?.]|$)",
        re.IGNORECASE,
    ),
)
_PAIRS = (
    re.compile(
        r"(?P<a>[^，,。？?]{2,40}?)(?:和|与|同|跟)(?P<b>[^，,。？?]{2,40}?)(?:之间)?(?:的)?(?:相差|差多少|差距|差额"
        r"|之差)"
    ),
    re.compile(
        r"(?P<a>[^，,。？?]{2,40}?)(?<![同环占])比(?P<b>[^，,。？?]{2,40}?)(?:[多少高低大小]|多出|增长|增加|减少|下降)"
    ),
    re.compile(r"(?P<a>[^，,。？?]{2,40}?)(?:是|为|相当于)(?P<b>[^，,。？?]{2,40}?)的?(?:几|多少)倍"),
    re.compile(r"difference between (?P<a>[^,?]{2,80}?) and (?P<b>[^,?]{2,80})", re.IGNORECASE),
    re.compile(
        r"how (?:much|many) (?:more|less|fewer|higher|lower|larger|greater|smaller|bigger)\b(?: times)? ?(?:was|is"
        r"|were|are|did|does)? ?(?P<a>[^,?]{2,80}?) than (?P<b>[^,?]{2,80})",
        re.IGNORECASE,
    ),
    re.compile(r"ratio of (?P<a>[^,?]{2,60}?) to (?P<b>[^,?]{2,60})", re.IGNORECASE),
    re.compile(
        r"how many times (?:as (?:large|big|high) as )?(?P<b>[^,?]{2,60}?) (?:is|was|are|were) (?P<a>[^,?]{2,60})",
        re.IGNORECASE,
    ),
    re.compile(
        r"by how (?:much|many)\b.{0,20}? (?:did|does|do) (?P<a>[^,?]{2,60}?) exceed (?P<b>[^,?]{2,60})", re.IGNORECASE
    ),
)
_RANKED = (
    re.compile(r"(?P<a>[^，,。？?]{2,30}?)(?:和|与|跟|还是)(?P<b>[^，,。？?]{2,30}?)[，,]?(?:谁|哪[个家])"),
    re.compile(
        r"(?i:higher|larger|greater|more|bigger|lower|smaller"
        r"|less)\b[^?]*?[,:]? (?P<a>[A-Z][^,?]{1,40}?) or (?P<b>[A-Z][^,?]{1,40})"
    ),
)
_SUMS = (
    re.compile(
        r"(?P<list>[^，,。？?]{2,20}?(?:、[^，,。？?、]{2,20})*(?:和|与|及|加上?)[^，,。？?]{2,30}?)(?:的)?(?:合计"
        r"|总共|一共|加起来|之和|总和|共计|合起来)"
    ),
    re.compile(r"(?:sum of|combined .{2,30}? (?:of|from)|total of) (?P<list>[^?]{5,120})", re.IGNORECASE),
    re.compile(
        r"(?:what (?:is|was|were)|how much (?:is|was|were|did)) (?P<list>[^?]{3,80}? and [^?]{3,60}?) (?:combined"
        r"|together|in total|altogether|add up)",
        re.IGNORECASE,
    ),
)


def asks_for(question: str) -> Operation | None:
    """What ``question`` asks to be reckoned; None where nothing is, as where it asks why.

    A question for a share or a growth rate is often answered by a printed figure: look for that first
    (:func:`rag.arithmetic.printing.printed`).
    """
    if _WHY.search(question):
        return None
    named = periods(before_definition(question)) or periods(question)
    when = tuple(sorted(named, key=lambda period: period.order))
    own = definition(question)
    ratio = ratio_of(question)
    if own is not None or ratio is not None:
        formulas: tuple[Expression, ...] = (own,) if own is not None else ()
        if ratio is not None and before_definition(question) == question:
            formulas = tuple(parse(formula) for formula in ratio.formulas)
        return Operation(Kind.RATIO, question, when, ratio=ratio, formulas=formulas)
    for kind, pattern in _COMPILED:
        if pattern.search(question):
            operands = _operands(kind, question)
            if any(_STANDS_FOR.match(operand) for operand in operands):
                return None  # what a word stands for is not to be looked up by the word
            if _is_reckoned(kind, question, when, operands):
                return Operation(kind, question, when, operands, least=bool(_LOWEST.search(question)))
    return None


def _is_reckoned(kind: Kind, question: str, when: tuple[Period, ...], operands: tuple[str, ...]) -> bool:
    """Whether reports do not simply print what a question of this kind asks for, as they do a year's growth."""
    if _TOLD.search(question):
        return True
    if kind is Kind.GROWTH:
        return (len(when) > 1 or bool(operands)) and not _RATE.search(question)
    if kind is Kind.AVERAGE:
        return len(when) > 1 or bool(_OVER_YEARS.search(question))
    return bool(operands) if kind is Kind.SUM else True


def _operands(kind: Kind, question: str) -> tuple[str, ...]:
    """The things that a question names to be reckoned with, () where its form does not tell."""
    if kind is Kind.SHARE:
        for pattern in _SHARES:
            match = pattern.search(question)
            if match:
                return _bare(match["part"]), _bare(match["whole"])
    if kind in {Kind.DIFFERENCE, Kind.TIMES, Kind.GROWTH}:
        for pattern in _PAIRS:
            match = pattern.search(question)
            if match:
                return _bare(match["a"]), _bare(match["b"])
    if kind is Kind.RANK:
        for pattern in _RANKED:
            match = pattern.search(question)
            if match:
                return re.sub(r"\d{4}年?$", "", _bare(match["a"])), re.sub(r"\d{4}年?$", "", _bare(match["b"]))
    if kind is Kind.SUM:
        for pattern in _SUMS:
            match = pattern.search(question)
            if match:
                parts = re.split(r"、|和|与|及|加上?|, and |,| and | plus ", match["list"])
                named = tuple(_bare(part) for part in parts if _bare(part))
                return named if len(named) > 1 else ()
    return ()


def as_share(operation: Operation) -> Operation | None:
    """A ratio of two lines as a share with operands by name, for reports that give the two in a sentence."""
    if operation.ratio is None or operation.ratio.unit not in {"%", "times"} or len(operation.periods) > 1:
        return None
    formula = next(iter(operation.formulas), None)
    if not isinstance(formula, Binary) or formula.sign != "/":
        return None
    ends = (formula.left, formula.right)
    if not all(isinstance(end, Line) and not end.over for end in ends):
        return None
    language = "zh" if has_cjk(operation.question) else "en"
    called = [ITEMS[end.key].called(language) for end in ends if isinstance(end, Line)]
    named = tuple(re.sub(operation.ratio.asked, name, operation.question, flags=re.IGNORECASE) for name in called)
    kind = Kind.SHARE if operation.ratio.unit == "%" else Kind.TIMES
    return Operation(kind, operation.question, operation.periods, named, ratio=operation.ratio)


def _bare(text: str) -> str:
    """Without what leads into a question and what stands around it."""
    text = text.strip(" ,，。?？:：的")
    while (shorter := _LEADING.sub("", text).strip()) != text:
        text = shorter
    return text
