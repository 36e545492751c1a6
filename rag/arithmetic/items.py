"""Lines of financial statements: how they are labelled in both languages, and which statement they stand in."""

import re
from dataclasses import dataclass
from functools import cache

from index.text import has_cjk

_ATTRIBUTABLE = r"(?: (?:attributable|available) to (?!.*non-?controlling).*)?"
_HOLDERS = r"(?:share(?:holder|owner)s'?|stock(?:holder)?s'?|[a-z .,&]+ (?:share|stock)holders'?)"


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a statement. ``english`` and ``chinese`` are patterns of its whole label, best first.

    ``statement`` is "balance", "income" or "cash"; ``outflow`` says that it is printed in brackets, as what is spent.
    """

    key: str
    name: tuple[str, str]
    english: tuple[str, ...]
    chinese: tuple[str, ...]
    statement: str
    outflow: bool = False

    def called(self, language: str) -> str:
        """Its name in "zh" or "en"."""
        return self.name[0] if language == "zh" else self.name[1]

    def rank(self, label: str) -> int | None:
        """How well a row's label is this line, 0 for best, None when it is another."""
        for order, pattern in enumerate(_compiled(self.chinese if has_cjk(label) else self.english)):
            if pattern.fullmatch(label):
                return order
        return None


@cache
def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


def _item(
    key: str,
    name: str,
    english: str | tuple[str, ...],
    chinese: str | tuple[str, ...],
    statement: str,
    out: bool = False,
) -> Item:
    zh, _, en = name.partition("|")
    return Item(
        key,
        (zh, en),
        (english,) if isinstance(english, str) else english,
        (chinese,) if isinstance(chinese, str) else chinese,
        statement,
        out,
    )


