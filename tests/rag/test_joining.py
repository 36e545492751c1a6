"""Several checked answers as one."""

from rag.checking.citations import NOT_FOUND, Checked
from rag.checking.joining import joined
from rag.types import Citation


def cited(n: int, page: int, quote: str) -> Citation:
    return Citation(n=n, report="r.pdf", title="", page=page, section="", quote=quote, score=1.0)


def test_marks_are_numbered_on_and_a_quotation_given_twice_is_one() -> None:
    one = Checked("Sales rose 4% [1].", (cited(1, 2, "Sales rose 4%."),))
    two = Checked(
        "Costs fell [1]. Sales rose 4% [2].", (cited(1, 3, "Costs fell."), cited(2, 2, "Sales rose 4%.")), ("4%",)
    )
    both = joined([one, two], ["Not found in the reports: who."], "en")
    assert both.text == "Sales rose 4% [1]. Costs fell [2]. Sales rose 4% [1]. Not found in the reports: who."
    assert [(c.n, c.page) for c in both.citations] == [(1, 2), (2, 3)]
    assert both.unsupported == ("4%",)


def test_a_part_without_an_answer_adds_nothing() -> None:
    one = Checked("营收增长4%[1]。", (cited(1, 2, "营收增长4%。"),))
    assert joined([NOT_FOUND, one], [], "zh").text == "营收增长4%[1]。"
