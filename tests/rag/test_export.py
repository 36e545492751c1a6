import io

import docx
import pytest
from markdown_it import MarkdownIt

from rag.conversations import Conversation, Exchange
from rag.export import to_docx, to_markdown
from rag.types import Answer, Citation, Conflict, ConflictFigure, Evidence, Timings

EVIL = (
    "<script>alert(1)</script> [click](javascript:alert(1)) ![x](http://a.example/x.png) **bold** `code` <b>b</b> "
    "&lt;i&gt; www.evil.example https://evil.example/a_b ann@evil.example | # $x$ ~~no~~ 1. x \\ ]"
)


def cited(n: int, report: str, page: int, quote: str, section: str = "盈利 › 毛利") -> Citation:
    return Citation(n=n, report=report, title="T", page=page, section=section, quote=quote, score=0.5)


def answered(question: str, text: str, *citations: Citation, **fields: object) -> Exchange:
    values = {"language": "zh", "found": True, "model": "m", "embedder": "e", **fields}
    answer = Answer(
        answer=text, citations=citations, timings_ms=Timings(retrieve=1, first_token=None, total=2), **values
    )
    return Exchange(question=question, answer=answer)


def conversation(*exchanges: Exchange, title: str = "毛利率") -> Conversation:
    return Conversation(id="1", user="", title=title, created="2026-03-02T08:00:00+00:00",
                        updated="2026-03-02T09:00:00+00:00", exchanges=exchanges)  # fmt: skip


TWO = conversation(
    answered(
        "毛利率？", "是 38.6%[1]，去年 35%[2]。", cited(1, "a.pdf", 6, "毛利率38.6%"), cited(2, "a.pdf", 2, "35%")
    ),
    answered(
        "Why?",
        "Prices[2] fell[1]. See [9].\n- copper[2]\n- steel",
        cited(1, "b.pdf", 1, "fell"),
        cited(2, "a.pdf", 6, "毛利率38.6%"),
        standalone="Why did the margin rise?",
        unsupported=("40%", "12"),
        conflicts=(
            Conflict(
                subject="毛利率",
                figures=(
                    ConflictFigure(value="38.6%", report="a.pdf", page=6, quote="q1"),
                    ConflictFigure(value="37%", report="b.pdf", page=1, quote="q2"),
                ),
            ),
        ),
    ),
)


def rendered(markdown: str) -> str:
    """As readers of Markdown show it."""
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown)


def test_citations_are_numbered_through_and_each_source_is_listed_once() -> None:
    text = to_markdown(TWO, "zh")
    html = rendered(text)
    assert "是 38.6%[1]，去年 35%[2]。" in html
    assert "Prices[1] fell[3]. See [9]." in html
    assert "<li>copper[1]</li>\n<li>steel</li>" in html
    sources = html[html.index("<h2>来源</h2>") :]
    assert [sources.count(f"[{n}]") for n in (1, 2, 3, 4)] == [1, 1, 1, 0]
    assert "<p>[1] a.pdf，第 6 页 · 盈利 › 毛利</p>\n<blockquote>\n<p>毛利率38.6%</p>" in sources


def test_what_was_marked_and_what_differs_is_said() -> None:
    html = rendered(to_markdown(TWO, "en"))
    assert "<em>Looked up as: Why did the margin rise?</em>" in html
    assert "<em>Not in the evidence: 40%, 12</em>" in html
    assert "<td>38.6%</td>\n<td>a.pdf</td>\n<td>6</td>\n<td>q1</td>" in html


def evil() -> Conversation:
    figure = ConflictFigure(value=EVIL, report=EVIL, page=1, quote=EVIL)
    conflict = Conflict(subject=EVIL, figures=(figure,))
    item = Evidence(n=1, report_id="1", report=EVIL, title=EVIL, page=1, section=EVIL, text=EVIL, score=1)
    return conversation(
        answered(EVIL, EVIL, cited(1, EVIL, 1, EVIL, EVIL), notice=EVIL, unsupported=(EVIL,), conflicts=(conflict,)),
        answered(EVIL, f"# {EVIL}\n    {EVIL}\n- {EVIL}\n1. {EVIL}\n> {EVIL}\n+ {EVIL}\n---\n```\n{EVIL}"),
        Exchange(question=EVIL, evidence=(item,), text=EVIL, failure=EVIL),
        title=EVIL,
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_text_becomes_markup_in_markdown(language: str) -> None:
    written = to_markdown(evil(), language)
    html = rendered(written)
    for tag in ("<script", "<a ", "<img", "<strong", "<code", "<b>", "<i>", "<pre", "<ol", "<hr", "<s>"):
        assert tag not in html
    shown = EVIL.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert html.count(shown) >= 15
    assert "https:" not in written
    assert "www." not in written
    assert html.count("<h1>") == 1


def paragraphs(data: bytes) -> list[tuple[str, str]]:
    document = docx.Document(io.BytesIO(data))
    return [(p.style.name, p.text) for p in document.paragraphs if p.text]


def test_a_docx_has_the_same_in_words_own_styles() -> None:
    data = to_docx(TWO, "zh")
    found = paragraphs(data)
    assert found[0] == ("Title", "毛利率")
    assert ("Heading 1", "毛利率？") in found
    assert ("Normal", "Prices[1] fell[3]. See [9].") in found
    assert ("List Bullet", "copper[1]") in found
    assert found[found.index(("Heading 1", "来源")) + 1 :][:2] == [
        ("Normal", "[1] a.pdf，第 6 页 · 盈利 › 毛利"),
        ("Quote", "毛利率38.6%"),
    ]
    document = docx.Document(io.BytesIO(data))
    assert [cell.text for cell in document.tables[0].rows[1].cells] == ["38.6%", "a.pdf", "6", "q1"]
    assert document.core_properties.title == "毛利率"


def test_signs_that_no_xml_can_hold_do_not_break_a_docx() -> None:
    data = to_docx(conversation(answered("a\x00b\x0b\ufffe\x1b", EVIL), title="\x01t"), "en")
    assert ("Heading 1", "ab") in paragraphs(data)
    assert ("Normal", EVIL) in paragraphs(data)


def test_what_was_stopped_or_only_looked_up_is_exported_as_far_as_it_went() -> None:
    item = Evidence(n=1, report_id="1", report="a.pdf", title="T", page=4, section="S", text="Margin 38.6%.", score=1)
    html = rendered(
        to_markdown(
            conversation(
                Exchange(question="A?", text="It was", failure="stopped"),
                Exchange(question="B?", evidence=(item,)),
            ),
            "en",
        )
    )
    assert "<p>It was</p>\n<p><em>Not answered. stopped</em></p>" in html
    assert "<p>[1] a.pdf, p. 4</p>\n<h2>Sources</h2>" in html
    assert "<blockquote>\n<p>Margin 38.6%.</p>" in html
