"""Whether figures are held against what the evidence says of them, not only against all that stands there."""

import pytest

from rag.checking.citations import Checked, check
from rag.checking.grounding import Asked
from rag.types import Evidence


def item(text: str, about: str = "", n: int = 1, title: str = "") -> Evidence:
    return Evidence(
        n=n, report_id="r", report="r.pdf", title=title, page=n, section="", text=text, about=about, score=1 / n
    )


def checked(answer: str, *evidence: Evidence) -> Checked:
    chinese = any("一" <= char <= "鿿" for char in answer)
    question = "报告怎么说？" if chinese else "What does the report say?"
    asked = Asked.of(question, lambda terms: dict.fromkeys(terms, 0), 1000)
    return check(answer, asked, "zh" if chinese else "en", evidence)


def is_supported(answer: str, *evidence: Evidence) -> bool:
    result = checked(answer, *evidence)
    return not result.unsupported and result.text.replace(" ", "").replace("[1]", "") == answer.replace(" ", "")


TWO = item("Northvale's revenue rose 5% in 2024, while Eastmere's fell 10%.")
ZWEI = item("青禾科技2024年实现营收591亿元，同比增长27.88%；归母净利润32亿元，同比增长10.34%。")
CLOUD = item("公司云计算板块实现营收293.77亿元，同比增长64.37%，占公司整体营收首次超过四成。")
TABLE = item(
    "Flexible packaging | 2023: $11,154 | 2022: $11,092\nRigid packaging | 2023: 3,540 | 2022: 3,393\n"
    "Operating margin | 2023: 12.8 % | 2022: 13.6 %",
    about="Segment results; dollars in millions",
)
TABELLE = item(
    "北境国 | GDP增长率 2023: 2.5 | GDP增长率 2024: -1.3 | 失业率 2024: 6.3\n"
    "南泽国 | GDP增长率 2023: 3.1 | GDP增长率 2024: 2.9 | 失业率 2024: 3.5",
    about="表1：主要指标预测（%）",
)


@pytest.mark.parametrize(
    ("answer", "evidence"),
    [
        ("Northvale's revenue rose 5% in 2024.", TWO),
        ("Eastmere's revenue fell 10%.", TWO),
        ("In 2024, revenue of Northvale was up 5 percent.", TWO),
        ("青禾科技2024年归母净利润同比增长10.34%。", ZWEI),
        ("青禾科技2024年营收为5,910,000万元，同比增长27.9%。", ZWEI),
        ("归母净利润为32亿元，营收为591亿元。", ZWEI),
        ("云计算板块营收同比增长64.37%。", CLOUD),
        ("Flexible packaging had sales of $11,154 million in 2023.", TABLE),
        ("Flexible packaging had sales of $11.15 billion in 2023 and $11.09 billion in 2022.", TABLE),
        ("Rigid packaging was 3,393 in 2022.", TABLE),
        ("Operating margin was 12.8% in 2023.", TABLE),
        ("2024年南泽国的失业率为3.5%。", TABELLE),
        ("2024年北境国GDP增长率为-1.3%。", TABELLE),
    ],
)
def test_what_the_evidence_says_is_supported(answer: str, evidence: Evidence) -> None:
    assert is_supported(answer, evidence), checked(answer, evidence)


@pytest.mark.parametrize(
    ("answer", "evidence"),
    [
        ("Eastmere's revenue rose 5%.", TWO),
        ("Northvale's revenue fell 5% in 2024.", TWO),
        ("Northvale's revenue rose 5% in 2023.", TWO),
        ("Northvale's revenue rose 5 percentage points in 2024.", TWO),
        ("青禾科技2024年归母净利润同比增长27.88%。", ZWEI),
        ("青禾科技2023年营收为591亿元。", ZWEI),
        ("青禾科技2024年营收为591亿美元。", ZWEI),
        ("青禾科技2024年营收为591万元。", ZWEI),
        ("青禾科技2024年营收环比增长27.88%。", ZWEI),
        ("云计算占公司营收的比例为64.37%。", CLOUD),
        ("Flexible packaging had sales of $11,154 billion in 2023.", TABLE),
        ("Flexible packaging had sales of $11,154 million in 2022.", TABLE),
        ("Rigid packaging had sales of $11,154 million in 2023.", TABLE),
        ("2024年北境国的失业率为3.5%。", TABELLE),
        ("2023年北境国GDP增长率为-1.3%。", TABELLE),
    ],
)
def test_what_the_evidence_says_of_another_thing_is_not_supported(answer: str, evidence: Evidence) -> None:
    assert not is_supported(answer, evidence)


@pytest.mark.parametrize(
    ("answer", "evidence", "right"),
    [
        ("Northvale's revenue rose 6% in 2024.", TWO, "rose 5%"),
        ("青禾科技2024年实现营收519亿元。", ZWEI, "营收591亿元"),
        ("青禾科技2024年实现营收591万元。", ZWEI, "营收591亿元"),
        ("Flexible packaging was $11,145 million in 2023.", TABLE, "$11,154 million"),
    ],
)
def test_a_slip_is_put_right_where_one_figure_alone_can_be_meant(answer: str, evidence: Evidence, right: str) -> None:
    result = checked(answer, evidence)
    assert right in result.text
    assert result.unsupported == ()


def test_a_figure_that_may_have_been_worked_out_is_listed_and_not_replaced() -> None:
    result = checked("云计算占公司营收的52.4%。", CLOUD)
    assert "52.4%" in result.unsupported
    assert "52.4%" in result.text


def test_a_sentence_with_a_figure_of_its_own_gives_way_to_the_page_s() -> None:
    result = checked("Eastmere's revenue fell 10% and Northvale's 17%.", TWO)
    assert result.text == f"{TWO.text[:-1]} [1]."
    assert result.unsupported == ()


def test_two_figures_in_a_row_have_their_own_names() -> None:
    row = item("澜栖与栎野营收分别同比增长35.2%和26.8%。")
    assert is_supported("栎野营收同比增长26.8%。", row)
    assert is_supported("澜栖与栎野营收分别同比增长35.2%和26.8%。", row)
    assert not is_supported("栎野营收同比增长35.2%。", row)


def test_respectively_gives_each_figure_its_year() -> None:
    row = item("Lease costs were $410 million and $385 million in 2024 and 2023, respectively.")
    assert is_supported("Lease costs were $385 million in 2023.", row)
    assert not is_supported("Lease costs were $410 million in 2023.", row)


def test_the_end_of_a_change_is_not_its_beginning() -> None:
    row = item("服务业指数从5月的55.5降至10月的50.4。")
    assert is_supported("10月服务业指数降至50.4。", row)
    assert not is_supported("10月服务业指数降至55.5。", row)


def test_no_figure_is_finer_than_the_evidence_has_it() -> None:
    assert not is_supported("出货量约 41.3 万台。", item("出货量约 41 万台。"))
    assert is_supported("出货量约 41 万台。", item("出货量 41.3 万台。"))


def test_a_number_of_the_house_is_no_amount() -> None:
    row = item("上海：听松路18号云岚大厦12层，电话 000-55501001；汐港：海灯街66号，电话 000-55502002。")
    assert is_supported("汐港的电话是000-55502002。", row)


def test_a_mark_moves_to_the_item_that_says_it_of_the_same_thing() -> None:
    evidence = (item("栎野电气研发费用占比为5.2%。", n=1), item("澜栖储能海外收入占比为5.2%。", n=2))
    result = checked("澜栖储能海外收入占比为5.2%[1]。", *evidence)
    assert [citation.page for citation in result.citations] == [2]
