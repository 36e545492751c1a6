"""Questions whether a report is of one mind: what it says in one place, and what it says of the same in another.

A headline and the pages behind it may differ without a figure that does. Whether they do is for the reader to judge, or
for a strong model; what can be found is the best statement from each place.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.library import Library
from index.text import CJK, fold, words
from index.types import BlockKind, Hit, Sentence
from rag.checking.terms import other_names
from rag.conflicts.terms import content, names

_I = re.IGNORECASE
_ASKS = re.compile(
    r"(?<!市场)(?<!分析师)(?:不|是否|前后|相互|保持|说法|口径|观点|内容|数字|数据)[^，。？?]{0,6}一致|一致(?:吗|么"
    r"|性)|自相|自洽|矛盾|打架|(?:有|无|没)出入"
    r"|(?:有|存在|是否|没有|相互|互相)[^，。？?]{0,4}冲突|对得上|对不上|撑得住|站得住|站不住|吻合|相符|名副其实"
    r"|言过其实|夸大"
    r"|口气|语气|(?:说法|口径|观点|判断|表述|数字|态度)[^，。？?]{0,16}(?:一样|相同|不同|不一|差异|分歧)"
    r"|(?:支持|支撑|印证|佐证|验证)[^，。？?]{0,12}(?:标题|首页|说法|结论|观点|论断|判断)(?:吗|么|的)?"
    r"|(?:标题|首页|说法|结论|观点|论断)[^，。？?]{0,12}(?:能否|是否|得到|被)[^，。？?]{0,8}(?:支持|支撑|印证|佐证"
    r"|成立)"
    r"|\b(?:in)?consisten(?:t|cy|tly)\b(?! (?:currency|basis|growth|profitability|over|in recent|for the past"
    r"|since))|\bcontradict\w*|\bat odds\b|\bsquares? with\b|\btensions?\b(?= (?:between|with|in the report))"
    r"|\bany tension\b|\bdiscrepan\w+|\bconflicting\b|\bconflicts? (?:with|between)\b|\bsame (?:story|tone|message"
    r"|picture|figure|number)\b"
    r"|\b(?:hold|holds|stand|stands|back|backs|backed|borne) (?:it |this |that |the [a-z ]+ )?(?:up|out)\b(?! (?:to"
    r"|at)\b)"
    r"|\b(?:supports?|bears? out|justif(?:y|ies)|undercuts?|undermines?|agrees? with|match(?:es)?|lines? up with"
    r"|fits?|reconciles? with)\b"
    r"[^.?]{0,40}\b(?:headline|title|claim|front page|first page|summary|statement|thesis|narrative|view|what (?:the"
    r"|it) )"
    r"|\b(?:headline|title|front page|summary|claim)\b[^.?]{0,60}\b(?:supported|borne out|backed|justified|hold"
    r"|match|agree|warranted|true to)\b",
    _I,
)
_NOWHERE = re.compile("$^")
_PLACES = (
    (re.compile(r"标题|题目|\b(?:headline|report'?s title|the title)\b", _I), 1, _NOWHERE),
    (re.compile(r"首页|封面|第一页|开头|开篇|\b(?:front|first|opening|cover) page\b|\bpage one\b"
        r"|\bcover\b", _I), 1, _NOWHERE),
    (
        re.compile(r"摘要|要点|核心观点|周观点|\bsummary\b|\bhighlights\b|key (?:points|takeaways)", _I), 0,
        re.compile(r"摘要|要点|观点|summary|highlight|takeaway|key point|at a glance", _I),
    ),
    (re.compile(r"风险提示|风险因素|风险部分|\brisk (?:factors|section"
        r"|warnings?)\b", _I), 0, re.compile(r"风险|risk", _I)),
    (re.compile(r"投资建议(?:部分|章节|里|中)?"
        r"|\brecommendations? section\b", _I), 0, re.compile(r"投资建议|recommendation", _I)),
    (re.compile(r"结论|\bconclusions?\b", _I), 0, re.compile(r"结论|总结|conclusion", _I)),
    (re.compile(r"展望(?:部分|章节|一节|里)|\b(?:outlook"
        r"|guidance) section\b", _I), 0, re.compile(r"展望|outlook|guidance", _I)),
    (re.compile(r"致股东|股东信|\bletter to (?:our )?shareholders\b"
        r"|\bshareholder letter\b", _I), 0, re.compile(r"致股东|letter to", _I)),
    (re.compile(r"附注|\bnotes to the\b|\bfootnotes?\b", _I), 0, re.compile(r"附注|\bnotes?\b", _I)),
)  # fmt: skip
_PAGE = re.compile(r"第\s*(\d{1,3})\s*页|\b(?:page|p\.)\s*(\d{1,3})\b", _I)
_TURN = re.compile(
    r"但|然而|不过|虽然|尽管|却|实际上|其实|反而"
    r"|\b(?:but|however|although|though|despite|yet|nevertheless|instead|rather|actually|in fact)\b",
    _I,
)
_LESS = re.compile(
    r"仅|逊于|不及|低于|放缓|下降|下滑|下调|承压|疲软|亏损|首次|收窄|回落|拖累|压力|优化|调整|推迟|谨慎|担忧"
    r"|\b(?:only|missed|below|weak\w*|slow\w*|declin\w+|decreas\w+|fell|lower|loss|pressure|offset|delay\w*|cautious"
    r"|challeng\w+|first time|worse|concern\w*)\b",
    _I,
)
_SAYS = {BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.FOOTNOTE}
FRONT = 1  # the page that says what a report is about
AT_FIRST, ELSEWHERE = 2, 3  # statements of the first place, and of others
NAMED, TURN, LESS, MOST_TURNS, RELATED, WORD = 0.3, 0.2, 0.1, 0.4, 0.2, 0.02  # added to a hit's score
LONGEST_NAME = 40  # characters of a heading that names its place; a longer one says something itself
CLOSER = 25  # statements that are looked at word by word
SHORTEST = {"zh": 8, "en": 25}  # characters of a statement


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a report that a question names: a page, or the headings that match."""

    page: int
    heading: re.Pattern[str]

    def holds(self, hit: Hit) -> bool:
        """Whether a chunk stands there."""
        if hit.page == self.page:
            return True
        return any(len(part) <= LONGEST_NAME and self.heading.search(part) for part in hit.section.split(" › "))


