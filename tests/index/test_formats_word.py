"""Word files: headings, pages, tables, notes and changes as a reader sees them."""

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_BREAK
from office_files import blocks, on_pages, qn, rendered_break, repack, rows, tables, texts, word, xml

from index.reading import read
from index.sections import split
from index.types import BlockKind

LONG = "The mill kept its share of the market, and orders from abroad made up for a slow spring at home. "


def test_headings_by_style_make_the_sections_and_text_keeps_its_order(tmp_path) -> None:
    def fill(document) -> None:
        document.add_heading("Harbour Mills Review", 0)
        document.add_heading("Markets", 1)
        document.add_paragraph("Demand rose in spring.")
        document.add_heading("Exports", 2)
        document.add_paragraph("Exports doubled.")
        document.add_heading("Outlook", 1)
        document.add_paragraph("We expect more.")

    report = word(tmp_path, fill)
    assert report.title == "Harbour Mills Review"
    assert [(s.path, [b.kind for b in s.blocks][-1]) for s in split(report)][1:] == [
        (("Markets",), BlockKind.PARAGRAPH),
        (("Markets", "Exports"), BlockKind.PARAGRAPH),
        (("Outlook",), BlockKind.PARAGRAPH),
    ]
    assert texts(report)[2:5] == ["Demand rose in spring.", "Exports", "Exports doubled."]


def test_localized_styles_styles_based_on_headings_and_outline_levels_are_headings(tmp_path) -> None:
    def fill(document) -> None:
        styles = document.styles
        styles.add_style("标题 1", WD_STYLE_TYPE.PARAGRAPH)
        own = styles.add_style("House Chapter", WD_STYLE_TYPE.PARAGRAPH)
        own.base_style = styles["Heading 2"]
        document.add_paragraph("行业观点", style="标题 1")
        document.add_paragraph("储能需求", style="House Chapter")
        outlined = document.add_paragraph("价格走势")
        outlined._p.get_or_add_pPr().append(xml('<w:outlineLvl w:val="2"/>'))
        document.add_paragraph("碳酸锂价格企稳。")

    report = word(tmp_path, fill)
    assert [(b.level, t) for b, t in zip(blocks(report), texts(report), strict=True)] == [
        (1, "行业观点"),
        (2, "储能需求"),
        (3, "价格走势"),
        (0, "碳酸锂价格企稳。"),
    ]
    assert report.language == "zh"


def test_pages_are_words_own_and_a_break_said_twice_counts_once(tmp_path) -> None:
    def fill(document) -> None:
        document.add_paragraph("First page.").add_run().add_break(WD_BREAK.PAGE)
        rendered_break(document.add_paragraph("Second page."))
        split_over = document.add_paragraph("It begins here and ")
        split_over.add_run("ends there.")._r.insert(0, xml("<w:lastRenderedPageBreak/>"))
        blank = document.add_paragraph()
        blank.add_run().add_break(WD_BREAK.PAGE)
        document.add_paragraph("x").runs[0]._r.insert(0, xml("<w:lastRenderedPageBreak/>"))

    report = word(tmp_path, fill)
    assert on_pages(report) == [["First page."], ["Second page.", "It begins here and"], ["ends there."], ["x"]]
    assert report.paged


def test_without_page_breaks_a_long_file_is_cut_into_stretches(tmp_path) -> None:
    def fill(document) -> None:
        for chapter in range(4):
            document.add_heading(f"Chapter {chapter + 1}", 1)
            for _ in range(8):
                document.add_paragraph(LONG * 3)

    report = word(tmp_path, fill)
    assert not report.paged
    assert 3 <= len(report.pages) <= 5
    assert all(sum(map(len, page)) < 3600 for page in on_pages(report))
    assert all(page.blocks[-1].kind is not BlockKind.HEADING for page in report.pages)


def test_a_short_file_and_one_with_its_own_breaks_keep_their_pages(tmp_path) -> None:
    assert word(tmp_path, lambda document: document.add_paragraph(LONG)).paged

    def fill(document) -> None:
        for _ in range(3):
            document.add_paragraph(LONG * 15)
            document.add_page_break()

    report = word(tmp_path, fill)
    assert (len(report.pages), report.paged) == (3, True)


