"""A question with several parts as the searches it needs.

One search for "who grew faster, A or B" finds whichever has more text. By rule, and only where the rule is sure: most
questions are one part, and a question split wrongly finds less than one left whole.
"""

import re
from collections.abc import Sequence

from index.language import detect
from index.text import has_cjk, words
from rag.checking.terms import measures

MOST_SIDES = 4  # of a comparison; more are a list that one sentence or table usually holds


class Dependent(str):
    """A part that speaks of what the part before it asks for ("that company", 该公司)."""

    __slots__ = ()

    def about(self, subject: str) -> str:
        """The part as it reads once ``subject``, the answer to the part before, is known."""
        named, count = _THAT.subn(lambda found: _possessive(subject, found[0]), str(self), count=1)
        return named if count else f"{subject} {self}"


_THAT = re.compile(
    r"该公司|该企业|该机构|这家公司|这家企业|那家公司|这个公司|其(?=[\u4e00-\u9fff\d])|它(?:的)?(?=[\u4e00-\u9fff\d])"
    r"|\b(?:that|this|the) (?:company|firm|bank|institution|supplier|manufacturer|startup)(?:['’]s)?|\bits\b|\bit\b",
    re.IGNORECASE,
)
_ENDS_ASKING = re.compile(
    r"(?:多少|多大|多高|几[个家成月]?|什么\S{0,2}|谁|哪[里儿家个]?|在哪\S?|如何|怎么样|吗"
    r"|呢)(?:[个元钱吨家户亿万人年月日了的]|公司|企业)*[，,；;？?\s]*$"
)
_PRONOUN = re.compile(r"\b(?:it|its|they|their|them|this|that|these|those|he|she|his|her)\b", re.IGNORECASE)
_ASKS_NAME = re.compile(
    r"谁|哪家|哪个(?:公司|企业|机构)|哪一家|\b(?:whose|who|which (?:\w+ ){0,3}(?:company|firm|bank|broker|startup"
    r"|supplier|manufacturer))\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"多少|几|什么|哪|谁|如何|怎么|何时|是否|吗|呢|为何|\b(?:what|how|which|who|whose|where|when|why)\b", re.IGNORECASE
)
_JOINED = r"(?:和|与|跟|同(?!比|期)|以及|及(?!其)|、|还是|vs\.?|VS\.?|相比于?|相较于?)"
_COMPARES = re.compile(
    r"谁|哪(?:个|家|一个|一家|只|边|方)?(?:的)?[^，。？?]{0,8}?(?:更|增|高|低|大|小|快|慢|多|少|强|弱|领先)|相比"
    r"|对比|比较|相差|差距|差多少|vs|孰"
)
_ASK_EACH = re.compile(r"(?:各|分别|各自)(?:是|为|有|达到?)?(?:多少|几|多高|如何|怎么样)")
_BEFORE = re.compile(r"^(?:请问|请|比较一下|对比一下|比较|对比|那么|在|看看|帮我|一下)+")
_PERIOD = re.compile(
    r"^(?:(?:截至)?(?:19|20)?\d{2}年?(?:第?[一二三四1-4]季度|[1-4]?Q[1-4]?|上半年|下半年|全年|前三季度"
    r"|\d{1,2}月末?|末|度)?|[1-4]Q\d{2,4}|\d{2}Q[1-4]|今年|去年|本周|上周|本月"
    r"|第?[一二三四]季度|上半年|下半年|全年)+(?:的|，|,)?"
)
_NAME_END = re.compile(
    r"第?[一二三四]季度|的|谁|哪|相比|对比|比较|各|分别|两|之间|在|\d{4}|[1-4]Q|Q[1-4]|\d{2}Q|今年|去年|本周|上|下|哪|，|,|。|？|\?|的"
)
_NOT_NAME = re.compile(r"^\d|多少|什么|怎么|如何|是|了|年$|月$|季度|[吗呢]|同比|环比|我|你|报告")
_GROWS = re.compile(r"(?:谁|哪[个家]?)(?:的)?(?:更|增|涨|跌|降)?(?:长|得|幅|速)*(?:更|最)?(?:快|慢|猛)(?:一?些|一?点)?")
_IS_MORE = re.compile(r"(?:谁|哪[个家一]*)(?:的)?(?:更|最|比较)?(?:高|低|大|小|多|少|强|弱|领先|好|差)(?:一?些|一?点)?")
_LEFT_OVER = re.compile(r"(?:各|分别|各自|相比|对比|比较|相差|差距|两者|二者|之间|谁更|谁|哪个|哪家)+(?:是|为)?")

