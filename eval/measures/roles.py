"""Who is said to have which figure: figures or names that changed places, and answers that go the other way."""

import re
from collections.abc import Sequence

from eval.measures.content import content, placed
from eval.measures.directions import Stated, is_direction, turns
from eval.measures.overlap import token_f1
from eval.measures.periods import years
from eval.questions import Question

_TO = re.compile(r"(?:\bto|至|到|\binto)\s*[^\w\s]{0,3}$", re.IGNORECASE)
_FROM = re.compile(r"(?:\bfrom|从|由|自)\s*[^\w\s]{0,3}$", re.IGNORECASE)
_BY = re.compile(r"(?:\bby|了)\s*[^\w\s]{0,3}$", re.IGNORECASE)
_JOINT = re.compile(r"[,，、;；。:：\n]|\.(?=\s)|\b(?:and|while|against|versus|vs|but|compared)\b|与|和|而|低于|高于")
_OPPOSITES = [
    (re.compile(one, re.IGNORECASE), re.compile(other, re.IGNORECASE))
    for one, other in (
        (r"损失|\bloss(?:es)?\b", r"(?<!每股)(?<!营业)收益(?!率)|\bgains?\b"),
        (r"盈利|扭亏", r"亏损(?!.{0,8}扭亏)"),
        (r"现金|\bcash\b(?! flow)", r"股票|股份支付|\b(?:in|with|by) (?:its )?(?:own )?(?:stock|shares)\b"),
        (r"顺差|\bsurplus", r"逆差|赤字|\bdeficit"),
        (r"宽松|放松|\beas(?:e|ed|ing)\b", r"收紧|紧缩|\btighten\w*"),
        (r"短缺|供不应求|\bshortage", r"过剩|供过于求|\boversupply|\bglut"),
        (r"\bowned\b|自有", r"\bleased\b|租赁"),
    )
]
"""Words that exclude one another."""

_NEAR = 0.7
"""Token F1 from which two texts say the same but for a word."""

_COMPARED = re.compile(r"(?:比|较|\bthan (?:in )?|\bfrom )$")
_SENTENCE = re.compile(r"[。；;！？!?\n]|\.(?=\s|$)")
_MORE = re.compile(
    r"更(?:高|快|大|多|强|好)|最(?:高|快|大|多|强|好)|\b(?:faster|higher|larger|more|greater|better|most|fastest|highest|largest)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,，;；。:：\n!?！？]|\.(?=\s|$)")
_EITHER = re.compile(
    r"\b([a-z]+) or ([a-z]+)\b|([\u4e00-\u9fff]{1,4}?)(?:还是|或)(?:是)?([\u4e00-\u9fff]{1,4})", re.IGNORECASE
)
_YES_NO = re.compile(r"^\s*(?:(yes|是的|会的?|一致)|(no|否|不会|不是|不一致))\b", re.IGNORECASE)
_CONSISTENT = re.compile(r"(不(?!完全)|并不|没有|前后不|\bnot |\bin)?\s*(?:一致|\bconsistent)", re.IGNORECASE)


def swapped(pairs: Sequence[tuple[Stated, Stated]]) -> bool:
    """Whether two figures of the gold answer changed places in an answer; ``pairs`` are gold figures with those given.

    Each word between figures belongs to the figure on its side of the next comma or "and". For two figures A and B,
    every word of their sentences counts (how much more it belongs to A than to B in the gold answer) times (the same in
    the answer); they changed places if the sum is negative. A figure that rose *to* a value in one and *from* it in the
    other did, too.
    """
    for gold, ours in pairs:
        roles = {_role(gold), _role(ours)}
        if len(roles) == 2 and "" not in roles:
            return True
    for i, (gold_a, ours_a) in enumerate(pairs):
        for gold_b, ours_b in pairs[i + 1 :]:
            if ours_a is ours_b or not _alike(gold_a, gold_b):
                continue
            theirs, mine = _owned(gold_a, gold_b), _owned(ours_a, ours_b)
            if sum(theirs[word] * mine.get(word, 0) for word in theirs) < -0.5:
                return True
    return False


def _alike(a: Stated, b: Stated) -> bool:
    """Whether two figures are of one sort, so that one can stand in the place of the other."""
    return a.number.kind == b.number.kind and a.number.year == b.number.year and a.number.value != b.number.value


def _role(figure: Stated) -> str:
    lead = figure.text[max(0, figure.number.start - 12) : figure.number.start]
    return "to" if _TO.search(lead) else "from" if _FROM.search(lead) else "by" if _BY.search(lead) else ""


