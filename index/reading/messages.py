"""What the program and its reading processes say to each other, and how it goes through their pipes.

A frame is the length of a pickle (8 bytes, little-endian) and the pickle. What comes from a reading process, which may
have read a file made to take it over, is only ever unpickled to the few values named here.
"""

import io
import itertools
import pickle
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from index.limits import Limits

_LENGTH = struct.Struct("<Q")
_ALLOWED = frozenset({"index.types", "index.reading.sheet", "index.reading.messages", "index.reading.pdf"})
_ERRORS = frozenset({"ReadError"})


@dataclass(frozen=True, slots=True)
class Job:
    """A file to be read: its bytes must still have the hash ``sha256``. The passwords are never shown."""

    path: Path
    sha256: str
    passwords: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Open:
    """Read ``job`` wholly, or, when ``share`` and the file is long, only say how many pages it has."""

    job: Job
    limits: Limits
    share: bool


@dataclass(frozen=True, slots=True)
class Pages:
    """Read the pages ``first`` to ``last`` of a file."""

    job: Job
    limits: Limits
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Assemble:
    """Put the pickled parts of a file together, in order."""

    job: Job
    parts: tuple[bytes, ...]


Request = Open | Pages | Assemble


@dataclass(frozen=True, slots=True)
class Ready:
    """The process can be given work."""


@dataclass(frozen=True, slots=True)
class Step:
    """``done`` of ``total`` pages of what was asked for are read; ``ocr``: this one as a picture."""

    done: int
    total: int
    ocr: bool = False


@dataclass(frozen=True, slots=True)
class Long:
    """The file has so many pages that sharing them pays."""

    total: int


@dataclass(frozen=True, slots=True)
class Done:
    """What was asked for, pickled. ``tired``: the process used much memory and leaves after this."""

    value: bytes
    tired: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """What was asked for cannot be had: a pickled ReadError, and the traceback when the reader was at fault."""

    error: bytes
    trace: str = ""
    tired: bool = False


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module in _ALLOWED and name[:1].isupper()) or (module == "index.errors" and name in _ERRORS):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"a reading process sent {module}.{name}")


def unpickle(data: bytes) -> Any:
    """The value in a pickle from a reading process. Raises pickle.UnpicklingError for what none may send."""
    return _Unpickler(io.BytesIO(data)).load()


def send(pipe: IO[bytes], value: object) -> None:
    """Write one frame."""
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes:
    """The pickle in the next frame. Raises EOFError when the other side has gone."""
    (length,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    return _exactly(pipe, length)


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data


def ranges(total: int, size: int) -> Sequence[tuple[int, int]]:
    """Pages 1 to ``total`` in ranges of about ``size``: (first, last)."""
    count = -(-total // size)
    cuts = [round(total * index / count) for index in range(count + 1)]
    return [(start + 1, end) for start, end in itertools.pairwise(cuts)]
