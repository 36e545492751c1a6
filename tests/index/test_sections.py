"""Blocks to sections, each with the headings above it; on the sample reports against lists written by hand."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.reading import read
from index.sections import block_text, split
from index.types import Block, BlockKind, Box, Line, Page, Report

SAMPLES = Path(__file__).parents[2] / "eval" / "data"
ENGLISH = """
Letter to Our Shareholders
Letter to Our Shareholders › Financial highlights
Item 1. Business
Item 1. Business › 1.1 Overview
Item 1. Business › 1.2 Segments
Item 1. Business › 1.3 Customers and Backlog
Item 1. Business › 1.4 Competition and Raw Materials
Item 1. Business › 1.5 Research and Development
Item 1. Business › 1.6 Human Capital
Item 1A. Risk Factors
Item 1A. Risk Factors › Demand for our products depends on public budgets
Item 1A. Risk Factors › We depend on a small number of suppliers
Item 1A. Risk Factors › Prices of brass and resin may rise
Item 1A. Risk Factors › Cyber attacks could interrupt our services
Item 1A. Risk Factors › Restructuring may not deliver the expected savings
Item 1A. Risk Factors › We may not be able to keep skilled people
Item 1A. Risk Factors › Currency movements affect our results
Item 1A. Risk Factors › Our debt limits our flexibility
Item 1A. Risk Factors › Environmental rules may become stricter
Item 2. Properties
Item 3. Legal Proceedings
Item 7. Management’s Discussion and Analysis
Item 7. Management’s Discussion and Analysis › 7.1 Results of Operations
Item 7. Management’s Discussion and Analysis › 7.2 Non-GAAP Measures
Item 7. Management’s Discussion and Analysis › 7.3 Liquidity and Capital Resources
Item 8. Financial Statements
Item 8. Financial Statements › Consolidated Statements of Income
Item 8. Financial Statements › Consolidated Balance Sheets
Item 8. Financial Statements › Consolidated Statements of Cash Flows
Notes to the Financial Statements
""".strip().splitlines()
NOTES = [
    "Note 1. Significant Accounting Policies",
    "Note 2. Net Sales by Geography and Concentration",
    "Note 3. Restructuring",
    "Note 4. Debt",
    "Note 5. Commitments and Contingencies",
    "Note 6. Subsequent Events",
]
CHINESE = """
大储招标放量，逆变器出海提速
本周要点 › 大储
本周要点 › 温控消防
投资建议
风险提示
下周关注
一、本周核心观点
二、行业数据跟踪
二、行业数据跟踪 › （一）招标与中标
二、行业数据跟踪 › （二）装机
二、行业数据跟踪 › （三）逆变器出口
二、行业数据跟踪 › （四）产业链价格
三、本周行情
四、重点公司与行业动态
四、重点公司与行业动态 › 4.1 公司公告
四、重点公司与行业动态 › 4.1 公司公告 › 曜川能源（900271.YL）
四、重点公司与行业动态 › 4.1 公司公告 › 澜栖储能（900318.YL）
四、重点公司与行业动态 › 4.1 公司公告 › 栎野电气（900455.YL）
四、重点公司与行业动态 › 4.1 公司公告 › 禾渡新材（900162.YL）
四、重点公司与行业动态 › 4.1 公司公告 › 峤石锂业（900087.YL）
四、重点公司与行业动态 › 4.2 行业新闻 › 容量补偿细则征求意见
四、重点公司与行业动态 › 4.3 海外动态 › 北美
五、投资建议
六、风险提示 › 汇率波动
""".strip().splitlines()


def block(kind: BlockKind, text: str, page: int, level: int = 0) -> Block:
    return Block(kind, (Line(text, Box(0, 0, 100, 10), 10.0),), page, level)


def report(*blocks: Block) -> Report:
    pages = tuple(
        Page(number, 600, 800, tuple(b for b in blocks if b.page == number)) for number in {b.page: 0 for b in blocks}
    )
    return Report("r.pdf", "0" * 64, "R", "en", pages)


@pytest.mark.parametrize(("name", "expected"), [("en_annual_report", ENGLISH), ("zh_storage_weekly", CHINESE)])
def test_the_sample_reports_have_the_sections_a_reader_sees(name, expected) -> None:
    found = list(dict.fromkeys(section.name for section in split(read(SAMPLES / f"{name}.pdf"))))
    assert [path for path in expected if path not in found] == []
    assert [path for path in found if path in expected] == expected


def test_the_notes_stand_under_their_heading() -> None:
    paths = [section.path for section in split(read(SAMPLES / "en_annual_report.pdf"))]
    assert [path[-1] for path in paths if "Notes to the Financial Statements" in path[:-1]] == NOTES


def test_the_disclaimer_is_known_by_its_heading_and_only_it() -> None:
    sections = split(read(SAMPLES / "zh_storage_weekly.pdf"))
    disclaimed = {s.path[-1] for s in sections for b in s.blocks if b.kind is BlockKind.DISCLAIMER}
    assert disclaimed == {"特别声明"}
    assert {b.kind for s in sections if s.path[-1:] == ("投资评级说明",) for b in s.blocks} >= {BlockKind.TABLE}
    declared = next(s for s in sections if s.path and s.path[-1] == "特别声明")
    assert "不构成任何投资建议" in "".join(block_text(b) for b in declared.blocks)
    assert {b.kind for b in declared.blocks} == {BlockKind.HEADING, BlockKind.DISCLAIMER}


def test_running_lines_and_contents_belong_to_no_section() -> None:
    for name in ("en_annual_report", "zh_storage_weekly"):
        kinds = {b.kind for section in split(read(SAMPLES / f"{name}.pdf")) for b in section.blocks}
        assert not kinds & {BlockKind.RUNNING, BlockKind.CONTENTS}


def test_a_deeper_heading_goes_below_and_a_higher_one_closes_it() -> None:
    sections = split(
        report(
            block(BlockKind.PARAGRAPH, "Before.", 1),
            block(BlockKind.HEADING, "One", 1, 1),
            block(BlockKind.HEADING, "One A：", 1, 2),
            block(BlockKind.PARAGRAPH, "Text.", 1),
            block(BlockKind.RUNNING, "Page 1", 1),
            block(BlockKind.PARAGRAPH, "Goes on.", 2),
            block(BlockKind.HEADING, "Two", 2, 1),
            block(BlockKind.PARAGRAPH, "End.", 2),
        )
    )
    assert [(s.path, [b.page for b in s.blocks]) for s in sections] == [
        ((), [1]),
        (("One",), [1]),
        (("One", "One A"), [1, 1, 2]),
        (("Two",), [2, 2]),
    ]


def test_a_subject_at_a_paragraph_s_beginning_ends_its_path_and_no_other_s() -> None:
    plain = block(BlockKind.PARAGRAPH, "Both rose.", 1)
    servers = replace(block(BlockKind.PARAGRAPH, "Servers: orders rose and", 1), title="Servers")
    rest = block(BlockKind.PARAGRAPH, "will rise again.", 2)
    sections = split(
        report(
            block(BlockKind.HEADING, "Views", 1, 1),
            plain,
            servers,
            block(BlockKind.CHART, "Figure 1: Orders", 1),
            rest,
            block(BlockKind.PARAGRAPH, "Risks remain.", 2),
        )
    )
    assert [(s.path, [block_text(b) for b in s.blocks][-1]) for s in sections] == [
        (("Views",), "Both rose."),
        (("Views", "Servers"), "will rise again."),
        (("Views",), "Risks remain."),
    ]


def test_the_report_s_title_is_no_part_of_longer_paths() -> None:
    whole = report(
        block(BlockKind.HEADING, "R", 1, 1),
        block(BlockKind.PARAGRAPH, "Before.", 1),
        block(BlockKind.HEADING, "One", 1, 2),
        block(BlockKind.PARAGRAPH, "Text.", 1),
    )
    assert [s.path for s in split(whole)] == [("R",), ("One",)]


@pytest.mark.parametrize("heading", ["免责声明", "特别声明", "分析师声明", "Disclaimer", "Forward-Looking Statements"])
def test_text_under_a_disclaimer_s_heading_is_a_disclaimer(heading) -> None:
    sections = split(
        report(
            block(BlockKind.HEADING, heading, 1, 1),
            block(BlockKind.PARAGRAPH, "No advice.", 1),
            block(BlockKind.HEADING, "Sales", 1, 1),
            block(BlockKind.PARAGRAPH, "Sales rose.", 1),
        )
    )
    assert [b.kind for s in sections for b in s.blocks] == [
        BlockKind.HEADING,
        BlockKind.DISCLAIMER,
        BlockKind.HEADING,
        BlockKind.PARAGRAPH,
    ]
