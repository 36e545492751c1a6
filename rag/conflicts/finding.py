"""Claims of hits put together, compared, and grouped into conflicts."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

from index.types import BlockKind, Card, Hit
from rag.conflicts import claims as text_claims
from rag.conflicts import tables
from rag.conflicts.claims import Claim, Source
from rag.conflicts.matching import apart, differ, has_general, pairs, same_thing
from rag.conflicts.terms import content
from rag.types import Conflict, ConflictFigure

MOST_VALUES = 3  # a thing with more values is told of several scopes that the words do not tell apart
MOST_FIGURES = 6
_SPOKEN = {BlockKind.PARAGRAPH, BlockKind.FOOTNOTE}
_ENDING = re.compile(
    r"(?:[\s$¥€£+-]|RMB|US\$|约|为|达到?|至|近|超过?|高达|实现|完成|了|the|to|at|of|by|was|were|is|are|reached"
    r"|totaled|had"
    r"|approximately|about|around|roughly|nearly|an?|accounted for|represented|was|reaching|spent)+$",
    re.IGNORECASE,
)
_SHARE_OF = re.compile(r"\s*of ([a-z][a-z ]{2,40}?)(?= in\b| at\b|[,.;]|$)")


def claims_of(hits: Sequence[Hit], cards: Mapping[str, Card], worth: Callable[[str], bool] = bool) -> list[Claim]:
    """The claims of chunks, which should be in the order of their reports. ``cards`` are the reports' by id.

    Only sentences that are ``worth`` reading are read.
    """
    found: list[Claim] = []
    for above, hit in pairwise((None, *hits)):
        if hit is None:
            continue
        source = Source(
            hit.report_id, hit.report, hit.page, hit.section, hit.title, cards.get(hit.report_id), hit.chunk_id
        )
        sentences = [(sentence.text, sentence.quote) for sentence in hit.sentences]
        if not any(worth(text) for text, _ in sentences):
            continue
        if hit.kind in _SPOKEN:
            follows = above is not None and above.chunk_id == hit.chunk_id - 1 and above.section == hit.section
            before = above.text if above is not None and follows and above.kind in _SPOKEN else ""
            found += text_claims.claims(sentences, source, before)
        elif hit.kind is BlockKind.TABLE:
            found += tables.claims([(t, q) for t, q in sentences if worth(t)], source, about_table(hit))
    return found


def about_table(hit: Hit) -> str:
    """A table's title, unit and header: what its chunk's context says after the section."""
    return hit.context if hit.after_section is None else hit.after_section


def contradictions(found: Sequence[Claim]) -> list[tuple[Claim, Claim]]:
    """The pairs of claims that cannot both be right."""
    return told_twice(found, found)


def told_twice(said: Sequence[Claim], found: Sequence[Claim]) -> list[tuple[Claim, Claim]]:
    """The contradictions within a report of the claims ``said`` with any of ``found``, which hold them too."""
    asked = {id(claim) for claim in said}
    told = [claim for claim in found if not claim.table]
    clash = [
        (told[i], told[j])
        for i, j in pairs(told)
        if (id(told[i]) in asked or id(told[j]) in asked)
        and told[i].source.report_id == told[j].source.report_id
        and apart(told[i], told[j])
        and differ(told[i], told[j])
        and same_thing(told[i], told[j])
    ]
    crossed = against_tables(told, [claim for claim in found if claim.table])
    return clash + [pair for pair in crossed if any(id(claim) in asked for claim in pair)]


def against_tables(told: Sequence[Claim], printed: Sequence[Claim]) -> Iterable[tuple[Claim, Claim]]:
    """Sentences that give another figure than the one table row of their subject, and tables that differ in a cell."""
    by_word: dict[str, list[Claim]] = {}
    for cell in printed:
        for word in cell.core:
            by_word.setdefault(word, []).append(cell)
    for claim in told:
        near = {id(cell): cell for word in claim.core for cell in by_word.get(word, ())}
        rows = [cell for cell in near.values() if cell.core >= claim.core or cell.core <= claim.core]
        if any(claim.figure.agrees(figure) for row in rows for figure in (row.figure, *row.others)):
            continue  # some table of this has the figure: it is of another column or scope
        yield from (
            (claim, cell)
            for cell in rows
            if (claim.period.year, claim.period.part) == (cell.period.year, cell.period.part) != ("", "")
            and all(cell.explains(word) for word in content(claim.heading) if not has_general(claim.heading))
            and differ(claim, cell)
            and same_thing(claim, cell)
        )
    yield from tables.twins(printed)


def grouped(clash: Sequence[tuple[Claim, Claim]], found: Sequence[Claim]) -> tuple[Conflict, ...]:
    """One conflict for each thing, with all places of ``found`` that give one of its figures."""
    groups: list[list[Claim]] = []
    for pair in clash:
        mine = [group for group in groups if any(claim in group for claim in pair)]
        merged = [claim for group in mine for claim in group]
        merged += [claim for claim in pair if claim not in merged]
        groups = [group for group in groups if group not in mine] + [merged]
    conflicts = []
    for group in groups:
        more = [
            claim
            for claim in found
            if claim not in group and any(claim.figure.agrees(one.figure) and same_thing(claim, one) for one in group)
        ]
        conflict = _conflict(sorted([*group, *more], key=lambda c: (c.source.report, c.source.page, c.source.order)))
        if conflict is not None:
            conflicts.append(conflict)
    return tuple(sorted(conflicts, key=lambda c: (c.figures[0].report, c.figures[0].page)))


def _conflict(group: Sequence[Claim]) -> Conflict | None:
    values: list[Claim] = []
    figures: dict[tuple[str, str, int], ConflictFigure] = {}
    for claim in group:
        known = next((one for one in values if one.figure.agrees(claim.figure) and one.value * claim.value >= 0), None)
        if known is None:
            values.append(claim)
        value = printed(claim)
        figures.setdefault(
            (value, claim.source.report, claim.source.page),
            ConflictFigure(value=value, report=claim.source.report, page=claim.source.page, quote=claim.quote),
        )
    if not 2 <= len(values) <= MOST_VALUES:
        return None
    return Conflict(subject=subject(group[0]), figures=tuple(figures.values())[:MOST_FIGURES])


def printed(claim: Claim) -> str:
    """A figure as it stands on the page, with the currency sign or the unit beside it."""
    if claim.table:
        return claim.figure.text.strip()
    at = claim.sentence.find(claim.figure.text)
    start = claim.figure.start if claim.sentence[claim.figure.start : claim.figure.end] == claim.figure.text else at
    end = start + len(claim.figure.text)
    before = re.search(r"(?:RMB|US\$|HK\$|[$¥￥€£])\s*$", claim.sentence[:start])
    after = re.match(
        r"\s?(?:[GMKT]?Wh?\b|[GT]B\b)|(?:美元|欧元|港元|日元"
        r"|元)?(?:/[A-Za-z\u4e00-\u9fff]{1,4})?[个户台辆吨人家名位件套倍]?",
        claim.sentence[end:],
    )
    return f"{before[0] if before else ''}{claim.figure.text}{after[0] if after else ''}".strip()


def subject(claim: Claim) -> str:
    """What a figure is of, in the words of its sentence."""
    if claim.table:
        return claim.sentence.partition(" | ")[0].strip()
    told = _ENDING.sub("", claim.told).strip(" ,，；;:：。.•●")
    if not content(told) and claim.noun.isalpha() and len(claim.noun) > 3:
        return f"{claim.noun}s" if claim.noun.isascii() else claim.noun
    share = _SHARE_OF.match(claim.sentence[claim.figure.end :]) if claim.kind.role == "share" else None
    return f"{told}, share of {share[1]}" if share else told or claim.heading
