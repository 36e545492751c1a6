"""Parts that most reports have, found in the section tree: risks, recommendations, companies, chapters."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from index.types import BlockKind, Hit
from rag.points import Point, best, is_aside, is_lead, points

_RISKS = re.compile(
    r"风险(?:提示|因素|揭示|分析|及对策)|^[\W\d一二三四五六七八九十]*(?:主要|投资|潜在)?风险$|\brisk factors?\b|^(?:principal|key|main|major)?\s*risks?(?: and uncertainties)?$",
    re.IGNORECASE,
)
_RISKY = re.compile(
    r"风险|不确定|压力|挑战|脆弱|隐忧|拖累|危机|冲击"
    r"|\b(?:risks?|uncertaint\w+|headwinds?|adverse\w*|challeng\w+|volatil\w+|pressures?|weak\w*)\b",
    re.IGNORECASE,
)
_RISK_OPENING = re.compile(r"the following|described elsewhere|identif\w+ (?:factors|risks)|other risks|not exhaustive", re.IGNORECASE)
_ADVICE = re.compile(
    r"建议(?:重点|积极|持续)?(?:关注|布局|配置|买入|增持)|(?:重点|积极)?推荐(?!系统|算法|引擎|模型|标准|功能)|值得关注|重点关注|看好"
    r"|(?:维持|给予|首次).{0,14}(?:评级|买入|增持)|目标价|投资主线|关注以下"
    r"|\b(?:we recommend|recommended (?:stocks|companies|names)|top picks?|overweight|outperform|buy rating|price target"
    r"|we (?:favou?r|prefer|like)|(?:maintain|reiterate|initiate)\w*.{0,30}(?:buy|rating|coverage))\b",
    re.IGNORECASE,
)
_ADVISING = re.compile(r"投资建议|投资策略|推荐标的|recommendation|investment (?:view|advice|thesis|conclusion)", re.IGNORECASE)
_RATED = re.compile(r"评级|推荐|目标价|盈利预测|\b(?:rating|target price|price target|recommendation)\b", re.IGNORECASE)
_COMPANY_SECTION = re.compile(r"公司|个股|企业|大厂|compan(?:y|ies)|stocks?\b", re.IGNORECASE)
_COMPANY_COLUMN = re.compile(r"公司|企业|证券(?:简称|名称|代码)|股票|\b(?:company|ticker|issuer)\b", re.IGNORECASE)


def risks(hits: Sequence[Hit], pages: int, most: int) -> list[Point]:
    """The risks a report names: of its risk section one point under each heading, else sentences that speak of risk."""
    sections = _runs(hits, lambda path: any(_RISKS.search(name) for name in path))
    found = [_risk_points(section, pages) for section in sections]
    if any(found):
        named = max(found, key=len)  # the section that tells them, not the line on the first page that lists them
        return _spread(named, most)
    speaking = [point for point in points(hits, pages) if _RISKY.search(point.text)]
    weighed = [
        replace(p, score=p.score + 1.2 * any(_RISKY.search(n) for n in p.path) + 0.4 * len(_RISKY.findall(p.text)))
        for p in speaking
    ]
    return best(weighed, most)


def risks_in_brief(hits: Sequence[Hit], pages: int) -> list[Point]:
    """One point for a summary: the sentence that lists a report's risks, where there is one."""
    sections = _runs(hits, lambda path: any(_RISKS.search(name) for name in path))
    found = [_risk_points(section, pages) for section in sections]
    return next((told[:1] for told in found if len(told) == 1), [])


def advice_in_brief(hits: Sequence[Hit], pages: int) -> list[Point]:
    """One point for a summary: the first that advises in the first section of advice."""
    sections = _runs(hits, lambda path: any(_ADVISING.search(name) for name in path))
    return [p for section in sections for p in points(section, pages) if _ADVICE.search(p.text)][:1]


def _risk_points(section: Sequence[Hit], pages: int) -> list[Point]:
    told = points(section, pages, keep=lambda hit: hit.kind is not BlockKind.DISCLAIMER)
    told = [point for point in told if not _RISK_OPENING.search(point.text)]
    if len({point.path for point in told}) <= 2:  # one paragraph, or a numbered list without headings
        numbered = [point for point in told if re.match(r"[(（]?\d{1,2}[)）.、]", point.sentences[0].text.strip())]
        return numbered if len(numbered) > 1 else told
    first: dict[tuple[str, ...], Point] = {}
    for point in told:
        first.setdefault(point.path, point)
    deepest = max(len(path) for path in first)
    return [point for path, point in first.items() if len(path) == deepest or len(path) > 1 and not _has_children(path, first)]


