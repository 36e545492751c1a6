"""A follow-up as a question that stands alone, by rule: what is new in it takes the place of the same kind of thing.

"那 Meta 呢？" after a question about another company, "and the year before?", "它的净利润呢". Where the shape is not
clear :func:`completed` gives None, and others decide (see :mod:`rag.asking.standalone`).
"""

import re
from itertools import pairwise

from index.text import has_cjk
from index.traditional import simplified
from rag.asking.periods import relative
from rag.asking.slots import Span, rest, slots

_LEAD = re.compile(
    r"^(?:那么|那(?![些个时里家一年月次天])|然后|还有|另外|以及|再问一下|再问|换成)[，, ]*"
    r"|^(?:(?:and|then|also|so|ok(?:ay)?|now)\b[, ]*)*(?:what about|how about|what of|same (?:question )?for"
    r"|and for|what is it for)\b[, ]*"
    r"|^(?:(?:and|then|also|so|ok(?:ay)?)\b[, ]*)+",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?:又|的情况|情况|方面)?(?:怎么样|如何|怎样|是多少|多少|是什么)?呢?[？?。.!！ ]*$")
_HIS = re.compile(
    r"它们?的?|他们的?|该公司的?|这家公司的?|那家公司的?|上述公司的?|(?:^|(?<=[，,。；]))其(?![中他它实次余])"
)
_ITS = re.compile(
    r"\b(?:its|their|the company's|the firm's|the group's|that company's|the same company's)\b"
    r"|\b(?:the company|the firm|the group|that company)\b|(?<![A-Za-z])[iI]t\b|\b(?:they|them)\b",
)
_IDLE_IT = re.compile(
    r"\b(?:is|was) it (?:true|fair|correct|likely|possible|reasonable|expected|safe|clear|a|an|the|that)\b"
    r"|\bit (?:is|was) (?:expected|likely|possible|true|clear|reported|said)\b|\bdoes it (?:matter|mean)\b|\bmake it\b",
    re.IGNORECASE,
)
_THAT = re.compile(
    r"(?:^|(?<=[，,。 ]))(?:这个|那个|其中|上述|前者|后者|这些|那些|这一|该(?!公司))|这是|那是"
    r"|\b(?:that|those|these|such|this) (?:business|segment|figures?|numbers?|amount|growth"
    r"|increase|decrease|decline|change"
    r"|drop|rise|ratio|margin|plants?|products?|deal|companies|reasons?|risks?)\b|\bthat (?:year|quarter|period|time)\b"
    r"|\b(?:is|was|were|are|about|of|than|like|with|to|for|by|does|did|do|why|how) (?:that|those|these"
    r"|this)(?=\s*(?:[?,.]|$)|"
    r" (?:mean|compare|include|due|because|higher|lower|more|less|change|caused?))"
    r"|\bthe (?:same|former|latter|other one|others)\b",
    re.IGNORECASE,
)
_WHY = re.compile(r"为何|为什么|为啥|怎么|\b(?:why|how)\b", re.IGNORECASE)
_PLURAL = re.compile(
    r"\b(?!does|was|is|has|its|this|sales|earnings|as|us|across|plus|versus|less|press|thus)[a-z]{3,}s\b"
)
_A_NOUN = re.compile(
    r"\b(?:which|what|each|every|an?|another|any) (?!was|were|is|are|did|does|do|about|of|year|quarter)[a-z]+"
)
_LIST = re.compile(r"\s*(?:、|和|及|以及|与|,|，|and|or|&)\s*(?:the )?", re.IGNORECASE)
_CHOICE = re.compile(
    r"谁|哪[一个家]|相比|对比|\b(?:which|who|compar|faster|higher|lower|more than|versus|vs)\b", re.IGNORECASE
)
_BASIS = re.compile(r"同比|环比|year|yoy|qoq|quarter|month|sequential|mom|/", re.IGNORECASE)
_BE = re.compile(r"\b(was|were|is|are)\b(?= (?:the )?$)", re.IGNORECASE)


def leans(text: str) -> bool:
    """Whether a question says itself that it goes on from another: "那…呢", "and …?", "its", "the company", "why?"."""
    plain = simplified(text)
    parts = slots(plain)
    if re.search(r"呢[？?！!。 ]*$", plain) or _pronoun(plain, parts) or _THAT.search(plain):
        return True
    subjects = [part for part in parts if part.kind == "subject"]
    if _LEAD.match(plain) and plain[_LEAD.match(plain).end() :].strip():  # type: ignore[union-attr]
        return not (subjects and any(part.kind in {"measure", "period"} for part in parts) and len(parts) > 2)
    if subjects:
        return len(subjects) == len(parts) and not rest(plain, parts) and len(plain) <= 40 and not _asks(plain)
    return not rest(plain, parts) or len(rest(plain, parts).split()) <= 1


