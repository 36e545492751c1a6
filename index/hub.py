"""Embedders from the Hugging Face hub: fetched on request, opened from disk only."""

import hashlib
import re
from pathlib import Path

from index.errors import ModelError

_COMPLETE = ".complete"
_MODEL_ID = re.compile(r"[\w.-]+/[\w.-]+")
# Copies of the weights for other programs.
_NOT_NEEDED = ["onnx/*", "openvino/*", "*.onnx", "*.msgpack", "*.h5", "*.ot", "*.gguf", "imgs/*"]
_WEIGHTS = ("*.safetensors", "*.bin", "*.pt")
_SAMPLE = 1 << 16


def pull_embedder(model_id: str, models_dir: Path) -> Path:
    """Fetch a Sentence Transformers model from the hub into ``models_dir``; goes on where an earlier try broke off.

    Raises ModelError if the hub cannot be reached or does not have it.
    """
    folder = _folder(model_id, models_dir)
    if (folder / _COMPLETE).exists():
        return folder
    if not _MODEL_ID.fullmatch(model_id):
        raise ModelError(f"{model_id!r} is not a model id.", "Give it as owner/name, such as BAAI/bge-m3.")
    from huggingface_hub import HfApi, snapshot_download

    try:
        files = HfApi().list_repo_files(model_id)
        twice = ["*.bin"] if any(name.endswith(".safetensors") for name in files) else []
        snapshot_download(model_id, local_dir=folder, ignore_patterns=_NOT_NEEDED + twice)
    except Exception as error:
        raise ModelError(
            f"{model_id} could not be fetched from the hub: {str(error).strip().splitlines()[0]}",
            "Check its name and the network, or set embedder to a folder that holds the model.",
        ) from error
    (folder / _COMPLETE).touch()
    return folder


def _folder(model_id: str, models_dir: Path) -> Path:
    return models_dir / "hub" / model_id.replace("/", "--")


def model_folder(setting: str, models_dir: Path) -> Path:
    """The folder of the embedder that ``setting`` names: a folder, or an id that was pulled or is in the hub's cache.

    Never downloads. Raises ModelError if it is not there.
    """
    given = Path(setting).expanduser()
    if given.is_dir():
        return given
    if not _MODEL_ID.fullmatch(setting) or setting.startswith("."):
        raise ModelError(
            f"The setting embedder names {setting!r}, which is neither a folder nor a model id.",
            'Set it to "default", a Sentence Transformers folder, or an id such as BAAI/bge-m3.',
        )
    pulled = _folder(setting, models_dir)
    if (pulled / _COMPLETE).exists():
        return pulled
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(setting, local_files_only=True))
    except Exception as error:
        raise ModelError(
            f"The embedder {setting} is not on this machine.", f"Run `report-qa models pull --embedder {setting}`."
        ) from error


def digest(folder: Path) -> str:
    """A quick hash of a model folder: its configuration, and of its weights the sizes, first and last bytes."""
    found = hashlib.sha256()
    for path in sorted(folder.glob("*.json")) + sorted(folder.glob("[0-9]_*/*.json")):
        found.update(f"{path.relative_to(folder)}\n".encode() + path.read_bytes())
    for pattern in _WEIGHTS:
        weights = sorted(folder.glob(pattern)) + sorted(folder.glob(f"[0-9]_*/{pattern}"))
        for path in weights:
            size = path.stat().st_size
            with path.open("rb") as file:
                found.update(f"{path.relative_to(folder)} {size}\n".encode() + file.read(_SAMPLE))
                file.seek(max(0, size - _SAMPLE))
                found.update(file.read(_SAMPLE))
        if weights:
            break
    return found.hexdigest()
