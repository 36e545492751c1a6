"""PowerPoint files: a page a slide, shapes in reading order, tables, charts and notes."""

import pytest
from office_files import blocks, on_pages, rows, tables, texts
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from index.errors import ReadError
from index.reading import read
from index.types import BlockKind, Report


def slides(folder, fill, name="deck.pptx") -> Report:
    presentation = Presentation()
    fill(presentation)
    presentation.save(folder / name)
    return read(folder / name)


def new(presentation, title: str, layout: int = 5):
    slide = presentation.slides.add_slide(presentation.slide_layouts[layout])
    slide.shapes.title.text = title
    return slide


def put(holder, text: str, left: float, top: float, width: float = 4, height: float = 1):
    box = holder.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
    box.text_frame.text = text
    return box


def test_a_slide_is_a_page_with_its_title_as_heading(tmp_path) -> None:
    def fill(presentation) -> None:
        first = new(presentation, "Harbour Mills 2025", 0)
        first.placeholders[1].text = "Results for the year"
        second = new(presentation, "Markets", 1)
        second.placeholders[1].text_frame.text = "Exports doubled"
        second.placeholders[1].text_frame.add_paragraph().text = "Home sales fell"

    report = slides(tmp_path, fill)
    assert on_pages(report) == [
        ["Harbour Mills 2025", "Results for the year"],
        ["Markets", "Exports doubled", "Home sales fell"],
    ]
    assert [b.level for b in blocks(report, BlockKind.HEADING)] == [1, 1]
    assert (report.title, report.paged) == ("Harbour Mills 2025", True)


def test_shapes_are_read_by_their_places_not_by_when_they_were_drawn(tmp_path) -> None:
    def fill(presentation) -> None:
        slide = new(presentation, "Order")
        put(slide, "right column", 5.5, 2, height=4)
        put(slide, "left, below", 0.5, 4)
        put(slide, "footing", 0.5, 6.3, width=9)
        put(slide, "left, above", 0.5, 2)
        group = slide.shapes.add_group_shape()
        put(group, "in a group", 0.5, 5.2)

    assert on_pages(slides(tmp_path, fill))[0][1:] == [
        "left, above",
        "left, below",
        "in a group",
        "right column",
        "footing",
    ]


def test_tables_charts_and_notes_keep_their_figures(tmp_path) -> None:
    def fill(presentation) -> None:
        slide = new(presentation, "Figures")
        table = slide.shapes.add_table(3, 3, Inches(0.5), Inches(1.5), Inches(8), Inches(1.5)).table
        for at, text in enumerate(["Line", "2024", "2025", "Flour", "1.2", "1.4", "", "1.3", "1.5"]):
            table.cell(at // 3, at % 3).text = text
        table.cell(1, 0).merge(table.cell(2, 0))
        data = CategoryChartData(number_format="0.0%")
        data.categories = ["North", "South"]
        data.add_series("Margin", (0.125, 0.2))
        chart = slide.shapes.add_chart(
            XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(0.5), Inches(4), Inches(8), Inches(3), data
        ).chart
        chart.has_title = True
        chart.chart_title.text_frame.text = "Margin by region"
        slide.notes_slide.notes_text_frame.text = "Say why the south did better."

    report = slides(tmp_path, fill)
    first, second = tables(report)
    assert (first.header, rows(first)) == (("Line", "2024", "2025"), [("Flour", "1.2", "1.4"), ("Flour", "1.3", "1.5")])
    assert (second.title, second.header[1]) == ("Margin by region", "Margin")
    assert rows(second) == [("North", "12.5%"), ("South", "20.0%")]
    assert texts(report, BlockKind.FOOTNOTE) == ["Say why the south did better."]


def test_hidden_slides_are_left_out_with_a_warning_and_keep_their_number(tmp_path) -> None:
    def fill(presentation) -> None:
        new(presentation, "Seen")
        new(presentation, "Backup")._element.set("show", "0")
        new(presentation, "Seen too")

    report = slides(tmp_path, fill)
    assert on_pages(report) == [["Seen"], [], ["Seen too"]]
    assert report.warnings == ("1 hidden slides were left out",)


def test_too_many_slides_and_slides_without_text_are_told(tmp_path) -> None:
    def fill(presentation) -> None:
        for at in range(3):
            new(presentation, f"Slide {at}")

    slides(tmp_path, fill)
    with pytest.raises(ReadError, match=r"deck\.pptx has 3 slides; the limit is 2\. Raise"):
        read(tmp_path / "deck.pptx", max_pages=2)
    with pytest.raises(ReadError, match=r"deck\.pptx has no text"):
        slides(tmp_path, lambda presentation: presentation.slides.add_slide(presentation.slide_layouts[6]))
