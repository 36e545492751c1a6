"""Several checked answers as one."""

import re
from collections.abc import Sequence

from rag.checking.citations import Checked
from rag.types import Citation

_NUMBER = re.compile(r"\[(\d+)\]")


def joined(answers: Sequence[Checked], further: Sequence[str], language: str) -> Checked:
    """Several answers as one, their citations numbered on, with sentences of the program's own behind them."""
    known: dict[tuple[str, int, str], Citation] = {}
    texts: list[str] = []
    for answer in answers:
        numbers: dict[str, int] = {}
        for citation in answer.citations:
            place = (citation.report, citation.page, citation.quote)
            mine = known.setdefault(place, citation.model_copy(update={"n": len(known) + 1}))
            numbers[str(citation.n)] = mine.n
        texts.append(_numbered(answer.text, numbers))
    unsupported = tuple(dict.fromkeys(wrong for answer in answers for wrong in answer.unsupported))
    said = [text for text in dict.fromkeys((*texts, *further)) if text]
    return Checked(("" if language == "zh" else " ").join(said), tuple(known.values()), unsupported)


def _numbered(text: str, numbers: dict[str, int]) -> str:
    return _NUMBER.sub(lambda mark: f"[{numbers.get(mark[1], mark[1])}]", text)
