"""Questions about reports as a whole, over the sample reports and over made-up sections."""

import re

import pytest

from index.types import BlockKind, Card, Entry, Hit, Sentence
from rag import ReportQA
from rag.overview.outline import citations, outline
from rag.overview.points import best, points
from rag.overview.reports import Kind, Overview, asks_for_overview, overview_evidence, reports_for
from rag.overview.sections import recommendations, risks
from rag.settings import Settings


@pytest.fixture(scope="module")
def qa(sample_store):
    with ReportQA.open(sample_store, Settings(llm="none")) as opened:
        yield opened


def answered(qa, kind: Kind, name: str, topic: str = "", most: int = 10):
    entry = qa.library.find(name)
    return overview_evidence(qa.library, [entry], Overview(kind, topic), most)


ZH, EN = "zh_storage_weekly.pdf", "en_annual_report.pdf"


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("总结一下这份报告", Kind.SUMMARY),
        ("请用三句话概括这篇研报的主要内容", Kind.SUMMARY),
        ("本周有哪些要点？", Kind.SUMMARY),
        ("这份报告讲了什么", Kind.SUMMARY),
        ("主要风险有哪些", Kind.RISKS),
        ("公司面临的主要风险是什么？", Kind.RISKS),
        ("建议关注哪些公司？", Kind.RECOMMENDATIONS),
        ("投资建议是什么", Kind.RECOMMENDATIONS),
        ("报告提到了哪些公司", Kind.COMPANIES),
        ("报告有哪些章节", Kind.TOPICS),
        ("Summarise this report", Kind.SUMMARY),
        ("What are the key takeaways?", Kind.SUMMARY),
        ("What is this report about?", Kind.SUMMARY),
        ("tl;dr", Kind.SUMMARY),
        ("What are the main risks?", Kind.RISKS),
        ("List the companies recommended", Kind.RECOMMENDATIONS),
        ("Which companies are covered in the weekly?", Kind.COMPANIES),
        ("What sections does the report have?", Kind.TOPICS),
    ],
)
def test_question_about_a_report_as_a_whole_is_known_with_its_kind(question, kind):
    overview = asks_for_overview(question)
    assert overview is not None
    assert (overview.kind, overview.topic) == (kind, "")


@pytest.mark.parametrize(
    "question",
    [
        "2026年1到2月我国逆变器出口额多少？",
        "风险溢价是多少",
        "What is the risk-free rate assumed?",
        "What was net income in 2025?",
        "谁发布了新国标",
        "Who leads the company?",
    ],
)
def test_question_about_something_in_particular_is_no_overview(question):
    assert asks_for_overview(question) is None


@pytest.mark.parametrize(
    "question",
    [
        "碳酸锂价格走势如何总结",
        "美国通胀的风险有多大",
        "推荐的逆变器企业毛利率多少",
        "What does the report say about inflation?",
    ],
)
def test_topic_that_no_section_has_gives_no_evidence(qa, question):
    entries = qa.reports()
    overview = asks_for_overview(question, entries)
    assert overview is not None
    assert overview.topic
    assert overview_evidence(qa.library, reports_for(question, overview, entries), overview) == []


def test_name_of_a_report_is_no_topic(qa):
    question = "What are the key takeaways of Halcyra's annual report?"
    overview = asks_for_overview(question, qa.reports())
    assert overview == Overview(Kind.SUMMARY, "", one=False) or overview == Overview(Kind.SUMMARY, "", one=True)
    assert reports_for(question, overview, qa.reports())[0].name == EN


def test_summary_tells_the_first_page_advice_and_risks_on_the_pages_where_they_stand(qa):
    evidence = answered(qa, Kind.SUMMARY, ZH)
    text = "\n".join(item.text for item in evidence)
    assert 6 <= len(evidence) <= 10
    assert [item.n for item in evidence] == list(range(1, len(evidence) + 1))
    assert "38.6GWh" in text and "86.2 亿元" in text
    assert "维持行业“增持”评级" in text
    assert "原材料价格大幅波动" in text
    assert {item.page for item in evidence if "招标规模" in item.text} == {1}


