"""Words of the field: what is measured, in both languages. Names are in :mod:`rag.asking.names`.

Used to see whether evidence speaks of what a question asks for. A measure that is not here is not checked.
"""

import re
from functools import cache

from index.traditional import simplified
from rag.asking.names import other_names

__all__ = ["is_name_like", "measures", "other_names"]

_MEASURES = {
    "revenue": (
        r"营业?收入|营收|销售额|净销售|总收入|收入",
        r"revenues?|net sales|sales|top[- ]?line|turnover",
    ),
    "net profit": (
        r"归母|净利|净盈利|归属于.{0,12}利润|盈利|净亏损",
        r"net (?:income|profits?|earnings|loss)|profit attributable|bottom[- ]line|earnings attributable",
    ),
    "operating profit": (r"营业利润|经营利润|经营溢利", r"operating (?:income|profits?|earnings|loss)|ebit"),
    "operating margin": (r"(?:营业|经营|分部|板块)利润率", r"(?:operating|segment) margins?"),
    "ebitda": (r"息税折旧摊销前", r"ebitdar?"),
    "gross margin": (r"毛利", r"gross (?:margins?|profits?)"),
    "earnings per share": (
        r"每股(?:收益|盈利|净利|亏损)",
        r"eps|(?:earnings|income|loss) per (?:\w+ )?share|per-share earnings",
    ),
    "capital expenditure": (r"资本(?:性)?(?:开支|支出)", r"capex|capital (?:expenditures?|spending|expenses?)"),
    "dividend": (r"股息|分红|派息|股利", r"dividends?"),
    "monthly users": (r"月活", r"monthly active|MAUs?"),
    "daily users": (r"日活", r"daily active|DAUs?"),
    "target price": (r"目标价", r"price targets?|target prices?"),
    "price to earnings": (r"市盈率", r"P/E|PE ratio|price[- ]to[- ]earnings"),
    "employees": (r"员工|雇员|职工|人数", r"employees|headcount|workforce|staff|people"),
    "research": (r"研发", r"R&D|research (?:and|&) development|research spending"),
    "inventory": (r"库存|存货", r"inventor(?:y|ies)"),
    "cash flow": (r"现金流", r"cash (?:flows?|provided|generated|used|from)|free cash"),
    "market share": (r"市场份额|市占率|份额", r"market shares?|shares? of (?:the |its )?(?:[\w-]+ ){0,4}market"),
    "shipments": (r"出货", r"shipments?|shipped|deliveries|(?:units?|cars?|vehicles?) delivered"),
    "capacity": (r"产能", r"capacity"),
    "unemployment": (r"失业", r"unemployment|jobless"),
    "inflation": (r"通胀|通货膨胀|消费者(?:物价|价格)指数", r"inflation|CPI|consumer prices?"),
    "tax rate": (r"税率", r"tax rates?"),
}
_TIME = re.compile(
    r"今年|去年|明年|前年|本周|上周|本月|本季|当月|全年|年初|年末|月末|季度|[一二三四]季|上半年|下半年|同比|环比|\d+年|\d+月|\d*q\d?\d*|\d{2,4}",
    re.IGNORECASE,
)
_GENERIC = frozenset(
    (
        "总共 一共 合计 大概 大约 左右 到底 主要 相比 占比 比例 比重 比率 增速 增幅 增长 增加 计算 算 一下 总 个 家 "
        "三个 两个 三大 两大 几大 原因 代码 平台 部门 业务 公司 报告 行业 板块 这条线 全国 会上"
    ).split(" ")
)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {
        name: re.compile(rf"{chinese}|(?<![a-z])(?:{english})(?![a-z])", re.IGNORECASE)
        for name, (chinese, english) in _MEASURES.items()
    }


def measures(text: str) -> set[str]:
    """The measures that ``text`` names, in either language."""
    plain = simplified(text)
    return {name for name, pattern in _patterns().items() if pattern.search(plain)}


def is_name_like(word: str) -> bool:
    """Whether a word of a question can be part of a name: no measure, no time, not one that says nothing."""
    return len(word) > 1 and word not in _GENERIC and not _TIME.search(word) and not measures(word)
