"""False premises: a question that takes for granted that something fell when the evidence says that it rose.

Precision comes first, for a wrong correction is worse than none. Only questions that presuppose a direction count ("why
did … fall", "how much did … fall"), of a measure that is known (``terms``); the sentence must have the question's
names, the measure and the direction in one clause, contradict no period asked, and no other sentence may agree with
the question.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from index.text import CJK, fold, has_cjk, words
from rag.checking.figures import find
from rag.checking.grounding import Asked
from rag.checking.terms import measures
from rag.confidence.kinds import periods, periods_met, without_periods
from rag.confidence.regions import places, without_places
from rag.types import Evidence

_UP = re.compile(
    r"增长|上升|上涨|提升|提高|增加|回升|攀升|改善|走强|反弹|增(?=\d)|[\d%]的?增幅|大增|高增"
    r"|(?<![a-z])(?:rose|rise[ns]?|rising|increas(?:e[sd]?|ing)|grew|grow(?:n|s|ing|th)?|gain(?:s|ed)?|climb(?:s|ed)?"
    r"|jump(?:s|ed)?|surg(?:e[sd]?|ing)|improv(?:e[sd]?|ing|ement)|higher|up)(?![a-z])",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"下降|下滑|下跌|减少|回落|降低|萎缩|缩水|恶化|走弱|滑坡|负增长|降(?=\d)|大跌|大降|缩减|跌(?=\d)"
    r"|(?<![a-z])(?:fell|fall(?:en|s|ing)?|declin(?:e[sd]?|ing)|decreas(?:e[sd]?|ing)|drop(?:s|ped|ping)?"
    r"|sh?r[aiu]nk|shrunk|slump(?:s|ed)?|plung(?:e[sd]?|ing)|weaken(?:s|ed)?|lower|down|contract(?:ed|ion))(?![a-z])",
    re.IGNORECASE,
)
_LOSS = re.compile(
    r"亏损|净亏|(?<![a-z])(?:(?:net |made a |a )loss(?:es)?|loss[- ]making|lose|lost|losing)(?![a-z])", re.IGNORECASE
)
_PROFIT = re.compile(
    r"(?:净利润|归母净利|净利|盈利).{0,12}\d|实现盈利|扭亏为盈"
    r"|(?<![a-z])(?:net (?:income|profit|earnings)|profit attributable).{0,30}\d|(?<![a-z])profitable",
    re.IGNORECASE,
)
# What asks for a reason or an extent, and so takes the direction for granted.
_PRESUPPOSES = re.compile(
    r"为什么|为何|原因|怎么会|为啥|(?:下降|下滑|下跌|减少|回落|增长|上升|上涨|提升|提高|增加|亏损)了?(?:多少|几)"
    r"|受什么|什么(?:导致|造成|推动|拖累)"
    r"|(?<![a-z])(?:why|what (?:caused|drove|led to|explains?|is behind|was behind)|reasons? (?:for|behind)"
    r"|how (?:much|far|sharply) did|by how much)(?![a-z])",
    re.IGNORECASE,
)
# Yes-or-no questions and alternatives presuppose nothing; what softens or negates a direction is too fine to judge.
_OPEN = re.compile(
    r"是否|有没有|是不是|吗[？?]?$|还是|如何变化|怎么变|增减|涨跌|升降"
    r"|(?<![a-z])(?:whether|or (?:fall|rise|not|decrease|increase|decline)|if)(?![a-z])",
    re.IGNORECASE,
)
_FINE = re.compile(
    r"收窄|放缓|增速|增幅|降幅|跌幅|减速|不|未|没有|并非|除外|剔除|预计|预期|预测|目标|指引|可能|有望|或将"
    r"|(?<![a-z])(?:slow(?:s|ed|er|ing|down)?|narrow(?:s|ed|er|ing)?|growth rate|pace|not|no|excluding|except"
    r"|expect(?:s|ed)?|forecast(?:s)?|guidance|target(?:s)?|would|could|may|might|if|will|offset|partially)(?![a-z])|n't|n’t",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[，,；;。！!]|\.\s|(?<![a-z])(?:while|but|whereas|although|though|and)(?![a-z])", re.IGNORECASE)
# A clause that only goes on with the change of what the clause before it named.
_CHANGE = re.compile(
    r"\s*(?:同比|环比|较|比|约)"
    r"|\s*(?:up|down|an? (?:increase|decrease|decline|drop|rise)|representing|compared)(?![a-z])",
    re.IGNORECASE,
)
# Words that narrow down neither a question nor a clause.
_PLAIN = frozenset(
    (
        "why what caused drove led behind explains explain reason reasons for did does do how much far sharply by the "
        "an of in to at on its it is was were are be has have had this that total net company group firm year quarter "
        "fiscal fy full first second third fourth annual annually yoy compared with from same period prior last and "
        "overall usd rmb during ended months three six nine twelve billion million us attributable shareholders "
        "reported there so such per share make made posted recorded against over versus"
    ).split()
)
_PLAIN_CHINESE = re.compile(
    "归属于|上市公司|母公司|股东|报告期内?|上年同期|为什么|为何|为啥|原因|什么|怎么|公司|集团|实现|营业|财年|全年|同比|环比|去年|今年|本季|当季"
    "|[万亿]?[美欧日港]?元|导致|造成|推动|拖累|多少|主要|出现|同期|期间|整体|合计|由于|达到?|左右|大幅|明显|显著|小幅|归母"
    "|利润|[总年月季度亿万是的了在其该为受会几有较比约内期第前一二三四上下半润率额]"
)
_TOKEN = re.compile(r"[A-Za-z]+")
# What a figure is compared with; the period that follows is not its own.
_AGAINST = re.compile(r"compared|(?<![a-z])(?:versus|than|vs)(?![a-z])|较|相比|上年|去年同期", re.IGNORECASE)
# Where a clause turns from what happened to why.
_CAUSE = re.compile(
    r"主要|由于|受|源于|得益于"
    r"|(?<![a-z])(?:due|attributable|attributed|because|driven|reflect(?:s|ed|ing)|as a result|thanks"
    r"|primarily)(?![a-z])",
    re.IGNORECASE,
)
_OTHER_WAY = {"up": "down", "down": "up", "loss": "profit", "profit": "loss"}


@dataclass(frozen=True, slots=True)
class Premise:
    """What a question takes for granted: that a measure went "up" or "down", or was a "loss" or a "profit"."""

    measures: frozenset[str]
    direction: str


def premise(asked: Asked) -> Premise | None:
    """What the question takes for granted of a known measure; None when it is open or too fine to judge."""
    text = asked.text
    if not _PRESUPPOSES.search(text) or _OPEN.search(text) or _FINE.search(text):
        return None
    change, state = _direction(text, loss=False), _direction(text, loss=True)
    if _LOSS.search(text) and (change or _UP.search(text)):
        return None  # a loss that grew or shrank
    direction = change or state
    named = asked.measures | (frozenset({"net profit"}) if direction == "loss" else frozenset())
    return Premise(named, direction) if direction and len(named) == 1 else None


def premise_conflict(asked: Asked, evidence: Sequence[Evidence]) -> tuple[Evidence, str] | None:
    """The item and its sentence that say the contrary of what the question takes for granted; None when none does."""
    assumed = premise(asked)
    if assumed is None:
        return None
    if not asked.names and not places(asked.text) and len({item.report_id for item in evidence}) > 1:
        return None  # whose measure it is, is not said
    contrary: tuple[Evidence, str] | None = None
    for item in evidence:
        for sentence in item.sentences:
            if not _about_the_same(asked, assumed, item, sentence):
                continue
            said = _said(asked, assumed, sentence)
            if assumed.direction in said:
                return None
            if contrary is None and _OTHER_WAY[assumed.direction] in said:
                contrary = (item, sentence)
    return contrary


def _about_the_same(asked: Asked, assumed: Premise, item: Evidence, sentence: str) -> bool:
    """Whether the item has the question's names, and the sentence its places and none but its periods."""
    crossing = has_cjk(item.text) != has_cjk(asked.text)
    around = fold(f"{item.text} {item.section} {item.title} {item.report.replace('_', ' ')}")
    for forms in asked.names:
        could = (not crossing or len(forms) > 1 or forms[0].isascii()) and not places(forms[0])
        if could and not any(fold(form) in around for form in forms):
            return False
    if asked.unknown:
        return False
    if not crossing:
        known = fold(f"{sentence} {item.section} {item.title} {item.report.replace('_', ' ')}")
        if not all(fold(word) in known for word in _narrowing(asked, assumed, asked.text)):
            return False
    wanted = places(asked.text)
    if wanted and not wanted <= places(f"{item.section} {sentence}"):
        return False
    asked_for = periods(asked.text)
    own = () if " | " in sentence else (_AGAINST.split(sentence)[0],)  # a row's columns are told apart below
    for text in (*own, item.section, f"{item.title} {item.report.replace('_', ' ')}"):
        if named := periods(text):
            finer = {period[0] for period in named} - {"y"} - {period[0] for period in asked_for}
            return periods_met(asked_for, named)[1] == 0.0 and not finer
    return True


