"""Questions about a report as a whole: what it says, its risks, what it recommends, whom it covers.

Such a question shares no words with what answers it, so its evidence comes from the section tree (``rag.points``), not
from a search: :func:`asks_for_overview`, :func:`reports_for`, :func:`overview_evidence`, then ``rag.outline``.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.language import detect
from index.library import Library
from index.text import fold, has_cjk, join_sentences, words
from index.types import BY_LINES, Entry, Hit
from rag.points import Point, best, bare, points
from rag.scope import named, names
from rag.sections import advice_in_brief, companies, recommendations, risks, risks_in_brief, topics
from rag.types import Evidence

MOST_POINTS = 10  # of an outline: more is no overview
BRIEF = 6  # points: a summary of as many also says what is recommended and what the risks are
MOST_REPORTS = 5  # that share them


class Kind(StrEnum):
    """What of a report is asked for."""

    SUMMARY = "summary"
    RISKS = "risks"
    RECOMMENDATIONS = "recommendations"
    COMPANIES = "companies"
    TOPICS = "topics"


@dataclass(frozen=True, slots=True)
class Overview:
    """What a question about whole reports wants. ``topic`` is what it says besides: the name of a section, or nothing.

    ``one`` says that it means one report ("this report", 本周报), so that of several the newest answers.
    """

    kind: Kind
    topic: str = ""
    one: bool = False


_ASKED = {
    "zh": {
        Kind.RECOMMENDATIONS: r"投资建议|投资策略|推荐(?!系统|算法)|建议(?:关注|买入|配置|布局|哪|投资)|(?:重点|值得|应该|应)关注"
        r"|看好(?:哪|什么)|投资机会|投资主线|标的|荐股",
        Kind.RISKS: r"风险(?:提示|因素|点)?",
        Kind.COMPANIES: r"(?:覆盖|提到|涉及|提及|包括|写到|讲到|分析|点评|介绍|跟踪)了?(?:哪|什么).{0,2}(?:公司|企业|股票|个股)"
        r"|(?:哪|什么).{0,2}(?:公司|企业|股票|个股)(?:被)?(?:覆盖|提到|涉及|提及|点评|跟踪)",
        Kind.TOPICS: r"目录|章节|(?:哪|几|什么).{0,2}(?:部分|主题|话题|章)|结构",
        Kind.SUMMARY: r"总结|概括|概述|归纳|摘要|综述|梳理|概要|小结|观点|要点|看点|亮点|结论|主旨|大意|中心思想|主要内容|核心内容"
        r"|关键信息|重点内容|重点(?:是|有)|(?:讲|说|写|谈)了?些?(?:什么|啥)|太长不看",
    },
    "en": {
        Kind.RECOMMENDATIONS: r"recommend\w*|top picks?|(?:stocks?|companies|names) to (?:buy|watch|own)"
        r"|investment (?:advice|ideas?|thesis|suggestions?|views?)",
        Kind.RISKS: r"risks?(?: factors?)?|headwinds|threats",
        Kind.COMPANIES: r"(?:which|what|list|name)\b.*\b(?:companies|stocks|firms)\b.*(?:cover|mention|discuss|analy|featur|in)\w*",
        Kind.TOPICS: r"table of contents|(?:which|what|list)\b.*\b(?:sections|topics|chapters|parts)",
        Kind.SUMMARY: r"summar(?:y|ies|i[sz]e[sd]?)|overview|takeaways?|(?:key|main|important) (?:points|messages|findings|insights|ideas"
        r"|conclusions?|messages)|highlights|gist|tl;?dr|nutshell|what (?:is|was) .*\babout|what do(?:es)? .*\bsay"
        r"|conclusions?|in brief|brief me on",
    },
}
_FILLER = {
    "zh": r"请问?|帮我|帮忙|给我|我|能否|可以|能|一下|下来|这|那|份|篇|该|本|此|的|里面|里|中|内|主要|核心|关键|重点|重要|最|大|都|有|哪些|哪几个?"
    r"|几个|几点|几句|什么|啥|怎么|如何|是|吗|呢|了|过|用|[一二两三四五六七八九十\d]+[句点条个]|话|简单|简要|简短|快速|列出|列举|列一下|列|说|讲|谈|写"
    r"|提到|提示|提及|提出|提|指出|给出|给|认为|包括|包含|方面|内容|全文|整篇|报告|研报|周报|月报|年报|季报|日报|财报|业绩|文章|文件|文档|资料|材料"
    r"|作者|分析师|券商|机构|公司|企业|个股|股票|面临|存在|需要|应该|应|关注|注意|留意|对|就|为|把|将|做|被|点评|覆盖|涉及|本周|这周|上周|本月|一周"
    r"|本期|期|点|些|和|与|及|以及|它|其|投资者|投资|大概|总体|整体|各|分别|目前|当前|部分|章节|这一?节|一节|列表|名单|看|要|买入|买|建议"
    r"|\d{2,4}年?度?|第?[\d一二三四]+(?:季度|季|周|期|月)|[上下]半年|全年|q[1-4]|[1-4]q|fy|年",
    "en": r"please|can|could|would|you|me|us|give|provide|show|tell|list|name|all|the|a|an|of|this|that|these|those|in|from|for|on|to"
    r"|with|and|or|is|are|was|were|be|what|whats|which|who|how|reports?|documents?|files?|papers?|filings?|weekly|annual|quarterly|monthly"
    r"|10-?[kq]|form|earnings|release|press|results|it|its|their|they|our|company|companies|business|stocks?|firms?|names?|by|does|do|did"
    r"|has|have|main|major|principal|key|biggest|largest|most|important|top|briefly|short|quick|brief|concise|bullets?|points?|as"
    r"|i|need|want|know|should|watch|about|facing|faces?|faced|identif\w+|mention\w*|stat(?:e|es|ed)|describ\w+|disclos\w+|discuss\w*"
    r"|cover(?:s|ed)?|sentences?|words|few|one|two|three|five|ten|\d+|authors?|analysts?|brokers?|investors?|section|chapter|part|overall"
    r"|there|any|like|today|week|month|year|quarter|fiscal|first|second|third|fourth|full|fy|q[1-4]|h[12]|[1-4]q\d*|fy\d+|latest|newest|s"
    r"|buy|recommended|report's|say|said|says|so|just|only|outlook|main",
}
_ONE = re.compile(
    r"(?:这|该|本|此)(?:份|篇|期|个)?(?:报告|研报|周|月|年报|季报|文)|本[周月期]|\b(?:this|the) (?:\w+ ){0,2}(?:report|filing|document|weekly|release|paper|10-?[kq])\b",
    re.IGNORECASE,
)
_PERIOD = re.compile(r"(?:19|20)\d{2}")


def asks_for_overview(question: str, entries: Sequence[Entry] = ()) -> Overview | None:
    """What ``question`` wants of a report as a whole, None when it is about something in particular.

    Names of the reports ``entries`` (company, institution, title, file) say which report, not what about. What is left
    besides them is the ``topic``: unless a section has that name, :func:`overview_evidence` finds nothing and the
    question is to be searched for like any other.
    """
    language = detect(question)
    text = _unnamed(unicodedata.normalize("NFKC", question).lower().replace("’", "'"), entries)
    found = next((kind for kind, pattern in _ASKED[language].items() if re.search(_whole(pattern, language), text)), None)
    if found is None:
        return None
    rest = re.sub(_whole(_ASKED[language][found], language), " ", text) if found is not Kind.COMPANIES else text
    rest = re.sub(_whole(_ASKED[language][Kind.SUMMARY], language), " ", rest)
    rest = re.sub(r"'s\b", " ", rest)
    topic = " ".join(re.sub(_whole(_FILLER[language], language), " ", rest).split())
    topic = re.sub(r"^\W+|\W+$", "", re.sub(r"\s*[^\w\s&.·-]+\s*", " ", topic)).strip()
    if found is Kind.COMPANIES:
        topic = "" if len(words(topic)) <= 1 else topic
    return Overview(found, topic, _ONE.search(question) is not None)


def _whole(pattern: str, language: str) -> str:
    return rf"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])" if language == "en" else pattern


def _unnamed(text: str, entries: Sequence[Entry]) -> str:
    known = [name for entry in entries for name in (*names(entry), entry.title, entry.name, entry.name.rsplit(".", 1)[0])]
    for name in sorted({name.lower() for name in known if len(name) > 1}, key=len, reverse=True):
        text = re.sub(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])" if not has_cjk(name) else re.escape(name), " ", text)
    return text


def reports_for(question: str, overview: Overview, entries: Sequence[Entry], chosen: Sequence[str] = ()) -> list[Entry]:
    """The reports to be looked over: those chosen by the user (ids), of these those that the question names.

    When it names none and means one report, the newest; else all, newest first, :data:`MOST_REPORTS` at most. Copies
    are left out unless chosen.
    """
    pool = [entry for entry in entries if (entry.id in chosen if chosen else not entry.copy_of)]
    meant = set(named(question, pool))
    pool = [entry for entry in pool if entry.id in meant] or pool
    years = set(_PERIOD.findall(question))
    dated = [e for e in pool if years & set(_PERIOD.findall(f"{e.card.period} {e.card.date} {e.title} {e.name}"))]
    pool = sorted(dated or pool, key=lambda e: (e.card.date or e.card.period[:4], e.added, e.name), reverse=True)
    return pool[:1] if overview.one else pool[:MOST_REPORTS]


def overview_evidence(
    library: Library, reports: Sequence[Entry], overview: Overview, most: int = MOST_POINTS
) -> list[Evidence]:
    """The points that answer an overview, one item each, numbered from 1; empty when the reports have none.

    ``reports`` share the ``most`` points equally; each report's stand in its reading order.
    """
    shown = reports[:most]
    evidence: list[Evidence] = []
    for entry in shown:
        hits = _of_topic(library.chunks(entry.id), overview.topic)
        share = max(1, most // len(shown))
        for point in _chosen(overview.kind, hits, entry.pages, share):
            evidence.append(_evidence(point, len(evidence) + 1))
    return evidence


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
    main = best(points(hits, pages), most - len(closing), closing)
    return sorted({point.hit.chunk_id * 1000 + i: point for i, point in enumerate([*main, *closing])}.values(), key=_place)


def _place(point: Point) -> tuple[int, int]:
    where = next((i for i, s in enumerate(point.hit.sentences) if s is point.sentences[0]), 0)
    return point.hit.chunk_id, where


def _of_topic(hits: Sequence[Hit], topic: str) -> Sequence[Hit]:
    """The chunks of the sections whose headings have all words of ``topic``; all chunks when there is no topic."""
    if not topic:
        return hits
    wanted = set(words(topic, whole=True))
    whole = fold(topic)

    def fits(name: str) -> bool:
        return whole in fold(name) or bool(wanted) and wanted <= set(words(name))

    return [hit for hit in hits if any(fits(name) for name in hit.section.split(" › "))]


def _evidence(point: Point, n: int) -> Evidence:
    hit, sentences = point.hit, point.sentences
    rows = hit.kind in BY_LINES
    return Evidence(
        n=n,
        report_id=hit.report_id,
        report=hit.report,
        title=hit.title,
        page=hit.page,
        section=hit.section,
        text=bare(join_sentences([s.text for s in sentences], rows=rows)),
        on_page=join_sentences([s.quote for s in sentences], rows=rows),
        score=round(point.score, 4),
        boxes=tuple(box for sentence in sentences for box in sentence.boxes),
    )
