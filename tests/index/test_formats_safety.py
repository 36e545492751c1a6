"""Office files that are bombs, encrypted, old, in disguise or damaged end as errors that say what to do."""

import io
import random
import struct
import zipfile

import pytest
from docx import Document
from office_files import repack
from openpyxl import Workbook
from pptx import Presentation

from index.errors import ReadError
from index.reading import READERS, is_report, read

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def office(kind: str) -> bytes:
    """A small sound file of the kind ".docx", ".pptx" or ".xlsx"."""
    out = io.BytesIO()
    if kind == ".docx":
        document = Document()
        document.add_heading("Mills", 1)
        document.add_paragraph("Sales rose.")
        document.add_table(2, 2).cell(0, 0).text = "Line"
        document.save(out)
    elif kind == ".pptx":
        presentation = Presentation()
        presentation.slides.add_slide(presentation.slide_layouts[5]).shapes.title.text = "Mills"
        presentation.save(out)
    else:
        book = Workbook()
        book.active.append(["Line", "Sales"])
        book.active.append(["Flour", 2])
        book.save(out)
    return out.getvalue()


MAIN = {".docx": "word/document.xml", ".pptx": "ppt/slides/slide1.xml", ".xlsx": "xl/worksheets/sheet1.xml"}
KINDS = pytest.mark.parametrize("kind", list(MAIN))


def fails(folder, name: str, data: bytes, told: str) -> None:
    (folder / name).write_bytes(data)
    with pytest.raises(ReadError, match=told) as caught:
        read(folder / name)
    assert caught.value.remedy


@KINDS
def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path, kind) -> None:
    bomb = repack(office(kind), lambda _, data: data, {f"{MAIN[kind]}.media": bytes(60_000_000)})
    assert len(bomb) < 200_000
    fails(tmp_path, f"bomb{kind}", bomb, r"unpacks to far more than an office file holds\. Do not open")


@KINDS
def test_a_zip_that_lies_about_its_sizes_is_refused(tmp_path, kind) -> None:
    name = f"{MAIN[kind]}.media"
    data = bytearray(repack(office(kind), lambda _, data: data, {name: bytes(20_000_000)}))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        offset = archive.getinfo(name).header_offset
    entry = data.rindex(name.encode()) - 46  # its entry in the central directory, where readers look
    assert data[entry : entry + 4] == b"PK\x01\x02"
    for at in (offset + 22, entry + 24):
        data[at : at + 4] = struct.pack("<I", 1000)
    fails(tmp_path, f"lie{kind}", bytes(data), rf"lie\{kind} is damaged")


@KINDS
def test_xml_entities_are_refused_in_every_part_and_encoding(tmp_path, kind) -> None:
    for encoding in ("utf-8", "utf-16"):
        bomb = (
            f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
            '<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]><x>&b;&c;</x>'
        ).encode(encoding)
        data = repack(office(kind), lambda name, old: bomb if name == MAIN[kind] else old)  # noqa: B023
        fails(tmp_path, f"entity{kind}", data, "declares XML entities, which no office program writes")


@KINDS
def test_an_encrypted_file_asks_for_a_copy_without_its_password(tmp_path, kind) -> None:
    fails(
        tmp_path, f"locked{kind}", OLE + "EncryptedPackage".encode("utf-16-le") + bytes(512), "encrypted.*without its"
    )


@pytest.mark.parametrize(
    ("stream", "old", "new"),
    [("WordDocument", ".doc", ".docx"), ("PowerPoint Document", ".ppt", ".pptx"), ("Workbook", ".xls", ".xlsx")],
)
def test_old_office_files_are_told_by_name_and_by_content(tmp_path, stream, old, new) -> None:
    data = OLE + stream.encode("utf-16-le") + bytes(512)
    fails(tmp_path, f"report{old}", data, rf"not a kind of report.*Save it as \{new}")
    fails(tmp_path, f"report{new}", data, rf"old binary format.*save it as \{new}")
    fails(tmp_path, "report.txt", data, rf"old binary format.*save it as \{new}")
    assert not is_report(tmp_path / f"report{old}")


