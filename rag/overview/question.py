"""Whether a question is about reports as a whole, and about which.

Precision first: a question with a topic of its own is one to be searched for, however much it sounds like an overview.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.language import detect
from index.text import has_cjk
from index.types import Entry
from rag.asking.scope import named, names


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
        Kind.RECOMMENDATIONS: r"投资建议|投资策略|推荐(?!系统|算法)|建议(?:关注|买入|配置|布局|哪|投资)|(?:重点"
        r"|值得|应该|应)关注"
        r"|看好(?:哪|什么)|投资机会|投资主线|标的|荐股",
        Kind.RISKS: r"风险(?:提示|因素|点)?(?!溢价|偏好|敞口|准备|加权|资产|投资|评级|收益|管理|等级|指标)",
        Kind.COMPANIES: r"(?:覆盖|提到|涉及|提及|包括|写到|讲到|分析|点评|介绍|跟踪)了?(?:哪|什么).{0,2}(?:公司"
        r"|企业|股票|个股)"
        r"|(?:哪|什么).{0,2}(?:公司|企业|股票|个股)(?:被)?(?:覆盖|提到|涉及|提及|点评|跟踪)",
        Kind.TOPICS: r"目录|章节|(?:哪|几|什么).{0,2}(?:部分|主题|话题|章节?)|结构",
        Kind.SUMMARY: r"总结|概括|概述|归纳|摘要|综述|梳理|概要|小结|观点|要点|看点|亮点|结论|主旨|大意|中心思想"
        r"|主要内容|核心内容"
        r"|关键信息|重点内容|重点(?:是|有)|(?:讲|说|写|谈)了?些?(?:什么|啥)|太长不看",
    },
    "en": {
        Kind.RECOMMENDATIONS: r"recommend\w*|top picks?|(?:stocks?|companies|names) to (?:buy|watch|own)"
        r"|investment (?:advice|ideas?|thesis|suggestions?|views?)",
        Kind.RISKS: r"risks?(?: factors?)?(?![- ](?:free|weighted|premium|appetite|adjusted|management|rating))"
        r"|headwinds|threats",
        Kind.COMPANIES: r"(?:which|what|list|name)\b.*\b(?:companies|stocks|firms)\b.*(?:cover|mention|discuss"
        r"|analy|featur|in)\w*",
        Kind.TOPICS: r"table of contents|(?:which|what|list)\b.*\b(?:sections|topics|chapters|parts)",
        Kind.SUMMARY: r"summar(?:y|ies|i[sz]e[sd]?)|overview|takeaways?|(?:key|main|important) (?:points|messages"
        r"|findings|insights|ideas"
        r"|conclusions?|messages)|highlights|gist|tl;?dr|nutshell|what (?:is|was) .*\babout|what do(?:es)? .*\bsay"
        r"|conclusions?|in brief|brief me on",
    },
}
_FILLER = {
    "zh": r"本周|这周|上周|本月|本期|一周|周报|月报|年报|季报|日报|这一?节|一节|请问?|帮我|帮忙|给我|我|能否|可以"
    r"|能|一下|下来|这|那|份|篇|该|本|此|的|里面|里|中|内|主要|核心|关键|重点|重要|最|大|都|有|哪些|哪几个?"
    r"|几个|几点|几句|什么|啥|怎么|如何|是|吗|呢|了|过|用|[一二两三四五六七八九十\d]+[句点条个]|话|简单|简要|简短"
    r"|快速|列出|列举|列一下|列|说|讲|谈|写"
    r"|提到|提示|提及|提出|提|指出|给出|给|认为|包括|包含|方面|内容|全文|整篇|报告|研报|财报|业绩|文章|文件|文档"
    r"|资料|材料"
    r"|作者|分析师|券商|机构|公司|企业|个股|股票|面临|存在|需要|应该|应|关注|注意|留意|对|就|为|把|将|做|被|点评"
    r"|覆盖|涉及|本周|这周|上周|本月|一周"
    r"|本期|期|点|些|和|与|及|以及|它|其|投资者|投资|大概|总体|整体|各|分别|目前|当前|部分|章节|这一?节|一节|列表"
    r"|名单|看|要|买入|买|建议"
    r"|\d{2,4}年?度?|第?[\d一二三四]+(?:季度|季|周|期|月)|[上下]半年|全年|q[1-4]|[1-4]q|fy|年",
    "en": r"please|can|could|would|you|me|us|give|provide|show|tell|list|name|all|the|a|an|of|this|that|these"
    r"|those|in|from|for|on|to"
    r"|with|and|or|is|are|was|were|be|what|whats|which|who|how|reports?|documents?|files?|papers?|filings?|weekly"
    r"|annual|quarterly|monthly"
    r"|10-?[kq]|form|earnings|release|press|results|it|its|their|they|our|company|companies|business|stocks?"
    r"|firms?|names?|by|does|do|did"
    r"|has|have|main|major|principal|key|biggest|largest|most|important|top|briefly|short|quick|brief|concise"
    r"|bullets?|points?|as"
    r"|i|need|want|know|should|watch|about|facing|faces?|faced|identif\w+|mention\w*|stat(?:e|es|ed)|describ\w+"
    r"|disclos\w+|discuss\w*"
    r"|cover(?:s|ed)?|sentences?|words|few|one|two|three|five|ten|\d+|authors?|analysts?|brokers?|investors?"
    r"|section|chapter|part|overall"
    r"|there|any|like|today|week|month|year|quarter|fiscal|first|second|third|fourth|full|fy|q[1-4]|h[12]"
    r"|[1-4]q\d*|fy\d+|latest|newest|s"
    r"|buy|recommended|report's|say|said|says|so|just|only|outlook|main",
}
_SORTS = (
    (
        re.compile(r"周报|本周|这周|上周|\bweekly\b|\bthis week\b", re.IGNORECASE),
        re.compile(r"周|W\d|weekly", re.IGNORECASE),
    ),
    (re.compile(r"月报|本月|\bmonthly\b", re.IGNORECASE), re.compile(r"月报|monthly|^\d{4}-\d\d ", re.IGNORECASE)),
    (
        re.compile(r"年报|\bannual report\b|10-?k\b", re.IGNORECASE),
        re.compile(r"年报|annual|10-?k|^FY\d{4} ", re.IGNORECASE),
    ),
    (re.compile(r"季报|\bquarterly\b|10-?q\b", re.IGNORECASE), re.compile(r"季|quarter|10-?q|Q[1-4]", re.IGNORECASE)),
)
_ONE = re.compile(
    r"(?:这|该|本|此)(?:份|篇|期|个)?(?:报告|研报|周|月|年报|季报|文)|本[周月期]|\b(?:this"
    r"|the) (?:\w+ ){0,2}(?:report|filing|document|weekly|release|paper|10-?[kq])\b",
    re.IGNORECASE,
)
_PARTED = "\x1f"
_PERIOD = re.compile(r"(?:19|20)\d{2}")


def asks_for_overview(question: str, entries: Sequence[Entry] = ()) -> Overview | None:
    """What ``question`` wants of a report as a whole, None when it is about something in particular.

    Names of the reports ``entries`` (company, institution, title, file) say which report, not what about. What is left
    besides them is the ``topic``: unless a section has that name, :func:`overview_evidence` finds nothing and the
    question is to be searched for like any other.
    """
    language = detect(question)
    text = _unnamed(unicodedata.normalize("NFKC", question).lower().replace("’", "'"), entries)
    found = next(
        (kind for kind, pattern in _ASKED[language].items() if re.search(_whole(pattern, language), text)), None
    )
    if found is None:
        return None
    if found is Kind.COMPANIES:
        return Overview(found, "", _ONE.search(question) is not None)
    rest = re.sub(_whole(_ASKED[language][found], language), _PARTED, text)
    topic = _topic_zh(rest) if language == "zh" else _topic_en(rest)
    return Overview(found, topic, _ONE.search(question) is not None)


def _topic_zh(rest: str) -> str:
    """What is left of a Chinese question once the words of asking are taken from both ends of its pieces."""
    outer = re.compile(
        rf"^(?:{_FILLER['zh']}|{_ASKED['zh'][Kind.SUMMARY]}|\W)+|(?:{_FILLER['zh']}|{_ASKED['zh'][Kind.SUMMARY]}|\W)+$"
    )
    pieces = [outer.sub("", piece) for piece in rest.split(_PARTED)]
    return " ".join(piece for piece in pieces if piece)


def _topic_en(rest: str) -> str:
    rest = re.sub(_whole(_ASKED["en"][Kind.SUMMARY], "en"), " ", rest.replace(_PARTED, " "))
    rest = re.sub(
        _whole(_FILLER["en"], "en"), " ", re.sub(r"'s\b", " ", rest.replace("md&a", "management's discussion"))
    )
    return " ".join(re.sub(r"[^\w\s&.'-]+", " ", rest).split()).strip("-.' ")


def _whole(pattern: str, language: str) -> str:
    return rf"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])" if language == "en" else pattern


def _unnamed(text: str, entries: Sequence[Entry]) -> str:
    known = [
        name for entry in entries for name in (*names(entry), entry.title, entry.name, entry.name.rsplit(".", 1)[0])
    ]
    for name in sorted({name.lower() for name in known if len(name) > 1}, key=len, reverse=True):
        text = re.sub(
            rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])" if not has_cjk(name) else re.escape(name), " ", text
        )
    return text


def reports_for(question: str, overview: Overview, entries: Sequence[Entry], chosen: Sequence[str] = ()) -> list[Entry]:
    """The reports to be looked over, likeliest first: those chosen by the user (ids), of these those that are named.

    Named are reports by company, institution or ticker, by a year, or by their sort (周报, weekly, 10-K). When nothing
    of this tells them apart, those in the question's language come first, then the newest. Copies are left out unless
    chosen.
    """
    pool = [entry for entry in entries if (entry.id in chosen if chosen else not entry.copy_of)]
    meant = set(named(question, pool))
    pool = [entry for entry in pool if entry.id in meant] or pool
    years = set(_PERIOD.findall(question))
    pool = [e for e in pool if years & set(_PERIOD.findall(_dated(e)))] or pool
    for asked, sort in _SORTS:
        if asked.search(question):
            pool = [e for e in pool if sort.search(f"{e.card.period} {e.card.period_text} {e.title} {e.name}")] or pool
    language = detect(question)
    ours = not chosen and not meant
    return sorted(pool, key=lambda e: (ours and e.language == language, _date(e), e.added, e.name), reverse=True)


def _dated(entry: Entry) -> str:
    return f"{entry.card.period} {entry.card.period_text} {entry.card.date} {entry.title} {entry.name}"


def _date(entry: Entry) -> str:
    """When a report is of, as far as it says: its date, its period, a year in its name."""
    year = _PERIOD.search(f"{entry.card.period} {entry.title} {entry.name}")
    return entry.card.date or (year[0] if year else "")
