"""What a program and all processes that it starts cost: the peak of their memory, added up."""

import os
import threading
from collections import defaultdict
from pathlib import Path

_PROC = Path("/proc")
_PERIOD = 0.05  # seconds between two looks


class TreeMemory:
    """Watches the resident memory of a process and its descendants until it is stopped.

    ``peak`` is the largest sum seen, in bytes, 0 where the system does not tell (it is not Linux). Memory that
    processes share counts once for each, so the sum is never too small but for what came and went between two looks.
    """

    def __init__(self, pid: int) -> None:
        self.peak = 0
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """Stop watching and give the peak."""
        self._over.set()
        self._thread.join()
        return self.peak

    def _watch(self) -> None:
        while not self._over.wait(_PERIOD):
            self.peak = max(self.peak, tree_memory(self._pid))


def tree_memory(pid: int) -> int:
    """Resident bytes of a process and all its descendants now."""
    memory: dict[int, int] = {}
    children: dict[int, list[int]] = defaultdict(list)
    for folder in _PROC.glob("[0-9]*"):
        try:
            # The program's name, in brackets, may hold spaces; the parent and the resident pages come after it.
            fields = (folder / "stat").read_bytes().rpartition(b")")[2].split()
        except OSError:  # it has ended
            continue
        number = int(folder.name)
        children[int(fields[1])].append(number)
        memory[number] = int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
    total, waiting = 0, [pid]
    while waiting:
        number = waiting.pop()
        total += memory.get(number, 0)
        waiting += children[number]
    return total
