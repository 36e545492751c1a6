"""What the model wrote, held against the evidence: marks resolved, missing marks added, figures checked."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from index.text import fold, has_cjk, split_sentences, words
from rag.asking.facets import FIGURES, facets
from rag.checking.figures import Figure, find, in_units_of, stands_in
from rag.checking.grounding import Asked, echoes, is_told
from rag.checking.judging import judge
from rag.checking.periods import find_periods, stands_among
from rag.checking.strangers import strange_names
from rag.checking.support import Support
from rag.prompts import NOT_FOUND as NOT_FOUND_TEXT
from rag.types import Citation, Evidence

MARK = re.compile(
    r"\s*[\[【［](?:证据|evidence)?\s*(\d{1,3}(?:\s*[,，、;]\s*\[?\d{1,3}\]?)*)\s*[\]】］]", re.IGNORECASE
)
_ANY_BRACKET = re.compile(r"\s*[\[【［]\s*(?:证据|evidence)\s*[\]】］]", re.IGNORECASE)
_REFUSAL = re.compile(
    r"没有找到|未找到|找不到|没有提到|未提及|没有提及|未提到|没有给出|未给出|未提供|没有提供|未披露|没有相关|无法(?:确定|得知|回答)"
    r"|not found|(?:do|does|did)(?: not|n['’]t) (?:say|state|mention|provide|give|specify|contain|disclose|include)"
    r"|(?:is|are|was|were) not (?:given|mentioned|provided|stated|specified|available|disclosed|included)"
    r"|no information",
    re.IGNORECASE,
)
SHORT_REFUSAL = 60  # a refusing answer longer than this (characters, half for Chinese) says something as well


@dataclass(frozen=True, slots=True)
class Checked:
    """An answer after checking: its text with good marks, the evidence it cites, what stands nowhere."""

    text: str
    citations: tuple[Citation, ...] = ()
    unsupported: tuple[str, ...] = ()
    found: bool = True


NOT_FOUND = Checked("", found=False)


def is_refusal(text: str, language: str) -> bool:
    """Whether the model says that the evidence does not hold the answer."""
    if text.strip().startswith(NOT_FOUND_TEXT[language]) or not text.strip():
        return True
    bare = MARK.sub("", text)
    limit = SHORT_REFUSAL if has_cjk(text) else 2 * SHORT_REFUSAL
    return bool(_REFUSAL.search(bare)) and len(bare) <= limit


def check(text: str, asked: Asked, language: str, evidence: Sequence[Evidence]) -> Checked:
    """Resolve the marks of ``text`` and check what it says against the evidence.

    Every sentence keeps those of its marks that name evidence; a mark moves when the sentence's figures stand in
    another item; a sentence without a mark gets the item that supports it best. A sentence is dropped when it only
    repeats the question, or when no item has its figures together with the names and the measure asked for; without
    any of those asked for the answer is none. A figure
    must stand in the evidence with what the sentence says of it (``support``): one that does not is put
    right where the right one is unmistakable, else it is unsupported, and so is a period or a name that no evidence
    has (``strange_names``). Marks are numbered anew in the order they appear.
    """
    if is_refusal(text, language):
        return NOT_FOUND
    sources = {item.n: Source(item, language) for item in evidence}
    given, periods_given = find(asked.text), find_periods(asked.text)
    support = Support(evidence)
    told = [said for source in sources.values() for said in source.told]
    everything = "\n".join([asked.text, *(source.context for source in sources.values())])
    before: list[str] = []
    parts: list[str] = []
    used: list[int] = []
    quotes: dict[int, str] = {}
    unsupported: list[str] = []
    measured = False
    text = _ANY_BRACKET.sub("", text.strip())
    for start, end in _sentenceswith_marks(text):
        sentence = text[start:end]
        marks = [int(n) for found in MARK.finditer(sentence) for n in re.findall(r"\d+", found[1])]
        bare = MARK.sub("", sentence).rstrip()
        if not bare.strip() or echoes(bare, asked.text, told):
            continue
        figures = [figure for figure in find(bare) if figure.checkable and not stands_in(figure, given)]
        marks = _where_said(bare, [n for n in dict.fromkeys(marks) if n in sources], sources)
        cited = _choose(bare, figures, marks, sources)
        printed = any(stands_in(figure, sources[n].figures) for figure in figures for n in cited)
        if not printed and not is_told(bare, asked.text, _same_script(bare, sources.values())):
            continue
        grounded = _grounded(bare, figures, cited, sources, asked)
        if grounded is None:
            continue
        judged = judge(bare, grounded, support, given, periods_given, before)
        bare, cited, wrong = judged.text, judged.cited, judged.unsupported
        strange = strange_names(bare, everything)
        if (wrong or strange) and (said := _said_instead(bare, wrong, strange, cited, sources)):
            bare, wrong, strange = said, (), []
        figures = [figure for figure in find(bare) if figure.checkable and not stands_in(figure, given)]
        before.append(bare)
        measured = measured or asked.is_met_by(bare, " ".join(sources[n].context for n in cited))
        unsupported += [*wrong, *strange]
        for n in cited:
            quotes.setdefault(n, sources[n].quote(bare, figures))
        used += [n for n in cited if n not in used]
        parts.append(with_marks(bare, [used.index(n) + 1 for n in cited], sentence))
    answer = "".join(parts).strip()
    citations = tuple(Citation.of(sources[n].item, position, quotes[n]) for position, n in enumerate(used, 1))
    said = " ".join([answer, *(sources[n].context for n in used)])
    if not answer or not measured or not asked.speaks_of(said) or _only_wrong(answer, unsupported, asked):
        return NOT_FOUND
    return Checked(answer, citations, tuple(dict.fromkeys(unsupported)))


def _only_wrong(answer: str, unsupported: Sequence[str], asked: Asked) -> bool:
    """Whether a question for a figure is answered with none that stands in the evidence."""
    if not unsupported or not any(facet.kind in FIGURES for facet in facets(asked.text)):
        return False
    given = find(asked.text)
    said = [figure for figure in find(MARK.sub("", answer)) if figure.checkable and not stands_in(figure, given)]
    wrong = [figure for figure in said if any(figure.text in text or text in figure.text for text in unsupported)]
    return bool(said) and wrong == said


def _same_script(bare: str, sources: Iterable["Source"]) -> list[set[str]]:
    """The words of each sentence of the evidence that is in the language of a sentence."""
    return [said for source in sources if has_cjk(source.item.text) == has_cjk(bare) for said in source.told]


class Source:
    """One evidence item with what checking needs of it."""

    def __init__(self, item: Evidence, language: str) -> None:
        self.item = item
        self.shown = in_units_of(item.text, language)
        self.figures = find(self.shown) + find(item.text) + find(item.section)
        self.words = set(words(self.shown))
        self.context = " ".join((item.text, item.section, item.about, item.title, item.report.replace("_", " ")))
        self.spans = item.sentences
        self.told = [set(words(span)) for span in self.spans]
        self.folded = fold(item.text)

    def supports(self, bare: str, figures: Sequence[Figure]) -> tuple[int, float]:
        """How well it supports a sentence: figures that stand here, and the share of the sentence's words."""
        sentence = set(words(bare))
        shared = len(sentence & self.words) / max(1, len(sentence))
        return sum(stands_in(figure, self.figures) for figure in figures), shared

    def quote(self, bare: str, figures: Sequence[Figure]) -> str:
        """The sentence or row of the item that says it, or the whole item when it is one."""
        text, spans = self.item.text, self.spans
        if len(spans) <= 1:
            return self.of_page(text)
        said = set(words(bare))

        def fits(n: int) -> tuple[int, float]:
            here, mine = find(spans[n]), self.told[n]
            return sum(stands_in(f, here) for f in figures), len(said & mine) / (1 + len(mine)) ** 0.5

        best = max(range(len(spans)), key=fits)
        wanted = sum(stands_in(f, find(text)) for f in figures)
        return self.of_page(spans[best] if fits(best)[0] >= wanted else text)

    def of_page(self, span: str) -> str:
        """The part of a span that stands on the item's page: not what lies over a page break, nor columns' names."""
        page = self.item.on_page or self.item.text
        if span in page:
            return span
        rows, printed = self.spans, _lines(page)
        if span in rows and len(rows) == len(printed):
            return printed[rows.index(span)]  # a table's row, which names its columns only in the text
        match = SequenceMatcher(None, span, page, autojunk=False).find_longest_match()
        return span[match.a : match.a + match.size].strip() or span


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _sentenceswith_marks(text: str) -> list[tuple[int, int]]:
    """Sentences, each with the marks that follow its full stop, and list items, as offsets."""
    spans: list[tuple[int, int]] = []
    for start, end in split_sentences(text):
        lead = MARK.match(text, start)
        if lead and spans:
            spans[-1] = (spans[-1][0], lead.end())
            start = lead.end()  # noqa: PLW2901
        if start < end:
            spans.append((start, end))
    return spans


