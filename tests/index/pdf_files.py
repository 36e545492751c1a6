"""PDF files of every kind, made on the spot."""

import hashlib
from pathlib import Path

import pytest

_PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def make_pdf(path: Path, source: str) -> Path:
    """Write a PDF of a Typst source (Latin letters only: it uses the fonts that Typst carries)."""
    typst = pytest.importorskip("typst", reason="typst makes the PDFs of these tests")
    path.write_bytes(typst.compile(source.encode(), ignore_system_fonts=True))
    return path


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def _pdf(objects: list[bytes], trailer: bytes = b"") -> bytes:
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


_CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
_PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"


def encrypted_pdf(path: Path) -> Path:
    """A PDF that opens only with the password "sesame" (standard security handler, revision 2, RC4 40 bits)."""
    user = (b"sesame" + _PAD)[:32]
    owner = _rc4(hashlib.md5(user).digest()[:5], user)  # noqa: S324 - the format asks for it
    permissions, identity = (0xFFFFFFC0).to_bytes(4, "little"), b"0123456789abcdef"
    key = hashlib.md5(user + owner + permissions + identity).digest()[:5]  # noqa: S324
    stream_key = hashlib.md5(key + (5).to_bytes(3, "little") + b"\0\0").digest()[:10]  # noqa: S324
    content = _rc4(stream_key, b"BT /F1 12 Tf 40 100 Td (Net sales rose 7 percent.) Tj ET")
    objects = [
        _CATALOG,
        _PAGES,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 5 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Filter /Standard /V 1 /R 2 /P -64 /O <%s> /U <%s> >>"
        % (owner.hex().encode(), _rc4(key, _PAD).hex().encode()),
    ]
    name = identity.hex().encode()
    path.write_bytes(_pdf(objects, b"/Encrypt 6 0 R /ID [<%s> <%s>]" % (name, name)))
    return path


def image_pdf(path: Path) -> Path:
    """A PDF whose one page is a picture."""
    content = b"q 200 0 0 100 50 50 cm /I Do Q"
    pixels = bytes(range(0, 256, 4)) * 4
    objects = [
        _CATALOG,
        _PAGES,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R"
        b" /Resources << /XObject << /I 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /XObject /Subtype /Image /Width 16 /Height 16 /ColorSpace /DeviceGray /BitsPerComponent 8"
        b" /Length %d >>\nstream\n%s\nendstream" % (len(pixels), pixels),
    ]
    path.write_bytes(_pdf(objects))
    return path


def drawn_pdf(path: Path, content: bytes, page: bytes = b"") -> Path:
    """A page of 300 x 200 points that draws ``content`` (font /F1); ``page`` adds entries such as /Rotate."""
    objects = [
        _CATALOG,
        _PAGES,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 5 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> %s >>" % page,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    path.write_bytes(_pdf(objects))
    return path


def mismapped_pdf(path: Path, lines: list[str], shift: int) -> Path:
    """A page that prints ``lines`` well, but whose font's Unicode map names each letter ``shift`` places on."""
    shown = b"\n".join(b"1 0 0 1 40 %d Tm (%s) Tj" % (740 - 20 * at, line.encode()) for at, line in enumerate(lines))
    content = b"BT /F1 11 Tf\n%s\nET" % shown
    codes = b"1 begincodespacerange <00> <ff> endcodespacerange\n1 beginbfrange <21> <7e> <%04x> endbfrange\n"
    mapping = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n%sendcmap end end" % (
        codes % (0x21 + shift)
    )
    objects = [
        _CATALOG,
        _PAGES,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 800] /Contents 5 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(mapping), mapping),
    ]
    path.write_bytes(_pdf(objects))
    return path
