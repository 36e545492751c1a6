"""How a research report rates its company or industry."""

import re

from index.card.face import Face, plain
from index.text import has_cjk

_RATINGS = (
    "强烈推荐|谨慎推荐|审慎推荐|审慎增持|谨慎增持|优于大市|强于大市|弱于大市|同步大市|跑赢行业|跑赢大市|跑输行业"
    "|落后大市|领先大市|优于大势|同步大势"
    "|落后大势|买入|增持|中性|减持|卖出|推荐|强推|看好|看淡|持有|回避|未评级|无评级|标配|超配|低配|区间操作"
)
_RATING = re.compile(
    rf"^(?P<label>(?:行业|投资|公司|股票|最新)?(?:评级|投资建议) ?[:|]? ?)?[“\"「]?(?P<rating>{_RATINGS})[”\"」]?"
    r"(?: ?[(/|,-]? ?(?:维持|首次|上调|下调|调高|调低|不变|重申|首次覆盖|首次评级|维持评级|上次评级).{0,8})?$"
)
_RATING_TEXT = re.compile(
    rf"(?:维持|给予|上调至|下调至|重申|首次覆盖)[^。;]{{0,12}}?[“\"「](?P<rating>{_RATINGS})[”\"」][^。;]{{0,3}}评级"
)
_WORDS = (
    "Strong Buy|Buy|Outperform|Overweight|Accumulate|Hold|Neutral|Equal[- ]?weight|Market Perform|Sector Perform"
    "|Peer Perform"
    "|Market Weight|In[- ]Line|Underweight|Underperform|Reduce|Sell|Not Rated|Top Pick|Add|Attractive|Cautious"
    "|Positive|Negative"
)
_ENGLISH_RATING = re.compile(
    rf"^(?:(?:stock|analyst|investment|our|current|equity|industry|sector)? ?(?P<label>rating|recommendation"
    rf"|view) ?[:|-]? ?)?"
    rf"(?P<rating>{_WORDS})(?: ?[(,/-] ?(?:maintained?|unchanged|reiterated?|initiated?|upgraded?|downgraded?"
    rf"|from|previous).*)?$",
    re.IGNORECASE,
)
_ENGLISH_RATING_TEXT = re.compile(
    rf"\b(?:reiterate|maintain|initiate|upgrade|downgrade|keep"
    rf"|retain)\w*[^.]{{0,50}}?\b(?P<rating>{_WORDS}) (?:rating|recommendation)",
    re.IGNORECASE,
)
_RATING_LABEL = re.compile(
    r"(?i)^(?:(?:行业|投资|公司|股票)?(?:投资)?评级|(?:stock |analyst |investment )?(?:rating|recommendation)) ?:?$"
)


def is_rating(text: str) -> bool:
    """Whether a text says how something is rated and nothing else."""
    return bool(_RATING.match(text.strip()))


def rating(face: Face) -> str:
    """How the report rates its company or industry, as printed; nothing when the cover shows several ratings."""
    labelled: list[str] = []
    bare: list[str] = []
    for piece in face.cover:
        match = _RATING.match(piece.plain.strip()) or _ENGLISH_RATING.match(piece.plain.strip())
        if match:
            start = piece.plain.index(match["rating"])
            word = piece.text[start : start + len(match["rating"])]
            before = face.left(piece)
            above = [p for p in face.cover if p is not piece and piece in list(face.below(p, 1.6 * p.size))]
            named = any(_RATING_LABEL.match(p.plain.strip()) for p in (*above, *([before] if before else [])))
            (labelled if match["label"] or named else bare).append(word)
    for found in (labelled, bare):
        if (
            len(set(found)) == 1
            and (found is labelled or len(bare) <= 2)
            and _is_clear(found[0], found is labelled, face)
        ):
            return found[0]
    texts = [plain(text) for text in face.paragraphs]
    said = {m["rating"] for text in texts for p in (_RATING_TEXT, _ENGLISH_RATING_TEXT) for m in p.finditer(text)}
    return said.pop() if not labelled and len(said) == 1 else ""


def _is_clear(word: str, labelled: bool, face: Face) -> bool:
    """Whether a word alone is a rating: English ones are everyday words, so without a label the page must rate."""
    if labelled or has_cjk(word):
        return True
    text = " ".join(piece.plain for piece in face.cover)
    return bool(re.search(r"(?i)price target|target price|\banalyst|\brating\b|12-month", text))