def _where_said(bare: str, marks: list[int], sources: dict[int, Source]) -> list[int]:
    """The marks, or the items that have the sentence word for word where none of those marked has it."""
    plain = fold(bare).strip(" .,;:!?。，；：！？")
    said = [n for n, source in sources.items() if plain in source.folded]
    return marks if not said or set(said) & set(marks) else said[:1]


def _choose(bare: str, figures: Sequence[Figure], marks: list[int], sources: dict[int, Source]) -> list[int]:
    """The items a sentence is to cite."""
    held = {n for n in marks if not figures or sources[n].supports(bare, figures)[0]}
    rest = [f for f in figures if not any(stands_in(f, sources[n].figures) for n in held)]
    chosen = [n for n in marks if n in held]
    while rest:
        best = max(sources, key=lambda n: sources[n].supports(bare, rest), default=None)
        if best is None or not sources[best].supports(bare, rest)[0]:
            break
        chosen.append(best)
        rest = [f for f in rest if not stands_in(f, sources[best].figures)]
    if not chosen and sources:
        best = max(sources, key=lambda n: sources[n].supports(bare, figures))
        if marks or sources[best].supports(bare, figures)[1] > 0.2 or fold(bare) in sources[best].folded:
            chosen = marks[:1] or [best]
        elif not figures:
            chosen = [min(sources)]  # another language shares no words: the best evidence is the likeliest source
    return list(dict.fromkeys(chosen))


