"""What a model is asked again: one that speaks of another company, or in another language than the evidence's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import ReportQA
from rag.settings import Settings
from tests.model_server import ModelServer

WEEKLY = """# 青禾证券 储能行业周报
2025年5月12日

## 一、公司动态

### 岚谷科技

岚谷科技发布年报和一季报。第一季度，岚谷科技归属于上市公司股东的净利润52.31亿元，同比增长24.99%。

### 望川电气

2025年一季度，望川电气归母净利润同比增长267.63%，达2229.90万元。
"""


@pytest.fixture(scope="module")
def store(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("named")
    (folder / "weekly.md").write_text(WEEKLY, encoding="utf-8")
    with ReportQA.open(folder / "store", Settings(llm="none", models_dir=models_dir)) as opened:
        opened.ingest([folder / "weekly.md"])
    yield folder / "store"


def neighbour(system: str, prompt: str) -> str:
    """What a small model says: a neighbour's figure under the name asked for, as long as it sees one."""
    number = next((line[1] for line in prompt.splitlines() if "267.63" in line and line.startswith("[")), "")
    if number:
        return f"岚谷科技一季度归母净利润为2229.90万元，同比增长267.63%[{number}]。"
    own = next(line[1] for line in prompt.splitlines() if "52.31" in line and line.startswith("["))
    return f"岚谷科技一季度归母净利润为52.31亿元，同比增长24.99%[{own}]。"


def test_the_one_asked_for_is_answered(store: Path, models_dir: Path, chat_server: ModelServer) -> None:
    chat_server.answer = neighbour
    settings = Settings(llm="m", llm_base_url=chat_server.url, models_dir=models_dir)
    with ReportQA.open(store, settings) as qa:
        answer = qa.ask("岚谷科技25Q1归母净利多少，同比呢？")
    assert "52.31亿" in answer.answer
    assert "267.63" not in answer.answer
    assert answer.unsupported == ()


def test_the_neighbour_s_figure_is_the_answer_where_it_is_asked_for(
    store: Path, models_dir: Path, chat_server: ModelServer
) -> None:
    chat_server.answer = lambda system, prompt: neighbour(system, prompt).replace("岚谷科技", "望川电气")
    settings = Settings(llm="m", llm_base_url=chat_server.url, models_dir=models_dir)
    with ReportQA.open(store, settings) as qa:
        answer = qa.ask("望川电气25Q1归母净利多少，同比呢？")
    assert "2229.90万" in answer.answer


def test_a_chinese_draft_over_english_evidence_is_asked_for_again_in_english(
    models_dir: Path, tmp_path: Path, chat_server: ModelServer
) -> None:
    (tmp_path / "letter.md").write_text(
        "# Letter\n\n## Results\n\nNet sales of Halcyra were $1,247.4 million in 2025.\n"
    )

    def answer(system: str, prompt: str) -> str:
        if "问题：" in prompt:
            return "What were the net sales of Halcyra in 2025?"
        if "英文：" in prompt:
            return "Halcyra 2025年的净销售额为12.474亿美元。"
        wrong = "2025年的净销售额是1,247.4亿美元 [1]。"
        return wrong if "净销售额" in prompt else "Net sales of Halcyra were $1,247.4 million in 2025 [1]."

    chat_server.answer = answer
    settings = Settings(llm="m", llm_base_url=chat_server.url, models_dir=models_dir)
    with ReportQA.open(tmp_path / "store", settings) as qa:
        qa.ingest([tmp_path / "letter.md"])
        found = qa.ask("Halcyra 2025年的净销售额是多少？")
    assert "12.474亿美元" in found.answer
    assert found.unsupported == ()
