"""The files of the reports as they were added, kept in the store so that a citation's page can be shown."""

import shutil
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from index.errors import ReadError, StoreError
from index.reading import file_hash

LONGEST_NAME = 200  # bytes; file systems allow 255


class Originals:
    """A folder with one file a report: its id and the ending of its name. Changed under the store's lock only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, report_id: str) -> Path | None:
        """The file of a report, None when it is not kept."""
        return next(self.folder.glob(f"{report_id}.*"), None)

    def put(self, report_id: str, sha256: str, file: Path, passwords: Sequence[str] = ()) -> None:
        """Keep a copy of ``file``. Raises ReadError when it is no longer the file that was read (``sha256``).

        Of a PDF that one of the passwords opens the copy needs none, or its pages could not be shown.
        """
        if self.find(report_id):
            return
        part = self.folder / f".{report_id}.part"
        try:
            self.folder.mkdir(exist_ok=True)
            shutil.copyfile(file, part)
            if file_hash(part) != sha256:
                raise ReadError(f"{file.name} was changed while it was read.", "Add it again.")
            if passwords and file.suffix.lower() == ".pdf":
                _unlock(part, passwords)
            part.replace(self.folder / f"{report_id}{file.suffix.lower()}")  # whole or not at all
        except OSError as error:
            raise StoreError(
                f"{file.name} cannot be kept in {self.folder}: {error.strerror or error}.",
                "See that the file is still there and that the disk has room, and add it again.",
            ) from error
        finally:
            part.unlink(missing_ok=True)

    def keep_only(self, report_ids: Iterable[str]) -> None:
        """Delete the files of all other reports, and what a crash left half copied."""
        known = set(report_ids)
        for file in self.folder.glob("*") if self.folder.is_dir() else ():
            if file.name.startswith(".") or file.name.split(".")[0] not in known:
                file.unlink(missing_ok=True)


def _unlock(file: Path, passwords: Sequence[str]) -> None:
    """Write a PDF anew without encryption, if it has any."""
    import pypdfium2

    from index.pictures import PDFIUM

    for password in (None, *passwords):
        try:
            with PDFIUM, pypdfium2.PdfDocument(file.read_bytes(), password=password) as document:
                if password is not None:
                    document.save(file, flags=pypdfium2.raw.FPDF_REMOVE_SECURITY)
                return
        except pypdfium2.PdfiumError:  # not the password of this one
            continue


@contextmanager
def under_name(file: Path, name: str) -> Iterator[Path]:
    """A copy of ``file`` under another name, as long as it is needed."""
    with tempfile.TemporaryDirectory(prefix="report-qa-") as folder:
        yield Path(shutil.copyfile(file, Path(folder) / name))


def file_name(name: str, ending: str) -> str:
    """``name`` as a file's name with this ending. Raises StoreError when it is empty, too long or leads elsewhere."""
    stem = unicodedata.normalize("NFC", name).strip()
    if stem.lower().endswith(ending.lower()):
        stem = stem[: len(stem) - len(ending)].rstrip()
    new = stem + ending
    odd = not new.isprintable() or any(sign in new for sign in '/\\:*?"<>|') or stem.startswith((".", "~$"))
    if not stem or odd or len(new.encode("utf-8", "replace")) > LONGEST_NAME:
        raise StoreError(f"{name!r} cannot be a report's name.", "Choose a file name, without folders and odd signs.")
    return new
