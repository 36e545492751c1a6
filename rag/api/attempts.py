"""Passwords cannot be tried without end."""

import threading
import time

from rag.api.problems import RequestError

MOST = 10
WINDOW = 300.0  # seconds
_MOST_KEPT = 10_000


class Attempts:
    """Failed sign-ins of the last minutes, by who tried from where."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failed: dict[tuple[str, str], list[float]] = {}

    def check(self, address: str, name: str) -> None:
        """Raise RequestError (429) after too many failures."""
        with self._lock:
            recent = self._recent((address, name))
        if len(recent) >= MOST:
            wait = max(1, int(recent[0] + WINDOW - time.monotonic()))
            raise RequestError(
                429, "Too many wrong passwords.", f"Try again in {wait} seconds.", {"retry-after": str(wait)}
            )

    def failed(self, address: str, name: str) -> None:
        """Count a failure."""
        with self._lock:
            if len(self._failed) >= _MOST_KEPT:
                self._failed = {key: times for key in list(self._failed) if (times := self._recent(key))}
            self._failed[address, name] = [*self._recent((address, name)), time.monotonic()][-MOST:]

    def succeeded(self, address: str, name: str) -> None:
        """Forget the failures."""
        with self._lock:
            self._failed.pop((address, name), None)

    def _recent(self, key: tuple[str, str]) -> list[float]:
        since = time.monotonic() - WINDOW
        return [moment for moment in self._failed.get(key, ()) if moment > since]
