"""Ratios by name, each with the definition that accounting gives it."""

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Ratio:
    """A named ratio. ``formula`` is an expression over the keys of :data:`rag.arithmetic.items.ITEMS`.

    ``avg(x)`` is the mean of a period's opening and closing figure, or the closing one where there is no other.
    ``unit`` is "times", "%", "days" or "money"; ``least`` and ``most`` are what it can sensibly be. ``otherwise`` is
    another formula of the same, for reports that print other lines. ``beside`` are other definitions in use, to be
    shown beside it: name in Chinese and English, formula, unit.
    """

    name: tuple[str, str]
    asked: str
    formula: str
    unit: str
    least: float
    most: float
    otherwise: tuple[str, ...] = ()
    beside: tuple[tuple[str, str, str, str], ...] = ()

    def called(self, language: str) -> str:
        """Its name in "zh" or "en"."""
        return self.name[0] if language == "zh" else self.name[1]

    @property
    def formulas(self) -> tuple[str, ...]:
        """All its formulas, best first."""
        return (self.formula, *self.otherwise)


RATIOS = (
    Ratio(
        ("速动比率", "Quick ratio"), r"quick ratio|acid[- ]test|速动比率",
        "(current_assets - inventories) / current_liabilities", "times", 0, 20,
        (),
        (
            (
                "只计现金、短期投资和应收账款", "counting only cash, short-term investments and receivables",
                "(cash + short_term_investments + receivables) / current_liabilities", "times",
            ),
            (
                "只计现金和应收账款", "counting only cash and receivables",
                "(cash + receivables) / current_liabilities", "times",
            ),
        ),
    ),
    Ratio(
        ("流动比率", "Current ratio"), r"current ratio|working capital ratio|流动比率",
        "current_assets / current_liabilities", "times", 0, 30,
    ),
    Ratio(
        ("营运资金", "Working capital"), r"working capital|营运资[金本]",
        "current_assets - current_liabilities", "money", -1e15, 1e15,
    ),
    Ratio(
        ("现金比率", "Cash ratio"), r"cash ratio|现金比率", "cash / current_liabilities", "times", 0, 20,
    ),
    Ratio(
        ("毛利率", "Gross margin"), r"gross (?:profit )?margins?|毛利率",
        "gross_profit / revenue", "%", -1, 1, ("(revenue - cost_of_sales) / revenue",),
    ),
    Ratio(
        ("经营利润率", "Operating margin"), r"operating (?:profit |income )?margins?|营业利润率|经营利润率",
        "operating_income / revenue", "%", -5, 1,
    ),
    Ratio(
        ("EBITDA利润率", "EBITDA margin"), r"ebitda\s*(?:margin|%|利润率)", "ebitda / revenue", "%", -5, 1,
        ("(operating_income + depreciation) / revenue",),
    ),
    Ratio(
        ("净利率", "Net margin"), r"net (?:profit |income )?margins?|净利润?率|销售净利率",
        "net_income / revenue", "%", -5, 1,
    ),
    Ratio(
        ("自由现金流", "Free cash flow"), r"free cash ?flows?|\bfcf\b|自由现金流",
        "operating_cash_flow - capex", "money", -1e15, 1e15,
    ),
    Ratio(
        ("经营现金流比率", "Operating cash flow ratio"), r"operating cash ?flow ratio|经营(?:性)?现金流(?:量)?比率",
        "operating_cash_flow / current_liabilities", "times", -10, 20,
    ),
    Ratio(
        ("净资产收益率", "Return on equity"), r"return on (?:shareholders' |average )?equity|\broe\b|净资产收益率",
        "net_income_attributable / avg(equity)", "%", -5, 5,
    ),
    Ratio(
        ("总资产收益率", "Return on assets"), r"return on (?:total |average )?assets|\broa\b|总?资产(?:收益|回报)率",
        "net_income / avg(total_assets)", "%", -2, 2,
    ),
    Ratio(
        ("固定资产周转率", "Fixed asset turnover"), r"fixed[- ]assets? turnover|固定资产周转率",
        "revenue / avg(fixed_assets)", "times", 0, 200,
    ),
    Ratio(
        ("总资产周转率", "Asset turnover"), r"(?:total )?assets? turnover|总?资产周转率",
        "revenue / avg(total_assets)", "times", 0, 20,
    ),
    Ratio(
        ("存货周转天数", "Days inventory outstanding"), r"days (?:of )?inventory|inventory days|\bdio\b|存货周转天数",
        "365 * avg(inventories) / cost_of_sales", "days", 0, 2000,
    ),
    Ratio(
        ("存货周转率", "Inventory turnover"), r"inventory turnover|存货周转率",
        "cost_of_sales / avg(inventories)", "times", 0, 500,
    ),
    Ratio(
        ("应收账款周转天数", "Days sales outstanding"), r"days sales outstanding|\bdso\b|应收账款周转天数|应收周转天数",
        "365 * avg(receivables) / revenue", "days", 0, 2000,
    ),
    Ratio(
        ("应收账款周转率", "Receivables turnover"), r"receivables? turnover|应收账款周转率",
        "revenue / avg(receivables)", "times", 0, 500,
    ),
    Ratio(
        ("应付账款周转天数", "Days payable outstanding"),
        r"days payables? outstanding|\bdpo\b|应付账款周转天数|应付周转天数",
        "365 * avg(payables) / cost_of_sales", "days", 0, 2000,
    ),
    Ratio(
        ("资本开支占收入比", "Capex as a share of revenue"),
        r"(?:capex|capital expenditures?)[^.;,?]{0,30}?(?:to|/|as a (?:percent(?:age)?|%|share) of"
        r"|% of)[^.;,?]{0,12}(?:revenue|sales)"
        r"|资本(?:性)?(?:开支|支出)占(?:营业?总?收入?|收入|营收)的?(?:比[例重]|比)",
        "capex / revenue", "%", 0, 2,
    ),
    Ratio(
        ("资本密集度（总资产/收入）", "Capital intensity (total assets to revenue)"),
        r"capital[- ]intensi(?:ty|ve)|资本密集", "total_assets / revenue", "times", 0, 100, (),
        (("资本开支占收入比", "capex as a share of revenue", "capex / revenue", "%"),),
    ),
    Ratio(
        ("研发费用率", "R&D as a share of revenue"),
        r"(?:r&d|research and development)[^.;,?]{0,30}?(?:to|/|as a (?:percent(?:age)?|%|share) of"
        r"|% of)[^.;,?]{0,12}(?:revenue|sales)"
        r"|研发费用率|研发(?:费用|投入|支出)占(?:营业?总?收入?|收入|营收)的?(?:比[例重]|比)",
        "research / revenue", "%", 0, 5,
    ),
    Ratio(
        ("分红率", "Dividend payout ratio"), r"pay[- ]?out ratio|分红率|派息率|股利支付率",
        "dividends / net_income_attributable", "%", 0, 10,
    ),
    Ratio(
        ("利息保障倍数", "Interest coverage"), r"interest coverage|times interest earned|利息(?:保障|覆盖)倍数",
        "operating_income / interest_expense", "times", -1000, 1000,
    ),
    Ratio(
        ("资产负债率", "Liabilities to assets"),
        r"资产负债率|liabilities[- ]to[- ](?:total )?assets|debt[- ]to[- ]assets?",
        "total_liabilities / total_assets", "%", 0, 3,
    ),
    Ratio(
        ("产权比率（债务/权益）", "Debt to equity"), r"debt[- /](?:to[- ])?equity|\bd/e\b|gearing|产权比率|债务权益比",
        "debt / equity", "times", 0, 50, ("(long_term_debt + short_term_debt) / equity",),
    ),
    Ratio(
        ("实际税率", "Effective tax rate"), r"effective (?:income )?tax rates?|实际(?:所得)?税率|有效税率",
        "tax / pretax_income", "%", -1, 2,
    ),
)  # fmt: skip


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(ratio.asked, re.IGNORECASE) for ratio in RATIOS)


def ratio_of(question: str) -> Ratio | None:
    """The ratio that a question names, the most exact name when it names several."""
    found = [
        (match, ratio)
        for pattern, ratio in zip(_patterns(), RATIOS, strict=True)
        if (match := pattern.search(question))
    ]
    return min(found, key=lambda pair: (-(pair[0].end() - pair[0].start()), pair[0].start()))[1] if found else None
