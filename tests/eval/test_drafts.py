"""How much of the model's own text became the answer."""

import pytest

from eval.measures.drafts import draft_kept
from eval.predictions import Reply


@pytest.mark.parametrize(
    ("draft", "answer", "found", "kept"),
    [
        ("Sales were 7 million.", "Sales were 7 million [1].", True, 1.0),
        ("Sales were 7", "Costs rose by 9", True, 0.0),
        ("sales were 7 million", "sales were 9 million", True, 0.75),  # three of four words
        ("Not found in the reports", "Not found in the reports: they do not say.", False, 1.0),
        ("It was 7 million.", "Not found in the reports: they do not say.", False, 0.0),
        ("", "Sales were 7 million [1].", True, None),
    ],
)
def test_an_answer_keeps_of_its_draft_the_words_that_both_have(draft, answer, found, kept):
    assert draft_kept(Reply(predicted=answer, found=found, draft=draft)) == kept
