"""The report's card: what each kind of report says of itself, and that nothing else gets onto the card."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from index import reading
from index.card import period_key, read_card
from index.card.dates import days, find_date, find_period, only_date
from index.text import fold
from index.types import Block, BlockKind, Box, Card, Cell, Line, Page, Report
from tests.index.pdf_files import make_pdf

SAMPLES = Path(__file__).parents[2] / "eval" / "data"
PROSE_ZH = (
    "公司全年实现营业收入一百二十亿元，同比增长百分之十五，渠道改革成效显著，"
    "产品结构持续升级，海外市场快速放量，预计明年仍将保持较快增长。"
)
PROSE_EN = (
    "Orders grew nine percent in the quarter and the backlog now covers fourteen months of sales, so that we raise our "
    "estimates for the next three years and keep our view on the shares, helped by price and by a better mix."
)


def line(text: str, top: float, x: float = 60, size: float = 10, bold: bool = False) -> Line:
    """A printed line; " | " in its text parts cells that stand 40 points from each other."""
    cells, left = [], x
    for part in text.split(" | "):
        width = size * sum(1.0 if ord(char) > 0x2E80 else 0.5 for char in part)
        cells.append(Cell(part, Box(left, top, left + width, top + size)))
        left += width + 40
    return Line(text.replace(" | ", " "), Box(x, top, left - 40, top + size), size, bold, tuple(cells))


def page(*lines: Line, number: int = 1, running: Sequence[Line] = ()) -> Page:
    """A page whose lines are a block each; those of running text are paragraphs, as the others are."""
    blocks = [Block(BlockKind.PARAGRAPH, (item,), number) for item in lines]
    if running:
        blocks.append(Block(BlockKind.RUNNING, tuple(running), number))
    return Page(number, 595, 842, tuple(blocks))


def card(*pages: Page, name: str = "report.pdf", **metadata: str) -> Card:
    return read_card(pages, metadata, name)


def from_text(tmp_path: Path, text: str) -> Report:
    path = tmp_path / "report.txt"
    path.write_text(text, encoding="utf-8")
    return reading.read(path)


def test_a_chinese_company_note_with_a_side_bar() -> None:
    head = line("公司研究 | 澄江证券研究所", 30, size=8)
    cover = page(
        line("证券研究报告 | 公司点评 | 2025年05月06日", 60, size=9),
        line("青禾乳业（600999.SH）：", 80, size=20, bold=True),
        line("常温奶企稳，低温放量", 102, size=20, bold=True),
        line(PROSE_ZH, 140),
        line("维持“买入”评级。", 160),
        line("投资评级：买入（维持）", 80, x=420, size=8),
        line("证券分析师：林知远", 100, x=420, size=8),
        line("SAC执业证书编号：S0990521030004", 112, x=420, size=8),
        line("linzy@chengjiang.example", 124, x=420, size=8),
        line("研究助理：许 溪", 136, x=420, size=8),
        line("联系人：周一帆", 148, x=420, size=8),
        line("收盘价（2025-05-05）", 160, x=420, size=8),
        running=[head],
    )
    read = card(cover, page(line(PROSE_ZH, 60), number=2, running=[head]))
    assert read == Card(
        title="青禾乳业（600999.SH）：常温奶企稳，低温放量",
        institution="澄江证券研究所",
        authors=("林知远", "许溪"),
        date="2025-05-06",
        company="青禾乳业",
        ticker="600999.SH",
        rating="买入",
    )


def test_a_chinese_industry_weekly_names_no_company_though_it_lists_several(tmp_path) -> None:
    read = from_text(
        tmp_path,
        "食品行业研究\n强于大市（维持评级）\n行业周报\n证券研究报告\n食品组\n分析师：孟思远（执业 S0990520010001）\n"
        "mengsy@donglu.example\n周期拐点将至，关注低温龙头\n２０２５年第１８周\n" + PROSE_ZH + "\n"
        "重点推荐：青禾乳业（600999.SH）、栖云科技（300888.SZ）\n来源：Wind，东麓证券研究所\n来源：iFinD，东麓证券研究所\n",
    )
    assert read.title == "周期拐点将至，关注低温龙头"
    assert read.card == Card(
        title="周期拐点将至，关注低温龙头",
        institution="东麓证券研究所",
        authors=("孟思远",),
        period="2025W18",
        period_text="２０２５年第１８周",
        rating="强于大市",
    )


def test_a_chinese_annual_report_has_company_code_and_a_date_in_chinese_figures() -> None:
    read = card(
        page(
            line("公司代码：600999 | 公司简称：青禾乳业", 40),
            line("青禾乳业股份有限公司", 250, x=150, size=26, bold=True),
            line("2024 年年度报告", 290, x=180, size=26, bold=True),
            line("二〇二五年四月", 600, x=230, size=14),
        ),
        page(line(PROSE_ZH, 60), line("澜正会计师事务所为本公司出具了审计报告。", 90), number=2),
    )
    assert read.title == "青禾乳业股份有限公司2024 年年度报告"
    assert (read.institution, read.company, read.ticker) == ("青禾乳业股份有限公司", "青禾乳业", "600999")
    assert (read.date, read.period, read.period_text) == ("2025-04", "2024", "2024 年年度报告")
    assert (read.authors, read.rating) == ((), "")


def test_a_prospectus_is_the_issuers_not_the_underwriters() -> None:
    read = card(
        page(
            line("青禾乳业股份有限公司", 120, size=24, bold=True),
            line("招股说明书", 160, size=20, bold=True),
            line("保荐人（主承销商）", 600),
            line("东麓证券股份有限公司", 620, size=16),
        )
    )
    assert (read.title, read.company) == ("青禾乳业股份有限公司招股说明书", "青禾乳业股份有限公司")


def test_an_institutes_report_lists_its_group() -> None:
    read = card(
        page(
            line("东麓银行研究院", 40, size=15),
            line("全球经济展望报告", 80, size=36),
            line("2024 年年报（总第 57 期） | 报告日期：2023 年 12 月 12 日", 130, size=15),
            line(PROSE_ZH, 200),
            line("组 长： 林知远", 200, x=400),
            line("副组长： 钟 红", 216, x=400),
            line("何一鸣", 232, x=450),
            line("成 员： 苏慕白（纽约）", 248, x=400),
            line("欧阳若溪（法兰克福）", 264, x=450),
            line("联系人：周一帆", 300, x=400),
        ),
        Title="内部参考",
        Author="戴明轩",
    )
    assert read.title == "全球经济展望报告"
    assert read.institution == "东麓银行研究院"
    assert read.authors == ("林知远", "钟红", "何一鸣", "苏慕白", "欧阳若溪")
    assert (read.date, read.period) == ("2023-12-12", "2024")


def test_an_english_research_note(tmp_path) -> None:
    source = f"""