@pytest.mark.parametrize("name", [ZH, EN])
@pytest.mark.parametrize("kind", list(Kind))
def test_no_point_is_boilerplate_and_each_stands_on_its_page(qa, name, kind):
    chunks = qa.library.chunks(qa.library.find(name).id)
    for item in answered(qa, kind, name):
        assert not re.search(r"虚构|执业|@|免责|forward-looking|电话|\.\.\.\.", item.text)
        on_page = "".join(hit.text for hit in chunks if hit.page == item.page)
        assert item.text.split("\n")[0][:30] in on_page


def test_summary_of_an_annual_report_has_its_results_and_outlook(qa):
    text = "\n".join(item.text for item in answered(qa, Kind.SUMMARY, EN))
    assert "Net sales rose 7.2%" in text
    assert "fiscal 2026" in text


def test_risks_are_those_of_the_risk_section_one_under_each_heading(qa):
    chinese = answered(qa, Kind.RISKS, ZH)
    assert [item.section.split(" › ")[-1] for item in chinese] == [
        "原材料价格大幅波动", "国内招标不及预期", "海外贸易政策变化", "储能电站安全事故", "汇率波动",
    ]  # fmt: skip
    assert {item.page for item in chinese} == {7}
    english = answered(qa, Kind.RISKS, EN)
    assert len(english) == 9
    assert all("Item 1A" in item.section for item in english)


def test_recommendations_are_the_advice_and_the_rows_with_a_good_rating(qa):
    text = "\n".join(item.text for item in answered(qa, Kind.RECOMMENDATIONS, ZH))
    assert "推荐栎野电气" in text
    assert re.search(r"曜川能源.*买入", text)
    assert answered(qa, Kind.RECOMMENDATIONS, EN) == []


def test_companies_are_the_sections_about_companies(qa):
    named = " ".join(item.section for item in answered(qa, Kind.COMPANIES, ZH))
    assert all(name in named for name in ("曜川能源", "澜栖储能", "栎野电气", "禾渡新材", "峤石锂业"))


def test_topics_are_the_chapters_in_their_order(qa):
    evidence = answered(qa, Kind.TOPICS, EN)
    assert [item.section for item in evidence][1:] == [
        "Item 1. Business", "Item 1A. Risk Factors", "Item 7. Management’s Discussion and Analysis",
    ]  # fmt: skip


def test_summary_of_one_section_stays_in_it(qa):
    evidence = answered(qa, Kind.SUMMARY, ZH, topic="行业数据跟踪")
    assert evidence
    assert all("行业数据跟踪" in item.section for item in evidence)


def test_reports_of_one_language_share_the_points_under_their_titles(qa, tmp_path):
    with ReportQA.open(tmp_path / "store", Settings(llm="none")) as two:
        for name, what in (
            ("mill", "Mill sales rose 12% to $40 million."),
            ("silo", "Silo capacity grew 8% to 90 tons."),
        ):
            (tmp_path / f"{name}.md").write_text(f"# The {name} report\n\n## Summary\n\n{what} We expect more.\n")
        two.ingest([tmp_path / "mill.md", tmp_path / "silo.md"])
        entries = two.reports()
        evidence = overview_evidence(two.library, entries, Overview(Kind.SUMMARY), 6)
    assert [item.report for item in evidence] == ["mill.md", "silo.md"]
    lines = outline(evidence, "en").split("\n")
    assert lines[0] == entries[0].title
    assert entries[1].title in lines


def test_reports_in_the_other_language_answer_when_the_question_s_own_have_nothing(qa):
    question = "List the companies recommended"
    overview = asks_for_overview(question)
    evidence = overview_evidence(qa.library, reports_for(question, overview, qa.reports()), overview)
    assert {item.report for item in evidence} == {ZH}
    risks_asked = asks_for_overview("What are the main risks?")
    reports = reports_for("What are the main risks?", risks_asked, qa.reports())
    assert {item.report for item in overview_evidence(qa.library, reports, risks_asked)} == {EN}


def test_outline_marks_each_point_and_citations_quote_the_page(qa):
    evidence = answered(qa, Kind.SUMMARY, ZH)
    lines = outline(evidence, "zh").split("\n")
    assert [re.search(r"\[(\d+)\]$", line)[1] for line in lines] == [str(item.n) for item in evidence]
    assert all(line.startswith("- ") and len(line) < 220 for line in lines)
    assert lines[0].startswith("- 大储：2 月")
    quoted = citations(evidence)
    assert [(c.n, c.page) for c in quoted] == [(item.n, item.page) for item in evidence]
    assert quoted[0].quote == evidence[0].on_page


