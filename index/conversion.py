"""Makes the default embedder's folder from the file that its carrier package holds, whole or not at all."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
ENCODER = Path("openvino") / "openvino_model.xml"
# Raise it when the conversion changes: folders made by an older one are then made anew.
CONVERSION = 1


def convert_embedder(source: Path, target: Path, source_sha256: str, progress: Callable[[int, int], None]) -> None:
    """Convert the verified ``source`` into the folder ``target``, replacing what stands there.

    Only one process may convert to ``target`` at a time. ``progress`` gets (steps done, steps). The folder holds a
    Sentence Transformers model, its encoder for OpenVINO, and a manifest with the SHA-256 of every file.
    """
    from index import e5
    from index.openvino_encoder import write_encoder

    for leftover in target.parent.glob(f".{target.name}-*"):  # of a conversion that was killed
        shutil.rmtree(leftover, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as temporary:
        folder = Path(temporary) / "model"
        progress(0, 4)
        model = e5.read(source)
        progress(1, 4)
        e5.write_folder(model, folder)
        progress(2, 4)
        (folder / ENCODER).parent.mkdir()
        write_encoder(model.weights, model.sizes, model.epsilon, folder / ENCODER)
        progress(3, 4)
        _write_manifest(folder, source_sha256)
        if target.exists():
            shutil.rmtree(target)
        folder.rename(target)
        progress(4, 4)


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_manifest(folder: Path, source_sha256: str) -> None:
    files = {
        path.relative_to(folder).as_posix(): {"bytes": path.stat().st_size, "sha256": sha256(path)}
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    content = {"source_sha256": source_sha256, "conversion": CONVERSION, "files": files}
    (folder / MANIFEST).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def complete(folder: Path, source_sha256: str) -> bool:
    """Whether ``folder`` is this conversion of that source, every file there with its right size."""
    manifest = _manifest(folder)
    if (manifest.get("source_sha256"), manifest.get("conversion")) != (source_sha256, CONVERSION):
        return False
    return all(path.is_file() and path.stat().st_size == entry["bytes"] for path, entry in _files(folder, manifest))


def damaged_files(folder: Path) -> list[str]:
    """The files of a complete folder whose bytes are not those that were written. Reads all of them."""
    return [path.name for path, entry in _files(folder, _manifest(folder)) if sha256(path) != entry["sha256"]]


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def _files(folder: Path, manifest: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    for name, entry in manifest.get("files", {}).items():
        yield folder / name, entry
