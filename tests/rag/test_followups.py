"""Follow-ups as questions that stand alone: by rule, by the model, and never with more than was said before."""

import pytest

from rag.asking.followups import completed, leans
from rag.asking.question import prepare
from rag.asking.standalone import is_faithful, standalone
from rag.llm import LanguageModel
from rag.settings import load
from rag.types import Turn

SALES = "曜川能源2025年营业收入是多少？"
CAPEX = "2025年一季度微软的资本开支同比增速如何？"
PRICES = "美国2023年通胀率是多少？"
BOTH = "栎野电气2024年的营业收入和净利润分别是多少？"
WHY = "2024年云岭茶业的毛利率为什么下降？"
CHINESE = [
    (SALES, "那净利润呢？", "曜川能源2025年净利润是多少？"),
    (SALES, "它的毛利率是多少？", "曜川能源2025年毛利率是多少？"),
    (SALES, "它的净利润呢", "曜川能源2025年净利润是多少？"),
    (SALES, "净利润呢", "曜川能源2025年净利润是多少？"),
    (SALES, "归母净利润？", "曜川能源2025年归母净利润是多少？"),
    (SALES, "增速？", "曜川能源2025年营业收入增速是多少？"),
    (SALES, "同比呢", "曜川能源2025年营业收入同比是多少？"),
    (SALES, "那2024年呢？", "曜川能源2024年营业收入是多少？"),
    (SALES, "2024年呢？", "曜川能源2024年营业收入是多少？"),
    (SALES, "上一年呢", "曜川能源2024年营业收入是多少？"),
    (SALES, "前一年呢？", "曜川能源2024年营业收入是多少？"),
    (SALES, "那栎野电气呢？", "栎野电气2025年营业收入是多少？"),
    (SALES, "那 Meta 呢？", "Meta 2025年营业收入是多少？"),
    (SALES, "那栎野电气2024年的净利润呢", "栎野电气2024年净利润是多少？"),
    (SALES, "它为什么亏损？", "曜川能源为什么亏损？"),
    (SALES, "毛利率是多少？", "曜川能源2025年毛利率是多少？"),
    (SALES, "那栎野电气的毛利率是多少？", "栎野电气2025年毛利率是多少？"),
    (SALES, "该公司的研发费用呢？", "曜川能源2025年研发费用是多少？"),
    (SALES, "那淨利潤呢？", "曜川能源2025年净利润是多少？"),
    (CAPEX, "那环比？", "2025年一季度微软的资本开支环比增速如何？"),
    (CAPEX, "亚马逊呢", "2025年一季度亚马逊的资本开支同比增速如何？"),
    (CAPEX, "二季度呢", "2025年二季度微软的资本开支同比增速如何？"),
    (CAPEX, "上一季度呢？", "2024年四季度微软的资本开支同比增速如何？"),
    (CAPEX, "研发费用呢？", "2025年一季度微软的研发费用同比增速如何？"),
    (CAPEX, "谷歌和亚马逊呢？", "2025年一季度谷歌和亚马逊的资本开支同比增速如何？"),
    (CAPEX, "換成亞馬遜呢", "2025年一季度亚马逊的资本开支同比增速如何？"),
    (CAPEX, "去年同期呢？", "2024年一季度微软的资本开支同比增速如何？"),
    ("2025年3月电信业务收入同比增长多少？", "4月呢？", "2025年4月电信业务收入同比增长多少？"),
    (PRICES, "欧元区呢？", "欧元区2023年通胀率是多少？"),
    (PRICES, "失业率呢？", "美国2023年失业率是多少？"),
    (PRICES, "那2024年？", "美国2024年通胀率是多少？"),
    (BOTH, "毛利率呢？", "栎野电气2024年的毛利率分别是多少？"),
    (BOTH, "2023年呢？", "栎野电气2023年的营业收入和净利润分别是多少？"),
    (WHY, "净利率呢？", "2024年云岭茶业的净利率为什么下降？"),
    (WHY, "那曜川能源呢？", "2024年曜川能源的毛利率为什么下降？"),
]
NET = "What were the net sales of Halcyra in 2025?"
ADS = "How much did Meta's ad revenue rise in Q1 2025?"
FALL = "Why did Osterby Mill's operating income fall in fiscal 2024?"
JOBS = "What is the unemployment rate in Norland for 2024?"
ENGLISH = [
    (NET, "And its gross margin?", "What was the gross margin of Halcyra in 2025?"),
    (NET, "And the operating income?", "What was the operating income of Halcyra in 2025?"),
    (NET, "What about 2024?", "What were the net sales of Halcyra in 2024?"),
    (NET, "And in 2024?", "What were the net sales of Halcyra in 2024?"),
    (NET, "and the year before?", "What were the net sales of Halcyra in 2024?"),
    (NET, "What about the previous year?", "What were the net sales of Halcyra in 2024?"),
    (NET, "And the following year?", "What were the net sales of Halcyra in 2026?"),
    (NET, "What about Osterby Mill?", "What were the net sales of Osterby Mill in 2025?"),
    (NET, "How about Osterby Mill in 2024?", "What were the net sales of Osterby Mill in 2024?"),
    (NET, "Same for Osterby Mill", "What were the net sales of Osterby Mill in 2025?"),
    (NET, "What was its operating income in 2024?", "What was Halcyra's operating income in 2024?"),
    (NET, "What was its net income?", "What was Halcyra's net income in 2025?"),
    (NET, "How much did it spend on R&D?", "How much did Halcyra spend on R&D in 2025?"),
    (NET, "What was the gross margin?", "What was the gross margin of Halcyra in 2025?"),
    (NET, "Net income?", "What was the Net income of Halcyra in 2025?"),
    (NET, "Did the company raise its guidance?", "Did Halcyra raise its guidance in 2025?"),
    (NET, "What is the company's headcount?", "What is Halcyra's headcount in 2025?"),
    (NET, "Who is its auditor?", "Who is Halcyra's auditor?"),
    (NET, "And what was its EBITDA the year before?", "What was Halcyra's EBITDA 2024?"),
    (ADS, "And Amazon?", "How much did Amazon's ad revenue rise in Q1 2025?"),
    (ADS, "What about Q2?", "How much did Meta's ad revenue rise in Q2 2025?"),
    (ADS, "And the quarter before?", "How much did Meta's ad revenue rise in Q4 2024?"),
    (ADS, "the previous quarter?", "How much did Meta's ad revenue rise in Q4 2024?"),
    (ADS, "And capex?", "How much did Meta's capex rise in Q1 2025?"),
    (ADS, "year on year?", "How much did Meta's ad revenue rise in Q1 2025, year on year?"),
    (ADS, "Amazon and Google?", "How much did Amazon and Google's ad revenue rise in Q1 2025?"),
    (ADS, "Who is its CFO?", "Who is Meta's CFO?"),
    (FALL, "And gross margin?", "Why did Osterby Mill's gross margin fall in fiscal 2024?"),
    (FALL, "What about fiscal 2023?", "Why did Osterby Mill's operating income fall in fiscal 2023?"),
    (FALL, "and Halcyra?", "Why did Halcyra's operating income fall in fiscal 2024?"),
    (JOBS, "And Sundland?", "What is the unemployment rate in Sundland for 2024?"),
    (JOBS, "What about inflation?", "What is the inflation in Norland for 2024?"),
]