ITEMS = {
    item.key: item
    for item in (
        _item("current_assets", "流动资产|current assets", r"total current assets", r"流动资产(?:合计|总[计额])?",
        "balance"),
        _item(
            "inventories", "存货|inventories", r"(?:total |merchandise )?inventor(?:y|ies)", r"存货(?:净额|合计)?",
            "balance"
        ),
        _item(
            "current_liabilities", "流动负债|current liabilities", r"total current liabilities",
            r"流动负债(?:合计|总[计额])?", "balance",
        ),
        _item("total_assets", "总资产|total assets", r"total assets", r"(?:资产(?:总[计额]|合计)|总资产)", "balance"),
        _item(
            "total_liabilities", "总负债|total liabilities", r"total liabilities",
            r"(?:负债(?:总[计额]|合计)|总负债)", "balance",
        ),
        _item(
            "equity", "股东权益|shareholders' equity",
            (
                r"total (?:(?:share(?:holder|owner)s'?|stockholders'?) )?equity(?: \(deficit\))?",
                rf"total {_HOLDERS} equity(?: \(deficit\))?", rf"(?:total )?{_HOLDERS} equity(?: \(deficit\))?",
                r"total equity attributable to .*",
            ),
            (
                r"(?:股东权益|所有者权益|股东权益（或所有者权益）|所有者权益（或股东权益）)(?:合计|总[计额])",
                r"(?:归属于?(?:母公司|上市公司)?(?:股东|所有者)的?)?(?:净资产|股东权益|所有者权益|权益)(?:合计)?",
            ),
            "balance",
        ),
        _item(
            "cash", "现金及现金等价物|cash and cash equivalents", (r"(?:total )?cash and (?:cash )?equivalents",
            r"cash"),
            (r"现金及现金等价物(?:余额)?", r"货币资金"), "balance",
        ),
        _item(
            "short_term_investments", "短期投资|short-term investments",
            r"(?:short[- ]term (?:investments?|marketable securities)|marketable securities)",
            r"(?:短期投资|交易性金融资产)", "balance",
        ),
        _item(
            "receivables", "应收账款|receivables",
            (r"(?:trade |accounts )(?:and notes |and other )?receivables?", r"(?:total )?(?:net )?receivables?"),
            (r"应收账款(?:净额)?", r"应收票据及应收账款"), "balance",
        ),
        _item(
            "payables", "应付账款|accounts payable",
            r"(?:trade|accounts) payables?",
            (r"应付账款", r"应付票据及应付账款"), "balance",
        ),
        _item(
            "fixed_assets", "固定资产|property, plant and equipment, net",
            (
                r"(?:net )?property(?:, plant,?)? and equipment,? net",
                r"(?:net )?property(?:, plant,?)? and equipment",
                r"premises and equipment",
            ),
            r"固定资产(?:净[值额]|合计)?", "balance",
        ),
        _item(
            "long_term_debt", "长期借款|long-term debt",
            (r"long[- ]term debt",
            r"long[- ]term (?:debt|borrowings)(?: obligations)?(?:,? (?:less|excluding|net of) .*)?"),
            r"长期(?:借款|债务)", "balance",
        ),
        _item(
            "short_term_debt", "短期借款|short-term debt",
            (r"short[- ]term (?:debt|borrowings)", r"debt maturing within one year"), r"短期(?:借款|债务)", "balance",
        ),
        _item("debt", "总债务|total debt", r"total debt", r"(?:有息负债|总债务|债务总[额计]|债务合计)", "balance"),
        _item(
            "revenue", "营业收入|revenue",
            (
                r"total (?:net |operating )?(?:revenues?|sales)(?: and other income)?",
                r"(?:consolidated )?(?:net |operating )?(?:revenues?|sales)(?:, net)?", r"revenues?, net.*",
                r"net (?:operating )?revenues?",
            ),
            (r"营业总?收入(?:合计)?", r"(?:总营收|营收|收入合计|总收入|收入)"), "income",
        ),
        _item(
            "cost_of_sales", "营业成本|cost of sales",
            (
                r"(?:total )?costs? of (?:sales|revenues?|goods sold|products sold)(?: \(.*)?",
                r"cost of (?:goods|products|merchandise)(?: and services)? sold.*|total cost of .*",
            ),
            (r"营业成本", r"(?:销售成本|主营业务成本)"), "income",
        ),
        _item("gross_profit", "毛利|gross profit", r"(?:total )?gross (?:profit|margin)", r"(?:毛利(?:润|额)?)",
        "income"),
        _item(
            "operating_income", "营业利润|operating income",
            (r"(?:total )?operating (?:income|profit|earnings)(?: \(loss\))?",
            r"(?:income|earnings|profit)(?: \(loss\))? from operations"),
            r"(?:营业利润|经营利润|经营溢利)", "income",
        ),
        _item(
            "net_income", "净利润|net income",
            (
                r"(?:consolidated )?net (?:income|earnings|profit)(?: \(loss\))?",
                rf"net (?:income|earnings|profit)(?: \(loss\))?{_ATTRIBUTABLE}",
            ),
            (r"净利润", r"(?:归母净利润|归属于?.{0,8}(?:股东|所有者)的?净利润|年度利润|期内利润)"), "income",
        ),
        _item(
            "net_income_attributable", "归母净利润|net income attributable to shareholders",
            (r"net (?:income|earnings|profit)(?: \(loss\))? (?:attributable|available) to (?!.*non-?controlling).*",
             r"net (?:income|earnings|profit)(?: \(loss\))?"),
            (r"(?:归母净利润|归属于?.{0,8}(?:股东|所有者)的?净利润)", r"净利润"), "income",
        ),
        _item(
            "interest_expense", "利息费用|interest expense", (r"interest expense", r"interest expense.*"),
            r"(?:利息费用|利息支出)", "income", True,
        ),
        _item(
            "tax", "所得税费用|income tax expense",
            (
                r"(?:provision (?:\(benefit\) )?for )?income tax(?:es)?(?: expense| provision)?(?: \(benefit\))?",
                r"(?:provision|benefit).{0,20} for income taxes|income tax(?:es)? .*",
            ),
            r"(?:减：)?所得税(?:费用)?", "income", True,
        ),
        _item(
            "pretax_income", "利润总额|income before taxes",
            r"(?:income|earnings|profit)(?: \(loss\))? before .*tax.*",
            r"(?:利润总额|税前利润|除税前(?:利润|溢利))", "income",
        ),
        _item(
            "sga", "销售及管理费用|SG&A expenses",
            r"(?:total )?selling, general,? and administrative(?: expenses?)?.*|sg&a.*",
            r"销售及?管理费用", "income",
        ),
        _item("research", "研发费用|R&D expenses", r"research and development(?: expenses?)?|r&d.*",
        r"研发(?:费用|投入|支出)", "income"),
        _item(
            "ebitda", "EBITDA|EBITDA", (r"ebitda", r"(?:consolidated )?(?:adjusted )?ebitda(?: \(non-gaap\))?"),
            (r"ebitda", r"息税折旧摊销前利润"), "income",
        ),
        _item(
            "depreciation", "折旧与摊销|depreciation and amortization",
            r"(?:total )?depreciation(?:,? (?:and )?(?:amortization|depletion).*)?",
            r"折旧(?:[和与及、]摊销)?(?:费用?)?", "cash",
        ),
        _item(
            "operating_cash_flow", "经营活动现金流量净额|cash from operations",
            (
                r"(?:total )?net cash (?:\(?used (?:for|in|by)\)?[/ ]*)?(?:provided|generated)?(?: by"
                r"| from)?(?:[/ ]*\(?used (?:for|in|by)\)?)? operating activities.*",
                r"(?:net )?cash (?:flows?|provided|generated).{0,20} operat(?:ing activities|ions).*",
            ),
            r"经营活动(?:产生的|使用的|所得)?(?:现金流量净额|现金净额|净现金流?)", "cash",
        ),
        _item(
            "capex", "资本开支|capital expenditures",
            (
                r"capital (?:expenditures?|spending|investments?)(?: \(.*)?",
                r"(?:purchases? of|additions? to|payments? for|acquisitions? of|expenditures? for) (?:property"
                r"|plant|fixed assets|premises).*",
            ),
            (r"资本(?:性)?(?:开支|支出)", r"购建固定资产、?无形资产.*"), "cash", True,
        ),
        _item(
            "dividends", "现金分红|dividends paid",
            (r"(?:cash )?dividends paid.*|payments? (?:of|for) .{0,20}dividends.*|dividends",
            r"(?:common stock )?(?:cash )?dividends.*"),
            (r"现金(?:分红|股利).*", r"(?:分配股利.*|派息|股息)"), "cash", True,
        ),
    )
}  # fmt: skip

STATEMENTS = {
    "balance": ("资产负债表", "consolidated balance sheets"),
    "income": ("利润表", "consolidated statements of income"),
    "cash": ("现金流量表", "consolidated statements of cash flows"),
}
_TAIL = re.compile(
    r"\s*(?:[(（](?:\d{1,2}|[a-z]|loss|note.*|附注.*)[)）]|[*†‡]+|[，,]\s*(?:net|excluding|less|including|gross)\b[^:]*"
    r"|：|:)+$",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^(?:less|add|plus|减|加|其中|[一二三四五六七八九十]+、)[:： ]\s*", re.IGNORECASE)


def labels(text: str) -> list[str]:
    """The forms in which a row's label can name a line: without footnote marks, without ", net", without its group."""
    plain = text.replace("\u2019", "'").replace("\u2018", "'").strip()
    found = [plain]
    if ": " in plain:
        found.append(plain.rsplit(": ", 1)[1])
    for form in list(found):
        bare = _LEAD.sub("", form)
        while (shorter := _TAIL.sub("", bare).strip()) != bare:
            found.append(bare)
            bare = shorter
        found.append(bare)
    return list(dict.fromkeys(form for form in found if form))
