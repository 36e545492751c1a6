"""Who published a report."""

import re
from collections import Counter
from collections.abc import Iterable

from index.card.companies import LEGAL
from index.card.face import Face, Piece, plain
from index.text import has_cjk

_BODY = (
    "研究所|研究院|研究中心|研究总?部|发展研究部|研究发展部|证券|期货|信托|银行|基金|有限公司|有限责任公司|协会|学会"
    "|委员会|统计局|联合会|智库|事务所|咨询|大学|总署|研究室|财政部|商务部"
)
_CHINESE_BODY = re.compile(rf"[\u4e00-\u9fff()·A-Za-z]{{2,24}}(?:{_BODY})")
_GENERIC = re.compile(
    r"^(?:证券|基金|银行|期货|商业银行|中央银行|各国央行|城商银行|股份制银行|国有银行|农商银行|非银行"
    r"|.{0,4}(?:行业|板块|重点|本周|市场).*|.*(?:推荐|关注|维持|来源|图表|以及|本报告|投资者|本公司).*|美国银行"
    r"|上市公司|有限公司|本?研究所)$"
)
_RESEARCH = re.compile("(?:研究所|研究院|研究总?部|研究中心|研究发展部|证券|期货|研究)$")
_ENGLISH_BODY = re.compile(r"(?:The )?[A-Z][\w&.'’-]*(?:,? (?:(?:of|for|and|the|on) )*[A-Z&][\w&.'’-]*){0,7}")
_ENGLISH_END = re.compile(
    rf"\b(?:{LEGAL}|Research|Securities|Capital|Bank|Partners|Markets|Advisors|Advisers|Asset Management"
    rf"|Institute|University"
    r"|Association|Agency|Council|Foundation|Commission|Fund|Organi[sz]ation|Ministry|Authority|Brokerage)$"
)
_ENGLISH_START = re.compile(
    r"(?:The )?(?:[A-Z]\w+ )*(?:Bank|Ministry|Department|Institute|University|Bureau|Council|Agency|Association"
    r"|Commission"
    r"|Authority|Federation|Fund|Centre|Center|Organi[sz]ation) (?:of|for|on) [A-Z]"
)
_ENGLISH_GENERIC = re.compile(
    r"(?i)^(?:(?:equity|credit|global|economic|macro|investment|company|sector|industry|research|group|note"
    r"|update|markets?|capital"
    r"|asia|europe|us|americas?|the|and|bank|food|retail|technology|fund|securities|of|exchange|commission"
    r"|united|states"
    r"|fixed|income|strategy|fx|rates) ?)+$"
)
_LABELLED_BODY = re.compile(
    r"^(?:发布机构|发布单位|编制单位|编制机构|编写单位|主办单位|研究机构|出品(?:方|单位)?|机构|publisher"
    r"|published by|issued by|prepared by|publication of)"
    r" ?[:|] ?(?P<body>.{3,60})$",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"^(?:资料|数据|信息)?来源 ?[:：]?|^(?:Data )?Sources? ?:", re.IGNORECASE)
_SENTENCES = (
    re.compile(
        r"本报告(?:由|是由|仅供|仅面向)(?P<body>[\u4e00-\u9fff]{2,14}?(?:证券|期货|银行|基金"
        r"|咨询)[\u4e00-\u9fff]{0,4}?公司)"
    ),
    re.compile(
        r"(?:^|[。;])(?P<body>[\u4e00-\u9fff]{2,14}(?:股份有限公司|有限责任公司|有限公司))(?:\(以下简称|具备|具有|是经)"
    ),
    re.compile(r"(?:^|[。;: ])(?:本报告版权[归为])?(?P<body>[\u4e00-\u9fff]{2,20}?)(?:版权所有|所有,未)"),
    re.compile(
        r"(?:©|\([Cc]\)|[Cc]opyright)(?: ?©)? ?(?:19"
        r"|20)\d\d(?:-\d{2,4})?,? (?:by )?(?P<body>[A-Z][\w&.'’ -]{2,50}?)(?:\. ?All rights|, all rights|\.$|$)"
    ),
    re.compile(
        r"(?:report|document|publication|material) (?:is|was|has been) (?:prepared|issued|published"
        r"|produced)(?: and \w+)? by (?P<body>[A-Z][\w&'’-]*(?:,? [A-Z&][\w&.'’-]*)*)"
    ),
)


