"""Words that tell the parts of a report apart: its summary, its results, what every report has, what says nothing.

Knowledge of the field in both languages; which sentence of a report matters is decided in ``rag.overview.points``.
"""

import re

ASIDE = re.compile(  # what every report has and says nothing of its subject, with all that stands below it
    r"human capital|properties|免责|声明|评级.{0,4}说明|评级标准|联系方式|联系我们|相关报告|目录|disclaimer"
    r"|exhibits?\b|signatures?\b|glossary|part (?:iii|iv)\b"
    r"|notes? to (?:the )?(?:condensed |consolidated )*financial|item (?:1b|4|5|8|9[abc]?|1[0-6])\b|table of contents",
    re.IGNORECASE,
)
ASIDE_ITSELF = re.compile(  # the same, but other sections often stand below it
    r"作者|分析师|研究团队|走势$|forward.looking|cautionary statement|safe harbor|incorporated by reference"
    r"|conference call|web ?cast"
    r"|question and answer|contacts?$|^about\b|available information|website|unresolved staff"
    r"|controls and procedures|executive officers"
    r"|directors|legal proceedings|securities registered|basis of presentation|accounting (?:policies"
    r"|pronouncements|estimates)"
    r"|^non.gaap|non.gaap (?:financial )?(?:measures|information)|reconciliation|^notes? \d|report of independent"
    r"|unregistered"
    r"|rule 10b5|performance graph|shareholder return perf|certification|guarantor|obligor|supplemental|patents"
    r"|intellectual property"
    r"|reclassification|diversity|governmental (?:laws|regulation)",
    re.IGNORECASE,
)
LEAD = re.compile(
    r"要点|摘要|核心观点|主要观点|周观点|月观点|观点$|提要|导读|核心结论|投资逻辑|内容概要|前言"
    r"|summary|highlights|key (?:points|takeaways|messages|findings)|at a glance|abstract"
    r"|letter to (?:our )?(?:share|stock)holders|dear (?:fellow )?shareholders",
    re.IGNORECASE,
)
TELLING = re.compile(  # headings under which results and views stand, with more or less weight in it than others
    r"展望|预测|研判|前景|业绩|盈利|建议|结论|数据|行情"
    r"|outlook|guidance|results|overview|net sales|revenues?|gross profit|operating income|net income|earnings"
    r"|liquidity|cash flows?$|for the (?:full year|(?:first|second|third|fourth) quarter)|the company$|general$",
    re.IGNORECASE,
)
MEASURE = re.compile(  # what a statement of results begins with
    r"^.{0,60}\b(?:net sales|(?:net |operating |total )*revenues?|operating income|net income|earnings per share"
    r"|eps|comparable sales|gross (?:profit|margin)"
    r"|free cash flow|ebitdar?|guidance|dividends?)\b|^.{0,24}(?:营收|营业收入|净利润|毛利率|GDP|增速)",
    re.IGNORECASE,
)
FILING = re.compile(r"^(?:part i\b|item\s*1\b)", re.IGNORECASE)
STATEMENTS = re.compile(r"financial statements|balance sheets?|statements? of|item 8|item 1\. financial", re.IGNORECASE)
NO_POINT = re.compile(
    r"^[—-]|资料来源|数据来源|来源[：:]|请(?:务必)?参阅|详见|如图|见图|见表|下表|如下[：:]|执业|电话|邮箱|邮编"
    r"|传真|联系人|课题组|@|https?:|www\."
    r"|本报告(?:仅|由|的|所)|本期报告|为演示|虚构"
    r"|\b(?:refer(?:red)? to|see (?:note|item|part|also|[“\"(])|set forth|incorporated|in conjunction with"
    r"|forward-looking"
    r"|for (?:further|more|additional) (?:information|details?)|registrant|unaudited|conference call|webcast"
    r"|references to"
    r"|unless (?:the context|otherwise)|exhibit \d|form 10-|form 8-|securities (?:act|and exchange)|fiscal year ends?"
    r"|the following (?:table|factor|discussion|section|risk|sets)|table (?:below|above)|shown (?:below|above)"
    r"|as follows"
    r"|(?:are|is) (?:a )?non-gaap|trademarks?|not applicable|this (?:annual |quarterly )?report|our website"
    r"|notes due (?:20|[a-z])|is a discussion|discussed in order|metric used|is a metric|is calculated|is defined"
    r"|not meaningful|not presently known|in this section|accounting standards|in more detail|on a non-gaap basis"
    r"|today (?:reported"
    r"|announced) (?:its )?(?:financial )?results|dollars in millions|in (?:millions|thousands)\b)",
    re.IGNORECASE,
)
LEANING = re.compile(  # begins with what was said before
    r"^(?:其中|此外|另外|另一方面|但|而|同时|因此|并且|值得一提|若|该|这|上述|具体|例如|不过|然而|也|还|从而|为此"
    r"|对此|与此|虽然|尽管)"
    r"|^(?-i:[a-z])|^(?:however|additionally|these|this|it|its|they|their|such|in addition|further|furthermore|also"
    r"|as a result"
    r"|consistent with|accordingly|but|and|or|beyond|for example|moreover|that|those|we also|therefore|he|she"
    r"|similarly|the (?:current|prior) (?:quarter|year)"
    r"|partially|management[’']s)\b",
    re.IGNORECASE,
)
EMPTY = re.compile(  # what a company says of itself in every report
    r"\b(?:our (?:purpose|vision|mission|history|aspiration)|we are driven by|(?:was|were) founded|dates back"
    r"|headquarter\w*"
    r"|executive offices|arises? from the (?:possibility|risk)|we finance our|consists? of (?:two|three|four)"
    r"|we have two reportable)\b"
    r"|^we (?:use|repurchase|accomplish|finance|manage|closely manage|review|expect net periodic)\b|成立于|总部位于"
    r"|使命|愿景",
    re.IGNORECASE,
)
SAYING = re.compile(
    r"预计|有望|认为|看好|展望|同比|环比|创.{0,4}新高|超预期|上调|下调|维持|趋势|成为|主要(?:因|系|由)|增长|下降"
    r"|放缓|回落|分化|拐点|风险"
    r"|\b(?:increas\w*|decreas\w*|grew|growth|declin\w*|rose|fell|record|expects?|guidance|outlook|rais\w+"
    r"|compared (?:to|with)"
    r"|driven by|due (?:primarily |mainly )?to|leading|largest|strategy|focused on|higher|lower)\b",
    re.IGNORECASE,
)
QUOTED = re.compile(
    r"^[“\"]|[”\"]\s*(?:said|continued)|\b(?:said|continued),?\s+[“\"]|\b(?:pleased|proud|thank|excited)\b"
)
LISTED = re.compile(r"^(?:[•●○▪■◆➢►✓·\uf000-\uf0ff–—-]\s*|[(（]?\d{1,2}[)）.、]\s*)")
ENDED = re.compile(r"[。！？；.!?;][”\"’')）\]]*$|[;,]? and$")
DISCUSSION = re.compile(r"item 7\b|management[’']s discussion", re.IGNORECASE)
MINOR = re.compile(  # what a filing must speak of, whether or not it matters
    r"income tax|restricted cash|market risk|exchange rate|interest rate|critical|financing activities|off.balance"
    r"|commitments|pension|raw materials|backlog|seasonal|sources of liquidity|sustainab|regulat|comparable sales$"
    r"|special items|distribution",
    re.IGNORECASE,
)
WARNING = re.compile(r"item 1a|risk factors|风险提示|风险因素", re.IGNORECASE)
TELLING_FIGURE = re.compile(
    r"\d(?:[\d,.]*\d)?\s*(?:%|％|亿|万|个?百分点|元|倍|GW|基点|billion|million|percent|basis points|bps|bn\b)"
    r"|[$€£¥]\s?\d",
    re.IGNORECASE,
)
CORE_ROW = re.compile(
    r"^(?:total |consolidated |net |diluted |adjusted |operating )*(?:net sales|sales|revenues?|operating revenues"
    r"|operating income|operating profit"
    r"|net income|net earnings|earnings per share|ebitda|free cash flow|comparable sales(?: \S+)?|gross profit"
    r"|eps)(?: attributable to .{3,40})?(?: growth| change)?(?:, as reported)?$"
    r"|^(?:营业(?:总)?收入|归母净利润|净利润|毛利率|每股收益)",
    re.IGNORECASE,
)
