"""PDF files that are hard on a reader: long, deep, endless, huge, slow, and damaged at random."""

import random
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from pdf_files import _CATALOG, _pdf

_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def pages_pdf(path: Path, contents: list[bytes], box: bytes = b"0 0 300 200", packed: bool = False) -> Path:
    """A PDF with one page for each content stream; ``packed`` compresses them."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * i) for i in range(len(contents)))
    objects = [_CATALOG, b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(contents)), _FONT]
    for number, content in enumerate(contents):
        data = zlib.compress(content, 9) if packed else content
        extra = b" /Filter /FlateDecode" if packed else b""
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (box, 5 + 2 * number),
            b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(data), extra, data),
        ]
    path.write_bytes(_pdf(objects))
    return path


def line(text: str, y: int = 100) -> bytes:
    """A content stream with one line of text."""
    return b"BT /F1 12 Tf 40 %d Td (%s) Tj ET\n" % (y, text.encode("ascii"))


def slow_pdf(path: Path) -> Path:
    """A small file with millions of characters on its page, which take minutes to read."""
    rows = b"".join(line("net sales rose in all segments " * 20, 15 * row) for row in range(20_000))
    return pages_pdf(path, [rows], box=b"0 0 9000 300000", packed=True)


def huge_pdf(path: Path) -> Path:
    """A small file whose page grows to gigabytes when it is unpacked and parsed."""
    return pages_pdf(path, [b"0 0 m 1 1 l 2 2 l 3 3 l " * 12_000_000 + b"S\n" + line("Net sales rose.")], packed=True)


def deep_pdf(path: Path, depth: int = 20_000) -> Path:
    """A PDF whose page hangs in a tree of ``depth`` nodes."""
    nodes = [
        b"<< /Type /Pages /Kids [%d 0 R] /Count 1 /Parent %d 0 R >>" % (number + 1, max(2, number - 1))
        for number in range(2, depth + 2)
    ]
    page = b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 300 200] >>" % (depth + 1)
    path.write_bytes(_pdf([_CATALOG, *nodes, page]))
    return path


def endless_pdf(path: Path) -> Path:
    """A PDF whose tree of pages leads back to itself."""
    path.write_bytes(_pdf([_CATALOG, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9999 /Parent 2 0 R >>"]))
    return path


def nested_pdf(path: Path) -> Path:
    """A PDF whose page draws a form that draws itself, under arrays nested ten thousand deep."""
    content = b"/X Do"
    objects = [
        _CATALOG,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Junk %s%s"
        b" /Resources << /XObject << /X 5 0 R >> >> >>" % (b"[" * 10_000, b"]" * 10_000),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 300 200] /Resources << /XObject << /X 5 0 R >> >>"
        b" /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    path.write_bytes(_pdf(objects))
    return path


def no_pages_pdf(path: Path) -> Path:
    """A PDF without any page."""
    path.write_bytes(_pdf([_CATALOG, b"<< /Type /Pages /Kids [] /Count 0 >>"]))
    return path


def damaged(whole: bytes, count: int, seed: int) -> Iterator[bytes]:
    """``count`` damaged forms of a PDF: bytes flipped, cut short, or objects put in each other's place."""
    chance = random.Random(seed)  # noqa: S311 - the same files every time
    objects = [found.span() for found in re.finditer(rb"\d+ 0 obj\b.*?endobj", whole, re.DOTALL)]
    for number in range(count):
        data = bytearray(whole)
        if number % 3 == 0:
            for _ in range(chance.choice((1, 10, 100, 1000))):
                data[chance.randrange(len(data))] = chance.randrange(256)
        elif number % 3 == 1:
            del data[chance.randrange(len(data)) :]
        else:
            for _ in range(chance.choice((1, 3, 10))):
                first, second = sorted(chance.sample(objects, 2))
                head, tail = bytes(data[first[0] : first[1]]), bytes(data[second[0] : second[1]])
                swapped = tail + bytes(data[first[1] : second[0]]) + head
                data[first[0] : second[1]] = swapped
        yield bytes(data)
