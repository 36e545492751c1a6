"""What was reckoned, as a value."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Computed:
    """What was reckoned.

    ``values`` are in ones, percentages in percent; ``unit`` is "%", "pp", "times", "days", a
    currency's code or what is counted.

    ``text`` is the answer in the reader's language with the evidence's ``[n]`` marks, the formula in it; ``formula``
    the formula alone, one a line; ``quotes`` for every item cited its number and the row or sentence used.
    """

    values: tuple[Decimal, ...]
    unit: str
    formula: str
    text: str
    quotes: tuple[tuple[int, str], ...]

    @property
    def items(self) -> tuple[int, ...]:
        """The numbers of the evidence used, as they first appear."""
        return tuple(dict.fromkeys(n for n, _ in self.quotes))
