"""Where time goes in a call: the own time of methods, without that of the measured methods they call."""

import functools
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any


class Stopwatch:
    """Adds up the seconds that ``clock`` gives of the methods it was put on, for one thread at a time."""

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self.seconds: dict[str, float] = {}
        self.calls: dict[str, int] = {}
        self._inner: list[float] = []

    def put_on(self, owner: object, names: Iterable[str], label: str) -> None:
        """Measure the methods ``names`` of ``owner``, as ``label.name``, from now on."""
        for name in names:
            setattr(owner, name, self._timed(getattr(owner, name), f"{label}.{name}"))

    def reset(self) -> None:
        """Forget what was measured."""
        self.seconds, self.calls = {}, {}

    def _timed(self, method: Any, name: str) -> Any:
        @functools.wraps(method)
        def timed(*arguments: Any, **options: Any) -> Any:
            self._inner.append(0.0)
            began = self._clock()
            try:
                return method(*arguments, **options)
            finally:
                spent = self._clock() - began
                self.seconds[name] = self.seconds.get(name, 0.0) + spent - self._inner.pop()
                self.calls[name] = self.calls.get(name, 0) + 1
                if self._inner:
                    self._inner[-1] += spent

        return timed
