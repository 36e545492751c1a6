"""What a model may write, held against evidence."""

import pytest

from rag.checking.citations import Checked, check, is_refusal
from rag.checking.figures import find, stands_in
from rag.checking.grounding import Asked
from rag.quoting import quoted
from rag.types import Evidence


def item(n: int, text: str, page: int = 0, section: str = "", report: str = "weekly.pdf") -> Evidence:
    return Evidence(
        n=n, report_id=report, report=report, title="", page=page or n, section=section, text=text, score=1.0 / n
    )


ZH = [
    item(1, "澜栖储能营业收入 156.8 亿元，同比增长 35.2%。公司将 2026 年系统出货目标定为 45GWh。", page=6),
    item(2, "栎野电气营业收入 88.5 亿元，同比增长 26.8%；毛利率 38.6%。", page=7),
    item(3, "行业评级维持增持。", page=2),
]
EN = [
    item(1, "Net sales rose 7.2% to $1,247.4 million. Gross margin widened by 110 basis points to 39.0%.", page=2),
    item(2, "Research and development spending reached $78.4 million.", page=5),
    item(3, "The company was founded in 1968 as a maker of brass water meters.", page=4),
]


def checked(text: str, question: str, language: str, evidence: list[Evidence]) -> Checked:
    asked = Asked.of(question, lambda terms: dict.fromkeys(terms, 0), 1000)
    return check(text, asked, language, evidence)


def pages(result: Checked) -> list[int]:
    return [citation.page for citation in result.citations]


def test_an_answer_about_another_company_than_the_one_asked_for_is_none() -> None:
    question = "宁德时代2025年营业收入是多少？"
    asked = Asked.of(question, lambda terms: dict.fromkeys(terms, 1), 1000)
    assert any(len(forms) > 1 for forms in asked.names)
    assert not check("栎野电气营业收入 88.5 亿元[2]。", asked, "zh", ZH).found
    own = [item(1, "宁德2025年营业收入 88.5 亿元。")]
    assert check("2025年营业收入 88.5 亿元[1]。", asked, "zh", own).found


def test_growth_of_operating_income_is_no_operating_margin() -> None:
    rows = [item(1, "Segment operating income: Metering | 2025: $104.1 | 2024: $82.3 | 2025 vs 2024: 26.5%")]
    assert not checked("Metering: 26.5% [1].", "How did the operating margin of Metering change?", "en", rows).found


def test_a_good_mark_is_resolved_to_its_page() -> None:
    result = checked("Net sales rose 7.2% [1].", "How much did net sales rise?", "en", EN)
    assert result.found
    assert result.text == "Net sales rose 7.2% [1]."
    assert pages(result) == [2]
    assert result.unsupported == ()


def test_unknown_marks_are_dropped() -> None:
    result = checked("Net sales rose 7.2% [1][9].", "How much did net sales rise?", "en", EN)
    assert "[9]" not in result.text
    assert pages(result) == [2]


@pytest.mark.parametrize("mark", ["[1]", "【1】", "［1］", "[证据1]", "[Evidence 1]", "[1, 1]"])
def test_marks_are_read_in_every_bracket(mark: str) -> None:
    result = checked(f"Net sales rose 7.2% {mark}.", "How much did net sales rise?", "en", EN)
    assert result.text == "Net sales rose 7.2% [1]."


def test_a_mark_moves_to_the_item_that_has_the_figure() -> None:
    result = checked("R&D spending was $78.4 million [1].", "How much was R&D spending?", "en", EN)
    assert pages(result) == [5]
    assert result.unsupported == ()


def test_a_chinese_mark_moves_to_the_item_that_has_the_figure() -> None:
    result = checked("栎野电气营业收入为 88.5 亿元[1]。", "栎野电气营业收入多少？", "zh", ZH)
    assert pages(result) == [7]


def test_a_chinese_mark_moves_where_figures_touch_the_words() -> None:
    result = checked("栎野电气营业收入为88.5亿元[1]。", "栎野电气营业收入多少？", "zh", ZH)
    assert pages(result) == [7]


