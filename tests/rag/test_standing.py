"""An answer over a series says which report it stands on."""

import pytest

from rag import Filter, ReportQA
from rag.settings import Settings

WEEKLY = """# 储能行业周报：招标回暖

青禾证券研究所

{date}

## 本周观点

本周储能招标规模为{size}吉瓦时，较上周有所增加，主要来自西北地区的独立储能项目。
"""
WEEKS = (("2025W17", "2025年4月27日", 12), ("2025W18", "2025年5月4日", 15))


@pytest.fixture
def series(tmp_path, models_dir):
    for week, date, size in WEEKS:
        (tmp_path / f"储能周报_{week}.md").write_text(WEEKLY.format(date=date, size=size), encoding="utf-8")
    with ReportQA.open(tmp_path / "store", Settings(llm="none")) as qa:
        assert not [outcome.error for outcome in qa.ingest(sorted(tmp_path.glob("*.md"))) if outcome.error]
        yield qa


def without_model_notice(qa: ReportQA, question: str, **kwargs) -> str:
    from rag.asking.question import prepare
    from rag.standing import stands_on

    answer = qa.ask(question, **kwargs)
    return stands_on(answer, prepare(question, (), qa.choose(**kwargs), None), qa.reports())


def test_the_newest_of_a_series_is_named_with_its_date(series) -> None:
    said = without_model_notice(series, "本周储能招标规模是多少？")
    assert "2025-05-04" in said


def test_nothing_is_said_where_the_reader_chose(series) -> None:
    first = series.reports()[0].name
    assert without_model_notice(series, "本周储能招标规模是多少？", reports=[first]) == ""


def test_nothing_is_said_of_reports_that_are_no_series(sample_store) -> None:
    with ReportQA.open(sample_store, Settings(llm="none")) as qa:
        assert qa.reports(Filter()) == qa.reports()
        assert without_model_notice(qa, "栎野电气2025年毛利率是多少？") == ""
