"""Questions that suggest themselves: from the sections and tables of the chosen reports, and after an answer."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, zip_longest

from index.library import Library
from index.text import fold
from index.types import BlockKind, Entry, Hit
from rag.types import Answer

EXAMPLES = 4
FOLLOW_UPS = 3
REPORTS = 4  # that examples are made from
_LABEL = (2, 40)  # characters of a row's label that can be asked for
_TOTAL = ("合计", "总计", "小计", "total", "其中", "of which")
_ROW = {"zh": "{}是多少？", "en": "What is the figure for {}?"}
_TABLE = {"zh": "“{}”说明了什么？", "en": "What does the table “{}” show?"}
_SECTION = {"zh": "“{}”一节讲了什么？", "en": "What does the section “{}” say?"}
_NEXT = {"zh": "{}呢？", "en": "What about {}?"}
_SKIP = ("disclaimer", "contents", "免责", "声明", "目录", "评级说明", "相关报告", "signature", "forward-looking")


def examples(library: Library, reports: Sequence[Entry], language: str) -> list[str]:
    """Up to four questions about the chosen reports, in its language; reports in ``language`` come first."""
    ordered = sorted(reports, key=lambda entry: (entry.language != language, entry.name))[:REPORTS]
    asked = [
        list(islice(_about(library.chunks(entry.id), "zh" if entry.language == "zh" else "en"), EXAMPLES))
        for entry in ordered
    ]
    turns = (question for row in zip_longest(*asked) for question in row if question)
    return list(islice(dict.fromkeys(turns), EXAMPLES))


def _about(chunks: Sequence[Hit], language: str) -> Iterable[str]:
    """A row of a table, a section, another table …, each once."""
    rows = (_ROW[language].format(label) for chunk in chunks if (label := _row_label(chunk)))
    sections = (
        _SECTION[language].format(_last(chunk.section))
        for chunk in chunks
        if chunk.kind is BlockKind.PARAGRAPH and _askable(_last(chunk.section)) and chunk.section not in chunk.title
    )
    for pair in zip_longest(_unique(rows), _unique(sections)):
        yield from (question for question in pair if question)


def _unique(texts: Iterable[str]) -> Iterable[str]:
    return iter(dict.fromkeys(texts))


def _last(section: str) -> str:
    return section.rsplit(" › ", maxsplit=1)[-1].strip()


def _askable(name: str) -> bool:
    return 4 <= len(name) <= 60 and not any(part in fold(name) for part in _SKIP)


def _row_label(chunk: Hit) -> str:
    """The label of the first row of a table that names something a figure is given for."""
    return next(iter(_labels(chunk)), "") if chunk.kind is BlockKind.TABLE else ""


def _labels(chunk: Hit) -> list[str]:
    found = []
    for sentence in chunk.sentences:
        label, mark, rest = sentence.text.partition(" | ")
        label = label.split(": ")[-1].strip()
        fits = _LABEL[0] <= len(label) <= _LABEL[1] and not any(c.isdigit() for c in label)
        if mark and fits and any(c.isdigit() for c in rest) and not fold(label).startswith(_TOTAL):
            found.append(label)
    return found


def follow_ups(library: Library, answer: Answer, ids: Mapping[str, str]) -> tuple[str, ...]:
    """Up to three questions that go on from an answer: rows beside the one cited, sections around it."""
    if not answer.found or not answer.citations:
        return ()
    first = answer.citations[0]
    report_id = ids.get(first.report)
    if report_id is None:
        return ()
    language = "zh" if answer.language == "zh" else "en"
    said = fold(answer.answer + answer.standalone)
    here = library.chunks(report_id, first.page)
    quoted = fold(first.quote)
    asked: list[str] = []
    for chunk in here:
        if chunk.kind is BlockKind.TABLE and any(
            fold(s.text) in quoted or quoted in fold(s.text) for s in chunk.sentences
        ):
            asked += [_NEXT[language].format(label) for label in _labels(chunk) if fold(label) not in said]
    asked = asked[:2]
    names = _unique(  # of what else stands on the page
        _last(chunk.section) for chunk in here if chunk.section != first.section
    )
    asked += [_SECTION[language].format(name) for name in names if _askable(name)]
    return tuple(dict.fromkeys(asked))[:FOLLOW_UPS]