def test_merged_cells_are_filled_and_the_header_has_one_name_a_column(tmp_path) -> None:
    def fill(document) -> None:
        document.add_paragraph("Table 3: Sales by line", style="Caption")
        document.add_paragraph("(in millions of dollars)")
        table = document.add_table(4, 4)
        for at, text in enumerate(["Line", "2024", "", "2025"]):
            table.cell(0, at).text = text
        table.cell(0, 1).merge(table.cell(0, 2))
        for at, row in enumerate([["", "H1", "H2", "H1"], ["Flour", "1.2", "1.4", "1.5"], ["", "0.3", "0.2", "(0.1)"]]):
            for column, text in enumerate(row):
                table.cell(at + 1, column).text = text
        table.cell(2, 0).merge(table.cell(3, 0))
        for row in (table.rows[0], table.rows[1]):
            row._tr.get_or_add_trPr().append(xml("<w:tblHeader/>"))
        document.add_paragraph("Source: company accounts")

    report = word(tmp_path, fill)
    [table] = tables(report)
    assert table.header == ("Line", "2024 H1", "2024 H2", "2025 H1")
    assert rows(table) == [("Flour", "1.2", "1.4", "1.5"), ("Flour", "0.3", "0.2", "(0.1)")]
    assert (table.title, table.unit) == ("Table 3: Sales by line", "in millions of dollars")
    assert table.source == "Source: company accounts"
    assert [b.kind for b in blocks(report)] == [BlockKind.CAPTION] * 2 + [BlockKind.TABLE, BlockKind.CAPTION]