def is_bare(text: str) -> bool:
    """Whether a follow-up only asks for more of the same, "具体呢？", "and what about that?": it names nothing anew."""
    plain = simplified(text)
    return not slots(plain) and not rest(plain, []) and not _WHY.search(plain)


def completed(text: str, before: str) -> str | None:
    """A follow-up that :func:`leans` as it reads after the question ``before``; None where no rule is sure."""
    plain, chinese = simplified(text).strip(), has_cjk(before)
    parts, old = slots(plain), slots(before)
    if has_cjk(plain) != chinese and (
        not chinese or _LEAD.match(plain) or {p.kind for p in parts} - {"subject", "period"}
    ):
        return None  # a turn in another language: what takes whose place is not for rules
    pronoun = _pronoun(plain, parts)
    if _THAT.search(plain):
        return None
    found = (
        _replaced(parts, before, old)
        if _is_elliptic(plain, parts)
        else _with_subject(plain, parts, pronoun, before, old)
    )
    return re.sub(r"(?<=[A-Za-z])(?=\d{2,4}年)", " ", found) if found else None


def _asks(plain: str) -> bool:
    return bool(re.match(r"(?i)(?:what|which|who|how|why|when|where)\b(?! about)", plain)) or "什么" in plain


def _pronoun(plain: str, parts: list[Span]) -> re.Match[str] | None:
    """The pronoun that stands for something outside the question."""
    match = (_HIS if has_cjk(plain) else _ITS).search(plain)
    if not match or _IDLE_IT.search(plain):
        return None
    if any(part.kind == "subject" and part.end <= match.start() for part in parts):
        return None
    head = plain[: match.start()].lower()
    if not has_cjk(plain):
        plural = match[0].lower() in {"they", "them", "their"}
        if (_PLURAL if plural else _A_NOUN).search(head) and not match[0].lower().startswith("the "):
            return None
    return match


def _is_elliptic(plain: str, parts: list[Span]) -> bool:
    """Whether a follow-up only names what is new: nothing is asked in words of its own."""
    core = _TAIL.sub("", _LEAD.sub("", plain))
    core = (_HIS if has_cjk(plain) else _ITS).sub(" ", core).strip(" ，,的?？")
    inner = slots(core)
    if not core or not parts or rest(core, inner):
        return False
    return not re.match(r"(?i)(?:what|which|who|how|why|when|where|did|does|do|is|are|was|were|has|have)\b", core)


def _replaced(new: list[Span], before: str, old: list[Span]) -> str | None:
    """The earlier question with the parts of a follow-up in the place of its own."""
    result = before
    for kind in ("subject", "period", "measure", "aspect"):
        fresh = [part for part in new if part.kind == kind]
        if not fresh:
            continue
        there = [part for part in slots(result) if part.kind == kind]
        value = _joined(fresh, has_cjk(result))
        if value is None:
            return None
        if kind == "period" and there:
            value = relative(value, there[-1].text) or value
        spot = _spot(kind, fresh, there, result)
        if kind == "subject" and len(fresh) < len(there) and _CHOICE.search(result):
            return None  # who of two: one name in their place is no choice
        changed = _put(result, spot, value, kind) if spot else _inserted(result, value, kind)
        if changed is None:
            return None
        result = changed
    return result if result != before else None


def _spot(kind: str, fresh: list[Span], there: list[Span], text: str) -> tuple[int, int] | None:
    """Which stretch of the earlier question the new parts replace; None: it has none of the kind; (-1, -1): unclear."""
    if kind == "aspect":
        there = [part for part in there if bool(_BASIS.search(part.text)) == bool(_BASIS.search(fresh[0].text))]
    if not there:
        return None
    if kind == "subject" and len(there) > 1:
        shaped = [part for part in there if _shape(part.text) == _shape(fresh[0].text)]
        there = shaped or there
    for left, right in pairwise(there):
        if not _LIST.fullmatch(text[left.end : right.start]):
            return -1, -1
    return there[0].start, there[-1].end


def _shape(text: str) -> tuple[bool, bool]:
    from rag.asking.names import known

    return bool(known(text)), has_cjk(text)


def _put(text: str, spot: tuple[int, int], value: str, kind: str) -> str | None:
    start, end = spot
    if start < 0:
        return None
    head = text[:start]
    if kind == "measure" and not has_cjk(text):
        plural = re.search(r"(?i)(?:[^s]s|ies| and .+)$", value) is not None
        head = _BE.sub(lambda be: _number(be[1], plural), head)
    return f"{head}{value}{text[end:]}"


