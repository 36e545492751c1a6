"""The file of a report is kept, and its pages are drawn with what is cited framed."""

import io
import shutil

import pytest
from PIL import Image

from index.errors import StoreError
from index.library import Library
from index.quotes import boxes_of
from index.types import Box, Sentence

FRAME = (214, 96, 0)


@pytest.fixture
def library(sample_store, embedder, tmp_path):
    shutil.copytree(sample_store, tmp_path / "store")
    library = Library(tmp_path / "store", embedder)
    yield library
    library.close()


def picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def framed(image: Image.Image) -> list[tuple[int, int]]:
    wide = image.width
    return [(i % wide, i // wide) for i, colour in enumerate(image.get_flattened_data()) if colour == FRAME]


def test_a_quotation_is_framed_where_it_stands(library) -> None:
    entry = library.find("zh_storage_weekly.pdf")
    hit = next(h for h in library.chunks(entry.id, 3) if len(h.sentences) > 1 and h.sentences[0].boxes)
    boxes = library.boxes(entry.id, 3, hit.sentences[0].text)
    assert boxes == hit.sentences[0].boxes
    image = picture(library.picture(entry.id, 3, boxes, 800))
    assert image.width == 800
    points = framed(image)
    scale = 800 / 595.28
    assert min(y for _, y in points) == pytest.approx((boxes[0].top - 1.5) * scale, abs=2)
    assert max(y for _, y in points) == pytest.approx((boxes[-1].bottom + 1.5) * scale, abs=2)
    assert not framed(picture(library.picture(entry.id, 3, (), 800)))


def test_every_chunk_of_a_report_can_be_framed_on_its_page(library) -> None:
    for entry in library.reports():
        for hit in library.chunks(entry.id):
            assert library.boxes(entry.id, hit.page, hit.text), (entry.name, hit.page, hit.text)


def test_a_page_that_is_not_there_is_told(library) -> None:
    entry = library.reports()[0]
    for page in (0, entry.pages + 1):
        with pytest.raises(StoreError, match=f"no page {page}"):
            library.picture(entry.id, page)


def test_other_formats_have_no_pictures_but_their_file_is_kept(library, tmp_path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("一月国内储能招标容量为二十八吉瓦时。", encoding="utf-8")
    (outcome,) = library.add([file])
    assert outcome.entry
    original = library.original(outcome.entry.id)
    assert original and original.read_bytes() == file.read_bytes()
    with pytest.raises(StoreError, match="Only the pages of PDF"):
        library.picture(outcome.entry.id, 1)


def test_a_removed_report_leaves_no_file(library) -> None:
    entry = library.reports()[0]
    original = library.original(entry.id)
    assert original and original.is_file()
    library.remove(entry.id)
    assert library.original(entry.id) is None and not original.exists()


def test_what_a_crash_left_half_copied_is_cleared_away(library, sample_store, embedder) -> None:
    files = library.store / "files"
    (files / ".0123456789ab.part").write_bytes(b"half")
    (files / "0123456789ab.pdf").write_bytes(b"of a report that never got in")
    library.close()
    again = Library(library.store, embedder)
    assert sorted(f.stem for f in files.iterdir()) == sorted(e.id for e in again.reports())
    again.close()


@pytest.mark.parametrize(
    ("quote", "framed_tops"),
    [
        ("Sales rose 4%.", [10]),
        ("rose ４％", [10]),
        ("Sales rose 4%. Costs\nfell.", [10, 20]),
        ("Nothing of this.", []),
        ("", []),
    ],
)
def test_a_quotation_is_made_of_sentences_or_part_of_one(quote, framed_tops) -> None:
    sentences = [
        Sentence("Sales rose 4%.", 1, boxes=(Box(0, 10, 50, 18),)),
        Sentence("Costs fell.", 1, boxes=(Box(0, 20, 50, 28),)),
    ]
    assert [box.top for box in boxes_of(quote, sentences)] == framed_tops
