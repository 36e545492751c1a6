"""A question finds its paragraph in the other language before an unrelated one in its own."""

import numpy as np
import pytest

from index.alignment import Alignment

CHINESE = [
    "固定宽带接入用户在三月末达到六亿七千八百万户，千兆用户占比超过三成。",
    "央行维持政策利率不变，并预计明年通胀放缓。",
    "新能源汽车的销量比去年同期增长了四成，出口占五分之一。",
    "包装业务的净销售额下降，因为北美的销量减少。",
    "光模块厂商的毛利率因为新产品出货而提高。",
    "二月国内储能系统招标容量创下历史新高。",
]
ENGLISH = [
    "Fixed broadband subscribers reached 678 million at the end of March; over 30% had gigabit service.",
    "The central bank kept its policy rate unchanged and expects inflation to slow next year.",
    "Sales of new energy vehicles grew 40% on the year before; exports were a fifth of them.",
    "Net sales of the packaging segment fell because volumes were lower in North America.",
    "Gross margins of optical module makers rose as new products were shipped.",
    "Tenders for energy storage systems reached a record capacity in February.",
]
QUESTIONS = [
    ("宽带用户有多少户？", "How many fixed broadband subscribers are there?"),
    ("央行对利率做了什么决定？", "What did the central bank do with interest rates?"),
    ("电动车卖得怎么样？", "How well did electric cars sell?"),
    ("包装业务的销售额为什么下降？", "Why did packaging sales decline?"),
    ("光模块公司的毛利率为什么提高？", "Why did optical module makers' margins rise?"),
    ("二月招标了多少储能？", "How much storage was tendered in February?"),
]


@pytest.fixture(scope="module")
def alignment(embedder) -> Alignment:
    return Alignment.measure(embedder)


def right_first(embedder, alignment: Alignment | None, asked: str) -> int:
    """How many questions rank their paragraph, in the other language, above all unrelated ones in their own."""
    side = 0 if asked == "zh" else 1
    own, other, language = (CHINESE, ENGLISH, "en") if asked == "zh" else (ENGLISH, CHINESE, "zh")
    near, far = embedder.documents(other), embedder.documents(own)
    if alignment:
        near = alignment.passages(near, [language] * len(near))
        far = alignment.passages(far, [asked] * len(far))
    right = 0
    for index, pair in enumerate(QUESTIONS):
        query = embedder.query(pair[side])
        query = alignment.question(query, asked) if alignment else query
        unrelated = np.delete(far @ query, index)
        right += bool((near @ query)[index] > unrelated.max())
    return right


@pytest.mark.parametrize("asked", ["zh", "en"])
def test_evidence_in_the_other_language_comes_before_unrelated_text(embedder, alignment, asked) -> None:
    aligned = right_first(embedder, alignment, asked)
    assert aligned >= 4
    assert aligned > right_first(embedder, None, asked)


@pytest.mark.parametrize("asked", ["zh", "en"])
def test_within_one_language_the_right_paragraph_stays_first(embedder, alignment, asked) -> None:
    passages = CHINESE if asked == "zh" else ENGLISH
    vectors = alignment.passages(embedder.documents(passages), [asked] * len(passages))
    found = [
        int(np.argmax(vectors @ alignment.question(embedder.query(pair[asked == "en"]), asked))) for pair in QUESTIONS
    ]
    assert found == list(range(len(QUESTIONS)))


def test_aligned_vectors_keep_unit_length(embedder, alignment) -> None:
    vectors = alignment.passages(embedder.documents([*CHINESE, *ENGLISH]), ["zh"] * 6 + ["en"] * 6)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.isclose(np.linalg.norm(alignment.question(embedder.query("利率？"), "zh")), 1, atol=1e-5)


def test_an_alignment_survives_being_stored(alignment) -> None:
    again = Alignment.from_bytes(alignment.to_bytes())
    assert np.array_equal(again.passage, alignment.passage)
    assert np.array_equal(again.query, alignment.query)