def test_a_table_inside_a_cell_follows_its_table_and_a_table_for_layout_is_read_as_text(tmp_path) -> None:
    def fill(document) -> None:
        outer = document.add_table(2, 2)
        for at, text in enumerate(["Plant", "Output", "Weir", "12"]):
            outer.cell(at // 2, at % 2).text = text
        inner = outer.cell(1, 1).add_table(2, 2)
        for at, text in enumerate(["Grade", "Tons", "Fine", "7"]):
            inner.cell(at // 2, at % 2).text = text
        frame = document.add_table(1, 1)
        frame.cell(0, 0).text = "This box only frames a sentence."

    report = word(tmp_path, fill)
    assert [(t.header, rows(t)) for t in tables(report)] == [
        (("Plant", "Output"), [("Weir", "12")]),
        (("Grade", "Tons"), [("Fine", "7")]),
    ]
    assert texts(report, BlockKind.PARAGRAPH) == ["This box only frames a sentence."]


def test_a_table_over_a_page_break_goes_on_with_its_header(tmp_path) -> None:
    def fill(document) -> None:
        table = document.add_table(5, 2)
        for at in range(5):
            table.cell(at, 0).text, table.cell(at, 1).text = (f"Mill {at}", str(10 * at)) if at else ("Mill", "Tons")
        rendered_break(table.cell(3, 0).paragraphs[0])
        rendered_break(table.cell(3, 1).paragraphs[0])
        document.add_paragraph("After the table.")

    report = word(tmp_path, fill)
    first, second = tables(report)
    assert (first.header, second.header, second.continued) == (("Mill", "Tons"), ("Mill", "Tons"), True)
    assert [row[0] for row in rows(second)] == ["Mill 3", "Mill 4"]
    assert on_pages(report)[1][-1] == "After the table."
    assert len(report.pages) == 2


def test_inserted_text_is_read_and_deleted_and_hidden_text_is_not(tmp_path) -> None:
    def fill(document) -> None:
        paragraph = document.add_paragraph("Profit rose by ")._p
        paragraph.append(xml('<w:del w:id="1"><w:r><w:delText>nine</w:delText></w:r></w:del>'))
        paragraph.append(xml('<w:ins w:id="2"><w:r><w:t>seven</w:t></w:r></w:ins>'))
        paragraph.append(xml('<w:moveFrom w:id="3"><w:r><w:t>gone</w:t></w:r></w:moveFrom>'))
        paragraph.append(xml("<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>"))
        paragraph.append(xml('<w:r><w:t xml:space="preserve"> percent.</w:t></w:r>'))
        first = document.add_paragraph("Two paragraphs ")
        first._p.get_or_add_pPr().append(xml('<w:rPr><w:del w:id="4"/></w:rPr>'))
        document.add_paragraph("became one.")

    assert texts(word(tmp_path, fill)) == ["Profit rose by seven percent.", "Two paragraphs became one."]


def test_lists_and_numbered_headings_show_their_numbers(tmp_path) -> None:
    def fill(document) -> None:
        for text in ("Flour", "Feed"):
            document.add_paragraph(text, style="List Bullet")
        for text in ("Buy grain", "Mill it"):
            document.add_paragraph(text, style="List Number")
        numbering = document.part.numbering_part.element
        numbering.insert(
            0,
            xml(
                '<w:abstractNum w:abstractNumId="90"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
                '<w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>'
                '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/>'
                '<w:lvlText w:val="1.%2"/></w:lvl></w:abstractNum>'
            ),
        )
        numbering.append(xml('<w:num w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
        for text, level in (("市场", 0), ("需求", 1), ("供给", 1), ("风险", 0)):
            properties = document.add_heading(text, level + 1)._p.get_or_add_pPr()
            properties.append(xml(f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="90"/></w:numPr>'))

    assert texts(word(tmp_path, fill)) == [
        "• Flour", "• Feed", "1. Buy grain", "2. Mill it", "一、市场", "1.1 需求", "1.2 供给", "二、风险",
    ]  # fmt: skip


FOOTNOTES = (
    '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>'
    '<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>Without the leased mill.</w:t></w:r></w:p>'
    "</w:footnote></w:footnotes>"
)


def test_a_footnote_stands_after_its_paragraph(tmp_path) -> None:
    path = tmp_path / "notes.docx"
    document = Document()
    document.add_paragraph("Output was flat.")._p.append(xml('<w:r><w:footnoteReference w:id="2"/></w:r>'))
    document.add_paragraph("Prices fell.")
    document.save(path)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"

    def change(name: str, data: bytes) -> bytes:
        if name == "word/_rels/document.xml.rels":
            new = f'<Relationship Id="rIdF" Type="{kind}" Target="footnotes.xml"/></Relationships>'
            return data.replace(b"</Relationships>", new.encode())
        if name == "[Content_Types].xml":
            part = (
                '<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-officedocument.'
                'wordprocessingml.footnotes+xml"/></Types>'
            )
            return data.replace(b"</Types>", part.encode())
        return data

    path.write_bytes(repack(path.read_bytes(), change, {"word/footnotes.xml": FOOTNOTES.encode()}))
    report = read(path)
    assert texts(report) == ["Output was flat.", "Without the leased mill.", "Prices fell."]
    assert blocks(report)[1].kind is BlockKind.FOOTNOTE


def test_headers_and_footers_are_set_aside_on_every_page(tmp_path) -> None:
    def fill(document) -> None:
        document.sections[0].header.paragraphs[0].text = "Harbour Mills confidential"
        document.sections[0].footer.paragraphs[0].text = "Printed on straw"
        document.add_paragraph("One.")
        document.add_page_break()
        document.add_paragraph("Two.")

    report = word(tmp_path, fill)
    assert on_pages(report) == [["One."], ["Two."]]
    assert texts(report, BlockKind.RUNNING) == ["Harbour Mills confidential", "Printed on straw"] * 2


def test_text_boxes_are_read_once_and_contents_controls_are_looked_into(tmp_path) -> None:
    def fill(document) -> None:
        box = "<w:txbxContent><w:p><w:r><w:t>Boxed words.</w:t></w:r></w:p></w:txbxContent>"
        space = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        document.add_paragraph("Around the box.")._p.append(
            xml(
                f'<w:r {space}><mc:AlternateContent><mc:Choice Requires="wps">{box}</mc:Choice>'
                f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
            )
        )
        control = "<w:sdt><w:sdtPr/><w:sdtContent><w:p><w:r><w:t>In a control.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        contents = (
            '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
            "<w:sdtContent><w:p><w:r><w:t>Markets 2</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        )
        end = document.element.body.find(qn("w:sectPr"))
        for text in (control, contents):
            end.addprevious(xml(text))

    report = word(tmp_path, fill)
    assert texts(report, BlockKind.PARAGRAPH) == ["Around the box.", "Boxed words.", "In a control."]
    assert texts(report, BlockKind.CONTENTS) == ["Markets 2"]


def test_the_title_property_serves_when_no_title_is_shown_and_macro_files_are_read(tmp_path) -> None:
    def fill(document) -> None:
        document.core_properties.title = "Mills in 2025"
        document.add_paragraph("Plain words.")

    assert word(tmp_path, fill).title == "Mills in 2025"
    macro = tmp_path / "report.docm"

    def change(name: str, data: bytes) -> bytes:
        old = b"vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
        return data.replace(old, b"vnd.ms-word.document.macroEnabled.main+xml")

    macro.write_bytes(repack((tmp_path / "report.docx").read_bytes(), change, {"word/vbaProject.bin": b"\xd0\xcf"}))
    assert texts(read(macro)) == ["Plain words."]


def test_what_the_file_says_of_itself_reaches_the_report(tmp_path) -> None:
    def fill(document) -> None:
        document.core_properties.author = "Ann Weir"
        document.core_properties.subject = "Milling"
        document.add_paragraph("Plain words.")

    assert word(tmp_path, fill).metadata == {"Author": "Ann Weir", "Subject": "Milling"}