def _has_children(path: tuple[str, ...], paths: dict[tuple[str, ...], Point]) -> bool:
    return any(len(other) > len(path) and other[: len(path)] == path for other in paths)


def _spread(found: Sequence[Point], most: int) -> list[Point]:
    """At most ``most`` points, the first of every group of headings, then the second, in reading order."""
    groups: dict[tuple[str, ...], list[Point]] = {}
    for point in found:
        groups.setdefault(point.path[:-1], []).append(point)
    turns = [(turn, g, point) for g, group in enumerate(groups.values()) for turn, point in enumerate(group)]
    kept = [point for _, _, point in sorted(turns, key=lambda item: item[:2])[:most]]
    return sorted(kept, key=lambda point: point.order)


def recommendations(hits: Sequence[Hit], pages: int, most: int) -> list[Point]:
    """What a report recommends: the rows of its table of rated companies, and the sentences that advise."""
    advising = [
        replace(p, score=p.score + 1.0 * any(_ADVISING.search(name) for name in p.path) + 0.5 * len(_ADVICE.findall(p.text)))
        for p in points(hits, pages)
        if _ADVICE.search(p.text)
    ]
    rated = _rows(hits, lambda hit: _is_rated(hit))
    return sorted([*best(advising, most - min(len(rated), most // 2)), *rated[: most // 2]], key=_place)


def _is_rated(hit: Hit) -> bool:
    shown = f"{hit.context} {hit.sentences[0].text}"
    return bool(_RATED.search(shown)) and bool(_COMPANY_COLUMN.search(shown))


def companies(hits: Sequence[Hit], pages: int, most: int) -> list[Point]:
    """The companies a report writes about: rows of a table of companies, else sections under a heading for companies."""
    rows = _rows(hits, lambda hit: _is_rated(hit))
    found: dict[str, Point] = {}
    for point in points(hits, pages):
        if len(point.path) > 1 and _COMPANY_SECTION.search(point.path[-2]):
            found.setdefault(point.path[-1], point)
    sections = list(found.values())
    chosen = sections if len(sections) >= len(rows) else rows
    return sorted(chosen[:most], key=_place)


def topics(hits: Sequence[Hit], pages: int, most: int) -> list[Point]:
    """The first telling point of each chapter, or of each section where there are few chapters."""
    found = points(hits, pages)
    for depth in (1, 2, 3):
        chapters: dict[tuple[str, ...], list[Point]] = {}
        for point in found:
            if point.path and not (is_lead(point.path) and depth == 1 and point.hit.page > pages // 2):
                chapters.setdefault(point.path[:depth], []).append(point)
        if len(chapters) >= min(4, most) or depth == 3:
            break
    kept = [max(chapter, key=lambda p: (p.score, -p.order)) for chapter in chapters.values()]
    return sorted(best(kept, most) if len(kept) > most else kept, key=lambda point: point.order)


def _runs(hits: Sequence[Hit], within: Callable[[Sequence[str]], bool]) -> list[list[Hit]]:
    """The chunks of the sections that ``within`` chooses by path, each unbroken run by itself."""
    runs: list[list[Hit]] = []
    inside = False
    for hit in hits:
        wanted = hit.kind is not BlockKind.DISCLAIMER and within(hit.section.split(" › "))
        if wanted:
            runs = runs if inside else [*runs, []]
            runs[-1].append(hit)
        inside = wanted
    return runs


def _rows(hits: Sequence[Hit], wanted: Callable[[Hit], bool]) -> list[Point]:
    """The rows of the tables that are wanted, each a point."""
    found = []
    for hit in hits:
        path = tuple(hit.section.split(" › "))
        if hit.kind is BlockKind.TABLE and wanted(hit) and not is_aside(path):
            found += [Point(hit, (row,), path, 10_000 + len(found)) for row in hit.sentences if "|" in row.text]
    return found


def _place(point: Point) -> tuple[int, int]:
    where = next((i for i, s in enumerate(point.hit.sentences) if s is point.sentences[0]), 0)
    return point.hit.chunk_id, where
