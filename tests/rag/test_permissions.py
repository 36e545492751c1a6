"""Who may use a report and how is answered by its own clauses."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import ReportQA
from rag.asking.places import USE
from rag.settings import Settings

TERMS = """# 青禾证券 储能行业周报
2025年5月12日

## 一、核心观点
岚谷科技2025年一季度营业收入同比增长35%，储能需求在新加坡等海外市场保持旺盛。
岚谷科技的储能产品可以在新加坡使用。

## 免责声明
本报告版权归青禾证券所有，未经书面授权，任何机构和个人不得以任何形式复制、转发、引用或刊发。
本报告的信息来自公开资料，青禾证券对其准确性不作保证。
本报告仅限于中国境内使用。
过往的业绩并不能代表未来的表现。
"""


@pytest.fixture(scope="module")
def qa(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReportQA]:
    folder = tmp_path_factory.mktemp("terms")
    (folder / "weekly.md").write_text(TERMS, encoding="utf-8")
    with ReportQA.open(folder / "store", Settings(llm="none", models_dir=models_dir)) as opened:
        opened.ingest([folder / "weekly.md"])
        yield opened


def test_where_it_may_be_used_is_quoted_with_its_page(qa: ReportQA) -> None:
    answer = qa.ask("我人在新加坡，能拿这份研报来用吗？")
    assert answer.found
    assert "仅限于中国境内使用" in answer.answer
    assert "储能产品" not in answer.answer
    assert all(citation.page == 1 and citation.quote in TERMS for citation in answer.citations)


def test_whether_it_may_be_passed_on_is_quoted(qa: ReportQA) -> None:
    answer = qa.ask("May I forward this report to a client?")
    assert answer.language == "en"
    assert "未经书面授权" in answer.answer
    assert "过往的业绩" not in answer.answer


def test_what_a_report_is_about_is_no_question_of_its_use(qa: ReportQA) -> None:
    answer = qa.ask("岚谷科技的储能产品可以在哪里使用？")
    assert "免责声明" not in {citation.section.split(" › ")[-1] for citation in answer.citations}


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("能转载这份报告吗", True),
        ("我能把这份研报转给客户吗？", True),
        ("May the Qinghe report be quoted in our own research?", True),
        ("Am I allowed to copy this document?", True),
        ("这份报告引用了哪些数据？", False),
        ("可以用本报告里的数据算一下毛利率吗？", False),
        ("Can you use the report to tell me the revenue?", False),
        ("Can we calculate the margin from the report?", False),
    ],
)
def test_which_questions_ask_for_permission(question: str, asks: bool) -> None:
    assert bool(re.search(USE, question, re.IGNORECASE)) is asks
