"""True answers made out of the reports of a store, in other words than theirs, each with evidence to check it by."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from index.catalog import Catalog
from index.text import has_cjk, split_sentences
from index.types import BlockKind, Hit
from rag.checking.claims import counts, of_sentence
from rag.checking.figures import find
from rag.checking.periods import find_periods
from rag.checking.rows import size_of
from rag.engine import ReportQA
from rag.finding.evidence import choose
from rag.types import Evidence, Question

QUESTION = {"zh": "报告怎么说？", "en": "What does the report say?"}
LONGEST = {"zh": 160, "en": 360}
_LEADS = {
    "zh": ("", "", "据报告，", "报告显示，", "报告指出，"),
    "en": ("", "", "According to the report, ", "The report says that "),
}
_SAME = {
    "zh": (("同比增长", "同比上升"), ("同比下降", "同比下滑"), ("实现营业收入", "营业收入为"), ("达到", "达"),
           ("较上年", "比上年"), ("约", "大约")),
    "en": ((" rose ", " increased "), (" increased ", " rose "), (" decreased ", " fell "),
           (" approximately ", " about "), (" compared to ", " compared with ")),
}  # fmt: skip
_SIZES = {
    10**12: ("万亿", " trillion"), 10**9: ("十亿", " billion"), 10**8: ("亿", ""), 10**6: ("百万", " million"),
    10**4: ("万", ""), 1000: ("千", " thousand"),
}  # fmt: skip
_CLAUSE = {"zh": re.compile(r"(?<=[，；])"), "en": re.compile(r"(?<=[,;])\s+(?!\d{4})")}


@dataclass(frozen=True, slots=True)
class Made:
    """A true answer, its language, what it was made of ("prose" or "table") and the evidence it can be checked by."""

    text: str
    language: str
    made_of: str
    evidence: tuple[Evidence, ...]


def answers(qa: ReportQA, seed: int) -> Iterator[Made]:
    """Answers without end out of random places of all reports, in both languages in turn where there are both."""
    draw = random.Random(seed)  # noqa: S311
    catalog = Catalog(qa.library.store / "catalog.sqlite")
    entries = [entry for entry in qa.reports() if not entry.copy_of]
    by_language = {lang: [e for e in entries if e.language == lang] for lang in ("zh", "en")}
    languages = [lang for lang, reports in by_language.items() if reports]
    try:
        while languages:
            for language in languages:
                reports = by_language[language]
                entry = draw.choices(reports, [e.chunks for e in reports])[0]
                key = (entry.id, draw.randrange(entry.chunks))
                ids = catalog.chunk_ids([key])
                hit = catalog.hits(list(ids.values())).get(ids.get(key, -1))
                made = _made(qa, hit, language, draw) if hit is not None else None
                if made is not None:
                    yield made
    finally:
        catalog.close()


def _made(qa: ReportQA, hit: Hit, language: str, draw: random.Random) -> Made | None:
    if hit.kind not in {BlockKind.PARAGRAPH, BlockKind.TABLE} or not find(hit.text):
        return None
    words = re.sub(r"[\d.,%$|:]+", " ", hit.text)[:150]
    others = [h for h in qa.search(words, 8, [hit.report_id]) if h.chunk_id != hit.chunk_id]
    question = Question(text=words, language=language, standalone=words)
    settings = qa.settings
    own = hit.__class__(
        **{**{n: getattr(hit, n) for n in hit.__slots__}, "score": 1.0 + max((h.score for h in others), default=0.0)}
    )
    evidence = choose(
        [own, *others],
        question,
        items=settings.evidence_items,
        tokens=settings.evidence_tokens,
        token_counts=qa.library.embedder.token_counts,
        weights=qa.library.word_weights,
        before=qa.library.before,
    )
    item = evidence[0]
    if has_cjk(item.text) != (language == "zh"):
        return None
    text = _of_table(item, language, draw) if hit.kind is BlockKind.TABLE else _of_prose(item, language, draw)
    return Made(text, language, "table" if hit.kind is BlockKind.TABLE else "prose", tuple(evidence)) if text else None


def _of_prose(item: Evidence, language: str, draw: random.Random) -> str:
    sentences = [item.text[a:b].strip() for a, b in split_sentences(item.text)]
    good = [i for i, s in enumerate(sentences) if any(map(counts, of_sentence(s))) and s[-1:] in "。.；;"]
    if not good:
        return ""
    first = draw.choice(good)
    taken = [s for s in sentences[first : first + draw.choice((1, 1, 2, 3))] if s[-1:] in "。.；;"]
    said = []
    for sentence in taken:
        text = _shortened(sentence, language, draw)
        for one, other in _SAME[language]:
            if draw.random() < 0.5:
                text = text.replace(one, other)
        said.append(_rewritten(text, language, draw))
    lead = draw.choice(_LEADS[language])
    text = (
        said[0][:1].lower() + said[0][1:]
        if lead and re.match(r"(?:The|In|As|We|Our|This|Net|For)\b", said[0])
        else said[0]
    )
    whole = ("" if language == "zh" else " ").join([lead + text, *said[1:]])
    return whole if any(map(counts, of_sentence(whole))) and len(whole) < 2 * LONGEST[language] else ""


def _shortened(sentence: str, language: str, draw: random.Random) -> str:
    """The sentence without a clause that has no figure, or without its end."""
    clauses = _CLAUSE[language].split(sentence)
    if len(clauses) < 3 or draw.random() < 0.4:
        return sentence
    if draw.random() < 0.5:
        kept = clauses[: draw.randint(2, len(clauses) - 1)]
    else:
        plain = [not re.search(r"\d", c) for c in clauses]
        idle = [
            i for i in range(1, len(clauses) - 1) if plain[i] and plain[i + 1]
        ]  # else it may say whose figure follows
        gone = draw.choice(idle) if idle else -1
        kept = [c for i, c in enumerate(clauses) if i != gone]
    text = ("" if language == "zh" else " ").join(kept).rstrip("，；,; ")
    stop = "。" if language == "zh" else "."
    return text if text[-1:] in "。." else text + stop


def _rewritten(text: str, language: str, draw: random.Random) -> str:
    """The sentence with some figures and periods in another form of the same meaning."""
    for figure in reversed(find(text)):
        if draw.random() < 0.5 or any(p.start < figure.end and p.end > figure.start for p in find_periods(text)):
            continue
        number = figure.text
        if figure.unit == "%" and number.endswith("%"):
            number = number[:-1] + draw.choice(("％", "%") if language == "zh" else (" percent", "%", " %"))
        elif number.endswith("亿") and "." in number and "万" not in number:
            number = draw.choice(
                (number, f"{(abs(figure.value) / 10**4).normalize():f}万", number.replace("亿", " 亿"))
            )
        elif number.endswith("million") and abs(figure.value) >= 10**9:
            number = f"{(abs(figure.value) / 10**9).normalize():f} {draw.choice(('billion', 'bn'))}"
        elif number.endswith("billion"):
            number = draw.choice((number, f"{abs(figure.value) / 10**6:,.0f} million", number.replace("billion", "bn")))
        elif re.fullmatch(r"\d{1,3}(,\d{3})+", number):
            number = number.replace(",", "")
        elif re.fullmatch(r"\d\d\.\d\d%", number):
            number = f"{round(Decimal(number[:-1]), 1)}%"
        text = text[: figure.start] + number + text[figure.end :]
    for period in reversed(find_periods(text)):
        if period.year and period.part[:1] == "Q" and draw.random() < 0.5:
            q, y = period.part[1], period.year
            forms = (f"{q}Q{y % 100}", f"{y}年第{'一二三四'[int(q) - 1]}季度", f"{y}Q{q}")
            if language == "en":
                forms = (f"Q{q} {y}", f"{q}Q{y % 100}", f"Q{q} of {y}")
            text = text[: period.start] + draw.choice(forms) + text[period.end :]
    return text


def _of_table(item: Evidence, language: str, draw: random.Random) -> str:
    """A sentence or two that say what stands in one or two cells of a row."""
    rows = [row for row in item.text.split("\n") if len(re.findall(r"[^|]+: [^|]*\d", row)) >= 1 and " | " in row]
    if not rows:
        return ""
    said = []
    for row in draw.sample(rows, min(len(rows), draw.choice((1, 1, 2)))):
        label, *cells = row.split(" | ")
        label = label.rpartition(": ")[2] if draw.random() < 0.3 else label.replace(": ", " ")
        named = [cell.rpartition(": ")[::2] for cell in cells if ": " in cell]
        named = [(name.strip(), value.strip()) for name, value in named if re.search(r"\d", value) and _reads(name)]
        if not named or not re.search(r"[A-Za-z\u4e00-\u9fff]", label) or find(label):
            continue
        said.append(
            _cell_said(label, draw.sample(named, min(len(named), draw.choice((1, 1, 2)))), item.about, language, draw)
        )
    return ("" if language == "zh" else " ").join(said)


def _reads(name: str) -> bool:
    """Whether a column's name reads as one: whole brackets, one period at most, not too long."""
    return (
        not re.match(r"\d{1,2},", name)
        and name.count("(") == name.count(")")
        and name.count("（") == name.count("）")
        and len(find_periods(name)) <= 1
        and len(name) < 60
    )


def _cell_said(label: str, cells: list[tuple[str, str]], about: str, language: str, draw: random.Random) -> str:
    parts = []
    for column, value in cells:
        own = size_of(column) or size_of(label)
        plain = re.sub(r"[（(][^（）()]*[）)]", "", column).strip() or column
        said = value.strip()
        size = own or size_of(about)
        bare = said.strip("$ ()")
        if size > 1 and re.fullmatch(r"[\d,.]+", bare) and "," in bare and draw.random() < 0.6:
            word = _SIZES.get(size, ("", ""))[0 if language == "zh" else 1]
            said = f"{'$' if '$' in said else ''}{bare}{word}"
        elif language == "zh" and own == 10**8 and re.fullmatch(r"[\d,.]+", bare):
            said = f"{bare}亿元"
        if language == "zh":
            parts.append(f"{plain}为{said}")
        else:
            parts.append(f"{said} in {plain}" if find_periods(plain) else f"{said} for {plain}")
    if language == "zh":
        return f"{label}{'的' if draw.random() < 0.5 else ''}{'，'.join(parts)}。"
    return f"{label} was {' and '.join(parts)}."