@pytest.mark.parametrize(("before", "asked", "alone"), [*CHINESE, *ENGLISH])
def test_what_is_new_takes_the_place_of_its_kind(before: str, asked: str, alone: str) -> None:
    assert standalone(asked, [Turn(question=before, answer="…")]) == alone


@pytest.mark.parametrize(
    ("turns", "alone"),
    [
        ([SALES, "那栎野电气呢？", "它的净利润呢？"], "栎野电气2025年净利润是多少？"),
        ([SALES, "那净利润呢？", "2024年呢？"], "曜川能源2024年净利润是多少？"),
        ([SALES, "2024年呢？", "那前一年呢？"], "曜川能源2023年营业收入是多少？"),
        ([CAPEX, "亚马逊呢？", "那环比？"], "2025年一季度亚马逊的资本开支环比增速如何？"),
        ([SALES, CAPEX, "亚马逊呢？"], "2025年一季度亚马逊的资本开支同比增速如何？"),
        (
            [NET, "And Osterby Mill?", "What about its gross margin?"],
            "What was the gross margin of Osterby Mill in 2025?",
        ),
        ([NET, "and the year before?", "and the year before?"], "What were the net sales of Halcyra in 2023?"),
        ([NET, "And in 2024?", "And Osterby Mill?"], "What were the net sales of Osterby Mill in 2024?"),
        ([ADS, "And Amazon?", "And the quarter before?"], "How much did Amazon's ad revenue rise in Q4 2024?"),
        ([NET, ADS, "What about Q3?"], "How much did Meta's ad revenue rise in Q3 2025?"),
    ],
)
def test_a_chain_of_three_turns_keeps_what_was_said(turns: list[str], alone: str) -> None:
    history = [Turn(question=question, answer="…") for question in turns[:-1]]
    assert standalone(turns[-1], history) == alone