def _narrowing(asked: Asked, assumed: Premise, text: str, known: str = "") -> list[str]:
    """What of a text narrows it down: no measure or name asked for, direction, period, place, plain word or ``known``.

    Chinese is cut only after what is known was taken out, for its words depend on their neighbours.
    """
    left = without_places(without_periods(text))
    for name in sorted((form for forms in asked.names for form in forms), key=len, reverse=True):
        left = re.sub(re.escape(name), " ", left, flags=re.IGNORECASE)
    for pattern in (_UP, _DOWN, _LOSS):
        left = pattern.sub(" ", left)
    left = _without_measures(assumed, left)
    stripped = _PLAIN_CHINESE.sub(" ", left)
    for word in sorted(_cut(known), key=len, reverse=True):
        stripped = stripped.replace(word, " ") if has_cjk(word) else stripped
    latin = {token.lower() for token in _TOKEN.findall(known)}
    return [
        *(token.lower() for token in _TOKEN.findall(left) if token.lower() not in _PLAIN | latin and len(token) > 1),
        *_cut(stripped),
    ]


def _cut(text: str) -> list[str]:
    return [word for word in words(text, whole=True) if has_cjk(word)]


def _without_measures(assumed: Premise, text: str) -> str:
    """The text without the words of the measures asked for."""
    for run in re.findall(f"[{CJK}]+", text):
        for size in range(2, min(6, len(run)) + 1):
            for part in {run[i : i + size] for i in range(len(run) - size + 1)}:
                if measures(part) & assumed.measures and part in text:
                    text = text.replace(part, " ")
    tokens = [match.span() for match in _TOKEN.finditer(text)]
    for size in (1, 2, 3, 4):  # the fewest words, or what narrows it down would go with them
        for first, last in zip(tokens, tokens[size - 1 :], strict=False):
            part = text[first[0] : last[1]]
            if part.strip() and measures(part) & assumed.measures:
                text = text[: first[0]] + " " * len(part) + text[last[1] :]
    return text


