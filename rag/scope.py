"""Which reports a question names: by the company, ticker or institution on their cards.

A named report is searched first, and others only count for less: a question about one company is hardly ever answered
by another's report, however alike the words are.
"""

import re
from collections.abc import Sequence

from index.text import fold, has_cjk
from index.types import Entry

OTHERS = 0.5  # of their score is left to hits in reports that a question does not name. Measured: docs/experiments.md
_FORMS = re.compile(
    r"[,.]|\b(?:the|incorporated|inc|corporation|corp|company|co|plc|ltd|limited|llc|lp|sa|ag|nv|se|group|holdings?"
    r"|and subsidiaries)\b|股份有限公司|有限责任公司|有限公司|集团|控股|研究院|研究所",
    re.IGNORECASE,
)
_SHORTEST = {"zh": 2, "en": 3}  # characters of a name
# Words that begin many a company's name and many a sentence: such a name counts with its second word only.
_COMMON = frozenset(
    (
        "advanced american applied asia bank best big blue capital central china city clear common digital direct "
        "eastern energy first fresh full general global golden great green hong home international key liberty life "
        "live marine mid national new next north northern old open pacific plain public pure real red republic royal "
        "simple smart southern standard state sun target texas trade true union united universal west western world"
    ).split(" ")
)


def named(question: str, entries: Sequence[Entry]) -> tuple[str, ...]:
    """The ids of the reports, in the order of ``entries``, that ``question`` names; empty when it names none or all.

    Copies of other reports are left out.
    """
    originals = [entry for entry in entries if not entry.copy_of]
    found = tuple(entry.id for entry in originals if any(_stands_in(name, question) for name in names(entry)))
    return found if len(found) < len(originals) else ()


def names(entry: Entry) -> tuple[str, ...]:
    """What a report may be called by whose it is: its company's and institution's names, short and long, its ticker."""
    found: list[str] = []
    for full in (entry.card.company, entry.card.institution):
        bare = " ".join(_FORMS.sub(" ", full).split())
        if not bare:
            continue
        found.append(bare)
        parts = bare.split(" ")
        if has_cjk(bare):
            found += [bare[:4]] * (len(bare) > 4)
        elif len(parts) > 1:
            found += [" ".join(parts[:2]), *([] if parts[0].lower() in _COMMON else parts[:1])]
    symbol = entry.card.ticker.partition(".")[0]
    found += [symbol] * bool(symbol)
    longest = [name for name in found if len(name) >= _SHORTEST["zh" if has_cjk(name) else "en"]]
    return tuple(dict.fromkeys(longest))


def _stands_in(name: str, question: str) -> bool:
    if has_cjk(name):
        return fold(name) in fold(question)
    pattern = rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])"
    match = re.search(pattern, question, re.IGNORECASE)
    return match is not None and any(char.isupper() or char.isdigit() for char in match[0])