def test_a_missing_mark_is_added_before_the_full_stop() -> None:
    result = checked("The company was founded in 1968.", "When was the company founded?", "en", EN)
    assert result.text == "The company was founded in 1968 [1]."
    assert pages(result) == [4]


def test_a_missing_chinese_mark_is_added_without_a_space() -> None:
    result = checked("行业评级维持增持。", "行业评级是什么？", "zh", ZH)
    assert result.text == "行业评级维持增持[1]。"
    assert pages(result) == [2]


def test_every_sentence_gets_its_own_mark() -> None:
    result = checked(
        "Net sales rose 7.2%. Research and development spending reached $78.4 million.",
        "What were the growth of net sales and the research spending?",
        "en",
        EN,
    )
    assert result.text.count("[1]") == result.text.count("[2]") == 1
    assert pages(result) == [2, 5]


def test_marks_are_numbered_anew_in_the_order_they_appear() -> None:
    result = checked(
        "The company was founded in 1968 [3]. Net sales rose 7.2% [1].",
        "What happened in 1968 and in 2025?",
        "en",
        EN,
    )
    assert result.text == "The company was founded in 1968 [1]. Net sales rose 7.2% [2]."
    assert [(citation.n, citation.page) for citation in result.citations] == [(1, 4), (2, 2)]


def test_a_sentence_that_answers_half_of_the_question_is_kept_with_its_own_page_alone() -> None:
    evidence = [item(1, EN[0].text, page=2, section="Letter"), item(2, EN[2].text, page=4, section="Business")]
    result = checked(
        "The company was founded in 1968 [2]. Net sales rose 7.2% [1].",
        "When was the company founded and how much did net sales rise?",
        "en",
        evidence,
    )
    assert result.text == "The company was founded in 1968 [1]. Net sales rose 7.2% [2]."
    assert pages(result) == [4, 2]


def test_one_source_of_two_sentences_is_cited_once() -> None:
    result = checked(
        "Net sales rose 7.2% [1]. Gross margin widened to 39.0% [1].",
        "How did net sales and gross margin change?",
        "en",
        EN,
    )
    assert len(result.citations) == 1
    assert result.text.count("[1]") == 2


@pytest.mark.parametrize(
    ("text", "question", "language", "evidence", "wrong"),
    [
        ("Net sales rose 9.9% [1].", "How much did net sales rise?", "en", EN, "9.9%"),
        ("Net sales were $1,274.4 million [1].", "What were net sales?", "en", EN, "1,274.4 million"),
        ("澜栖储能营业收入为 165.8 亿元[1]。", "澜栖储能营业收入是多少？", "zh", ZH, "165.8 亿"),
        ("澜栖储能营业收入为165.8亿元[1]。", "澜栖储能营业收入是多少？", "zh", ZH, "165.8亿"),
        ("Revenue was 1.568 billion [1].", "What was the revenue of 澜栖储能?", "en", ZH, "1.568 billion"),
    ],
)
def test_a_figure_that_stands_nowhere_is_never_taken_for_supported(
    text: str, question: str, language: str, evidence: list[Evidence], wrong: str
) -> None:
    result = checked(text, question, language, evidence)
    assert not result.found or wrong in result.unsupported or wrong not in result.text


def test_a_figure_of_the_question_needs_no_evidence() -> None:
    result = checked("In 2031 net sales rose 7.2% [1].", "How much did net sales rise in 2031?", "en", EN)
    assert result.unsupported == ()


@pytest.mark.parametrize(
    ("text", "question", "language", "evidence"),
    [
        ("Revenue was 15.68 billion yuan [1].", "What was the revenue of 澜栖储能?", "en", ZH),
        ("Revenue was about 15.7 billion yuan [1].", "What was the revenue of 澜栖储能?", "en", ZH),
        ("净销售额为 12.474 亿美元[1]。", "净销售额是多少？", "zh", EN),
        ("净销售额约 12.5 亿美元[1]。", "净销售额是多少？", "zh", EN),
    ],
)
def test_a_converted_or_rounded_figure_is_supported(
    text: str, question: str, language: str, evidence: list[Evidence]
) -> None:
    result = checked(text, question, language, evidence)
    assert result.found
    assert result.unsupported == ()
    assert pages(result) == [evidence[0].page]