_NAME = r"[A-Z][\w&.’'-]*(?:\s+(?:of\s+|&\s+)?[A-Z][\w&.’-]*)*"
_VERSUS = re.compile(rf"(?P<a>{_NAME})(?:['’]s)?,?\s+(?:vs\.?|versus|compared (?:with|to)|against|or)\s+(?P<b>{_NAME})")
_BETWEEN = re.compile(
    rf"\b(?i:between|compare|both|of|do|did|does|for)\s+(?P<a>{_NAME})(?:['’]s)?\s+(?:and|with"
    rf"|to)\s+(?P<b>{_NAME})(?:['’]s)?"
)
_COMPARING = re.compile(
    r"\b(?:vs\.?|versus|compar\w+|difference|faster|slower|higher|lower|larger|smaller|bigger|better|worse|more"
    r"|less|greater|gap|outpace\w*)\b",
    re.IGNORECASE,
)
_HOW_COMPARE = re.compile(
    r"^(?P<before>.*?)\bhow (?:did|does|do|has|have) (?P<x>.+?) compared? (?:with|to"
    r"|against) (?P<y>[^?,]+)(?P<after>[^?]*)\??$",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"\b(?:year|quarter|month|week|period|estimates?|consensus|expectations?|forecasts?|guidance|target|average"
    r"|previous|prior|last|that|those|market)\b|^\W*(?:19|20)\d\d",
    re.IGNORECASE,
)
_NEXT_QUESTION = re.compile(
    r"(?:,|;|\?)\s*(?:and\s+)?(?=(?:roughly |about |by )?(?:what|how|which|who|whose|where|when|why)\b)"
    r"|\s+and\s+(?=(?:roughly |by )?(?:how (?:much|many)|what|where|when|who)\b)",
    re.IGNORECASE,
)
_QUESTION_WORDS = re.compile(
    r"^(?:Which|What|How|Who|Whose|Where|When|Why|Did|Does|Do|Is|Are|Was|Were|In|The|Of|Compare|And|Has|Have|Can)$"
)


def parts(question: str) -> tuple[str, ...]:
    """The searches that ``question`` needs, each readable alone; the question itself, unchanged, when it is one part.

    A comparison gives one part a side, with the measure and the period they share. Of two questions in one, the second
    gets the first's names; where it speaks of what the first asks for, it is a :class:`Dependent`.
    """
    text = question.strip()
    split = _chinese(text) if detect(text) == "zh" else _english(text)
    return split if len(split) > 1 else (question,)


def sides(question: str) -> tuple[str, ...]:
    """The names that a question compares, in its order; empty when it compares none."""
    found = _chinese_sides(question) if detect(question) == "zh" else _english_sides(question)
    return found[1] if found else ()


def _chinese(text: str) -> tuple[str, ...]:
    found = _chinese_sides(text)
    if found:
        (start, end), names = found
        return tuple(_one_side(text[:start], name, text[end:]) for name in names)
    return _two_questions(text, re.split(r"(?<=[？?；;，,])", text))


