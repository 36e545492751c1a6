"""Pages without readable text, read as pictures: sample pages made into scans on the spot."""

import logging
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
from pdf_files import image_pdf, make_pdf, mismapped_pdf
from PIL import Image

from index.errors import ReadError
from index.reading import characters, ocr, read
from index.reading.legible import is_legible
from index.reading.ocr import Ocr
from index.reading.sheet import Origin
from index.text import fold
from index.types import BlockKind, Box

SAMPLES = Path(__file__).parents[2] / "eval" / "data"
ENGLISH, CHINESE = SAMPLES / "en_annual_report.pdf", SAMPLES / "zh_storage_weekly.pdf"
PAGES = {ENGLISH: 2, CHINESE: 3}
both = pytest.mark.parametrize("path", [ENGLISH, CHINESE], ids=lambda path: path.stem)
needs_ocr = pytest.mark.skipif(not ocr.is_installed(), reason='pip install "report-qa[ocr]"')


def picture(path: Path) -> Image.Image:
    document = pypdfium2.PdfDocument(path)
    return document[PAGES.get(path, 1) - 1].render(scale=150 / 72).to_pil().convert("L")


def scan(target: Path, image: Image.Image) -> Path:
    image.save(target, resolution=150)
    return target


def opened(path: Path, number: int = 1):
    return pypdfium2.PdfDocument(path)[number - 1]


@cache
def printed(path: Path):
    return characters.sheet(opened(path, PAGES[path]), PAGES[path])


@pytest.fixture(scope="module")
def scanned(tmp_path_factory):
    """The sheet of a sample's page that was made into a picture and read."""

    @cache
    def read_page(path: Path):
        target = scan(tmp_path_factory.mktemp("scan") / "scan.pdf", picture(path))
        return ocr.sheet(opened(target), 1, Ocr(threads=2))

    return read_page


def overlap(one: Box, other: Box) -> float:
    """Shared area over that of the smaller box."""
    across = max(0.0, min(one.x1, other.x1) - max(one.x0, other.x0))
    down = max(0.0, min(one.bottom, other.bottom) - max(one.top, other.top))
    areas = [(box.x1 - box.x0) * (box.bottom - box.top) for box in (one, other)]
    return across * down / min(areas)


@needs_ocr
@both
def test_lines_of_a_picture_are_read_as_they_are_printed(path, scanned) -> None:
    read_lines = {fold(line.text) for line in scanned(path).lines}
    long = [fold(line.text) for line in printed(path).lines if len(line.text) >= 20 and len(line.cells) == 1]
    assert scanned(path).origin is Origin.OCR
    assert len(long) >= 5
    assert sum(line in read_lines for line in long) >= 0.8 * len(long)


@needs_ocr
@both
def test_boxes_stand_where_the_text_is_printed(path, scanned) -> None:
    there = {fold(line.text): line for line in printed(path).lines if len(line.text) >= 8}
    pairs = [(line, there[fold(line.text)]) for line in scanned(path).lines if fold(line.text) in there]
    assert len(pairs) >= 5
    for line, original in pairs:
        assert overlap(line.box, original.box) > 0.7
        assert line.box.x0 == pytest.approx(original.box.x0, abs=3)
        assert line.box.x1 == pytest.approx(original.box.x1, abs=10)  # a full-width mark is half blank


@needs_ocr
@both
def test_font_sizes_are_near_the_printed_ones_and_few(path, scanned) -> None:
    there = {fold(line.text): line for line in printed(path).lines if len(line.text) >= 8}
    pairs = [(line, there[fold(line.text)]) for line in scanned(path).lines if fold(line.text) in there]
    assert all(line.size == pytest.approx(original.size, rel=0.15) for line, original in pairs)
    assert len({line.size for line in scanned(path).lines}) <= 8


@needs_ocr
def test_columns_of_a_table_are_cells(tmp_path) -> None:
    source = """#set page(width: 420pt, height: 260pt, margin: 30pt)
#set text(size: 11pt)
Sales by region in millions, as reported for each of the two years.
#v(8pt)
#table(columns: (160pt, 80pt, 80pt), stroke: none,
  [Region], [2024], [2025], [North], [1,204.5], [1,310.2], [South and East], [88.1], [(95.4)])"""
    image = picture(make_pdf(tmp_path / "table.pdf", source))
    found = ocr.sheet(opened(scan(tmp_path / "scan.pdf", image)), 1, Ocr(threads=2))
    rows = [tuple(cell.text for cell in line.cells) for line in found.lines]
    assert rows[1:] == [
        ("Region", "2024", "2025"),
        ("North", "1,204.5", "1,310.2"),
        ("South and East", "88.1", "(95.4)"),
    ]