def institution(face: Face, sources: Iterable[str], imprint: Iterable[str], metadata_author: str) -> str:
    """Who published a research report: the name that running heads, cover, imprint and source lines agree on.

    ``sources`` are the lines under tables and charts that say where figures come from, ``imprint`` the paragraphs of
    the last pages. One line of a cover is enough when nothing else says more; a name in source lines alone must end
    most of them.
    """
    votes: Counter[str] = Counter()
    for piece in (*face.front, *face.back):
        labelled = _LABELLED_BODY.match(piece.plain)
        if labelled and not re.fullmatch(r"[A-Z][a-z]+ [A-Z][a-z]+", labelled["body"]):
            votes[piece.text[labelled.start("body") : labelled.end("body")].strip()] += 6
    for pieces, weight in ((face.running, 4), (face.masthead, 3), (face.cover, 2), (face.back, 1)):
        for name in {name for piece in pieces for name in _bodies(piece)}:
            votes[name] += weight
    said = {
        text[match.start("body") : match.end("body")].strip(" .,")
        for text in imprint
        for pattern in _SENTENCES
        for match in pattern.finditer(plain(text))
    }
    for name in said:
        votes[name] += 2
    if _is_body(metadata_author.strip()):
        votes[metadata_author.strip()] += 3
    last = Counter(_last_source(line) for line in sources)
    total = sum(last.values())
    for name, count in last.items():
        if name and count >= 2 and count > 0.5 * total and (_RESEARCH.search(name) or not has_cjk(name)):
            votes[name] += 3
    if not votes:
        return ""
    support = {
        name: count
        + sum(0.5 * other for part, other in votes.items() if part != name and (part in name or name in part))
        for name, count in votes.items()
    }
    best = max(support, key=lambda name: (support[name], len(name)))
    return best if support[best] >= 2 else ""


_CHINESE_PARTS = re.compile(r"[|·•:,;、]|\s{2,}|(?<=[\u4e00-\u9fff]) (?=[A-Z])")
_ENGLISH_PARTS = re.compile(r"[|·•]|\s{2,}")


def _bodies(piece: Piece) -> Iterable[str]:
    if len(piece.text) > 70:
        return
    offset = 0
    for part in (_CHINESE_PARTS if has_cjk(piece.plain) else _ENGLISH_PARTS).split(piece.plain):
        start = piece.plain.index(part, offset)
        offset = start + len(part)
        name = piece.text[start:offset].strip()
        if _is_body(name):
            yield name.replace(" ", "") if has_cjk(name) else name


def _is_body(name: str) -> bool:
    half = plain(name)
    if has_cjk(half):
        half = half.replace(" ", "")
        return 4 <= len(half) <= 26 and bool(_CHINESE_BODY.fullmatch(half)) and not _GENERIC.match(half)
    return (
        5 <= len(half) <= 60
        and bool(_ENGLISH_BODY.fullmatch(half))
        and bool(_ENGLISH_END.search(half) or _ENGLISH_START.match(half))
        and not _ENGLISH_GENERIC.match(half)
    )


def _last_source(line: str) -> str:
    match = _SOURCE.match(line)
    if not match:
        return ""
    name = re.split(r"[,，、;；/]| and ", line[match.end() :])[-1].strip(" .。")
    return re.sub(r"(?:整理|测算|绘制|预测)$| (?:estimates|research|analysis|calculations)$", "", name)
