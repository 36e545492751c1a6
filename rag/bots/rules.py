"""Who may ask what where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch

from index.types import Entry
from rag.bots.service import Incoming, Place

DIRECT = "direct"  # stands for all direct conversations in a list of channels


@dataclass(frozen=True)
class Rules:
    """What a service's settings allow.

    ``channels`` are the ids of the channels that are answered, :data:`DIRECT` for direct conversations; empty for all.
    ``reports`` names, for a channel or for :data:`DIRECT`, the reports that may be asked there: ids, file names, or
    patterns of them (``telecom*``); a channel that it does not name may ask all. ``per_minute`` is how many messages
    of one user are answered in a minute, 0 for all; ``workers`` how many are worked on at once. ``uploads`` says
    whether files are read, ``upload_channels`` where (as ``channels``).
    """

    channels: tuple[str, ...] = ()
    reports: Mapping[str, Sequence[str]] = field(default_factory=dict)
    per_minute: int = 0
    workers: int = 8
    uploads: bool = True
    upload_channels: tuple[str, ...] = ()

    def answers(self, incoming: Incoming) -> bool:
        """Whether messages of this channel are answered."""
        return not self.channels or bool(_names(incoming) & set(self.channels))

    def reads_files(self, incoming: Incoming) -> bool:
        """Whether files that are sent to this channel are read."""
        return self.uploads and (not self.upload_channels or bool(_names(incoming) & set(self.upload_channels)))

    def may_ask(self, place: Place | Incoming, entries: Sequence[Entry], dropped: set[str]) -> tuple[str, ...] | None:
        """The ids of the reports that a channel may ask, ``dropped`` among them; None for all of the store.

        A copy of a report that may be asked is left out.
        """
        named = [pattern for name in sorted(_names(place)) for pattern in self.reports.get(name, ())]
        if not _names(place) & set(self.reports):
            return None
        found = [e for e in entries if e.id in dropped or any(e.id == p or fnmatch(e.name, p) for p in named)]
        names = {entry.name for entry in found}
        return tuple(entry.id for entry in found if entry.copy_of not in names)


def _names(place: Place | Incoming) -> set[str]:
    return {place.channel, DIRECT} if place.direct else {place.channel}
