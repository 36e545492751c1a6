"""A conversation as a document: Markdown or DOCX, its citations numbered through, the sources listed at the end.

What users, reports and models wrote goes in as text: nothing of it becomes a link, a picture, HTML or a heading.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag.conversations import Conversation, Exchange
from rag.types import Answer, Citation, ConflictFigure

if TYPE_CHECKING:
    from docx.document import Document

_WORDS = {
    "zh": {
        "sources": "来源",
        "standalone": "检索的问题：{}",
        "unsupported": "原文中没有：{}",
        "conflict": "报告前后不一：{}",
        "place": "{report}，第 {page} 页",
        "unanswered": "没有回答。{}",
        "exported": "由 report-qa 导出，{}",
    },
    "en": {
        "sources": "Sources",
        "standalone": "Looked up as: {}",
        "unsupported": "Not in the evidence: {}",
        "conflict": "The reports differ: {}",
        "place": "{report}, p. {page}",
        "unanswered": "Not answered. {}",
        "exported": "Exported from report-qa, {}",
    },
}
_FIGURES = {"zh": ("数值", "报告", "页", "原文"), "en": ("Figure", "Report", "Page", "Quote")}
_MARK = re.compile(r"\[(\d+)\]")
_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+!|~&$^=:@-])|(?<=\d)(\.)(?=\s)|(?<=www)(\.)", re.IGNORECASE)


@dataclass
class _Sources:
    """The citations of a conversation, each place and quote once, numbered from 1 in the order they come."""

    numbers: dict[tuple[str, int, str], int] = field(default_factory=dict)
    listed: list[Citation] = field(default_factory=list)

    def number(self, citation: Citation) -> int:
        key = citation.report, citation.page, citation.quote
        if key not in self.numbers:
            self.numbers[key] = len(self.numbers) + 1
            self.listed.append(citation)
        return self.numbers[key]

    def renumbered(self, answer: Answer) -> str:
        """The answer's text with its marks as the numbers of the whole conversation."""
        own = {citation.n: self.number(citation) for citation in answer.citations}
        return _MARK.sub(lambda mark: f"[{own[int(mark[1])]}]" if int(mark[1]) in own else mark[0], answer.answer)


@dataclass(frozen=True)
class _Part:
    """A paragraph (``style`` "title", "question", "note", "text", "quote", "bullet", "sources") or a table."""

    style: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def _parts(conversation: Conversation, language: str) -> Iterator[_Part]:
    said = _WORDS[language]
    sources = _Sources()
    yield _Part("title", conversation.title or "report-qa")
    yield _Part("note", said["exported"].format(conversation.updated[:10]))
    for exchange in conversation.exchanges:
        yield from _exchange(exchange, sources, language)
    if sources.listed:
        yield _Part("sources", said["sources"])
    for number, citation in enumerate(sources.listed, 1):
        place = said["place"].format(report=citation.report, page=citation.page)
        yield _Part("text", " · ".join(filter(None, (f"[{number}] {place}", citation.section))))
        yield _Part("quote", citation.quote)


def _exchange(exchange: Exchange, sources: _Sources, language: str) -> Iterator[_Part]:
    said, answer = _WORDS[language], exchange.answer
    yield _Part("question", exchange.question)
    if exchange.standalone != exchange.question:
        yield _Part("note", said["standalone"].format(exchange.standalone))
    if answer is None:
        yield from _paragraphs(exchange.text)
        if exchange.failure or not exchange.evidence:
            yield _Part("note", said["unanswered"].format(exchange.failure).strip())
        for item in exchange.evidence:
            place = said["place"].format(report=item.report, page=item.page)
            yield _Part("text", f"[{sources.number(Citation.of(item, item.n, item.text))}] {place}")
        return
    if answer.notice:
        yield _Part("note", answer.notice)
    yield from _paragraphs(sources.renumbered(answer))
    if answer.unsupported:
        yield _Part("note", said["unsupported"].format(", ".join(answer.unsupported)))
    for conflict in answer.conflicts:
        yield _Part("note", said["conflict"].format(conflict.subject))
        yield _Part("table", rows=(_FIGURES[language], *map(_row, conflict.figures)))


def _row(figure: ConflictFigure) -> tuple[str, ...]:
    return figure.value, figure.report, str(figure.page), figure.quote


def _paragraphs(text: str) -> Iterator[_Part]:
    for line in filter(None, map(str.strip, text.splitlines())):
        bullet = line.startswith(("- ", "• "))
        yield _Part("bullet" if bullet else "text", line[2:].strip() if bullet else line)


def to_markdown(conversation: Conversation, language: str) -> str:
    """The conversation as Markdown (CommonMark with tables); ``language`` "zh" or "en" of what stands around it."""
    begin = {"title": "# ", "question": "## ", "sources": "## ", "bullet": "- ", "quote": "> "}
    blocks = []
    before = ""
    for part in _parts(conversation, language):
        if part.rows:
            head, *rows = [f"| {' | '.join(map(_escaped, row))} |" for row in part.rows]
            block = "\n".join([head, "|" + " --- |" * len(part.rows[0]), *rows])
        elif part.style == "note":
            block = f"*{_escaped(part.text)}*"
        else:
            block = begin.get(part.style, "") + _escaped(part.text)
        blocks.append(("\n" if before == part.style == "bullet" else "\n\n") + block)
        before = part.style
    return "".join(blocks).strip() + "\n"


def _escaped(text: str) -> str:
    """One line of text that Markdown shows as it is, links that renderers make of bare addresses included."""
    return _MARKUP.sub(lambda sign: f"\\{sign[0]}", " ".join(_NOT_XML.sub("", text).split()))


def to_docx(conversation: Conversation, language: str) -> bytes:
    """The conversation as a DOCX file; ``language`` "zh" or "en" of what stands around it."""
    import docx

    document = docx.Document()
    _set_up(document, conversation, language)
    styles = {"title": "Title", "question": "Heading 1", "sources": "Heading 1", "bullet": "List Bullet"}
    styles |= {"quote": "Quote", "note": "Caption", "text": "Normal"}
    for part in _parts(conversation, language):
        if part.rows:
            table = document.add_table(0, len(part.rows[0]), "Table Grid")
            for row in part.rows:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = _NOT_XML.sub("", text)
            document.add_paragraph()
        else:
            document.add_paragraph(_NOT_XML.sub("", part.text), styles[part.style])
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _set_up(document: "Document", conversation: Conversation, language: str) -> None:
    """Fonts that have Chinese characters, and what the file says of itself."""
    import datetime

    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn

    for style in document.styles:
        if style.type in {WD_STYLE_TYPE.PARAGRAPH, WD_STYLE_TYPE.CHARACTER}:
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            fonts.attrib.pop(qn("w:eastAsiaTheme"), None)  # of the template, which means a Japanese font
            fonts.set(qn("w:eastAsia"), "Microsoft YaHei")
    about = document.core_properties
    about.title, about.author = _NOT_XML.sub("", conversation.title), "report-qa"
    about.comments, about.language = "", {"zh": "zh-CN", "en": "en-US"}[language]
    about.created = about.modified = datetime.datetime.fromisoformat(conversation.updated)
