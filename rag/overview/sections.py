"""Parts that most reports have, found in the section tree: risks, recommendations, companies, chapters."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from index.types import BlockKind, Hit
from rag.overview.points import Point, best, is_aside, place, place_worth, points
from rag.overview.words import LEANING, LISTED

FEWEST_CHAPTERS = 4
LOOKED_INTO, LONGEST_RISK = 4, 300  # sentences of a risk; characters of one that is shown whole
_PART = re.compile(r"part [ivx]+\b", re.IGNORECASE)
LEAST_RISK, LEAST_ADVICE = 0.6, 0.3  # scores below which a sentence only happens to have the word
MOST_WARNINGS, LEAST_WARNING = 6, 60  # points and characters of a cautionary statement
_RISKS = re.compile(
    r"风险(?:提示|因素|揭示|分析|及对策)|^[\W\d一二三四五六七八九十]*(?:主要|投资|潜在)?风险$|\brisk factors?\b"
    r"|^(?:principal|key|main|major)?\s*risks?(?: and uncertainties)?$",
    re.IGNORECASE,
)
_RISKY = re.compile(
    r"风险|不确定|压力|挑战|脆弱|隐忧|拖累|危机|冲击"
    r"|\b(?:risks?|uncertaint\w+|headwinds?|adverse\w*|challeng\w+|volatil\w+|pressures?|weak\w*)\b",
    re.IGNORECASE,
)
_RISK_OPENING = re.compile(
    r"the following|described elsewhere|identif\w+ (?:factors|risks)|other risks|not exhaustive", re.IGNORECASE
)
_ADVICE = re.compile(
    r"建议(?:重点|积极|持续)?(?:关注|布局|配置|买入|增持)|(?:重点|积极)?推荐(?!系统|算法|引擎|模型|标准|功能|商品"
    r"|产品|内容|服务|信息|结果|列表|阅读)|重点关注|看好"
    r"|(?:板块|行业|公司|标的|股|机会|资产|环节|赛道)[^。；]{0,12}值得关注|值得关注的[^。；]{0,8}(?:板块|行业|公司"
    r"|标的|股|机会)"
    r"|(?:维持|给予|首次).{0,14}(?:评级|买入|增持)|目标价|投资主线|关注以下"
    r"|\b(?:we recommend|recommended (?:stocks|companies|names)|top picks?|(?:overweight|outperform|buy"
    r"|neutral) rating|rated? (?:overweight|outperform|buy)|price target"
    r"|we (?:favou?r|prefer|like)|(?:maintain|reiterat|initiat)\w*.{0,30}(?:buy|overweight|outperform|coverage))\b",
    re.IGNORECASE,
)
_ADVISING = re.compile(
    r"投资建议|投资策略|推荐标的|recommendation|investment (?:view|advice|thesis|conclusion)", re.IGNORECASE
)
_RATED = re.compile(r"评级|推荐|目标价|盈利预测|\b(?:rating|target price|price target|recommendation)\b", re.IGNORECASE)
_POSITIVE = re.compile(
    r"买入|增持|推荐|强烈|优于大市|跑赢|\b(?:buy|overweight|outperform|add|accumulate|strong buy)\b", re.IGNORECASE
)
_NEWS = re.compile(r"新闻|动态|公告|跟踪|资讯|\bnews\b", re.IGNORECASE)
_HARM = re.compile(
    r"若|如果|可能|不及预期|导致|风险|\b(?:could|may|might|adverse\w*|harm\w*|expos\w+|reduc\w+|negatively"
    r"|disrupt\w*|los[se]\w*)\b",
    re.IGNORECASE,
)
_EASING = re.compile(
    r"缓解|微降|改善|减弱|可控|消退|化解|降低了?风险|\b(?:eas(?:ed|ing)|improv\w+|mitigat\w+)\b", re.IGNORECASE
)
_COMPANY_SECTION = re.compile(
    r"公司|个股|企业|大厂|\bcompan(?:ies|y (?:news|updates?|coverage))\b|\bstocks\b", re.IGNORECASE
)
_COMPANY_COLUMN = re.compile(r"公司|企业|证券(?:简称|名称|代码)|股票|\b(?:company|ticker|issuer)\b", re.IGNORECASE)


def risks(hits: Sequence[Hit], pages: int, most: int) -> list[Point]:
    """The risks a report names: of its risk section one point under each heading, else sentences that speak of risk."""
    sections = _runs(hits, lambda path: any(_RISKS.search(name) for name in path))
    told = [_risk_points(section, pages) for section in sections]
    if any(told):
        named = max(told, key=len)  # the section that tells them, not the line on the first page that lists them
        return _spread(named, most)
    speaking = [point for point in points(hits, pages) if _RISKY.search(point.text)]
    weighed = [
        replace(
            p,
            score=p.score
            + 1.2 * any(_RISKY.search(n) for n in p.path)
            + 0.3 * min(3, len(_RISKY.findall(p.text)))
            - 2.5 * bool(_EASING.search(p.text)),
        )
        for p in speaking
    ]
    found = best([point for point in weighed if point.score >= LEAST_RISK], most)
    return found or best(_warned_of(hits, pages), min(most, MOST_WARNINGS))


def _warned_of(hits: Sequence[Hit], pages: int) -> list[Point]:
    """What a press release's cautionary statement names, for want of anything else."""
    told = points(
        hits, pages, keep=lambda hit: hit.kind is BlockKind.DISCLAIMER, kinds=frozenset({BlockKind.DISCLAIMER})
    )
    listed = [point for point in told if LISTED.match(point.text) or point.text[:1].islower()]
    named = listed if len(listed) > 2 else [point for point in told if _RISKY.search(point.text)]
    return [point for point in named if len(point.text) > LEAST_WARNING]


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
    sections: dict[tuple[str, ...], list[Point]] = {}
    for point in told:
        sections.setdefault(point.path, []).append(point)
    first = {path: _most_telling(inside[:LOOKED_INTO]) for path, inside in sections.items()}
    deepest = max(len(path) for path in first)
    return [
        point
        for path, point in first.items()
        if len(path) == deepest or (len(path) > 1 and not _has_children(path, first))
    ]