@dataclass(frozen=True, slots=True)
class Side:
    """A statement of one place, with the chunk it stands in."""

    hit: Hit
    sentence: Sentence


def asks_for_consistency(question: str) -> bool:
    """Whether a question asks if statements of a report go together: "首页和后面一致吗", "does it square with …"."""
    return _ASKS.search(question) is not None


def places(question: str) -> tuple[Place, ...]:
    """The places of a report that a question names, in the order it knows them; empty when it names none."""
    found = [Place(page, heading) for pattern, page, heading in _PLACES if pattern.search(question)]
    found += [Place(int(m[1] or m[2]), _NOWHERE) for m in _PAGE.finditer(question)]
    return tuple({(place.page, place.heading.pattern): place for place in found}.values())


def hits_at(library: Library, report_id: str, wanted: Sequence[Place]) -> list[Hit]:
    """The chunks of a report at these places, or of its front page when none is named, without scores."""
    stands = wanted or (Place(FRONT, _NOWHERE),)
    return [hit for hit in library.chunks(report_id) if any(place.holds(hit) for place in stands)]


def sides(question: str, hits: Sequence[Hit], library: Library | None = None) -> tuple[Side, ...]:
    """The statements to be held against each other; empty when there are no two places.

    First up to two of the place that the question names, else of the front page, then up to three from elsewhere.
    ``hits`` are what the question found, best first; all statements are of the one report that has the best. With the
    ``library``, a named place that the hits lack is looked up.
    """
    found = [hit for hit in hits if hit.kind in _SAYS]
    if not found:
        return ()
    report = report_of(found)
    wanted = places(question) or (Place(FRONT, _NOWHERE),)
    pool = {hit.chunk_id: hit for hit in reversed(found) if hit.report_id == report}
    if library is not None and sum(wanted[0].holds(hit) for hit in pool.values()) < AT_FIRST:
        pool = {hit.chunk_id: hit for hit in hits_at(library, report, wanted) if hit.kind in _SAYS} | pool
    statements = [side for hit in pool.values() for side in _statements(hit)]
    asked = _Asked(question, statements)
    here = [side for side in statements if wanted[0].holds(side.hit)]
    here = here or [side for side in statements if side.hit.page == FRONT]
    at_first = asked.best(here, AT_FIRST)
    if not at_first:
        return ()
    front = at_first[0]
    there = [
        side
        for side in statements
        if side.hit.page != front.hit.page and side.hit.section != front.hit.section and not wanted[0].holds(side.hit)
    ]
    second = [side for side in there if any(place.holds(side.hit) for place in wanted[1:])]
    elsewhere = asked.best(second or there, ELSEWHERE, against=front)
    return (*at_first, *elsewhere) if elsewhere else ()


