"""Files made for a user, kept in memory until the browser fetches them."""

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass

KEPT = 20


@dataclass(frozen=True, slots=True)
class Export:
    """A file: its name, media type and content."""

    name: str
    media: str
    data: bytes


class Exports:
    """The last files made, each under a key that nobody can guess. Safe to use from several threads."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, Export] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, file: Export) -> str:
        """Keep a file; gives its key."""
        key = secrets.token_urlsafe(24)
        with self._lock:
            self._files[key] = file
            while len(self._files) > KEPT:
                self._files.popitem(last=False)
        return key

    def take(self, key: str) -> Export | None:
        """The file with this key, None when it is no longer there."""
        with self._lock:
            return self._files.get(key)