@needs_ocr
def test_two_columns_of_text_are_read_one_after_the_other(tmp_path) -> None:
    source = """#set page(width: 595pt, height: 420pt, margin: 40pt, columns: 2)
#set text(size: 10pt)
#set par(justify: true)
#for n in range(14) [
  Part #(n + 1) tells how the pumps of the northern works were fitted with new seals, why the work took longer than
  planned, and what it cost in each quarter of the year that ended in June.
]"""
    image = picture(make_pdf(tmp_path / "columns.pdf", source))
    found = ocr.sheet(opened(scan(tmp_path / "scan.pdf", image)), 1, Ocr(threads=2))
    middle = found.width / 2
    sides = [line.box.x0 > middle for line in found.lines]
    assert len(sides) > 10
    assert any(sides)
    assert sides == sorted(sides)
    assert all(len(line.cells) == 1 for line in found.lines)


@needs_ocr
@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_scanned_lying_or_upside_down_is_turned(tmp_path, degrees) -> None:
    image = picture(ENGLISH).rotate(degrees, expand=True)
    found = ocr.sheet(opened(scan(tmp_path / "scan.pdf", image)), 1, Ocr(threads=2))
    upright = {fold(line.text) for line in printed(ENGLISH).lines if len(line.text) >= 20}
    assert sum(fold(line.text) in upright for line in found.lines) >= 0.6 * len(upright)
    assert found.height > found.width


@needs_ocr
def test_lines_of_a_slanted_page_are_whole(tmp_path) -> None:
    image = picture(ENGLISH).rotate(1.0, resample=Image.Resampling.BICUBIC, fillcolor=255)
    found = ocr.sheet(opened(scan(tmp_path / "scan.pdf", image)), 1, Ocr(threads=2))
    level = {fold(line.text) for line in printed(ENGLISH).lines if len(line.text) >= 20}
    assert sum(fold(line.text) in level for line in found.lines) >= 0.6 * len(level)


def mixed(target: Path) -> Path:
    """A file whose first page is text and whose second is a picture."""
    image = scan(target.with_name("image.pdf"), picture(ENGLISH))
    document = pypdfium2.PdfDocument.new()
    document.import_pages(pypdfium2.PdfDocument(ENGLISH), [1])
    document.import_pages(pypdfium2.PdfDocument(image))
    document.save(target)
    return target


@needs_ocr
def test_only_the_page_without_text_is_read_as_a_picture(tmp_path) -> None:
    path = mixed(tmp_path / "mixed.pdf")
    origins = [ocr.sheet(opened(path, number), number, Ocr(threads=2)).origin for number in (1, 2)]
    assert origins == [Origin.TEXT, Origin.OCR]
    steps: list[tuple[int, int]] = []
    report = read(path, progress=lambda done, total: steps.append((done, total)), ocr=Ocr(threads=2))
    assert sorted(set(steps)) == [(1, 2), (2, 2)]
    assert not report.warnings
    assert [any(block.kind is BlockKind.PARAGRAPH for block in page.blocks) for page in report.pages] == [True, True]


def test_with_ocr_off_text_pages_are_read_and_pictures_named(tmp_path) -> None:
    report = read(mixed(tmp_path / "mixed.pdf"), ocr=Ocr("off"))
    assert [bool(page.blocks) for page in report.pages] == [True, False]
    (warning,) = report.warnings
    assert warning.startswith("page 2 has no readable text, and OCR is off.")


def test_a_file_of_pictures_only_is_an_error_that_names_the_setting(tmp_path) -> None:
    path = scan(tmp_path / "scan.pdf", picture(ENGLISH))
    with pytest.raises(ReadError, match=r'scan\.pdf has no readable text.*OCR is off.*Set ocr to "auto"'):
        read(path, ocr=Ocr("off"))


def test_without_the_extra_the_error_says_what_to_install(tmp_path, monkeypatch) -> None:
    path = scan(tmp_path / "scan.pdf", picture(ENGLISH))
    monkeypatch.setattr(ocr, "find_spec", lambda name: None)
    with pytest.raises(ReadError, match=r'OCR is not installed.*pip install "report-qa\[ocr\]"'):
        read(path)


@needs_ocr
def test_a_picture_without_text_is_an_error(tmp_path) -> None:
    with pytest.raises(ReadError, match="OCR found none"):
        read(image_pdf(tmp_path / "noise.pdf"))


def test_an_empty_page_is_not_read_as_a_picture(tmp_path) -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    document.save(tmp_path / "empty.pdf")
    assert ocr.sheet(opened(tmp_path / "empty.pdf"), 1, Ocr("off")).origin is Origin.TEXT


@needs_ocr
def test_a_stamp_on_a_scan_does_not_count_as_its_text(tmp_path) -> None:
    stamped = tmp_path / "stamped.pdf"
    image = picture(ENGLISH)
    image.save(tmp_path / "page.png")
    source = """#set page(width: 595pt, height: 842pt, margin: 0pt)
#image("page.png", width: 100%)
#place(bottom + right, dx: -20pt, dy: -8pt)[Archive 17]"""
    typst = pytest.importorskip("typst")
    (tmp_path / "stamped.typ").write_text(source)
    stamped.write_bytes(typst.compile(str(tmp_path / "stamped.typ"), ignore_system_fonts=True))
    found = ocr.sheet(opened(stamped), 1, Ocr(threads=2))
    assert found.origin is Origin.OCR
    assert len(found.lines) > 10


