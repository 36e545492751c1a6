"""Contradictions found in made-up reports, and the many pairs of figures that are none."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from index.types import BlockKind, Hit, Sentence
from rag import ReportQA
from rag.cli import app
from rag.conflicts import asks_for_consistency, conflicts_for, sentence, sides
from rag.conflicts.finding import claims_of, contradictions, grouped
from rag.settings import Settings
from rag.types import Citation, Conflict, ConflictFigure


def _hits(*places: tuple[str, str], kind: BlockKind = BlockKind.PARAGRAPH, context: str = "") -> list[Hit]:
    """Chunks of one report, each (section, text) on a page of its own."""
    return [
        Hit(10 * page, "r", "r.pdf", "", page, section, kind, text, (Sentence(text, page, text),), context)
        for page, (section, text) in enumerate(places, 1)
    ]


def _table(page: int, rows: list[str]) -> Hit:
    sentences = tuple(Sentence(row, page) for row in rows)
    return Hit(page, "r", "r.pdf", "", page, f"Part {page}", BlockKind.TABLE, "", sentences, "In millions")


def _found(hits: list[Hit]) -> tuple[Conflict, ...]:
    claims = claims_of(hits, {})
    return grouped(contradictions(claims), claims)


TRUE_PAIRS = [
    ("景泰云收入本季度同比增长 41%，好于预期。", "景泰云营收同比增长 38%，为近三年最快。"),
    ("澜川股份 2025 年归母净利润 13.6 亿元。", "澜川股份2025年实现归属于上市公司股东的净利润16.3亿元，创历史新高。"),
    ("2025 年一季度国内动力电池装机量 128GWh。", "1Q25 国内动力电池装机量为 118GWh。"),
    ("截至 2025 年 6 月末，霁云科技员工 5210 人。", "截至2025年6月末，霁云科技共有员工5120名。"),
    ("我们预计 2026 年白鹭市 GDP 增速为 4.8%。", "预计2026年白鹭市GDP增速为4.5%左右。"),
    ("本周工业硅均价 11.2 万元/吨。", "工业硅本周均价12.1万元/吨，库存下降。"),
    ("Net income was $83.1 million in fiscal 2025.", "In fiscal 2025, net income reached $81.3 million."),
    ("Cash at March 31, 2025 was $142.6 million.", "We held cash of $146.2 million at March 31, 2025."),
    ("Orlane Cloud revenue grew 35% in the first quarter of 2025.", "In Q1 2025, Orlane Cloud revenue rose 32%."),
    (
        "At June 30, 2025, we had approximately 4,860 employees.",
        "Our 4,680 employees at June 30, 2025 live in six states.",
    ),
    (
        "Our largest customer, the Brigg Water Trust, accounted for 11% of net sales in 2025.",
        "One customer, the Brigg Water Trust, represented 13% of net sales in 2025.",
    ),
    (
        "Capital expenditures were $214 million and $180 million in 2025 and 2024, respectively.",
        "In 2025, capex was $241 million.",
    ),
    ("3 月全国新能源乘用车零售销量 98.6 万辆，同比增长 28%。", "数据显示，3月新能源乘用车零售销量为 96.8 万辆。"),
    ("岚图精工 2024 年研发费用 7.8 亿元，占收入比重 6.2%。", "岚图精工2024年研发投入8.7亿元。"),
    ("公司一季度综合毛利率为 23.5%。", "公司一季度综合毛利率 25.3%，环比改善。"),
    ("截至 2025 年末，门店总数达到 1286 家。", "截至2025年末，公司门店总数为1268家。"),
    ("2025 年三季度，华岳银行不良贷款率 1.32%。", "华岳银行2025年三季度末不良贷款率为1.23%。"),
    ("预计 2026 年光伏新增装机 280GW。", "我们预计2026年光伏新增装机260GW，同比持平。"),
    ("全球手机出货量一季度同比下降 4.1%。", "一季度全球手机出货同比下降 1.4%。"),
    ("一季度全球手机出货量同比增长 3.1%。", "一季度全球手机出货量同比下降 3.1%。"),
    ("Adjusted EBITDA for fiscal 2025 was $412 million.", "In fiscal 2025, adjusted EBITDA was $421 million."),
    ("We operated 1,286 stores at December 31, 2025.", "At December 31, 2025, we operated 1,268 stores."),
    ("Gross margin was 42.1% in the third quarter of 2025.", "Third quarter 2025 gross margin was 41.2%."),
    ("The effective tax rate for 2025 was 22.0%.", "Our effective tax rate was 20.2% in 2025."),
    ("Total debt was $3.4 billion at June 30, 2025.", "At June 30, 2025, total debt stood at $3.1 billion."),
    ("Europe accounted for 31% of revenue in 2025.", "In 2025, Europe represented 28% of revenue."),
    ("Free cash flow in 2025 was $1.2 billion.", "Free cash flow reached $1.4 billion in 2025."),
    ("Dividends paid in 2025 totaled $48 million.", "We paid dividends of $84 million in 2025."),
    ("Same-store sales rose 4.2% in Q3 2025.", "Q3 2025 same-store sales rose 2.4%."),
    ("Veltra's net loss was $56 million in 2025.", "Veltra reported a net loss of $65 million in 2025."),
]


@pytest.mark.parametrize(("one", "other"), TRUE_PAIRS)
def test_two_figures_for_one_thing_are_found(one: str, other: str) -> None:
    found = _found(
        _hits(("要点" if "。" in one else "Highlights", one), ("二、经营分析" if "。" in one else "Item 7", other))
    )
    assert [[figure.page for figure in conflict.figures] for conflict in found] == [[1, 2]]


NEAR_MISSES = [
    # another period
    ("景泰云收入一季度同比增长 41%。", "景泰云收入二季度同比增长 38%。"),
    ("澜川股份 2024 年归母净利润 13.6 亿元。", "澜川股份 2025 年归母净利润 16.3 亿元。"),
    ("1-3 月光伏组件出口同比增长 3.2%。", "3 月光伏组件出口同比增长 19.6%。"),
    ("2025 年上半年澜川股份营业收入 88 亿元。", "2025 年澜川股份营业收入 132 亿元。"),
    ("Net income was $83.1 million in fiscal 2025.", "Net income was $81.3 million in fiscal 2024."),
    (
        "Orlane Cloud revenue grew 35% in the first quarter of 2025.",
        "Orlane Cloud revenue grew 32% in the second quarter of 2025.",
    ),
    (
        "For the quarter ended June 30, 2025, Orlane revenue was $2.1 billion.",
        "For the year ended June 30, 2025, Orlane revenue was $3.9 billion.",
    ),
    # another scope
    ("澜川股份 2025 年国内收入 88 亿元。", "澜川股份 2025 年海外收入 61 亿元。"),
    ("澜川股份 2025 年净利润 14.1 亿元。", "澜川股份 2025 年归母净利润 13.6 亿元。"),
    ("澜川股份 2025 年营业收入 88 亿元。", "泊远电子 2025 年营业收入 92 亿元。"),
    ("2025 年白鹭市 GDP 增速为 4.8%。", "2025 年云栖市 GDP 增速为 4.5%。"),
    ("The Filters segment had 3,500 employees at June 30, 2025.", "We had 4,860 employees at June 30, 2025."),
    ("Orlane Cloud revenue grew 35% in Q1 2025.", "Orlane Devices revenue grew 32% in Q1 2025."),
    # another way of counting
    ("澜川股份 2025 年归母净利润 13.6 亿元。", "澜川股份 2025 年扣非归母净利润 12.9 亿元。"),
    (
        "Diluted earnings per share were $1.62 in fiscal 2025.",
        "Adjusted diluted earnings per share were $1.75 in fiscal 2025.",
    ),
    ("Net sales rose 7.2% in fiscal 2025.", "Net sales rose 6.4% in fiscal 2025 at constant currency."),
    # a forecast, a target, a consensus, what was before
    ("澜川股份 2025 年出货 98GWh。", "公司此前指引澜川股份 2025 年出货 90GWh。"),
    ("澜川股份一季度营收 88 亿元。", "市场预期澜川股份一季度营收 85 亿元。"),
    (
        "Orlane revenue was $2.1 billion in the first quarter of 2025.",
        "Analysts expected Orlane revenue of $2.0 billion in the first quarter of 2025.",
    ),
    (
        "Capital expenditures were $52.6 million in fiscal 2025.",
        "Our guidance was for capital expenditures of $55 million in fiscal 2025.",
    ),
    ("澜川股份将全年资本开支上调至 72 亿元。", "澜川股份全年资本开支原指引 65 亿元。"),
    # on the year, on the quarter; the change, the level
    ("景泰云收入一季度同比增长 41%。", "景泰云收入一季度环比增长 38%。"),
    ("澜川股份 2025 年毛利率 21.7%。", "澜川股份 2025 年毛利率同比提升 1.4 个百分点。"),
    ("澜川股份 2025 年海外收入占比 33.8%。", "澜川股份 2025 年海外收入同比增长 41%。"),
    # rounding and units
    ("澜川股份 2025 年营业收入 132.4 亿元。", "澜川股份 2025 年营业收入约 132 亿元。"),
    ("澜川股份 2025 年营业收入 132.4 亿元。", "澜川股份 2025 年营业收入 13,240 百万元。"),
    ("Net sales were $1,247.4 million in fiscal 2025.", "Net sales were about $1.25 billion in fiscal 2025."),
    ("We serve more than 2,300 utilities at June 30, 2025.", "We serve 2,418 utilities at June 30, 2025."),
    # the figure of the other stands beside it
    ("澜川股份 2025 年出货 98GWh，其中储能 92GWh。", "澜川股份 2025 年出货 92GWh。"),
    # one of several parts
    ("甲能、乙能 2025 年装机量分别为 12GWh 和 14GWh。", "乙能 2025 年装机量为 14GWh。"),
    # and others, written after all of the above was right
    ("3 月全国新能源乘用车零售销量 98.6 万辆。", "3 月全国新能源乘用车批发销量 113 万辆。"),
    ("3 月全国新能源乘用车零售销量 98.6 万辆。", "3 月全国乘用车零售销量 196 万辆。"),
    ("岚图精工 2024 年研发费用 7.8 亿元。", "岚图精工 2024 年销售费用 8.7 亿元。"),
    ("公司一季度综合毛利率为 23.5%。", "公司一季度主营业务毛利率 25.3%。"),
    ("公司一季度毛利率为 23.5%。", "公司一季度净利率 15.3%。"),
    ("截至 2025 年末，门店总数达到 1286 家。", "截至 2024 年末，门店总数达到 1168 家。"),
    ("2025 年三季度，华岳银行不良贷款率 1.32%。", "2025 年三季度，东屿银行不良贷款率 1.23%。"),
    ("预计 2026 年光伏新增装机 280GW。", "预计 2027 年光伏新增装机 300GW。"),
    ("预计 2026 年光伏新增装机 280GW。", "2025 年光伏新增装机 260GW。"),
    ("全球手机出货量一季度同比下降 4.1%。", "中国手机出货量一季度同比下降 3.2%。"),
    ("IDC 数据显示，一季度全球平板出货量同比增长 5.1%。", "一季度全球手机出货量同比增长 3.1%。"),
    ("5 月 CPI 同比上涨 2.1%。", "5 月核心 CPI 同比上涨 1.8%。"),
    ("5 月 CPI 同比上涨 2.1%。", "5 月 PPI 同比上涨 1.8%。"),
    ("公司营收从 88 亿元增长至 96 亿元。", "公司营收 96 亿元。"),
    ("铜价由 6.8 万元/吨涨至 7.2 万元/吨。", "本周铜价 7.2 万元/吨。"),
    ("美联储加息 25 个基点。", "欧洲央行加息 50 个基点。"),
    ("上调 2025 年增速预测至 3.2%。", "此前预测 2025 年增速为 2.9%。"),
    ("中性情形下，2026 年油价为 75 美元/桶。", "悲观情形下，2026 年油价为 65 美元/桶。"),
    ("Adjusted EBITDA for fiscal 2025 was $412 million.", "EBITDA for fiscal 2025 was $391 million."),
    ("We operated 1,286 stores at December 31, 2025.", "We operated 1,201 stores at December 31, 2024."),
    ("We opened 86 stores in 2025.", "We closed 62 stores in 2025."),
    (
        "Gross margin was 42.1% in the third quarter of 2025.",
        "Gross margin was 41.2% in the nine months ended September 30, 2025.",
    ),
    (
        "Gross margin was 42.1% in the third quarter of 2025.",
        "Operating margin was 38.2% in the third quarter of 2025.",
    ),
    ("Europe accounted for 31% of revenue in 2025.", "Asia accounted for 28% of revenue in 2025."),
    ("Europe accounted for 31% of revenue in 2025.", "Europe accounted for 28% of operating income in 2025."),
    ("Basic earnings per share were $1.64 in 2025.", "Diluted earnings per share were $1.62 in 2025."),
    ("Revenue rose 12% in the first quarter of 2025.", "Revenue rose 9% in the first quarter of 2024."),
    (
        "Interest expense rose to $24.3 million from $21.8 million in 2025.",
        "Interest expense was $24.3 million in 2025.",
    ),
    ("Long-term debt was $3.4 billion at June 30, 2025.", "Total debt was $3.9 billion at June 30, 2025."),
    ("The company expects revenue of $5.0 billion in 2026.", "Consensus revenue for 2026 is $5.2 billion."),
    ("Product revenue was $812 million in 2025.", "Service revenue was $702 million in 2025."),
    ("Unit sales rose 4% in Q3 2025.", "Sales rose 6% in Q3 2025."),
    ("The base case assumes growth of 3% in 2026.", "The downside case assumes growth of 2% in 2026."),
    (
        "Volume contributed 5.1 percentage points to growth in 2025.",
        "Price contributed 4.4 percentage points to growth in 2025.",
    ),
    ("Capacity will rise to 44,000 tons in 2026.", "Capacity was 40,000 tons in 2025."),
    (
        "Net income attributable to the parent was $83 million in 2025.",
        "Net income, including noncontrolling interests, was $91 million in 2025.",
    ),
]


@pytest.mark.parametrize(("one", "other"), NEAR_MISSES)
def test_different_things_are_no_contradiction(one: str, other: str) -> None:
    places = ("要点", "二、经营分析") if "。" in one else ("Highlights", "Item 7")
    assert _found(_hits((places[0], one), (places[1], other))) == ()


def test_a_heading_that_names_a_company_is_the_subject_of_what_stands_below() -> None:
    text = "2025 年实现营业收入 {} 亿元；储能电芯出货 {}GWh。"
    two = _hits(
        ("公司公告 › 澜川股份（900123.YL）", text.format(412, 98)),
        ("公司公告 › 泊远电子（900321.YL）", text.format(433, 92)),
    )
    assert _found(two) == ()
    one = _hits(
        ("要点 › 电芯", "澜川股份 2025 年储能电芯出货 98GWh。"),
        ("公司公告 › 澜川股份（900123.YL）", text.format(412, 92)),
    )
    assert [figure.value for figure in _found(one)[0].figures] == ["98GWh", "92GWh"]


def test_two_businesses_told_in_the_same_words_are_no_contradiction() -> None:
    text = "Operating revenues increased {}% in 2025, and the margin was {}%."
    assert (
        _found(
            _hits(
                ("Item 7 › Consumer › Revenues", text.format(7, 21)),
                ("Item 7 › Business › Revenues", text.format(4, 18)),
            )
        )
        == ()
    )


def test_every_place_that_gives_one_of_the_figures_is_listed() -> None:
    text = "景泰云收入本季度同比增长 {}%。"
    found = _found(
        _hits(
            ("要点", text.format(41)), ("二、分析", text.format(38)), ("四、新闻", "景泰云收入增长 38%，略高于预期。")
        )
    )
    assert [(figure.value, figure.page) for figure in found[0].figures] == [("41%", 1), ("38%", 2), ("38%", 3)]


def test_a_cell_that_differs_between_two_printings_of_a_table_is_found() -> None:
    rows = [
        "Net sales | 2025: $1,247 | 2024: $1,164",
        "Operating income | 2025: {} | 2024: 116",
        "Net income | 2025: 83 | 2024: 68",
    ]
    hits = [_table(1, [row.format(129) for row in rows]), _table(2, [row.format(192) for row in rows])]
    found = _found(hits)
    assert [[(figure.value, figure.page) for figure in conflict.figures] for conflict in found] == [
        [("129", 1), ("192", 2)]
    ]
    other = [
        ("Net sales | 2025: $612 | 2024: $549"),
        "Operating income | 2025: 104 | 2024: 82",
        "Net income | 2025: 61 | 2024: 47",
    ]
    segments = [hits[0], _table(2, other)]
    assert _found(segments) == ()


def test_the_planted_contradictions_of_the_samples_are_found_and_no_others(sample_store: Path) -> None:
    with ReportQA.open(sample_store, Settings(llm="none")) as qa:
        found = {
            name: [sorted({figure.page for figure in conflict.figures}) for conflict in qa.conflicts(name)]
            for name in ("zh_storage_weekly.pdf", "en_annual_report.pdf")
        }
    assert sorted(found["zh_storage_weekly.pdf"]) == [[1, 3], [1, 4], [1, 6]]
    assert sorted(found["en_annual_report.pdf"]) == [[2, 6], [4, 5], [4, 9]]


def test_the_command_prints_the_values_with_their_pages(sample_store: Path, tmp_path: Path) -> None:
    store = shutil.copytree(sample_store, tmp_path / "store")
    ran = CliRunner().invoke(app, ["conflicts", "en_annual_report.pdf", "--json", "--store", str(store)])
    figures = [[(f["value"], f["page"]) for f in conflict["figures"]] for conflict in json.loads(ran.stdout)]
    assert ran.exit_code == 0
    assert [("$78.4 million", 2), ("$74.8 million", 6)] in figures
    shown = CliRunner().invoke(app, ["conflicts", "en_annual_report.pdf", "--store", str(store)]).stdout
    assert "$78.4 million  en_annual_report.pdf p.2" in shown


def test_an_answer_is_told_what_else_the_reports_say_of_its_figure(sample_store: Path) -> None:
    with ReportQA.open(sample_store, Settings(llm="none")) as qa:
        hits = qa.search("曜川能源2025年储能电芯出货量", 40)
        first = next(hit for hit in hits if hit.page == 1 and "98GWh" in hit.text)
        cited = [Citation(n=1, report=first.report, title="", page=1, section="", quote=first.text, score=1)]
        told = conflicts_for("曜川能源 2025 年出货 98GWh [1]。", cited, qa.library, hits)
        assert [[(f.value, f.page) for f in conflict.figures] for conflict in told] == [[("98GWh", 1), ("92GWh", 6)]]
        assert conflicts_for("曜川能源出货量同比增长 42% [1]。", cited, qa.library, hits) == ()


def test_reports_contradict_each_other_only_about_what_both_name(tmp_path: Path, models_dir: Path) -> None:
    texts = {
        "a.md": "# 储能周报\n\n## 要点\n\n澜川股份 2025 年储能电芯出货 98GWh，居行业首位。本周工业硅均价 11.2"
        " 万元/吨。\n",
        "b.md": "# 电芯深度\n\n## 公司\n\n澜川股份 2025 年储能电芯出货 92GWh。本周工业硅均价 12.9 万元/吨。\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with ReportQA.open(tmp_path / "store", Settings(llm="none")) as qa:
        qa.ingest([tmp_path / name for name in texts])
        assert qa.conflicts("a.md") == ()
        found = qa.conflicts("a.md", others=True)
    assert [[(f.value, f.report) for f in conflict.figures] for conflict in found] == [
        [("98GWh", "a.md"), ("92GWh", "b.md")]
    ]


def test_the_sentence_gives_each_value_once_with_its_pages() -> None:
    figures = (("41%", 1), ("38%", 3), ("38%", 10))
    conflict = Conflict(
        subject="景泰云收入",
        figures=tuple(ConflictFigure(value=value, report="r.pdf", page=page, quote="") for value, page in figures),
    )
    assert sentence(conflict, "zh") == "报告对“景泰云收入”的说法不一致：41%（第1页），38%（第3、10页）。"
    expected = "The report gives different figures for “景泰云收入”: 41% (p. 1) and 38% (p. 3, 10)."
    assert sentence(conflict, "en") == expected
    first, second, _ = conflict.figures
    two = Conflict(subject="x", figures=(first, second.model_copy(update={"report": "s.pdf"})))
    assert sentence(two, "en").endswith("41% (r.pdf, p. 1) and 38% (s.pdf, p. 3).")


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("首页的说法和后面一致吗", True),
        ("标题说招标放量，正文撑得住吗？", True),
        ("摘要里的研发费用和附注对得上吗", True),
        ("这两处的口气一样吗", True),
        ("报告自相矛盾吗", True),
        ("Does the cash flow support the claim in the headline?", True),
        ("Is the guidance at odds with the risk section?", True),
        ("Do the employee figures square with each other?", True),
        ("Is the report consistent on margins?", True),
        ("市场一致预期是多少", False),
        ("地缘冲突对油价有何影响", False),
        ("公司支持哪些项目", False),
        ("Which products support growth?", False),
        ("Did geopolitical tensions affect results?", False),
        ("What is the reconciliation of adjusted EBITDA?", False),
    ],
)
def test_questions_about_consistency_are_known(question: str, asks: bool) -> None:
    assert asks_for_consistency(question) is asks


def test_both_sides_come_from_different_places_the_named_one_first() -> None:
    hits = _hits(
        ("要点", "景泰云业绩验证人工智能商业化加速，算力投资延续高景气。"),
        ("二、行业", "以太网交换机市场结构性分化明显，需求稳健向上。"),
        ("四、新闻 › 景泰云", "虽然人工智能拉动明显，但景泰云超出预期的部分实际上来自传统业务。"),
    )
    first, *others = sides("首页对景泰云的看法和新闻里一致吗", hits)
    assert first.hit.page == 1
    assert others[0].hit.page == 3
    assert sides("首页对景泰云的看法和新闻里一致吗", hits[:1]) == ()
