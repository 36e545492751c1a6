"""What questions ask for and what answers leave out, in made-up examples of both languages."""

import pytest

from rag.asking.completeness import completes, missing
from rag.asking.facets import Facet, Kind, facets

COMPLETE = [
    ("云帆科技一季度营收同比增了多少，是哪个季度的？", "2025年一季度营收同比增长12%[1]。"),
    ("云帆科技2024年收入和增速？", "收入9.6亿元，同比增长21%[1]。"),
    ("云帆科技2024年营收和净利润各是多少？", "营收9.6亿元，净利润1.2亿元[1][2]。"),
    ("5G基站有多少个？占移动基站的比重是多少", "共有120.5万个，占32.1%。"),
    ("5G基站有多少个？占移动基站的比重是多少", "120.5万个，占三成左右。"),
    ("毛利率变化了多少？", "与上年持平。"),
    ("员工有多少人？", "约两百人。"),
    ("互联网客户占几成？", "约80%。"),
    ("白皮书是谁发布的？", "储能联盟理事长王启明发布。"),
    ("岚城的电话是多少？", "000-5550-1001"),
    ("岚城的办公地址在哪", "岚城市滨海路18号3层"),
    ("图表3的数据来源是什么？", "来源：寰储数据。"),
    ("图表3的数据来源是什么？", "寰储数据、云帆研究所"),
    ("价格为什么下跌？", "供给过剩，需求不足，库存高企，行业竞争加剧"),
    ("价格为什么下跌？", "因为需求不足。"),
    ("三大引擎是哪三个？", "感知引擎、决策引擎和执行引擎。"),
    ("首次加息预计在何时？", "预计在通胀回落之后。"),
    ("云帆科技和星河储能谁增得快？", "云帆科技更快，增长30%，星河储能增长12%。"),
    ("云帆科技和星河储能谁增得快？", "云帆增长30%，星河增长12%。"),
    ("利润率是否下降？", "是的。"),
    ("评级下调了几次？", "两次"),
    ("这条线建议关注谁的产业链？", "华川、寒星的产业链。"),
    ("新能源为什么会挤占传统能源份额？", "绿色低碳发展加速了能源结构变革。"),
    ("营收是多少？", "没有找到。"),
    ("How much did revenue grow, and in which quarter?", "Revenue grew 12% in the first quarter of 2025 [1]."),
    ("What were revenue and net profit in 2024?", "Revenue was $9.6 million and net profit $1.2 million."),
    ("How many parameters does the model have?", "671 billion."),
    ("What share of sales comes from utilities?", "About 68%."),
    ("What was the growth rate?", "Sales doubled."),
    ("Who launched the initiative?", "Tarn Flow and Borealis."),
    ("Where is the control center?", "In Kessary."),
    ("Why did margins fall?", "Higher resin costs and duplicate costs during the move."),
    ("Why did margins fall?", "Because resin prices rose."),
    ("When will the plant open?", "Once permits are granted."),
    ("What is the source of figure 3?", "Company filings."),
    ("Which company supplies the chips?", "Norlake Semiconductors."),
    ("Did Metering or Filtration have the higher margin?", "Metering: 17.0% against 8.5% for Filtration."),
    ("Which two suppliers are named?", "Norlake and Tarn."),
    ("How many stores were closed?", "None."),
    ("By how many percentage points did it raise guidance?", "By 1 percentage point."),
    ("How many mobile phone subscribers are there?", "1.8 billion."),
    ("Is the broker upbeat about where prices go?", "Yes, it expects a rebound."),
    ("What EPS did it report for 2025?", "$1.62."),
]


@pytest.mark.parametrize(("question", "answer"), COMPLETE)
def test_complete_answer_is_not_called_incomplete(question, answer):
    assert missing(question, answer) == ()


INCOMPLETE = [
    ("行业整体营收同比增了多少，是哪个季度的？", "营收同比增长48%[1]。", Kind.PERIOD),
    ("云帆科技2024年收入和增速？", "收入9.6亿元[1]。", Kind.PERCENT),
    ("5G基站有多少个？占移动基站的比重是多少", "占34.4%。", Kind.FIGURE),
    ("云帆科技的营收和净利润各是多少？", "营收9.6亿元。", Kind.FIGURE),
    ("岚城的电话是多少，栖州的办公地址在哪", "栖州市滨海路18号", Kind.PHONE),
    ("出货量增速是多少，数据来源写的谁", "同比增长10%。", Kind.SOURCE),
    ("云帆科技和星河储能谁增得快？各是多少", "云帆科技增长30%。", Kind.COMPARISON),
    ("三大引擎是哪三个？", "感知引擎。", Kind.LIST),
    ("2月出口额是多少亿元？", "出口额同比上升。", Kind.MONEY),
    ("How much did revenue grow, and in which quarter?", "Revenue grew 12%.", Kind.PERIOD),
    ("What were revenue and net profit?", "Revenue was $9.6 million.", Kind.FIGURE),
    ("What was revenue in 2024 and its growth?", "Revenue was $9.6 million.", Kind.PERCENT),
    ("What is the phone number of the office?", "The office is in Kessary.", Kind.PHONE),
    ("Did Metering or Filtration have the higher margin?", "Metering had 17.0%.", Kind.COMPARISON),
    ("How many employees does Borealis have?", "Borealis has a large workforce.", Kind.FIGURE),
]


@pytest.mark.parametrize(("question", "answer", "kind"), INCOMPLETE)
def test_answer_that_leaves_something_out_names_its_kind(question, answer, kind):
    assert [facet.kind for facet in missing(question, answer)] == [kind]


def test_missing_figure_names_the_measure_that_is_not_there():
    lost = missing("云帆科技的营收和净利润各是多少？", "营收9.6亿元。")
    assert lost == (Facet(Kind.FIGURE, "net profit"),)
    assert completes(lost[0], "归母净利润1.2亿元，同比增长8%。")
    assert not completes(lost[0], "营收9.6亿元。")
    assert not completes(lost[0], "净利润承压。")


@pytest.mark.parametrize(
    ("facet", "span", "gives"),
    [
        (Facet(Kind.PERIOD), "2025年一季度，行业营收同比增长48%。", True),
        (Facet(Kind.PERIOD), "行业营收同比增长48%。", False),
        (Facet(Kind.PERIOD), "Revenue grew 12% in the first quarter.", True),
        (Facet(Kind.PERCENT), "收入9.6亿元。", False),
        (Facet(Kind.PERCENT), "收入同比增长21%。", True),
        (Facet(Kind.PHONE), "电话：000-5550-1001", True),
        (Facet(Kind.SOURCE), "来源：寰储数据", True),
        (Facet(Kind.REASON), "主要因需求不足。", True),
        (Facet(Kind.REASON), "Prices fell.", False),
        (Facet(Kind.COMPARISON, "Filtration"), "Filtration's margin was 8.5%.", True),
        (Facet(Kind.COMPARISON, "Filtration"), "Metering's margin was 17.0%.", False),
    ],
)
def test_sentence_completes_a_facet_only_when_it_gives_it(facet, span, gives):
    assert completes(facet, span) is gives


def test_facets_of_a_question_with_three_parts():
    kinds = [facet.kind for facet in facets("图表7出货量增速是多少、哪个季度的，数据来源写的谁")]
    assert sorted(kinds) == sorted([Kind.PERIOD, Kind.SOURCE, Kind.PERCENT])