def _chinese_sides(text: str) -> tuple[tuple[int, int], tuple[str, ...]] | None:
    """Where the compared names stand in ``text``, and the names."""
    compares = _COMPARES.search(text)
    if not compares and not _ASK_EACH.search(text):
        return None
    for clause in re.finditer(r"[^，,。；;？?：:]+", text):
        match = re.search(rf"{_JOINED}", clause[0])
        if match is None:
            continue
        begin = clause.start()
        for lead in (_BEFORE, _PERIOD, _BEFORE):
            opening = (
                lead.match(text, begin)
                if lead.pattern[0] != "^"
                else re.match(lead.pattern, text[begin : clause.end()])
            )
            begin += opening.end() if opening else 0
        tail = clause[0][match.end() :]
        stop = _NAME_END.search(tail)
        chart = re.match(r"\s*(?:图表?|表)\s*\d+", tail)
        measure = chart.end() if chart else _first_measure(tail)
        length = min(stop.start() if stop else len(tail), measure)
        end = clause.start() + match.end() + length
        names = tuple(name.strip() for name in re.split(_JOINED, text[begin:end]) if name.strip())
        if 2 <= len(names) <= MOST_SIDES and all(_is_name(name) for name in names) and (compares or len(names) == 2):
            return (begin, end), names
    return None


def _first_measure(text: str) -> int:
    """Where in ``text`` a measure begins, its length when there is none."""
    if not measures(text):
        return len(text)
    return next((i for i in range(len(text)) if not measures(text[i + 1 :])), len(text))


def _is_name(name: str) -> bool:
    return 2 <= len(name) <= 16 and not _NOT_NAME.search(name) and not measures(name)


def _one_side(before: str, name: str, after: str) -> str:
    """The question about one of the compared names."""
    rest = _GROWS.sub("增长多少", after)
    rest = _IS_MORE.sub("多少", rest)
    rest = _ASK_EACH.sub("", rest)
    rest = re.sub(r"^[，,]\s*(?:谁|哪[个家些一]*)的", "的", rest)
    rest = re.sub(r"(?:更|最|比较)?(?:快|慢|高|低|大|小|多|少)(?:一?些|一?点)?(?=[？?，,；;。]|$)", _amount, rest)
    rest = re.sub(
        r"(?:谁|哪[个家一]*)?(?:更|最|比较)(?:好|差|重要|优|强势|稳健|乐观|受益)$", "如何", rest.rstrip("？?。 ")
    )
    rest = _LEFT_OVER.sub("", rest)
    rest = re.sub(r"[？?，,；;。\s]+$", "", re.sub(r"[，,；;？?]\s*(?=[，,；;？?])", "", rest))
    opening = re.sub(r"(?:比较一下|对比一下|比较|对比|请问)", "", before)
    joined = f"{opening}{name}{rest}".strip("，, ")
    return joined if _ASKS.search(joined) else f"{joined}是多少"


def _amount(found: re.Match[str]) -> str:
    return found[0] if found.string[: found.start()].endswith("多") or found[0] in {"多少", "少"} else "多少"


def _english(text: str) -> tuple[str, ...]:
    how = _HOW_COMPARE.match(text)
    if how:
        return _compared_holders(text, how)
    found = _english_sides(text)
    if found:
        (start, end), names = found
        return tuple(_of_side(text[:start], name, text[end:]) for name in names)
    pieces, last = [], 0
    for match in _NEXT_QUESTION.finditer(text):
        pieces.append(text[last : match.end()].rstrip(" ,;").removesuffix(" and").rstrip(" ,;"))
        last = match.end()
    return _two_questions(text, [*pieces, text[last:]])


def _compared_holders(text: str, how: re.Match[str]) -> tuple[str, ...]:
    """Both sides of "how did A's sales compare with B's"; one part where two measures of one thing are compared.

    Two measures of one thing mostly stand in one sentence, and half of that question finds something else.
    """
    y, at, when = re.sub(r"\s+(?=(?:in|for|during|at)\b)", "\x1f", how["y"].strip(), count=1).partition("\x1f")
    own = re.match(rf"{_NAME}?['’]s (?P<what>.+)", how["x"])
    bare = re.sub(r"['’]s$", "", y)
    if own is None or not re.fullmatch(_NAME, bare) or _VAGUE.search(y):
        return (text,)
    when = f" {when}" if at else ""
    sides = (how["x"], f"{bare}'s {own['what']}")
    return tuple(" ".join(f"{how['before']}{side.strip()}{when}{how['after']}".split()) for side in sides)


