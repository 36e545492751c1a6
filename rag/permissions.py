"""Questions on who may use a report and how, answered by the clauses that say so, word for word.

What a report allows is for its own words to say: a model that puts them in others would be giving legal advice.
"""

import re
from collections.abc import Callable, Sequence

from index.types import BlockKind, Hit, Sentence
from rag.asking.places import USE
from rag.confidence.regions import places
from rag.types import Evidence

MOST = 3  # clauses
ENOUGH = 3  # of what permissions speak of, that a sentence has to have
_ASKED = re.compile(USE, re.IGNORECASE)
_SPEAKS_OF = (
    r"使用|\bus(?:e|ed|ing)\b",
    r"复制|翻版|仿制|cop(?:y|ied|ying)|reproduc",
    r"转发|分发|发送|外传|distribut|circulat|forward|shar(?:e|ed|ing)\b",
    r"转载|引用|刊发|发布|quot(?:e|ed|ing)|cit(?:e|ed|ing)\b|publish",
    r"授权|许可|同意|consent|permission|permitted|authori[sz]",
    r"不得|仅供|仅限|只有|without|may not|must not|only\b|solely",
    r"客户|收件人|投资者|任何人|client|recipient|person",
)
_WHERE = re.compile(r"境内|境外|地区|国家|大陆|内地|当地|jurisdiction|countr|region|territor", re.IGNORECASE)
_ABROAD = re.compile(r"海外|境外|国外|外国|abroad|overseas|foreign", re.IGNORECASE)
_PATTERNS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in _SPEAKS_OF)


def clauses(question: str, hits: Sequence[Hit], chunks: Callable[[str], Sequence[Hit]]) -> list[Evidence]:
    """The clauses of one report's disclaimers for a question whether it may be used; none for other questions.

    ``hits`` are those found for it, best first: the first disclaimer's report is meant; ``chunks`` gives a report's.
    """
    report = next((hit.report_id for hit in hits if hit.kind is BlockKind.DISCLAIMER), None)
    if report is None or not _ASKED.search(question):
        return []
    own = [hit for hit in chunks(report) if hit.kind is BlockKind.DISCLAIMER]
    found = [(_weight(question, sentence), hit, sentence) for hit in own for sentence in hit.sentences]
    best = sorted((entry for entry in found if entry[0] >= ENOUGH), key=lambda entry: -entry[0])[:MOST]
    kept = [entry for entry in found if entry in best]
    return [Evidence.of(hit, (sentence,), n) for n, (_, hit, sentence) in enumerate(kept, 1)]


def _weight(question: str, sentence: Sentence) -> int:
    """How much a sentence says of permissions; what the question itself speaks of counts twice, a place three times."""
    said = sum(1 + bool(p.search(question)) for p in _PATTERNS if p.search(sentence.text))
    where = bool(places(question) or _ABROAD.search(question)) and _WHERE.search(sentence.text) is not None
    return said + 3 * where
