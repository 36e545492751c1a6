"""What an inspection says of a report: kinds, sections, chunks and boxes tied together."""

from collections.abc import Sequence

from pdf_files import make_pdf

from index.inspection import Inspection, boxes, inspect
from index.reading import read
from index.types import Block, BlockKind, Box, Line, Page, Report


def token_counts(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def line(text: str, x0: float, top: float, width: float = 200) -> Line:
    return Line(text, Box(x0, top, x0 + width, top + 10), 10)


def report(*pages: Page, warnings: tuple[str, ...] = ()) -> Report:
    return Report("harvest.pdf", "0", "Harvest", "en", pages, warnings=warnings)


def look(*blocks: Block) -> Inspection:
    return inspect(report(Page(1, 600, 800, blocks)), token_counts, 80)


def test_paragraph_under_a_disclaimers_heading_is_seen_as_disclaimer() -> None:
    seen = look(
        Block(BlockKind.HEADING, (line("Disclaimer", 50, 50),), 1, 1),
        Block(BlockKind.PARAGRAPH, (line("Nothing here is advice on anything at all.", 50, 70),), 1),
    )
    assert [block.block.kind for block in seen.pages[0].blocks] == [BlockKind.HEADING, BlockKind.DISCLAIMER]


def test_what_is_set_aside_belongs_to_no_section_and_no_chunk() -> None:
    seen = look(
        Block(BlockKind.HEADING, (line("Pears", 50, 50),), 1, 1),
        Block(BlockKind.PARAGRAPH, (line("The pears were picked in May.", 50, 70),), 1),
        Block(BlockKind.RUNNING, (line("The pears were picked in May.", 50, 10),), 1),
    )
    heading, paragraph, running = seen.pages[0].blocks
    assert (heading.section, paragraph.section, running.section) == (0, 0, None)
    assert (heading.chunks, paragraph.chunks, running.chunks) == ((), (1,), ())


def test_sections_of_one_name_keep_their_own_chunks() -> None:
    blocks = []
    for number, text in enumerate(("The north picked 40 crates of pears.", "The south picked 90 crates of plums.")):
        top = 50 + 100 * number
        blocks.append(Block(BlockKind.HEADING, (line("Harvest", 50, top),), 1, 1))
        lines = tuple(line(f"{text} {'It rained. ' * 15}", 50, top + 20 + 12 * row) for row in range(2))
        blocks.append(Block(BlockKind.PARAGRAPH, lines, 1))
    seen = look(*blocks)
    named = [(chunk.section, chunk.chunk.text[:9]) for chunk in seen.pages[0].chunks]
    assert named == [(0, "The north"), (1, "The south")]
    assert [branch.chunks for branch in seen.branches] == [1, 1]


def test_the_end_of_a_sentence_over_a_page_break_names_the_chunk_it_went_into() -> None:
    first = Block(BlockKind.PARAGRAPH, (line("The harvest of the north was carried by many hands to the", 50, 700),), 1)
    second = Block(BlockKind.PARAGRAPH, (line("barn.", 50, 50, 30),), 2)
    seen = inspect(report(Page(1, 600, 800, (first,)), Page(2, 600, 800, (second,))), token_counts, 80)
    assert seen.pages[0].blocks[0].chunks == seen.pages[1].blocks[0].chunks == (1,)
    assert [len(page.chunks) for page in seen.pages] == [1, 0]


def test_warnings_stand_at_the_pages_they_name() -> None:
    pages = [Page(number, 600, 800) for number in range(1, 8)]
    said = ("page 2 is damaged and was left out", "pages 4, 6-7 were read by OCR", "the outline is damaged")
    seen = inspect(report(*pages, warnings=said), token_counts, 80)
    assert [len(page.notes) for page in seen.pages] == [0, 1, 0, 1, 0, 1, 1]


def test_pages_read_by_ocr_say_so() -> None:
    seen = inspect(report(Page(1, 600, 800), Page(2, 600, 800, ocr=True)), token_counts, 80)
    assert [page.ocr for page in seen.pages] == [False, True]


def test_a_block_that_goes_on_in_the_next_column_has_a_box_in_each() -> None:
    lines = (line("one", 50, 700), line("two", 50, 712), line("three", 320, 50), line("four", 320, 62))
    assert boxes(Block(BlockKind.PARAGRAPH, lines, 1)) == (Box(50, 700, 250, 722), Box(320, 50, 520, 72))
    assert len(boxes(Block(BlockKind.TABLE, lines, 1))) == 1


def test_header_and_footer_have_boxes_of_their_own(tmp_path) -> None:
    source = """#set page(width: 300pt, height: 300pt, header: [Harbour Tools weekly], footer: [Harbour Tools foot])
#for number in range(4) [Tools were sold in town #number and were good enough for all who bought them. #pagebreak() ]
"""
    seen = inspect(read(make_pdf(tmp_path / "weekly.pdf", source)), token_counts, 80)
    running = [b for b in seen.pages[1].blocks if b.block.kind is BlockKind.RUNNING]
    header, footer = (box for block in running for box in block.boxes)
    assert header.bottom < 100 and footer.top > 200
