"""What analysts call things, and what statements print: "quick ratio" stands on no page, its parts do.

For the search only. Each entry of ``_PRINTED`` is a pattern of what is asked and the words, in both languages, of where
it is found; those of ``_SAME`` are different words for one thing.
"""

import re
import unicodedata
from functools import cache

from index.text import fold, has_cjk
from index.traditional import simplified
from rag.asking.names import forms
from rag.asking.periods import periods
from rag.asking.places import USE

# Chinese forms, English forms of one thing; the first of each are the most usual.
_SAME = (
    ("营业收入 营收 收入 营业总收入", "revenue, net sales, net revenues, total revenues, turnover"),
    ("归母净利润 归属于上市公司股东的净利润 归母净利 净利", "net profit attributable, net income attributable"),
    ("净利润 净利", "net income, net profit, net earnings"),
    ("扣非净利润 扣除非经常性损益", "adjusted net income, net profit excluding non-recurring items"),
    ("营业利润 经营利润", "operating income, operating profit, income from operations"),
    ("毛利率 毛利", "gross margin, gross profit"),
    ("资本开支 资本支出 资本性支出 购建固定资产", "capital expenditures, capex, purchases of property"),
    ("研发费用 研发投入 研发支出", "research and development, R&D"),
    ("销售费用 管理费用", "selling general and administrative, SG&A"),
    (
        "经营活动现金流 经营性现金流 经营活动产生的现金流量净额",
        "net cash provided by operating activities, operating cash flow",
    ),
    ("每股收益 EPS 每股盈利", "earnings per share, EPS"),
    ("净资产收益率 ROE", "return on equity, ROE"),
    ("总资产收益率 ROA", "return on assets, ROA"),
    ("市盈率 PE", "price to earnings, P/E"),
    ("每用户平均收入 ARPU", "average revenue per user, ARPU"),
    ("月活跃用户 月活 MAU", "monthly active users, MAU"),
    ("日活跃用户 日活 DAU", "daily active users, DAU"),
    ("同比", "year over year, year on year, YoY, compared with the prior year"),
    ("环比", "quarter over quarter, sequentially, QoQ"),
    ("基点 BP bps", "basis points, bps"),
    ("存货 库存", "inventories, inventory"),
    ("应收账款 应收款", "accounts receivable, receivables"),
    ("股息 分红 派息 股利", "dividends, dividend"),
    ("回购", "share repurchases, buyback"),
    ("市场份额 市占率", "market share"),
    ("员工 人员 雇员", "employees, headcount"),
    ("指引 业绩预期", "guidance, outlook"),
    ("云计算 云业务 云服务", "cloud"),
    ("人工智能 AI", "artificial intelligence, AI"),
    ("数据中心 IDC", "data center, data centre"),
    ("通胀 通货膨胀 消费者价格", "inflation, consumer prices, CPI"),
    ("失业率", "unemployment rate, jobless"),
    ("国内生产总值 GDP", "gross domestic product, GDP"),
    ("加息 上调利率", "rate hike, raise rates"),
    ("降息 下调利率", "rate cut, lower rates"),
    ("第一季度 一季度 Q1 一季报", "first quarter, Q1"),
    ("第二季度 二季度 Q2", "second quarter, Q2"),
    ("第三季度 三季度 Q3 三季报", "third quarter, Q3"),
    ("第四季度 四季度 Q4", "fourth quarter, Q4"),
    ("上半年 H1 半年报", "first half, H1"),
    ("下半年 H2", "second half, H2"),
)
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
    (
        USE,
        "may not be reproduced, distributed or used without consent, only in the jurisdiction of the recipient",
        "仅供客户使用 境内使用 书面授权 书面许可 复制转发",
    ),
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


_ORDINALS = ("first", "second", "third", "fourth")


@cache
def _same() -> tuple[tuple[re.Pattern[str], tuple[str, ...], tuple[str, ...]], ...]:
    found = []
    for zh, en in _SAME:
        chinese, english = tuple(zh.split(" ")), tuple(en.split(", "))
        parts = [
            form if has_cjk(form) else rf"(?<![A-Za-z0-9]){re.escape(form)}(?![A-Za-z0-9])"
            for form in (*chinese, *english)
        ]
        found.append((re.compile("|".join(parts), re.IGNORECASE), chinese, english))
    return tuple(found)


def also(question: str, language: str) -> str:
    """Other words, in "zh" or "en", for what a question names: synonyms, names, quarters; "" when there are none.

    >>> also("Sinolink on 1Q25 capex", "zh")
    '资本开支 资本支出 资本性支出 购建固定资产 国金证券 国金 25Q1 2025Q1 一季度'
    """
    plain = simplified(unicodedata.normalize("NFKC", question))
    chinese = language == "zh"
    found = [form for pattern, zh, en in _same() if pattern.search(plain) for form in (zh if chinese else en)]
    found += [form for names in forms(plain) for form in names[1:] if has_cjk(form) == chinese or not chinese][:8]
    for period in periods(plain):
        quarter = re.fullmatch(r"(?:FY)?20(\d\d)Q([1-4])", period)
        if quarter:
            year, number = quarter[1], int(quarter[2])
            found += [f"{year}Q{number}", f"{number}Q{year}", f"20{year}Q{number}"]
            found += [f"{'一二三四'[number - 1]}季度"] if chinese else [f"{_ORDINALS[number - 1]} quarter"]
    said = fold(plain)
    return " ".join(form for form in dict.fromkeys(found) if fold(form) not in said)