class _Asked:
    """What of a question tells which statements it is about."""

    def __init__(self, question: str, statements: Sequence[Side]) -> None:
        pairs = [(fold(one), fold(other)) for one, other in other_names(question)]
        paired = {form for forms in pairs for form in forms}
        forms = [*pairs, *((name, name) for name in names(question) if name not in paired)]
        texts = [self._text(side) for side in statements]
        self._names: list[tuple[tuple[str, str], float]] = []  # a name that is everywhere tells nothing apart
        for pair in dict.fromkeys(forms):
            having = sum(any(form in text for form in pair) for text in texts)
            self._names.append((pair, NAMED * (1 - having / max(1, len(texts)))))
        self._words = set(words(question))

    @staticmethod
    def _text(side: Side) -> str:
        return fold(f"{side.hit.section} {side.sentence.text}")

    def best(self, statements: Sequence[Side], most: int, against: Side | None = None) -> list[Side]:
        """The best of the statements, no text twice; ``against`` is the other side, which they may turn against."""
        ranked = sorted(statements, key=lambda side: -self._score(side, against))[:CLOSER]
        about = content(against.sentence.text) if against is not None else frozenset()
        chosen: list[Side] = []
        for side in sorted(ranked, key=lambda side: -(self._score(side, against) + self._closer(side, about))):
            if len(chosen) < most and all(fold(side.sentence.text) != fold(one.sentence.text) for one in chosen):
                chosen.append(side)
        return chosen

    def _score(self, side: Side, against: Side | None) -> float:
        text = self._text(side)
        score = side.hit.score + sum(weight for forms, weight in self._names if any(form in text for form in forms))
        if against is None:
            return score
        turns = TURN * len(set(_TURN.findall(side.sentence.text))) + LESS * len(set(_LESS.findall(side.sentence.text)))
        return score + min(turns, MOST_TURNS)

    def _closer(self, side: Side, about: frozenset[str]) -> float:
        shared = len(self._words & set(words(side.sentence.text)))
        related = len(about & content(side.sentence.text)) / max(1, len(about))
        return WORD * min(shared, 5) + RELATED * related


def _statements(hit: Hit) -> list[Side]:
    """The sentences of a chunk that say something; a heading says it too."""
    return [
        Side(hit, sentence)
        for sentence in hit.sentences
        if len(sentence.text) >= SHORTEST["zh" if re.search(f"[{CJK}]", sentence.text) else "en"]
    ]


def report_of(hits: Sequence[Hit]) -> str:
    """The report with the best hits together."""
    total: dict[str, float] = {}
    for hit in hits[:10]:
        total[hit.report_id] = total.get(hit.report_id, 0.0) + hit.score
    return max(total, key=lambda report: total[report])
