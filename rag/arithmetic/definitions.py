"""A ratio's definition where the question gives it itself: "defined as: revenue / average PP&E"."""

import re

from rag.arithmetic.expressions import Binary, Expression, ExpressionError, lines, parse

_DEFINED = re.compile(
    r"(?:is |are )?(?:defined|calculated|computed|measured|expressed) (?:as|by|using)\s*[:：]?\s*(?P<formula>.+)"
    r"|(?:定义为|计算公式(?:为|是)?|公式(?:为|是)?|按照?)\s*[:：]?\s*(?P<zh>[^。？?]+)"
    r"|\bdefin(?:e|ing) .{3,60}? as (?P<define>.+)"
    r"|(?P<using>using .{3,80}? as the numerator and .{3,80}? as the denominator)"
    r"|=\s*(?P<equals>[^?？。]{5,})",
    re.IGNORECASE,
)
_NUMERATOR = re.compile(r"using (?P<a>.{3,80}?) as the numerator and (?P<b>.{3,80}?) as the denominator", re.IGNORECASE)
_NAMES: tuple[tuple[str, str], ...] = (
    (
        r"(?:total )?cash (?:from|flows? from|provided by)(?: \w+)? operat(?:ing activities|ions)"
        r"|operating cash ?flow|经营活动(?:产生的)?现金流(?:量净额)?",
        "operating_cash_flow",
    ),
    (r"(?:total )?current assets|流动资产(?:合计)?", "current_assets"),
    (r"(?:total )?current liabilities|流动负债(?:合计)?", "current_liabilities"),
    (r"total assets|总资产|资产总[计额]", "total_assets"),
    (r"total liabilities|总负债|负债合计", "total_liabilities"),
    (r"(?:total )?(?:shareholders?'?s?'?|stockholders?'?s?'?) equity|股东权益|所有者权益|净资产", "equity"),
    (r"cash (?:and|&) cash equivalents|货币资金|现金及现金等价物", "cash"),
    (r"short[- ]term investments|marketable securities|短期投资", "short_term_investments"),
    (r"(?:accounts |trade )?receivables?|应收账款", "receivables"),
    (r"(?:accounts |trade )payables?|应付账款", "payables"),
    (r"net pp&e|pp&e|property,? plant,? and equipment|fixed assets|固定资产", "fixed_assets"),
    (r"inventor(?:y|ies)|存货", "inventories"),
    (r"cogs|cost of (?:goods sold|sales|revenues?)|营业成本", "cost_of_sales"),
    (r"gross profits?|毛利润?", "gross_profit"),
    (r"(?:unadjusted )?ebitda", "ebitda"),
    (r"(?:unadjusted )?operating (?:income|profit)|营业利润", "operating_income"),
    (
        r"net income attributable to (?:shareholders|common shareholders|stockholders)|归母净利润",
        "net_income_attributable",
    ),
    (r"net (?:income|profit|earnings)|净利润", "net_income"),
    (r"interest expenses?|利息(?:费用|支出)", "interest_expense"),
    (r"depreciation(?: and amortization)?|d&a|折旧与?摊销", "depreciation"),
    (r"capex|capital (?:expenditures?|spending)|资本(?:性)?(?:开支|支出)", "capex"),
    (r"(?:total )?(?:cash )?dividends(?: paid)?|现金分红|分红", "dividends"),
    (r"(?:total |net )?(?:revenues?|sales)|营业?总?收入|营收", "revenue"),
)
_YEAR = r"(?:(?:fy|fiscal(?: year)?)\s?'?\d{2,4}|(?:19|20)\d\d年?)"


def before_definition(question: str) -> str:
    """A question without the definition it gives of what it asks for; all of it where it gives none."""
    match = _DEFINED.search(question)
    return question[: match.start()] if match else question


def definition(question: str) -> Expression | None:
    """The expression that a question defines its ratio by, None where it gives none that is understood."""
    match = _DEFINED.search(question)
    if match is None:
        return None
    using = _NUMERATOR.search(match["using"] or "")
    text = (
        f"({using['a']}) / ({using['b']})"
        if using
        else next((match[name] for name in ("formula", "define", "zh", "equals") if match[name]), "")
    )
    text = re.split(r"(?<=[^.\d])[.。;；](?:\s|$)|[?？]|round|answer|give", text.lower().replace("\u2019", "'"))[0]
    text = re.sub(r"÷", "/", text).replace("×", "*").replace("（", "(").replace("）", ")").replace("\u2212", "-")
    text = re.sub(r"\b(?:divided by|over)\b|除以", " / ", text)
    text = re.sub(r"\b(?:minus|less)\b|减去?", " - ", text)
    text = re.sub(r"\bplus\b|加上?", " + ", text)
    for pattern, key in _NAMES:
        text = re.sub(rf"(?<![a-z_]){'(?:' + pattern + ')'}(?![a-z_])", f" {key} ", text)
    text = re.sub(rf"\b(?:between|from|in|for|of|at|the|annual|year[- ]end|end of)\b(?=\s|\W|$)|{_YEAR}", " ", text)
    text = re.sub(r"\b(?:average|avg)\b|平均", " avg ", text)
    text = re.sub(r"\b(?:change|increase)\s+(?=[a-z(])|变动", " change ", text)
    text = re.sub(r"\s+and\s+", " ", text)
    text = re.sub(r"\s+and\s*(?=\)|$)", " ", text).strip(" .,:")
    try:
        found = parse(re.sub(r"\s+", " ", text))
    except ExpressionError:
        return None
    known = {key for _, key in _NAMES}
    if not isinstance(found, Binary) or not all(line.key in known for line in lines(found)):
        return None
    return found