@pytest.mark.parametrize(
    "asked",
    [
        "栎野电气2025年毛利率是多少？",
        "2023年全球经济增长的特点是什么?",
        "那年微软的云业务收入是多少？",
        "哪些行业的出口在2024年增长最快？",
        "其他综合收益在云岭茶业2024年报表里是多少？",
        "报告对光模块行业的投资建议是什么？",
        "为什么欧洲央行在2023年加息？",
        "Which products did Halcyra launch in October 2024?",
        "Unit cost of brass resin inputs?",
        "Has Osterby Mill increased its debt on the balance sheet?",
        "Is Osterby Mill a capital intensive business?",
        "Is it true that Halcyra closed a plant in 2024?",
        "Which companies raised their guidance in 2025?",
        "Which bank says that its margin will fall?",
        "What does the report say that investors in Norland expect?",
        "How many IT staff did Halcyra hire this year?",
        "Did analysts change their view of Halcyra?",
        "And what was Osterby Mill's revenue in 2024?",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(asked: str) -> None:
    history = [Turn(question=NET, answer="…"), Turn(question=SALES, answer="…")]
    assert standalone(asked, history) == asked


@pytest.mark.parametrize("asked", ["为什么？", "这个增速合理吗？", "后者的净利润呢？", "其中海外占多少？"])
def test_without_a_rule_or_a_model_the_question_before_comes_in_front(asked: str) -> None:
    assert standalone(asked, [Turn(question=SALES, answer="…")]) == f"{SALES} {asked}"


@pytest.mark.parametrize("asked", ["Why?", "How did they change?", "Is that a lot?", "What did the latter earn?"])
def test_the_same_in_english(asked: str) -> None:
    assert standalone(asked, [Turn(question=NET, answer="…")]) == f"{NET} {asked}"


def test_one_name_does_not_take_the_place_of_two_that_are_compared() -> None:
    assert completed("百度呢？", "腾讯和阿里巴巴2024年谁的资本开支高？") is None
    assert completed("And Amazon?", "Which of Meta and Google grew faster in 2024?") is None


def test_a_turn_in_the_other_language_is_not_for_rules() -> None:
    assert completed("And its gross margin?", SALES) is None
    assert standalone("And its gross margin?", [Turn(question=SALES, answer="…")]).endswith("And its gross margin?")


def test_a_name_alone_goes_on_and_a_whole_question_does_not() -> None:
    assert leans("Osterby Mill?")
    assert leans("栎野电气？")
    assert not leans("How much rye did Osterby Mill grind?")


@pytest.fixture
def model(chat_server, models_dir, tmp_path) -> LanguageModel:
    settings = load(store=tmp_path, models_dir=models_dir, llm="test", llm_base_url=chat_server.url)
    return LanguageModel("test", settings)


HISTORY = [Turn(question=NET, answer="Halcyra's net sales were $1,247.4 million [1].")]


def test_the_model_rewrites_what_no_rule_can(chat_server, model) -> None:
    chat_server.pieces = ["Question: Why did Halcyra's net sales ", "change in 2025?"]
    asked = prepare("Why?", HISTORY, (), model)
    assert asked.standalone == "Why did Halcyra's net sales change in 2025?"
    assert asked.text == "Why?"
    shown = chat_server.prompt()
    assert NET in shown
    assert "$1,247.4 million" in shown
    assert "[1]" not in shown


@pytest.mark.parametrize(
    "asked", ["And in 2024?", "Which products did Osterby Mill launch?", "And what about that?", "那具体呢？"]
)
def test_the_model_is_not_asked_where_a_rule_is_sure_or_nothing_is_missing(chat_server, model, asked: str) -> None:
    standalone(asked, HISTORY, model)
    assert not chat_server.requests


@pytest.mark.parametrize(
    "written",
    [
        "Why did Halcyra's net sales rise by 12% in 2025?",  # a figure of its own
        "Why did Osterby's net sales change in 2025?",  # a name of its own
        "Halcyra的销售额为什么变化？",
        "Because demand grew [1].",
        "Halcyra " * 60,
        NET,
    ],
)
def test_what_the_model_adds_is_not_searched_for(chat_server, model, written: str) -> None:
    chat_server.pieces = [written]
    assert standalone("Why?", HISTORY, model) == f"{NET} Why?"


def test_a_model_that_fails_does_no_harm(chat_server, model) -> None:
    chat_server.status, chat_server.body = 500, "{}"
    assert standalone("Why?", HISTORY, model) == f"{NET} Why?"


def test_a_rewritten_question_keeps_the_figures_and_names_of_the_follow_up() -> None:
    source = f"{NET} Why in 2024, unlike Amazon?"
    assert is_faithful(
        "Why were the net sales of Halcyra in 2024 unlike Amazon?", "Why in 2024, unlike Amazon?", NET, source
    )
    assert not is_faithful("Why were the net sales of Halcyra like this?", "Why in 2024, unlike Amazon?", NET, source)
