"""False premises are seen where a sentence says the contrary, and nowhere else."""

import pytest

from rag.checking.grounding import Asked
from rag.confidence.premise import premise_conflict
from rag.types import Evidence


def item(text, section="", title="Larkfield Foods annual report 2024", n=1):
    return Evidence(n=n, report_id="r", report="report.pdf", title=title, page=3, section=section, text=text, score=1.0)


def ask(question):
    return Asked.of(question, lambda terms: dict.fromkeys(terms, 2), 3000)


CONTRADICTED = [
    ("Why did Larkfield's revenue fall in 2024?", "Larkfield's revenue rose 12.4% to $3.1 billion in 2024."),
    ("What caused the decline in Larkfield's gross margin?", "Larkfield's gross margin improved to 41.2%."),
    (
        "By how much did Larkfield's dividend drop?",
        "Larkfield's dividend was $1.10 per share, up 8% on the year before.",
    ),
    ("Why did Larkfield make a net loss in 2024?", "In 2024 Larkfield reported net income of $214 million."),
    ("Why did Larkfield's revenue fall in 2024?", "Revenue | 2024: $3,120 | 2023: $2,776"),
    ("Why was Larkfield's tax rate higher in 2024?", "The lower tax rate for 2024 is largely due to a gain abroad."),
    (
        "Why did Larkfield's revenue fall in 2024?",
        "Revenue rose 12.4% to $3.1 billion compared to $2.8 billion in 2023.",
    ),
    ("青禾科技2024年营收为什么下降？", "2024年青禾科技实现营收12.5亿元，同比增长8%。"),
    ("青禾科技2024年归母净利增长的原因是什么？", "青禾科技2024年归母净利润为1.3亿元，同比下降15%。"),
    ("青禾科技2024年为什么亏损？", "青禾科技2024年实现归母净利润1.3亿元。"),
    ("挪威失业率上升的原因是什么？", "挪威失业率下降至3.1%。"),
    ("Why did Norway's unemployment rise?", "挪威失业率下降至3.1%。"),
    ("挪威通胀为什么回落？", "Inflation in Norway climbed to 6.2%."),
]


@pytest.mark.parametrize(("question", "sentence"), CONTRADICTED)
def test_a_contrary_sentence_is_found(question, sentence):
    evidence = [item("Larkfield sells oats. 青禾科技生产电池。", n=1), item(sentence, n=2)]
    assert premise_conflict(ask(question), evidence) == (evidence[1], sentence)


FITTING = [
    # The premise is right, or another sentence bears it out.
    ("Why did Larkfield's revenue fall in 2024?", "Larkfield's revenue fell 12.4% in 2024."),
    ("Why did Larkfield's revenue fall?", "Larkfield's revenue rose in the second half. Larkfield's revenue fell 3%."),
    # Nothing is presupposed.
    ("Did Larkfield's revenue fall in 2024?", "Larkfield's revenue rose 12.4% in 2024."),
    ("Did Larkfield's revenue rise or fall, and why?", "Larkfield's revenue rose 12.4%."),
    ("青禾科技2024年营收是否下降，为什么？", "2024年青禾科技实现营收12.5亿元，同比增长8%。"),
    # Another period, part, measure, company or country.
    ("Why did Larkfield's revenue fall in 2023?", "Larkfield's revenue rose 12.4% in 2024."),
    ("Why did Larkfield's revenue fall?", "Larkfield's overseas revenue rose 12.4%."),
    ("Why did Larkfield's overseas revenue fall?", "Larkfield's revenue rose 12.4%."),
    ("Why did Larkfield's revenue fall?", "Larkfield's gross margin rose while revenue fell."),
    ("Why did Larkfield's comparable sales fall?", "Larkfield's net sales rose 2%."),
    ("Why did Larkfield's revenue fall?", "Moorgate's revenue rose 12.4%, which Larkfield called a surprise."),
    ("青禾科技2024年营收为什么下降？", "2024年青禾科技海外收入同比增长8%。"),
    ("青禾科技2024年营收为什么下降？", "2025年一季度青禾科技营收同比增长8%。"),
    ("挪威失业率上升的原因是什么？", "波兰失业率下降至3.1%。"),
    ("Why did Larkfield's revenue fall in 2024?", "Revenue | 2024: $2,120 | 2023: $2,776"),
    ("Why did Larkfield's revenue fall in 2024?", "Overseas revenue | 2024: $3,120 | 2023: $2,776"),
    ("Why did Larkfield's revenue fall in 2024?", "Revenue | Q1 2024: $3,120 | Q2 2024: $2,900 | Q1 2023: $2,776"),
    ("Why did Larkfield's revenue fall in 2024?", "In the fourth quarter of 2024 Larkfield's revenue rose 3%."),
    ("Why did Larkfield's net loss grow?", "Larkfield reported net income of $214 million."),
    # The growth slows, the loss narrows, an outlook: too fine to correct.
    ("Why did Larkfield's revenue rise?", "Larkfield's revenue growth slowed, down from 9%."),
    ("青禾科技营收为什么增长？", "青禾科技营收增速回落至3%。"),
    ("青禾科技营收为什么增长？", "预计青禾科技2025年营收下降5%。"),
]


@pytest.mark.parametrize(("question", "sentence"), FITTING)
def test_what_does_not_contradict_is_left(question, sentence):
    assert premise_conflict(ask(question), [item(sentence)]) is None


def test_without_a_name_one_report_is_meant_and_of_several_none():
    asked, sentence = ask("Why did revenue fall in 2024?"), "Revenue rose 12.4% to $3.1 billion in 2024."
    first = item(sentence)
    assert premise_conflict(asked, [first]) == (first, sentence)
    other = item("Oats were dear.", n=2).model_copy(update={"report_id": "other"})
    assert premise_conflict(asked, [first, other]) is None
