"""Work done a few pieces at a time, those of one thread of a conversation one after another."""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

Work = Callable[[], object]


class ThreadQueue:
    """Runs work in ``workers`` threads. Of two pieces with the same key the second begins when the first is done.

    Work must not raise: who gives it in deals with its errors.
    """

    def __init__(self, workers: int) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="bot")
        self._workers = workers
        self._waiting: dict[str, deque[Work]] = {}
        self._open = 0
        self._closed = False
        self._lock = threading.Lock()

    def add(self, key: str, work: Work) -> bool:
        """Give in a piece of work. Returns whether it has to wait for others. A closed queue drops it."""
        with self._lock:
            if self._closed:
                return False
            self._open += 1
            waits = self._open > self._workers or key in self._waiting
            if key in self._waiting:
                self._waiting[key].append(work)
            else:
                self._waiting[key] = deque()
                self._pool.submit(self._run, key, work)
            return waits

    def _run(self, key: str, work: Work) -> None:
        try:
            work()
        finally:
            with self._lock:
                self._open -= 1
                if self._waiting[key] and not self._closed:
                    self._pool.submit(self._run, key, self._waiting[key].popleft())
                else:
                    del self._waiting[key]

    def close(self) -> None:
        """Finish what has begun and drop what waits."""
        with self._lock:
            self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)
