"""What a prediction depends on besides its question, as digests: an answer under the same fingerprint is kept."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

import index
import rag
from eval.environment import versions
from index.models import llm_path

if TYPE_CHECKING:
    from rag.engine import ReportQA
    from rag.settings import Settings

FORMAT = 1
"""Raised when what is kept of an answer changes, so that lines of the old form are not taken."""

_WITHOUT_EFFECT = {
    "store", "models_dir", "prompts", "host", "port", "log_level", "llm_api_key", "llm_timeout",
    "max_file_mb", "max_pages", "max_seconds", "max_memory_mb", "max_megapixels", "ocr",
}  # fmt: skip
"""Settings that cannot change an answer: places, addresses, and what reading costs (the store's digest shows that)."""
_SOURCES = {".py", ".txt", ".tsv"}
_NOT_ASKED = {
    "rag/cli.py", "rag/commands", "rag/doctor.py", "rag/options.py", "rag/progress.py", "rag/inspect", "rag/slack",
    "index/reading", "index/card",
}  # fmt: skip
"""Sources that no question reaches: front ends, and reading, of which the store's digest shows what came of it."""


class Fingerprint(BaseModel):
    """Digests of everything but the question. ``retrieval_only`` runs do not depend on the language model."""

    model_config = ConfigDict(frozen=True)

    format: int
    retrieval_only: bool
    code: str
    versions: str
    store: str
    embedder: str
    model: str
    settings: str

    def key(self, question: str) -> str:
        """Give the SHA-256 of this and a question's text."""
        return _digest([self.model_dump_json(), question])


def fingerprint(qa: "ReportQA", *, retrieval_only: bool) -> Fingerprint:
    """Take the fingerprint of an open store, its settings and models, and the sources of ``rag`` and ``index``."""
    values = qa.settings.model_dump(mode="json", exclude=_WITHOUT_EFFECT)
    if retrieval_only:
        values = {name: value for name, value in values.items() if not name.startswith("llm")}
    elif qa.settings.prompts:  # what they say, not where they are
        values["prompts"] = code_digest([Path(qa.settings.prompts).expanduser()])
    return Fingerprint(
        format=FORMAT,
        retrieval_only=retrieval_only,
        code=code_digest(Path(package.__file__).parent for package in (rag, index) if package.__file__),
        versions=_digest([json.dumps(versions(), sort_keys=True)]),
        store=qa.library.content_digest(),
        embedder=qa.library.embedder.fingerprint,
        model="" if retrieval_only else _digest([qa.model_name, _model_file(qa.settings)]),
        settings=_digest([json.dumps(values, sort_keys=True)]),
    )


def code_digest(folders: Iterable[Path], *, everything: bool = False) -> str:
    """Give one SHA-256 over the names and bytes of the sources, prompts and tables under folders of packages.

    Those that no question reaches are left out, but with ``everything``.
    """
    parts: list[str] = []
    for folder in folders:
        left_out = [] if everything else [folder.parent / name for name in _NOT_ASKED]
        for path in sorted(folder.rglob("*")):
            if path.suffix not in _SOURCES or any(path.is_relative_to(other) for other in left_out):
                continue
            parts += [path.relative_to(folder).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()]
    return _digest(parts)


def _model_file(settings: "Settings") -> str:
    """Size and time of the local model's file; hashing a gigabyte at every start would cost seconds."""
    if settings.llm == "none" or settings.llm_base_url:
        return ""
    file = llm_path(settings.llm, settings.models_dir)
    status = file.stat()
    known = settings.llm in {"default", "small"}  # verified by checksum when fetched
    return f"{file.name} {status.st_size}" + ("" if known else f" {status.st_mtime_ns}")


def _digest(parts: Iterable[str]) -> str:
    found = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        found.update(b"%d:" % len(data) + data)
    return found.hexdigest()
