"""What analysts call things, and what statements print: "quick ratio" stands on no page, its parts do.

For the search only. Each entry is a pattern of what is asked and the words, in both languages, of where it is found.
"""

import re
from functools import cache

WEIGHT = 0.7  # of the score that a chunk has for the printed words. Measured: docs/experiments.md
_PRINTED = (
    (
        r"quick ratio|acid[- ]test|速动比率|current ratio|流动比率|working capital|营运资[金本]",
        "balance sheet total current assets inventories total current liabilities",
        "资产负债表 流动资产合计 存货 流动负债合计",
    ),
    (r"gross margin", "gross profit cost of sales net sales", "毛利率 毛利"),
    (r"operating margin", "operating income net sales", "营业利润 营业收入"),
    (r"net (?:profit )?margin", "net income net sales", "净利润 营业收入"),
    (r"top[- ]?line", "revenue net sales net revenues", "营业收入"),
    (r"bottom[- ]?line", "net income attributable", "归母净利润"),
    (
        r"capital[- ]intensi|资本密集",
        "capital expenditures property, plant and equipment total assets",
        "资本开支 固定资产 总资产",
    ),
    (r"capex", "capital expenditures purchase of property, plant and equipment", "资本开支 资本支出"),
    (
        r"free cash flow",
        "net cash provided by operating activities capital expenditures",
        "经营活动现金流量净额",
    ),
    (
        r"interest coverage|利息(?:保障|覆盖)",
        "operating income interest expense EBIT",
        "息税前利润 利息费用",
    ),
    (
        r"leverage|debt[- ]to[- ]equity|资产负债率|杠杆率|gearing",
        "total debt long-term debt total liabilities shareholders' equity",
        "负债合计 股东权益",
    ),
    (r"inventory turnover|days inventory|存货周转", "inventories cost of sales", "存货 营业成本"),
    (r"receivables? turnover|days sales outstanding|\bDSO\b|应收账款周转", "accounts receivable net sales", "应收账款"),
    (r"payout ratio|分红率|派息率", "dividends net income", "现金分红 净利润"),
    (r"return on equity|\bROE\b|净资产收益率", "net income shareholders' equity", "净资产收益率 加权平均"),
    (r"return on assets|\bROA\b|总资产收益率", "net income total assets", "总资产"),
    (r"effective tax rate|实际税率", "income tax expense income before income taxes", "所得税费用 利润总额"),
    (r"\bSG&A\b", "selling, general and administrative expenses", "销售费用 管理费用"),
    (r"\bEPS\b", "diluted earnings per share", "基本每股收益 稀释每股收益"),
)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    return tuple((re.compile(pattern, re.IGNORECASE), english, chinese) for pattern, english, chinese in _PRINTED)


def printed(question: str, language: str) -> str:
    """The words that statements in "zh" or "en" print for what ``question`` asks of; "" when they are its own."""
    found = [
        english if language == "en" else chinese for asked, english, chinese in _patterns() if asked.search(question)
    ]
    return " ".join(found)