def _said(asked: Asked, assumed: Premise, sentence: str) -> set[str]:
    """The directions in which the sentence says that the measure went."""
    if " | " in sentence:
        changed = _row_change(asked, assumed, sentence)
        return {changed} if changed else set()
    said: set[str] = set()
    parts = [_CAUSE.split(clause)[0] for clause in _clauses(sentence)]
    for at, clause in enumerate(parts):
        if not assumed.measures <= measures(clause) or _FINE.search(clause):
            continue
        change = _UP.search(clause) or _DOWN.search(clause) or _LOSS.search(clause)
        subject = clause[: change.start()] if change else clause
        crossing = has_cjk(sentence) != has_cjk(asked.text)
        if _narrowing(asked, assumed, subject, "" if crossing else asked.text):
            continue  # of a part, or of another company
        direction = _direction(clause, loss=assumed.direction in {"loss", "profit"})
        follows = parts[at + 1] if at + 1 < len(parts) else ""
        if direction is None and _CHANGE.match(follows) and not measures(follows) and not _FINE.search(follows):
            direction = _direction(follows, loss=False)
        if direction:
            said.add(direction)
    return said


def _row_change(asked: Asked, assumed: Premise, row: str) -> str | None:
    """How a table row ("Label | 2024: 9 | 2023: 8") changed to the year asked, or its last, from the year before."""
    label, *cells = row.split(" | ")
    if not assumed.measures <= measures(label) or _narrowing(asked, assumed, label, asked.text):
        return None
    by_year: dict[int, list[Decimal]] = {}
    for cell in cells:
        header, colon, value = cell.rpartition(": ")
        years = [int(period[1:]) for period in periods(header) if period[0] == "y"]
        figures = find(value)
        if not colon or len(years) != 1 or len(figures) != 1 or "(" in value or figures[0].value <= 0:
            return None
        by_year.setdefault(years[0], []).append(figures[0].value)
    wanted = [int(period[1:]) for period in periods(asked.text) if period[0] == "y"] or [max(by_year, default=0)]
    after, before = by_year.get(wanted[0], []), by_year.get(wanted[0] - 1, [])
    if len(wanted) != 1 or len(after) != 1 or len(before) != 1 or after == before:
        return None
    return "up" if after[0] > before[0] else "down"


def _clauses(sentence: str) -> list[str]:
    """The clauses of a sentence; commas inside figures do not part."""
    held = [(figure.start, figure.end) for figure in find(sentence)]
    parts, start = [], 0
    for match in _CLAUSE.finditer(sentence):
        if not any(a < match.start() < b for a, b in held):
            parts.append(sentence[start : match.start()])
            start = match.end()
    return [part for part in (*parts, sentence[start:]) if part.strip()]


def _direction(text: str, *, loss: bool) -> str | None:
    """The one direction that a text names, None for none or several."""
    if loss:
        if _LOSS.search(text):
            return "loss"
        if _PROFIT.search(text):
            return "profit"
    up, down = bool(_UP.search(re.sub("负增长", "", text))), bool(_DOWN.search(text))
    return None if up == down else "up" if up else "down"
