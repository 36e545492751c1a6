"""Boxes lie on what is seen, whatever way a page is turned and cropped."""

import pypdfium2
import pytest
from pdf_files import drawn_pdf

from index.reading import read
from index.types import Box

UPRIGHT = {0: b"1 0 0 1 40 60", 90: b"0 1 -1 0 100 60", 180: b"-1 0 0 -1 200 90", 270: b"0 -1 1 0 100 150"}
CROPS = {"whole": b"", "cropped": b"/CropBox [20 30 220 190]", "beyond the sheet": b"/CropBox [-50 -20 500 250]"}


def ink(path, scale: int = 4) -> Box:
    """The box around everything dark on the picture of the first page, in points."""
    document = pypdfium2.PdfDocument(path)
    picture = document[0].render(scale=scale).to_pil().convert("L").point(lambda value: 255 * (value < 128))
    document.close()
    return Box(*(edge / scale for edge in picture.getbbox()))


@pytest.mark.parametrize("turn", UPRIGHT)
@pytest.mark.parametrize("crop", CROPS)
def test_box_of_a_line_is_where_its_ink_is(tmp_path, turn, crop) -> None:
    content = b"BT /F1 20 Tf %s Tm (Quarry gpl) Tj ET" % UPRIGHT[turn]
    file = drawn_pdf(tmp_path / "turned.pdf", content, b"%s /Rotate %d" % (CROPS[crop], turn))
    page = read(file).pages[0]
    (line,) = page.blocks[0].lines
    seen = ink(file)
    assert line.text == "Quarry gpl"
    assert line.box.x0 - 0.5 <= seen.x0 and seen.x1 <= line.box.x1 + 0.5
    assert line.box.top - 0.5 <= seen.top and seen.bottom <= line.box.bottom + 0.5
    assert line.box.bottom - line.box.top < 1.3 * (seen.bottom - seen.top)
    assert line.box.x0 >= 0 and line.box.x1 <= page.width and line.box.bottom <= page.height


def test_text_across_the_lines_of_a_turned_page_is_left_out(tmp_path) -> None:
    content = b"BT /F1 20 Tf 1 0 0 1 40 60 Tm (Margin) Tj ET BT /F1 12 Tf 0 1 -1 0 200 60 Tm (Quarry gpl) Tj ET"
    page = read(drawn_pdf(tmp_path / "turned.pdf", content, b"/Rotate 90")).pages[0]
    assert [line.text for block in page.blocks for line in block.lines] == ["Quarry gpl"]
