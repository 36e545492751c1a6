"""Questions about a report as a whole: what it says, its risks, what it recommends, whom it covers.

Such a question shares no words with what answers it, so its evidence comes from the section tree (``points``), not
from a search: :func:`asks_for_overview`, :func:`reports_for`, :func:`overview_evidence`, then ``outline``.
"""

import re
from collections.abc import Sequence

from index.library import Library
from index.text import fold, has_cjk, words
from index.types import BlockKind, Entry, Hit
from rag.overview.points import Point, bare, best, place, points
from rag.overview.question import Kind, Overview, asks_for_overview, reports_for
from rag.overview.sections import advice_in_brief, companies, recommendations, risks, risks_in_brief, topics
from rag.types import Evidence

__all__ = ["Kind", "Overview", "asks_for_overview", "overview_evidence", "reports_for"]

_GENERIC = re.compile(r"(?:板块|行业|业务|方面|领域|赛道)$")
SHORTEST_TOPIC = 2  # Chinese characters of a section's name
MOST_POINTS = 10  # of an outline: more is no overview
LEAST_WORTH = 0.3  # score of a point that is worth telling where there are enough others
MOST_REPORTS = 5  # that share an overview
BRIEF = 6  # points: a summary of as many also says what is recommended and what the risks are


_UNIT = re.compile(
    r"\b(?:in|\$ in|dollars in) (?:\w+ ){0,3}(?:millions|thousands|billions)(?:,? except [^›)]{0,60})?"
    r"|单位[：:]\s*[^›）)]{1,12}",
    re.IGNORECASE,
)


def overview_evidence(
    library: Library, reports: Sequence[Entry], overview: Overview, most: int = MOST_POINTS
) -> list[Evidence]:
    """The points that answer an overview, one item each, numbered from 1; empty when the reports have none.

    ``reports`` are those of :func:`reports_for`. When one report is meant, or one section, the first that has points is
    the only one. Else the first :data:`MOST_REPORTS` in the first report's language share the ``most`` points, those in
    the other language only where these have none. Each report's points stand in its reading order.
    """
    for together in _groups(reports, alone=overview.one or bool(overview.topic)):
        found = [(entry, _of_topic(library, entry, overview.topic)) for entry in together[:MOST_REPORTS]]
        told = _shared(overview.kind, found, most)
        if len(told) < len(found):  # those that have points share what the others would have had
            having = {points[0].hit.report_id for points in told}
            told = _shared(overview.kind, [(entry, hits) for entry, hits in found if entry.id in having], most)
        if told:
            return [_evidence(point, n) for n, point in enumerate((p for points in told for p in points), 1)]
    return []


def _shared(kind: Kind, found: Sequence[tuple[Entry, Sequence[Hit]]], most: int) -> list[list[Point]]:
    share = max(1, most // max(1, len(found)))
    return [chosen for entry, hits in found if (chosen := _chosen(kind, hits, entry.pages, share))]


def _groups(reports: Sequence[Entry], alone: bool) -> list[list[Entry]]:
    """The reports that are looked over together: each alone, or those of one language."""
    if alone:
        return [[entry] for entry in reports]
    languages = dict.fromkeys(entry.language for entry in reports)
    return [[entry for entry in reports if entry.language == language] for language in languages]


def _chosen(kind: Kind, hits: Sequence[Hit], pages: int, most: int) -> list[Point]:
    if kind is Kind.RISKS:
        return risks(hits, pages, most)
    if kind is Kind.RECOMMENDATIONS:
        return recommendations(hits, pages, most)
    if kind is Kind.COMPANIES:
        return companies(hits, pages, most)
    if kind is Kind.TOPICS:
        return topics(hits, pages, most)
    closing = [*advice_in_brief(hits, pages), *risks_in_brief(hits, pages)] if most >= BRIEF else []
    told = points(hits, pages)
    worth = [point for point in told if point.score >= LEAST_WORTH]
    main = best(worth if len(worth) >= most // 2 else told, most - len(closing), closing)
    return sorted([*main, *closing], key=place)


def _is_report(topic: str, entry: Entry) -> bool:
    """Whether the topic is only another name for the report: all its words stand in the report's title."""
    own = fold(f"{entry.title} {entry.name} {entry.card.institution} {entry.card.company}")
    return all(fold(word) in own for word in (topic.split() if not has_cjk(topic) else [topic]))


def _of_topic(library: Library, entry: Entry, topic: str) -> Sequence[Hit]:
    """The chunks of the sections that the topic names; all chunks when there is no topic or it names the report."""
    if not topic:
        return library.chunks(entry.id)
    named = [path for path in library.sections(entry.id) if any(_names_topic(n, topic) for n in path.split(" › "))]
    if not named and not _is_report(topic, entry):
        return []
    hits = library.chunks(entry.id)
    return [hit for hit in hits if hit.section in set(named)] if named else hits


def _names_topic(name: str, topic: str) -> bool:
    """Whether a heading has the topic, or all its words."""
    whole = fold(_GENERIC.sub("", topic) if has_cjk(topic) else topic)
    if has_cjk(topic):
        return len(whole) >= SHORTEST_TOPIC and whole in fold(name)
    wanted = set(words(topic))
    return bool(wanted) and wanted <= set(words(name))


def _evidence(point: Point, n: int) -> Evidence:
    item = Evidence.of(point.hit, point.sentences, n, _unit(point.hit))
    own = {"section": " › ".join(point.path), "text": bare(item.text), "score": round(point.score, 4)}
    return item.model_copy(update=own)


def _unit(hit: Hit) -> str:
    """The unit that a table's context names: "in millions", 亿元."""
    match = _UNIT.search(hit.context) if hit.kind is BlockKind.TABLE else None
    return match[0].strip("() ,") if match else ""