@pytest.mark.parametrize(
    ("text", "question", "language", "evidence"),
    [
        ("Net sales rose 7.2% [1].", "How much did net sales rise?", "en", EN),
        ("R&D spending was $78.4 million [2].", "How much was R&D spending?", "en", EN),
        ("出货目标为 45GWh[1]。", "2026年出货目标是多少？", "zh", ZH),
        ("毛利率 38.6%[2]。", "毛利率是多少？", "zh", ZH),
    ],
)
def test_the_quote_is_a_part_of_the_evidence_and_has_the_figure(
    text: str, question: str, language: str, evidence: list[Evidence]
) -> None:
    result = checked(text, question, language, evidence)
    quote = result.citations[0].quote
    cited = next(e for e in evidence if e.page == result.citations[0].page)
    assert quote in cited.text
    assert any(stands_in(figure, find(quote)) for figure in find(text) if figure.checkable)


def test_the_quote_of_a_table_is_the_row() -> None:
    table = [item(1, "地区 出口额（亿元） 同比\n欧洲 31.5 +12.6%\n北美 5.8 -7.6%", page=5)]
    result = checked("北美同比下降 7.6%[1]。", "北美同比是多少？", "zh", table)
    assert result.citations[0].quote == "北美 5.8 -7.6%"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("报告中没有找到。", "zh"),
        ("报告中没有找到", "zh"),
        ("证据中未提供该公司的研发费用。", "zh"),
        ("报告未提及研发费用[1]。", "zh"),
        ("无法确定。", "zh"),
        ("", "zh"),
        ("Not found in the reports.", "en"),
        ("Not found in the reports: they do not say.", "en"),
        ("The evidence does not mention the dividend.", "en"),
        ("The dividend is not mentioned in the evidence [2].", "en"),
        ("The reports don’t provide it.", "en"),
        ("  \n", "en"),
    ],
)
def test_a_refusal_is_known(text: str, language: str) -> None:
    assert is_refusal(text, language)
    result = checked(text, "研发费用？" if language == "zh" else "What is the dividend?", language, EN)
    assert not result.found
    assert result.citations == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("澜栖储能营业收入 156.8 亿元[1]。", "zh"),
        ("Net sales rose 7.2% [1].", "en"),
        (
            "Net sales rose 7.2% to $1,247.4 million and gross margin widened by 110 basis points to 39.0% [1]; the "
            "company does not give a figure for its orders.",
            "en",
        ),
    ],
)
def test_an_answer_is_no_refusal(text: str, language: str) -> None:
    assert not is_refusal(text, language)


def test_without_a_model_the_best_evidence_is_quoted_whole() -> None:
    text, citations = quoted(EN)
    assert [citation.quote for citation in citations] == [e.text for e in EN]
    assert [citation.n for citation in citations] == [1, 2, 3]
    for citation in citations:
        assert f"“{citation.quote}” [{citation.n}]" in text


def test_no_more_than_asked_for_is_quoted() -> None:
    assert len(quoted(EN, most=1)[1]) == 1
    assert quoted([]) == ("", ())


def test_a_sentence_with_a_wrong_figure_gives_way_to_the_sentence_of_the_page() -> None:
    page = "一季度经营利润184亿美元，超出预估的175.1亿美元。员工有所增加。"
    asked = Asked.of("青禾科技一季度经营利润与预估相比如何？", lambda terms: dict.fromkeys(terms, 1), 100)
    checked = check("一季度经营利润为184亿美元，超过预估的184.1亿美元[1]。", asked, "zh", [item(1, page)])
    assert checked.text == "一季度经营利润184亿美元，超出预估的175.1亿美元[1]。"
    assert checked.unsupported == ()