def _english_sides(text: str) -> tuple[tuple[int, int], tuple[str, ...]] | None:
    if not _COMPARING.search(text):
        return None
    for pattern in (_VERSUS, _BETWEEN):
        for match in pattern.finditer(text):
            a, b = (_without_question_word(match[side]) for side in ("a", "b"))
            if a and b and a != b and not _VAGUE.search(b) and not _VAGUE.search(a):
                start = match.start("a") + match["a"].rfind(a)
                return (start, match.end("b")), (a, re.sub(r"['’]s$", "", b))
    return None


def _without_question_word(name: str) -> str:
    measure = re.match(r"(\w+) of (.+)", name)
    tokens = (measure[2] if measure and measures(measure[1]) else name).split()
    while tokens and _QUESTION_WORDS.match(tokens[0]):
        tokens = tokens[1:]
    return " ".join(tokens)


def _of_side(before: str, name: str, after: str) -> str:
    """The question about one of the compared names."""
    which = re.match(r"(?:Which|Who)\b(?: of the \w+| one)?\s*(.*?)[,:]?\s*$", before)
    if which:
        rest = re.sub(
            r"\b(?:the )?(?:faster|slower|more|less|higher|lower|larger|bigger|smaller|better|worse)\b",
            "",
            which[1] + after,
        )
        return " ".join(f"{name}: {rest}".split())
    text = re.sub(
        r"\b(?:compare|difference between|difference in|both)\s+", "", f"{before}{name}{after}", flags=re.IGNORECASE
    )
    return " ".join(text.split())


def _two_questions(text: str, pieces: Sequence[str]) -> tuple[str, ...]:
    """The question's clauses that ask, each with what it needs of the first; the text itself unless two stand apart."""
    asked: list[str] = []
    context = ""
    for piece in pieces:
        if _ASKS.search(piece):
            asked.append(context + piece)
            context = ""
        else:
            context += piece
    if context and asked:
        asked[-1] += context
    if len(asked) != 2:
        return (text,)
    first, second = (part.strip(" ，,；;") for part in asked)
    if _THAT.search(second) and _ASKS_NAME.search(first):
        return first, Dependent(second)
    if has_cjk(text) and not _ENDS_ASKING.search(first):
        return (text,)
    if len(_own(second, first)) < 2 or len(_own(first, second)) < 2:
        return (text,)
    names = _names(first)
    missing = [name for name in names if name.lower() not in second.lower()]
    if not names and not has_cjk(text) and _PRONOUN.search(second):
        return (text,)
    lead = f"{' '.join(missing)}{' ' if has_cjk(text) else ': '}" if missing else ""
    return first, lead + second


def _own(text: str, other: str) -> list[str]:
    """The words of a part that name something, without those that ask and those of the other part."""
    known = set(words(other))
    plain = re.sub(r"多少|同比|环比|增速|比例|比重|占比|季度|年|月|来源|代码|各是|分别|\d+", " ", text)
    return [word for word in dict.fromkeys(words(plain, whole=True)) if word not in known and len(word) > 1]


def _names(text: str) -> list[str]:
    if not has_cjk(text):
        found = (_without_question_word(name) for name in re.findall(_NAME, text))
        return [name for name in found if len(name) > 1]
    quoted = re.findall(r"《[^》]+》|“[^”]+”", text)
    head = re.match(r"^[\u4e00-\u9fffA-Za-z0-9]{2,}?(?=的|是|有|在|由|给|为)", text)
    return quoted or ([head[0]] if head and not _ASKS.search(head[0]) else [])


def _possessive(subject: str, pronoun: str) -> str:
    if has_cjk(pronoun):
        return f"{subject}的" if pronoun.endswith("的") else subject
    return f"{subject}'s" if pronoun.lower() == "its" or pronoun.endswith(("'s", "’s")) else subject