@needs_ocr
def test_a_page_with_a_huge_box_is_drawn_within_the_limit_of_pixels(tmp_path) -> None:
    """Two hundred inches square: at the usual resolution it would take 1.3 thousand million pixels."""
    document = pypdfium2.PdfDocument(scan(tmp_path / "scan.pdf", picture(ENGLISH)))
    page = document[0]
    page.set_mediabox(0, 0, 14400, 14400)
    document.save(tmp_path / "huge.pdf")
    sizes: list[tuple[int, int]] = []
    page = opened(tmp_path / "huge.pdf")
    render = page.render

    def recorded(**options):
        bitmap = render(**options)
        sizes.append((bitmap.width, bitmap.height))
        return bitmap

    page.render = recorded
    found = ocr.read(page, 1, Ocr(max_pixels=1_000_000, threads=2))
    assert (found.width, found.height) == (14400, 14400)
    ((width, height),) = sizes
    assert width * height <= 1_010_000


@needs_ocr
def test_pictures_of_too_many_pixels_are_not_decoded(tmp_path) -> None:
    path = scan(tmp_path / "scan.pdf", picture(ENGLISH))
    assert ocr.sheet(opened(path), 1, Ocr(max_pixels=100_000)).origin is Origin.HUGE
    with pytest.raises(ReadError, match="max_megapixels"):
        read(path, ocr=Ocr(max_pixels=100_000))


@needs_ocr
def test_a_page_on_which_ocr_fails_is_told_and_logged(tmp_path, monkeypatch, caplog) -> None:
    def broken(threads):
        raise RuntimeError("no models")

    monkeypatch.setattr(ocr, "_recogniser", broken)
    with caplog.at_level(logging.ERROR):
        report = read(mixed(tmp_path / "mixed.pdf"))
    assert report.warnings == ("page 2 has no readable text, and OCR failed. The log says why.",)
    assert "no models" in caplog.text


@both
def test_text_of_the_samples_is_legible(path) -> None:
    document = pypdfium2.PdfDocument(path)
    for number in range(1, len(document) + 1):
        assert is_legible(" ".join(line.text for line in characters.sheet(document[number - 1], number).lines))


def shifted(text: str, by: int) -> str:
    return "".join(chr(ord(char) + by) if not char.isspace() else char for char in text)


@pytest.mark.parametrize(
    ("path", "garble"),
    [
        (ENGLISH, lambda text: shifted(text, 0xE000)),
        (ENGLISH, lambda text: shifted(text, -29)),
        (ENGLISH, lambda text: shifted(text, 1)),
        (ENGLISH, lambda text: "\ufffd" * len(text)),
        (CHINESE, lambda text: text.encode("gb18030").decode("latin-1")),
        (CHINESE, lambda text: "".join(chr(0x4E00 + ord(char) * 7919 % 20000) for char in text)),
        (CHINESE, lambda text: shifted(text, 5)),
    ],
    ids=["private use", "glyph numbers", "next letter", "replaced", "wrong encoding", "scattered", "next character"],
)
def test_text_of_a_font_with_a_wrong_map_is_not_legible(path, garble) -> None:
    text = "\n".join(line.text for line in printed(path).lines)
    assert is_legible(text)
    assert not is_legible(garble(text))


@pytest.mark.parametrize(
    "text",
    ["", "12.4 13.5 (7.1) 2,204 $18", "Q3", "ACME NYSE XKCD BRK TSLA", "Częstochowa, Łódź i Przemyśl " * 20],
    ids=["none", "figures", "short", "tickers", "Polish"],
)
def test_short_texts_figures_and_other_languages_are_legible(text) -> None:
    assert is_legible(text)


@needs_ocr
@pytest.mark.parametrize("shift", [1, -29, 0xE000], ids=["next letter", "glyph numbers", "private use"])
def test_a_page_that_prints_well_but_copies_as_nonsense_is_read_as_a_picture(tmp_path, shift) -> None:
    lines = [
        "The works sold more pumps than in the year before because cities",
        "renewed their water mains. Margins rose with them, and so did the",
        "order book, which now covers the whole of the coming year. The board",
        "expects sales to grow again and proposes to raise the dividend.",
    ]
    path = mismapped_pdf(tmp_path / "map.pdf", lines, shift)
    assert "works" not in " ".join(line.text for line in characters.sheet(opened(path), 1).lines)
    found = ocr.sheet(opened(path), 1, Ocr(threads=2))
    assert found.origin is Origin.OCR
    assert [fold(line.text) for line in found.lines] == [fold(line) for line in lines]
