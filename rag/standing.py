"""Which report of a series, and of what date, an answer stands on."""

from collections.abc import Sequence

from index.types import Entry
from rag.asking.scope import scope
from rag.asking.series import standing
from rag.types import Answer, Question

_SAID = {"zh": "同一系列有多期报告，所依据的是{}。", "en": "Of several reports in a series, this stands on {}."}


def stands_on(answer: Answer, question: Question, entries: Sequence[Entry]) -> str:
    """A sentence that names the reports cited, where the question left open which of a series it means; else ""."""
    if not answer.citations or question.reports or not scope(question.standalone, entries).older:
        return ""
    cited = {citation.report for citation in answer.citations}
    named = [standing(entry, answer.language) for entry in entries if entry.name in cited]
    return _SAID[answer.language].format(("、" if answer.language == "zh" else "; ").join(named))