def _owned(a: Stated, b: Stated) -> dict[str, float]:
    """How much more each word of a text belongs to figure ``a`` than to ``b``: 1 beside a, -1 beside b, 0 between."""
    owned: dict[str, float] = {}
    first, second = sorted((a, b), key=lambda figure: figure.number.start)
    way = 1.0 if first is a else -1.0
    between = a.text[first.number.end : second.number.start]
    joints = [first.number.end + m.start() for m in _JOINT.finditer(between)]
    names = [(word, start) for word, start in placed(a.text) if not is_direction(word)]
    words = [*names, *((str(y), m) for y in years(a.text) for m in _places(a.text, y))]
    begin = max((m.end() for m in _SENTENCE.finditer(a.text, 0, first.number.start)), default=0)
    until = next((m.start() for m in _SENTENCE.finditer(a.text, second.number.end)), len(a.text))
    for word, start in words:
        if not begin <= start < until:
            continue
        if start < first.number.start:
            share = 1.0
        elif start >= second.number.end:
            share = -1.0
        else:
            before, behind = any(j < start for j in joints), any(j >= start for j in joints)
            share = -1.0 if before and not behind else 1.0 if behind and not before else 0.0
        owned[word] = owned.get(word, 0.0) + way * share
    return owned


def _places(text: str, year: int) -> list[int]:
    """Where a year stands, but for one that is compared with."""
    found = re.finditer(rf"(?<!\d){year}(?!\d)", text)
    return [m.start() for m in found if not _COMPARED.search(text, 0, m.start())]


def contradicts(question: Question, answer: str) -> bool:
    """Whether an answer goes the other way than the gold answer.

    It does where it says no for yes; where it chooses the other of the alternatives that the question offers ("owned or
    leased", "多了还是少了"); where it calls something else more, faster or highest; or where it calls consistent what
    is not.
    """
    gold = question.answer
    return (
        _other_word(gold, answer)
        or _other_choice(question, answer)
        or _opposite(gold, answer)
        or _other_first(gold, answer)
        or _other_consistency(gold, answer)
    )


def turned(gold: str, answer: str) -> bool:
    """Whether two texts without figures go opposite ways.

    They do where one goes only up and the other only down, where each word is turned, or one of a text that is else
    nearly the same.
    """
    theirs, ours = turns(gold), turns(answer)
    if len(set(theirs)) == len(set(ours)) == 1:
        return theirs[0] != ours[0]
    if len(theirs) != len(ours) or theirs == ours:
        return False
    return token_f1(answer, gold) >= _NEAR or all(a != b for a, b in zip(theirs, ours, strict=True))


def _other_word(gold: str, answer: str) -> bool:
    theirs, ours = _YES_NO.match(gold), _YES_NO.match(answer)
    return bool(theirs and ours and theirs.lastindex != ours.lastindex)


def _opposite(gold: str, answer: str) -> bool:
    """Whether an answer has the opposite of a word of the gold answer, and not the word."""
    for one, other in _OPPOSITES:
        theirs, ours = ((bool(one.search(text)), bool(other.search(text))) for text in (gold, answer))
        if sum(theirs) == sum(ours) == 1 and theirs != ours:
            return True
    return False


def _other_consistency(gold: str, answer: str) -> bool:
    theirs, ours = _CONSISTENT.search(gold), _CONSISTENT.search(answer)
    return bool(theirs and ours and bool(theirs[1]) != bool(ours[1]))


def _other_choice(question: Question, answer: str) -> bool:
    for match in _EITHER.finditer(question.question):
        both = [word.lower() for word in match.groups() if word]
        if len(both) != 2:
            continue
        chosen = [_says(option, question.answer) for option in both]
        given = [_says(option, answer) for option in both]
        if sum(chosen) == sum(given) == 1 and chosen != given:
            return True
    return False


def _says(option: str, text: str) -> bool:
    if option.isascii():
        return re.search(rf"\b{re.escape(option[: max(3, len(option) - 2)])}", text.lower()) is not None
    return option in text


def _other_first(gold: str, answer: str) -> bool:
    """Whether another name stands before the word for more, faster or highest."""
    theirs, ours = _before_more(gold), _before_more(answer)
    if theirs is None or ours is None:
        return False
    named, others = theirs[0] - ours[0], ours[0] - theirs[0]
    rest = {word for word in others & theirs[1] if not is_direction(word)}
    return (bool(named & ours[1]) and len(rest) > 1) or (bool(named and rest) and len(rest) >= len(others) / 2)


def _before_more(text: str) -> tuple[set[str], set[str]] | None:
    """The content before the first word for more in its clause, and that of all other clauses."""
    more = _MORE.search(text)
    if more is None:
        return None
    begin = max((m.end() for m in _CLAUSE.finditer(text, 0, more.start())), default=0)
    end = _CLAUSE.search(text, more.end())
    rest = text[:begin] + " " + (text[end.start() :] if end else "")
    return set(content(text[begin : more.start()])), set(content(rest))