def entry(name: str, **card: str) -> Entry:
    language = card.pop("language", "en")
    return Entry(name, f"{name}.pdf", name, language, 9, 9, name, "2026-01-01", "", Card(**card))


def test_first_report_is_the_named_the_newest_or_the_one_in_the_question_s_language():
    old = entry("old", company="Osterby Mill", date="2024-03-01", period="FY2023")
    new = entry("new", company="Osterby Mill", date="2025-03-01", period="FY2024")
    tea = entry("tea", language="zh", company="云岭茶业", date="2024-05-01")
    entries = [old, new, tea]
    whole = Overview(Kind.SUMMARY)
    assert reports_for("Summarise this report", whole, entries) == [new, old, tea]
    assert reports_for("Summarise the 2023 report", whole, entries) == [old]
    assert reports_for("Summarise Osterby's reports", whole, entries) == [new, old]
    assert reports_for("总结一下", whole, entries) == [tea, new, old]
    assert reports_for("总结一下", whole, entries, chosen=["old"]) == [old]


def hit(number: int, section: str, *texts: str, page: int = 2, kind: BlockKind = BlockKind.PARAGRAPH) -> Hit:
    sentences = tuple(Sentence(text, page, text) for text in texts)
    return Hit(number, "r", "r.pdf", "R", page, section, kind, " ".join(texts), sentences)


def test_points_are_no_contacts_no_references_and_no_second_version_of_the_same():
    hits = [
        hit(1, "Results", "Mill sales rose 12% to $40 million because two bakeries signed long contracts."),
        hit(2, "Results", "For further information about mill sales, refer to Note 4 of the statements."),
        hit(3, "Contacts", "Call the investor office of Osterby Mill for all questions about this release."),
        hit(4, "Outlook", "Mill sales rose 12% to $40 million, because two bakeries signed long contracts."),
        hit(5, "Outlook", "Management expects the new silo in Ostby to open in March and to lift output by 8%."),
    ]
    chosen = best(points(hits, 10), 5)
    assert [point.hit.chunk_id for point in chosen] in ([1, 5], [4, 5])


def test_words_of_praise_in_quotation_marks_come_last():
    hits = [
        hit(1, "Release", "“We are proud of our people and of what they achieved in this extraordinary year.", page=1),
        hit(2, "Release", "They worked hard in every mill and in every silo that the company runs today.”", page=1),
        hit(3, "Release", "Net sales rose 12% to $40 million in the year that ended in December.", page=1),
    ]
    assert [point.hit.chunk_id for point in best(points(hits, 10), 1)] == [3]


def test_risks_without_a_section_are_sentences_that_speak_of_risk_not_of_its_easing():
    hits = [
        hit(1, "展望", "全球面粉需求仍存在较大不确定性，价格下行风险上升。"),
        hit(2, "展望", "面粉企业的债务风险明显缓解，行业信心逐步恢复。"),
        hit(3, "展望", "面粉企业新建三座磨坊，产能同比增长12%。"),
    ]
    assert [point.hit.chunk_id for point in risks(hits, 10, 5)] == [1]


def test_recommendation_is_advice_on_shares_not_a_product_that_recommends():
    hits = [
        hit(1, "观点", "建议关注磨坊设备板块，首选具备出海能力的龙头企业。"),
        hit(2, "新闻", "该软件会向用户推荐商品，并展示商品的图片和评论。"),
    ]
    assert [point.hit.chunk_id for point in recommendations(hits, 10, 5)] == [1]


def test_library_lists_sections_and_chunks_in_reading_order(qa):
    report = qa.library.find(EN).id
    sections = qa.library.sections(report)
    assert sections.index("Item 1A. Risk Factors") < sections.index("Item 2. Properties")
    assert len(sections) == len(set(sections))
    chunks = qa.library.chunks(report)
    assert [chunk.chunk_id for chunk in chunks] == sorted(chunk.chunk_id for chunk in chunks)
    assert list(dict.fromkeys(chunk.section for chunk in chunks)) == sections
    assert qa.library.chunks("no such report") == []