def _number(verb: str, plural: bool) -> str:
    form = {("is", True): "are", ("was", True): "were", ("are", False): "is", ("were", False): "was"}
    return form.get((verb.lower(), plural), verb)


def _inserted(text: str, value: str, kind: str) -> str | None:
    """The earlier question with a part of a kind that it does not have."""
    there = slots(text)
    if has_cjk(text):
        subjects = [part for part in there if part.kind == "subject"]
        measures = [part for part in there if part.kind == "measure"]
        if kind == "subject":
            return f"{value}{text}"
        if kind == "period":
            at = subjects[0].end if len(subjects) == 1 else 0
            return f"{text[:at]}{value}{'' if at or value[-1:] not in '0123456789' else ' '}{text[at:]}"
        if kind == "aspect" and measures:
            at = measures[-1].end
            return f"{text[:at]}{value}{text[at:]}"
        return None
    bare = text.rstrip(" ?.!")
    if kind == "period":
        return f"{bare} {'' if re.match(r'(?i)(?:last|this|next|a) ', value) else 'in '}{value}?"
    if kind == "aspect":
        return f"{bare}, {value}?"
    measures = [part for part in there if part.kind == "measure"]
    if kind == "subject" and len(measures) == 1:
        return f"{text[: measures[0].end]} of {value}{text[measures[0].end :]}"
    return None


def _joined(parts: list[Span], chinese: bool) -> str | None:
    texts = list(dict.fromkeys(part.text for part in parts))
    if len(texts) == 1:
        return texts[0]
    if len(texts) > 3:
        return None
    if all(part.kind == "aspect" for part in parts):
        return "".join(texts) if chinese else " ".join(texts)
    return "和".join(texts) if chinese else f"{', '.join(texts[:-1])} and {texts[-1]}"


def _with_subject(
    plain: str, parts: list[Span], pronoun: re.Match[str] | None, before: str, old: list[Span]
) -> str | None:
    """A follow-up with words of its own: the subject and the period of the earlier question are put into it."""
    subjects = list(dict.fromkeys(part.text for part in old if part.kind == "subject"))
    periods = [part for part in old if part.kind == "period"]
    chinese = has_cjk(plain)
    measured = any(part.kind == "measure" for part in parts)
    own = [part for part in parts if part.kind == "subject"]
    text = _LEAD.sub("", plain)
    if own and not pronoun:  # "那云岭茶业的毛利率是多少？": only the period may be missing
        shift = len(plain) - len(text)
        if not measured or any(part.kind == "period" for part in parts) or len(periods) != 1 or not text:
            return text[:1].upper() + text[1:] if text and not re.search("呢[？?]?$", text) else None
        at = own[0].end - shift
        return f"{text[:at]}{periods[0].text}{text[at:]}" if chinese else f"{text.rstrip(' ?')} in {periods[0].text}?"
    if len(subjects) != 1 or not (measured or (pronoun and not re.match(r"(?i)(?:it|they|them)$", pronoun[0]))):
        return None
    result = _named(plain, pronoun, subjects[0], chinese)
    if result is None:
        return None
    result = _LEAD.sub("", result)
    fresh = [part for part in slots(result) if part.kind == "period"]
    if fresh and periods:
        value = relative(fresh[0].text, periods[-1].text)
        if value and len(fresh) == 1:
            result = f"{result[: fresh[0].start]}{value}{result[fresh[0].end :]}"
    elif measured and len(periods) == 1:
        where = result.find(subjects[0]) + len(subjects[0])
        result = (
            f"{result[:where]}{periods[0].text}{result[where:]}"
            if chinese
            else f"{result.rstrip(' ?.')} in {periods[0].text}?"
        )
    return result[:1].upper() + result[1:]


def _named(plain: str, pronoun: re.Match[str] | None, subject: str, chinese: bool) -> str | None:
    """The question with the subject in the place of the pronoun, or where it belongs when there is none."""
    if pronoun is None:
        if chinese:
            return f"{subject}{_LEAD.sub('', plain)}"
        measures = [part for part in slots(plain) if part.kind == "measure"]
        return f"{plain[: measures[0].end]} of {subject}{plain[measures[0].end :]}" if len(measures) == 1 else None
    owns = pronoun[0].lower() in {"its", "their"} or pronoun[0].lower().endswith("'s")
    ending = ("的" if pronoun[0].endswith("的") else "") if chinese else "'s" if owns else ""
    value = f"{subject}{ending}"
    return f"{plain[: pronoun.start()]}{value}{plain[pronoun.end() :]}"