def _most_telling(inside: Sequence[Point]) -> Point:
    """Of a risk's first sentences the first that says what may happen, where one is short and stands alone."""
    whole = [point for point in inside if not LEANING.search(point.text)] or inside
    return next((p for p in whole if _HARM.search(p.text) and len(p.text) <= LONGEST_RISK), whole[0])


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
        replace(
            p,
            score=p.score
            - place_worth(p.hit.page, pages)
            + 1.0 * any(_ADVISING.search(name) for name in p.path)
            + 0.5 * min(3, len(_ADVICE.findall(p.text)))
            + 0.1 * min(5, p.text.count("、"))
            - 1.5 * any(_NEWS.search(name) for name in p.path),
        )
        for p in points([hit for hit in hits if _ADVICE.search(hit.text)], pages)
        if _ADVICE.search(p.text)
    ]
    advising = [point for point in advising if point.score >= LEAST_ADVICE]
    rated = [point for point in _rows(hits, _is_rated) if _POSITIVE.search(point.text)]
    return sorted([*best(advising, most - min(len(rated), most // 2)), *rated[: most // 2]], key=place)


def _is_rated(hit: Hit) -> bool:
    shown = f"{hit.context} {hit.sentences[0].text}"
    return bool(_RATED.search(shown)) and bool(_COMPANY_COLUMN.search(shown))


def companies(hits: Sequence[Hit], pages: int, most: int) -> list[Point]:
    """The companies a report writes about: rows of a table of companies, or sections under a heading for them."""
    rows = _rows(hits, _is_rated)
    found: dict[str, Point] = {}
    for point in points(hits, pages):
        if len(point.path) > 1 and _COMPANY_SECTION.search(point.path[-2]) and not _NEWS.search(point.path[-1]):
            found.setdefault(point.path[-1], point)
    sections = list(found.values())
    chosen = sections if len(sections) >= len(rows) else rows
    return sorted(chosen[:most], key=place)


def topics(hits: Sequence[Hit], pages: int, most: int) -> list[Point]:
    """The first point of each chapter, or of each section where there are few chapters, under the chapter's name."""
    found = [point for point in points(hits, pages) if point.path]
    for depth in (1, 2, 3):
        chapters: dict[tuple[str, ...], Point] = {}
        for point in found:
            name = point.path[: depth + bool(_PART.match(point.path[0]))]
            known = chapters.setdefault(name, replace(point, path=name))
            if known.score < 0 < point.score:
                chapters[name] = replace(point, path=name)
        if len(chapters) >= min(FEWEST_CHAPTERS, most):
            break
    kept = list(chapters.values())
    return sorted(best(kept, most) if len(kept) > most else kept, key=lambda point: point.order)


def _runs(hits: Sequence[Hit], within: Callable[[Sequence[str]], bool]) -> list[list[Hit]]:
    """The chunks of the sections that ``within`` chooses by path, each unbroken run by itself."""
    runs: list[list[Hit]] = []
    inside = False
    chosen = {section: within(section.split(" › ")) for section in {hit.section for hit in hits}}
    for hit in hits:
        wanted = hit.kind is not BlockKind.DISCLAIMER and chosen[hit.section]
        if wanted:
            runs = runs if inside else [*runs, []]
            runs[-1].append(hit)
        inside = wanted
    return runs


def _rows(hits: Sequence[Hit], wanted: Callable[[Hit], bool]) -> list[Point]:
    """The rows of the tables that are wanted, each a point."""
    found: list[Point] = []
    for hit in hits:
        path = tuple(hit.section.split(" › "))
        if hit.kind is BlockKind.TABLE and wanted(hit) and not is_aside(path):
            found += [Point(hit, (row,), path, 10_000 + len(found)) for row in hit.sentences if "|" in row.text]
    return found
