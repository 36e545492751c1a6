"""What a file really is, and whether an office file (a zip of XML) is safe to open."""

import io
import re
import zipfile
from pathlib import Path
from typing import Any

from index.errors import ReadError

MOST_UNPACKED = 600_000_000  # bytes, all parts together
MOST_XML = 150_000_000  # bytes of one XML part: its tree takes several times as much memory
MOST_RATIO = 200  # times the packed size
MOST_PARTS = 30_000
SMALL = 5_000_000  # bytes; below this no ratio is a danger
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DOCTYPE = re.compile(rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)")
_KINDS = {"word/": ".docx", "ppt/": ".pptx", "xl/": ".xlsx"}
_SAVE_AS = "Open it in Word, PowerPoint, Excel or LibreOffice and save it as {}."
OLD = {
    ".doc": ".docx", ".dot": ".docx", ".rtf": ".docx", ".odt": ".docx", ".wps": ".docx", ".pages": ".docx",
    ".ppt": ".pptx", ".pps": ".pptx", ".odp": ".pptx", ".dps": ".pptx", ".key": ".pptx",
    ".xls": ".xlsx", ".xlsb": ".xlsx", ".ods": ".xlsx", ".et": ".xlsx", ".numbers": ".xlsx", ".csv": ".xlsx",
    ".mht": ".html", ".mhtml": ".html", ".epub": ".pdf",
}  # fmt: skip


def remedy(suffix: str, kinds: str) -> str:
    """What to do with a file of an ending that is not read; ``kinds`` are those that are."""
    return f"Save it as {OLD[suffix]} and add that." if suffix in OLD else f"Known are {kinds}."


def check_kind(path: Path, data: bytes, wanted: str) -> None:
    """Raise ReadError when the file is plainly of another kind than ``wanted`` (".docx", ".html", ".txt" ...)."""
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    office = wanted in _KINDS.values()
    if data.startswith(_OLE):
        if b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in data:
            raise ReadError(
                f"{path.name} is encrypted with a password.", "Save a copy without its password and add that."
            )
        new = _old_kind(data)
        raise ReadError(f"{path.name} is in the old binary format of Office.", _SAVE_AS.format(new))
    if head.startswith(b"%PDF"):
        raise ReadError(f"{path.name} is a PDF although its name says otherwise.", "Give it the ending .pdf.")
    if head.startswith(b"{\\rtf"):
        raise ReadError(f"{path.name} is a file in RTF.", _SAVE_AS.format(".docx"))
    if data.startswith(b"PK\x03\x04") and not office:
        raise ReadError(
            f"{path.name} is a zip file or office document although its name says otherwise.",
            "Give it the ending of what it is, such as .docx, or unpack it.",
        )
    if office and not data.startswith(b"PK"):
        page = b"<html" in head.lower() or head.lower().startswith(b"<!doctype html")
        raise ReadError(
            f"{path.name} is not an office file although its name says so.",
            "Give it the ending .html." if page else "Download it again or give it the ending of what it is.",
        )


def check_office(path: Path, data: bytes, wanted: str) -> None:
    """Raise ReadError unless ``data`` is an office file of the kind ``wanted`` that is safe to open.

    Sizes are counted while unpacking, not believed. No part may declare a DTD, where entities live: the formats
    forbid it (ECMA-376 part 2, 9.1.4), so nothing is expanded or fetched.
    """
    check_kind(path, data, wanted)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_sizes(path, archive, len(data))
            found = {kind for name in archive.namelist() for start, kind in _KINDS.items() if name.startswith(start)}
            if wanted not in found:
                is_now = f"Give it the ending {found.pop()}." if len(found) == 1 else "Save it again in its program."
                raise ReadError(f"{path.name} is not what its ending {path.suffix} says.", is_now)
            _check_parts(path, archive, len(data))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise ReadError(f"{path.name} is damaged: {error}.", "Download it again or save it anew.") from error
    except RuntimeError as error:  # zipfile's word for a password
        raise ReadError(f"{path.name} is encrypted.", "Save a copy without its password and add that.") from error
    except Exception as error:
        if isinstance(error, ReadError):
            raise
        raise ReadError(f"{path.name} is damaged: {error}.", "Download it again or save it anew.") from error


def core(properties: Any) -> dict[str, str]:
    """An office file's core properties under the names that PDF has for them; a program's name is no author."""
    author = str(getattr(properties, "author", None) or getattr(properties, "creator", None) or "")
    if author.lower() in {"openpyxl", "python-docx", "python-pptx", "steve canny", "administrator", "user", "admin"}:
        author = ""
    return {"Title": str(properties.title or ""), "Author": author, "Subject": str(properties.subject or "")}


def damaged(path: Path, error: BaseException) -> ReadError:
    """The error for an office file that its library cannot read."""
    said = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
    return ReadError(f"{path.name} is damaged: {said}.", "Open it in its program and save it anew.")


def _old_kind(data: bytes) -> str:
    if b"W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t" in data:
        return ".docx"
    if b"P\0o\0w\0e\0r\0P\0o\0i\0n\0t" in data:
        return ".pptx"
    return ".xlsx" if b"W\0o\0r\0k\0b\0o\0o\0k" in data or b"B\0o\0o\0k\0\0" in data else ".docx, .pptx or .xlsx"


def _bomb(path: Path) -> ReadError:
    return ReadError(
        f"{path.name} unpacks to far more than an office file holds.",
        "Do not open it unless you know where it is from.",
    )


def _check_sizes(path: Path, archive: zipfile.ZipFile, packed: int) -> None:
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or total > MOST_UNPACKED or total > max(SMALL, MOST_RATIO * packed):
        raise _bomb(path)


def _check_parts(path: Path, archive: zipfile.ZipFile, packed: int) -> None:
    total = 0
    for part in archive.infolist():
        xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
        size, tail = 0, b""
        with archive.open(part) as file:
            while piece := file.read(1 << 16):
                size += len(piece)
                total += len(piece)
                if total > min(MOST_UNPACKED, max(SMALL, MOST_RATIO * packed)):
                    raise _bomb(path)
                if xml and size > MOST_XML:
                    raise ReadError(
                        f"{path.name} has a part of more than {MOST_XML / 1e6:.0f} MB.", "Split it and add its parts."
                    )
                if xml and _DOCTYPE.search(tail + piece):
                    raise ReadError(
                        f"{path.name} declares XML entities, which no office program writes.",
                        "Do not open it unless you know where it is from.",
                    )
                tail = piece[-32:]