#set page(paper: "a4", margin: 2cm)
#set page(header: [#text(size: 8pt)[Harrowgate Securities | Equity Research #h(1fr) 6 May 2025]])
#grid(columns: (1fr, 150pt), gutter: 12pt, [
#text(size: 20pt, weight: "bold")[Quillon Robotics (QLRB.N)]

#text(size: 14pt)[Margins turn the corner; raising target]

{PROSE_EN}

We reiterate our view. Competitors such as Tessel Corp (TSSL.N) face slower demand since January 2025.
],[
*Rating:* Overweight

Price target: 84.00

Price (05 May 2025): 66.10

*Analysts*

Marian Oakes, CFA \\
marian.oakes\\@harrowgate.example

Theo de Wit, PhD
])
#pagebreak()
Source: Company data, Harrowgate Securities estimates
"""
    read = reading.read(make_pdf(tmp_path / "note.pdf", source)).card
    assert read.title == "Quillon Robotics (QLRB.N): Margins turn the corner; raising target"
    assert read.institution.startswith("Harrowgate Securities")
    assert read.authors == ("Marian Oakes", "Theo de Wit")
    assert read.date == "2025-05-06"
    assert (read.company, read.ticker, read.rating) == ("Quillon Robotics", "QLRB.N", "Overweight")


@pytest.mark.parametrize(
    ("opening", "date"),
    [
        ("PORT ELLARY, Mass., Oct. 30, 2025 (GLOBE NEWSWIRE) -- ", "2025-10-30"),
        ("PORT ELLARY – October 30, 2025 – ", "2025-10-30"),
        ("PORT ELLARY, Mass.--(BUSINESS WIRE)-- ", ""),
    ],
)
def test_a_press_release_is_its_companys(opening, date) -> None:
    read = card(
        page(
            line("Quillon Robotics Announces Third Quarter Fiscal 2025 Results", 60, size=16, bold=True),
            line(
                opening + "Quillon Robotics, Inc. (Nasdaq: QLRB), a maker of robots, today announced its results for "
                "the quarter ended September 30, 2025, after a year of growth in all of its regions.",
                100,
            ),
            line("Earlier this year the company acquired Tessel Corp. (NYSE: TSSL).", 140),
            line("Investor Contact:", 180),
            line("Jane Fairweather, CFA", 192),
        ),
        Title="Exhibit 99.1 Q3 ER",
        Author="Fairweather, Jane",
    )
    assert read == Card(
        title="Quillon Robotics Announces Third Quarter Fiscal 2025 Results",
        institution="Quillon Robotics, Inc.",
        date=date,
        period="FY2025Q3",
        period_text="Third Quarter Fiscal 2025",
        company="Quillon Robotics, Inc.",
        ticker="QLRB",
    )


def filing(ended: str, *later: str) -> Card:
    """The card of a filing with the SEC whose second page holds ``later``."""
    return card(
        page(
            line("UNITED STATES", 20, x=240, size=16, bold=True),
            line("SECURITIES AND EXCHANGE COMMISSION", 40, x=140, size=16, bold=True),
            line("FORM 10-Q", 60, x=260, size=16, bold=True),
            line(ended, 90, x=200),
            line("For the transition period from | to", 110, x=200),
            line("Commission File Number 001-12345", 130, x=200),
            line("QUILLON ROBOTICS, INC.", 150, x=200, size=16, bold=True),
            line("(Exact name of registrant as specified in its charter)", 170, x=160, size=8),
            line("Title of each class | Trading Symbol(s) | Name of each exchange", 200),
            line("5% Senior Notes due 2030 | QLRB/30 | New York Stock Exchange", 226),
            line("Common Stock, $0.01 par | QLRB | New York Stock Exchange", 214),
        ),
        page(*(line(text, 40 + 20 * index) for index, text in enumerate(later)), number=2),
        Title="UNITED STATES SECURITIES AND EXCHANGE COMMISSION",
        Author="anonymous",
    )


def test_a_filing_is_called_by_company_form_and_period_and_dated_by_its_signature() -> None:
    read = filing(
        "For the quarterly period ended June 30, 2025",
        "the registrant has duly caused this report to be signed on its behalf by the undersigned.",
        "Date: August 5, 2025",
    )
    assert read == Card(
        title="QUILLON ROBOTICS, INC. · FORM 10-Q · quarterly period ended June 30, 2025",
        institution="QUILLON ROBOTICS, INC.",
        date="2025-08-05",
        period="2025Q2",
        period_text="quarterly period ended June 30, 2025",
        company="QUILLON ROBOTICS, INC.",
        ticker="QLRB",
    )


def test_a_fiscal_quarter_or_year_is_named_only_as_the_report_names_it() -> None:
    quarter = "For the quarterly period ended July 29, 2023"
    assert filing(quarter, "Sales in the second quarter of fiscal 2024 rose.").period == "FY2024Q2"
    assert filing(quarter, "Our fiscal 2024 has 53 weeks.").period == ""
    year = "For the fiscal year ended January 28, 2023"
    assert filing(year, "In fiscal 2022 sales rose. Fiscal 2022 had 52 weeks, as had fiscal 2021.").period == "FY2022"
    assert filing(year, "In fiscal 2023 sales rose.").period == "FY2023"
    unknown = filing(year, "Sales rose.")
    assert (unknown.period, unknown.period_text) == ("", "fiscal year ended January 28, 2023")
    assert period_key(unknown) == "2023-01-28"


def test_an_annual_report_is_not_called_by_its_slogan() -> None:
    read = card(
        page(
            line("Growing together", 150, size=36, bold=True),
            line("Tessel Holdings plc", 500, size=14),
            line("Annual Report and Accounts 2024", 530, size=14),
        )
    )
    assert read.title == "Tessel Holdings plc Annual Report and Accounts 2024"
    assert (read.company, read.institution, read.period) == ("Tessel Holdings plc", "Tessel Holdings plc", "2024")


def test_a_memo_is_called_by_its_subject() -> None:
    read = card(
        page(
            line("Memorandum", 60, size=16, bold=True),
            line("To: Site managers", 90),
            line("From: Helen Marsh", 104),
            line("Date: 14 March 2025", 118),
            line("Subject: Spare parts for the spring", 132),
            line(PROSE_EN, 160),
        )
    )
    assert read == Card(title="Spare parts for the spring", authors=("Helen Marsh",), date="2025-03-14")


@pytest.mark.parametrize(
    "text",
    [
        "明天的会议改到下午三点。请大家带上各自的材料，地点不变，会后一起吃饭，有忌口的提前告诉我。\n\n"
        "2024年收入增长，2025年5月6日前完成招标。\n",
        "the quick brown fox jumps over the lazy dog. it was a bright day in april 2025, and so on.\n"
        "\nWe saw Quillon Robotics (NYSE: QLRB) and Tessel Corp (NYSE: TSSL) buy and sell on May 6, 2025.\n",
    ],
)
def test_a_text_that_says_nothing_of_itself_has_an_empty_card(tmp_path, text) -> None:
    report = from_text(tmp_path, text)
    assert report.card == Card()
    assert report.title == "report"


def test_the_metadata_names_nobody_and_dates_nothing_by_itself() -> None:
    plain = page(line(PROSE_EN, 100), line(PROSE_EN, 120))
    made = {"Author": "Helen Marsh", "CreationDate": "D:20250506", "Title": "Microsoft Word - draft_v3.docx"}
    assert card(plain, **made) == Card()
    assert card(plain, Title="Spring survey of mills").title == "Spring survey of mills"
    assert card(plain, name="spring survey.pdf", Title="spring survey").title == ""
    signed = page(line("A survey of mills", 40, size=18), line("Helen Marsh", 70), line(PROSE_EN, 100))
    assert card(signed, **made).authors == ("Helen Marsh",)
    assert card(signed).authors == ()


def test_several_ratings_or_several_dates_are_none() -> None:
    legend = page(
        *(line(word, 60 + 14 * i) for i, word in enumerate(("买入", "增持", "中性", "减持"))), line(PROSE_ZH, 200)
    )
    assert card(legend).rating == ""
    dated = page(line("A survey", 40, size=18), line("3 May 2025", 70), line("9 June 2025", 90), line(PROSE_EN, 120))
    assert card(dated).date == ""
    everyday = page(line("What to do", 40, size=18), line("Hold", 70), line(PROSE_EN, 120))
    assert card(everyday).rating == ""


def standing_in(report: Report) -> str:
    lines = [text.text for p in report.pages for block in p.blocks for text in block.lines]
    return fold(" ".join((*lines, *report.metadata.values())))


def assert_nothing_is_invented(report: Report) -> None:
    """Every name and title of a card stands in the report; parts of a title may stand apart."""
    text, read = standing_in(report), report.card
    for value in (read.institution, read.company, read.ticker, read.rating, read.period_text, *read.authors):
        assert fold(value) in text, value
    for part in read.title.split(" · "):
        assert fold(part) in text or all(fold(word) in text for word in part.replace("：", " ").split()), part


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.pdf")), ids=lambda path: path.stem)
def test_nothing_on_a_samples_card_is_invented(path) -> None:
    assert_nothing_is_invented(reading.read(path))


def test_the_samples_cards_are_as_printed() -> None:
    weekly = reading.read(SAMPLES / "zh_storage_weekly.pdf").card
    assert weekly == Card(
        title="大储招标放量，逆变器出海提速",
        institution="云岚证券研究所",
        authors=("沈砚秋",),
        date="2026-03-15",
        period="2026W11",
        period_text="2026 年第 11 周",
        rating="增持",
    )
    annual = reading.read(SAMPLES / "en_annual_report.pdf").card
    assert (annual.title, annual.company) == (
        "Halcyra Water Systems, Inc. 2025 Annual Report",
        "Halcyra Water Systems, Inc.",
    )
    assert (annual.ticker, annual.period, annual.date) == ("HLCY", "FY2025", "")


def test_the_real_reports_cards_are_filled_and_not_invented(shared) -> None:
    for path in sorted((shared / "reports").iterdir()):
        if "scan" in path.stem:
            continue
        report = reading.read(path)
        read = report.card
        assert_nothing_is_invented(report)
        assert read.title, path.name
        assert read.institution, path.name
        assert not read.title.lower().startswith("united states"), path.name
        if report.language == "en":
            assert read.company and read.ticker and days(read.period) and len(read.date) == 10, path.name
            assert fold(read.company).startswith(fold(path.stem.split("_")[0])[:4]), path.name
        else:
            assert read.authors, path.name
            assert (read.company, read.ticker) == ("", ""), path.name


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2025 年 5 月 6 日", "2025-05-06"),
        ("二零二五年十二月三十一日", "2025-12-31"),
        ("2025-05-06", "2025-05-06"),
        ("2025.5.6", "2025-05-06"),
        ("May 6, 2025", "2025-05-06"),
        ("6th May 2025", "2025-05-06"),
        ("Sept. 30, 2025", "2025-09-30"),
        ("2025年5月", "2025-05"),
        ("Tuesday, 6 May 2025", "2025-05-06"),
        ("香港,2025年3月21日", "2025-03-21"),
        ("2025-13-06", ""),
        ("2025年2月30日", ""),
        ("05/06/2025", ""),
        ("2025", ""),
    ],
)
def test_a_date_is_as_precise_as_printed(text, value) -> None:
    assert only_date(text) == value
    assert (find_date(f"({text})") is not None) == bool(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("通信行业周报(2025年第18周)", "2025W18"),
        ("宏观周报(2025.04.28-2025.05.04)", "2025-04-28/2025-05-04"),
        ("2025年一季报点评:业绩稳健", "2025Q1"),
        ("2024年第三季度报告", "2024Q3"),
        ("2024年半年度报告", "2024H1"),
        ("2024 年年度报告", "2024"),
        ("2025年A股年度投资策略", "2025"),
        ("2025年4月月报", "2025-04"),
        ("截至2025年6月30日止六个月业绩公告", "2025H1"),
        ("First-Quarter 2023 Results", "2023Q1"),
        ("Fourth Quarter and Full Year 2022 Results", "2022Q4"),
        ("Third quarter of fiscal year 2025", "FY2025Q3"),
        ("4Q24 review", "2024Q4"),
        ("Q2 2025 update", "2025Q2"),
        ("Half-Year Report 2025", "2025H1"),
        ("World Economic Outlook 2025", "2025"),
        ("Fiscal 2025 results", "FY2025"),
        ("Growth to 2030", ""),
        ("2025年5月6日", ""),
        ("Vision 2030, 100 questions", ""),
    ],
)
def test_a_period_has_one_form(text, value) -> None:
    found = find_period(text)
    assert (found.value if found else "") == value


def test_the_reports_of_a_series_sort_by_their_period() -> None:
    periods = ["2024-11-30", "FY2024Q4", "2025Q1", "2025W18", "2025-05-05/2025-05-11", "2025H1", "2025"]
    cards = [Card(period=period) if "W" in period or len(period) != 10 else Card(date=period) for period in periods]
    backwards = cards[::-1]
    assert sorted(backwards, key=period_key) == cards
    assert period_key(Card()) == ""
    ended = Card(period="FY2023", period_text="fiscal year ended June 30, 2023")
    assert period_key(ended) < period_key(replace(ended, period_text=""))
    assert [days(value) for value in ("2024-02", "2026W53", "2025W60", "soon", "")] == [
        ("2024-02-01", "2024-02-29"), ("2026-12-28", "2027-01-03"), None, None, None,
    ]  # fmt: skip