@KINDS
def test_a_file_with_the_ending_of_another_kind_is_told(tmp_path, kind) -> None:
    fails(tmp_path, f"a{kind}", b"%PDF-1.7\n%", r"is a PDF although.*\.pdf")
    fails(tmp_path, f"b{kind}", b"<!DOCTYPE html><html><p>Text</p></html>", r"not an office file.*\.html")
    fails(tmp_path, f"c{kind}", b"Only words.", "not an office file although its name says so")
    fails(tmp_path, f"d{kind}", b"{\\rtf1 words}", r"RTF.*\.docx")
    other = next(name for name in MAIN if name != kind)
    fails(tmp_path, f"e{kind}", office(other), rf"not what its ending \{kind} says\. Give it the ending \{other}")
    for ending in (".txt", ".md", ".html"):
        fails(tmp_path, f"f{ending}", office(kind), "is a zip file or office document")
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("notes.txt", "words")
    fails(tmp_path, f"g{kind}", plain.getvalue(), "is not what its ending")


@KINDS
def test_deeply_nested_xml_is_an_error_not_a_crash(tmp_path, kind) -> None:
    deep = b"<x>" * 200_000 + b"</x>" * 200_000
    data = repack(office(kind), lambda name, old: deep if name == MAIN[kind] else old)
    fails(tmp_path, f"deep{kind}", data, rf"deep\{kind} (is damaged|has no text)")


@KINDS
def test_empty_and_damaged_files_are_errors_with_a_remedy(tmp_path, kind) -> None:
    sound = office(kind)
    fails(tmp_path, f"cut{kind}", sound[: len(sound) // 2], "is damaged")
    fails(tmp_path, f"empty{kind}", b"", "is empty")
    fails(
        tmp_path, f"no main{kind}", repack(sound, lambda n, d: None if n == MAIN[kind] else d), "is damaged|has no text"
    )
    junk = repack(sound, lambda n, d: b"<broken" if n == MAIN[kind] else d)
    fails(tmp_path, f"junk{kind}", junk, "is damaged")


def test_a_document_without_text_is_told(tmp_path) -> None:
    out = io.BytesIO()
    Document().save(out)
    fails(tmp_path, "blank.docx", out.getvalue(), r"blank\.docx has no text")
    fails(tmp_path, "blank.html", b"<html><body><script>x</script></body></html>", r"blank\.html has no text")
    fails(tmp_path, "plain.html", b"no marks at all", "is not HTML although")


@KINDS
def test_bytes_changed_at_random_end_as_a_report_or_a_read_error(tmp_path, kind) -> None:
    chance = random.Random(7)  # noqa: S311
    sound = office(kind)
    path = tmp_path / f"fuzz{kind}"
    for _ in range(40):
        if chance.random() < 0.5:
            data = bytearray(sound)
            for _ in range(chance.randint(1, 30)):
                data[chance.randrange(len(data))] = chance.randrange(256)
        else:  # inside the parts, so that the zip stays sound

            def change(name: str, part: bytes) -> bytes:
                if not name.endswith((".xml", ".rels")) or chance.random() < 0.7:
                    return part
                start = chance.randrange(len(part))
                return part[:start] + part[start + chance.randint(1, 200) :]

            data = bytearray(repack(sound, change))
        path.write_bytes(data)
        try:
            assert read(path).pages
        except ReadError as error:
            assert error.remedy


def test_every_ending_that_is_listed_is_a_report(tmp_path) -> None:
    assert {".docx", ".docm", ".pptx", ".pptm", ".xlsx", ".xlsm", ".html", ".htm", ".md", ".txt"} <= set(READERS)
    assert all(is_report(tmp_path / f"a{ending.upper()}") for ending in READERS)
