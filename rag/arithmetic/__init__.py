"""Arithmetic over cited figures: shares, changes, sums and ratios reckoned by the program, the formula shown.

``asks_for(question)`` says what is to be reckoned, ``needed`` and ``gather`` fetch the figures, ``printed`` says that a
report gives the result itself, ``compute`` reckons, and ``replaced`` puts figures into the reader's units.
"""

from rag.arithmetic.computed import Computed
from rag.arithmetic.computing import compute
from rag.arithmetic.gathering import gather, needed
from rag.arithmetic.operations import Kind, Operation, asks_for
from rag.arithmetic.printing import printed
from rag.arithmetic.units import replaced

__all__ = [
    "Computed",
    "Kind",
    "Operation",
    "asks_for",
    "compute",
    "gather",
    "needed",
    "printed",
    "replaced",
]