def _grounded(
    bare: str, figures: Sequence[Figure], cited: list[int], sources: dict[int, Source], asked: Asked
) -> list[int] | None:
    """The items to cite so that the question's names, and its measure where one has it, are met; None for no items.

    A sentence may leave the measure to another sentence of the answer, but not say one name and cite another's figure.
    """
    everything = " ".join(source.context for source in sources.values())

    def met(numbers: Sequence[int]) -> bool:
        text = " ".join(sources[n].context for n in numbers)
        return not asked.strangers(bare, text, everything) and asked.is_met_by(bare, text)

    named = [n for n in cited if not asked.strangers(bare, sources[n].context, everything)]
    if named and len(named) < len(cited):
        places = [sources[n].item for n in named]
        cited = [n for n in cited if n in named or _same_place(sources[n].item, places)]
    if met(cited):
        return cited
    for n, source in sources.items():
        if met([n]) and all(stands_in(figure, source.figures) for figure in figures):
            return [n]
    own = " ".join(sources[n].context for n in cited)
    return cited if cited and not asked.strangers(bare, own, everything) else None


def _said_instead(
    bare: str, wrong: Sequence[str], strange: Sequence[str], cited: Sequence[int], sources: dict[int, Source]
) -> str:
    """The sentence of the cited item that a sentence with a wrong figure or name renders; "" when it is not clear.

    It has the sentence's other figures, all of them and at least one, and one more for each that is wrong.
    """
    said = [figure for figure in find(bare) if figure.checkable]
    right = [figure for figure in said if figure.text not in wrong]
    if not right or (len(right) == len(said) and not strange):
        return ""
    told = set(words(bare))
    spans = [pair for n in cited for pair in zip(sources[n].spans, sources[n].told, strict=True)]
    best = max(spans, key=lambda pair: len(told & pair[1]), default=("", set()))[0]
    there, when = [figure for figure in find(best) if figure.checkable], find_periods(best)
    if when and not all(stands_among(period, when) for period in find_periods(bare)):
        return ""  # the other period's figure
    return best if len(there) >= len(said) and all(stands_in(figure, there) for figure in right) else ""


def _same_place(item: Evidence, others: Sequence[Evidence]) -> bool:
    """Whether an item stands in the section of one of the others, so that both speak of one subject."""
    return any((item.report_id, item.section) == (other.report_id, other.section) for other in others)


def with_marks(bare: str, numbers: Sequence[int], sentence: str) -> str:
    """The sentence with its marks before its full stop and the white space it ended with."""
    tail = sentence[len(sentence.rstrip()) :]
    if not numbers:
        return bare + tail
    marks = "".join(f"[{n}]" for n in numbers)
    stop = re.search(r"[。.！!？?；;：:]+$", bare)
    if stop:
        return f"{bare[: stop.start()]}{'' if has_cjk(bare) else ' '}{marks}{stop[0]}{tail}"
    return f"{bare}{'' if has_cjk(bare) else ' '}{marks}{tail}"