def test_a_wrong_figure_is_marked_where_no_sentence_of_the_page_has_the_others() -> None:
    asked = Asked.of("青禾科技一季度经营利润与预估相比如何？", lambda terms: dict.fromkeys(terms, 1), 100)
    checked = check(
        "一季度经营利润为184亿美元，预估为190.3亿美元[1]。", asked, "zh", [item(1, "一季度经营利润184亿美元。")]
    )
    assert checked.unsupported == ("190.3亿",) or checked.unsupported == ("190.3亿美元",)


def test_one_word_of_the_page_is_an_answer_and_no_echo() -> None:
    asked = Asked.of("What industry does Qinghe primarily operate in?", lambda terms: dict.fromkeys(terms, 1), 100)
    evidence = [item(1, "Qinghe is a leader of the packaging industry. Rivals include Farhill Paper.")]
    assert check("Qinghe primarily operates in the packaging industry [1].", asked, "en", evidence).found
    assert not check("Qinghe primarily operates in the paper industry [1].", asked, "en", evidence).found


@pytest.mark.parametrize(
    ("question", "text", "language"),
    [
        ("法国的首都是哪里？", "法国的首都是巴黎[1]。", "zh"),
        ("Explain photosynthesis.", "Photosynthesis turns sunlight, water and carbon dioxide into sugar [1].", "en"),
        ("高铁票价是多少？", "高铁票价是553元[1]。", "zh"),
    ],
)
def test_what_the_model_knows_of_its_own_is_no_answer(question, text, language) -> None:
    assert not checked(text, question, language, ZH if language == "zh" else EN).found


def test_a_sentence_from_the_page_in_other_words_is_kept() -> None:
    result = checked("Yes, sales grew 7.2% because margins widened [1].", "Did net sales rise?", "en", EN)
    assert result.found


SUIT = item(1, "We are a defendant in a suit by the town of Larkspur Ferry, which claims $8.2 million.", page=9)


@pytest.mark.parametrize("name", ["Qinghe Technology", "Microsoft", "Borealis Metering"])
def test_a_name_of_the_models_own_gives_way_to_the_sentence_of_the_page(name: str) -> None:
    said = f"The town of Larkspur Ferry is suing {name} over meters, and the claim is $8.2 million [1]."
    result = checked(said, "Who is suing the company, and how much is claimed?", "en", [SUIT])
    assert name not in result.text
    assert "We are a defendant in a suit by the town of Larkspur Ferry" in result.text
    assert result.unsupported == ()


def test_a_name_of_the_models_own_is_marked_where_no_sentence_can_take_its_place() -> None:
    result = checked("青禾科技维持增持评级[1]。", "评级是什么？", "zh", [ZH[2]])
    assert result.unsupported == ("青禾",)


@pytest.mark.parametrize(
    "said",
    ["Larkspur Ferry Town claims $8.2 million [1].", "In the United States Larkspur Ferry claims $8.2 million [1]."],
)
def test_names_of_the_evidence_in_other_words_are_left(said: str) -> None:
    told = item(1, f"{SUIT.text} The suit was filed in the U.S.", page=9)
    assert checked(said, "Who claims how much?", "en", [told]).unsupported == ()


def test_a_sentence_of_another_item_word_for_word_is_cited_from_there() -> None:
    weak = item(1, "2030 年，北方各地表现整体偏弱。出口大幅下滑。", page=20)
    steady = item(2, "增速放缓，北方各地整体表现稳定。内需的拉动作用减弱。", page=1)
    assert pages(checked("北方各地整体表现稳定[1]。", "北方各地表现如何？", "zh", [weak, steady])) == [1]


def test_a_sentence_of_another_period_does_not_stand_in() -> None:
    told = item(1, "2031年三季度，北原经济环比增长 4.9%，比二季度高 2.8 个百分点。", page=4)
    result = checked(
        "北原2031年四季度经济环比增长4.9%，高2.8个百分点[1]。", "北原2031年四季度经济环比增长多少？", "zh", [told]
    )
    assert "三季度" not in result.text
    assert not result.found or result.unsupported
