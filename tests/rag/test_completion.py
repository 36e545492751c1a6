"""An answer that leaves out a part, completed with the sentence of the page that gives it."""

import pytest

from rag.checking.citations import check
from rag.checking.grounding import Asked
from rag.completion import completed
from rag.confidence.weighing import weigh
from rag.finding.lookup import Found
from rag.types import Evidence

LAUNCH = "研究院联合青禾科技、云泽股份、远山电子和白鹭通信等伙伴，共同发起配置倡议。"
RESULTS = "青禾科技一季度营业收入20.51亿元，同比增长6.75%。归母净利润2229.90万元，同比大幅增长。"
MODELS = "白鹭通信发布Egret系列模型，包括2个MoE模型和6个稠密模型。Egret是国内首个混合推理模型。"
OUTLOOK = "尽管短期回调，展望二季度，储能指数将反弹回升。"


def answered(question: str, draft: str, text: str) -> str:
    item = Evidence(n=1, report_id="r", report="r.pdf", title="", page=1, section="", text=text, score=1.0)
    asked = Asked.of(question, lambda terms: dict.fromkeys(terms, 1), 1000)
    weighed = weigh(asked, (), [item], lambda text, passages: [0.9] * len(passages))
    checked = check(draft, asked, "zh", [item])
    assert checked.found
    return completed(checked, question, Found("zh", (), (item,), asked, weighed)).text


@pytest.mark.parametrize(
    ("question", "draft", "text", "added"),
    [
        ("谁与研究院共同发起了配置倡议？", "发起人是青禾科技[1]。", LAUNCH, "云泽股份"),
        ("青禾科技一季度营业收入和净利润是多少？", "青禾科技一季度营业收入为20.51亿元[1]。", RESULTS, "2229.90万元"),
        ("Egret系列有多少个MoE模型？", "Egret是国内首个混合推理模型[1]。", MODELS, "2个MoE"),
        ("储能指数二季度是否看好？", "看好[1]。", OUTLOOK, "反弹回升"),
    ],
)
def test_what_is_left_out_is_quoted_behind(question, draft, text, added) -> None:
    said = answered(question, draft, text)
    assert added not in draft
    assert added in said
    assert said.startswith(draft.removesuffix("。"))


@pytest.mark.parametrize(
    ("question", "draft", "text"),
    [
        ("青禾科技一季度营业收入是多少？", "青禾科技一季度营业收入为20.51亿元[1]。", RESULTS),
        (
            "哪家公司的份额最大？",
            "青禾科技的份额最大[1]。",
            "青禾科技、云泽股份、远山电子和白鹭通信中，青禾科技份额最大。",
        ),
        ("储能指数二季度会反弹吗？", OUTLOOK[:-1] + "[1]。", OUTLOOK),
        ("储能指数二季度会反弹吗？", "展望二季度，储能指数将反弹回升[1]。", "展望二季度，储能指数也将反弹回升。"),
    ],
)
def test_a_whole_answer_is_left_as_it_is(question, draft, text) -> None:
    assert answered(question, draft, text) == draft
