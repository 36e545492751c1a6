"""Evidence for reckoning: for each operand the rows and sentences that can hold it, and no others."""

from collections.abc import Callable, Sequence

from index.text import fold, join_sentences, words
from index.types import BlockKind, Hit, Sentence
from rag.arithmetic.choosing import content, names
from rag.arithmetic.expressions import lines, parse
from rag.arithmetic.items import ITEMS, STATEMENTS, labels
from rag.arithmetic.names import names as names_in
from rag.arithmetic.names import names_share
from rag.arithmetic.operations import Kind, Operation
from rag.arithmetic.statements import SUMMED, standing
from rag.checking.figures import find
from rag.types import Evidence

LOOKED_AT = 24  # hits of a search for a statement: its rows are spread over several chunks
PAGES = 8  # of statements
EACH = 4  # items kept of a search for one operand in text
ROWS = 4  # of a table, for one operand in text


def needed(operation: Operation, language: str) -> list[str]:
    """Texts to search for, in the reports' ``language``, so that every operand is among the evidence.

    One for every statement that a ratio draws on, or one for every operand.
    """
    at = 0 if language == "zh" else 1
    if operation.kind is Kind.RATIO:
        wanted: dict[str, list[str]] = {}
        for formula in operation.formulas[:2]:
            for line in lines(formula):
                item = ITEMS[line.key]
                name = item.called(language)
                if name not in wanted.setdefault(item.statement, []):
                    wanted[item.statement].append(name)
        years = " ".join(sorted({str(period.year) for period in operation.periods if period.year}))
        return [
            " ".join((STATEMENTS[statement][at], *(_total_of(name, language) for name in names), years)).strip()
            for statement, names in wanted.items()
        ]
    return list(dict.fromkeys(operand for operand in operation.operands if operand)) or [operation.question]


def _total_of(name: str, language: str) -> str:
    """The label that a statement prints: "Total current assets", 流动资产合计."""
    if language == "zh":
        return f"{name}合计" if name in {"流动资产", "流动负债"} else name
    return f"total {name}" if name in {"current assets", "current liabilities"} else name


def gather(
    operation: Operation,
    search: Callable[[str, int], Sequence[Hit]],
    language: str,
    *,
    chunks: Callable[[str], Sequence[Hit]] | None = None,
    first: int = 1,
) -> list[Evidence]:
    """The evidence to reckon with, numbered from ``first``.

    ``search`` gives the best hits for a text, best first. ``chunks`` gives all chunks of a report by its id: a
    statement's rows are spread over several, and a search does not always find all of them. Of tables only the rows are
    kept that can be an operand, of text the sentences with figures.
    """
    texts = needed(operation, language)
    if operation.kind is Kind.RATIO:
        called = " ".join(names_in(operation))
        hits = [hit for text in texts for hit in search(f"{called} {text}".strip(), LOOKED_AT)]
        return _statement_evidence(operation, hits, chunks, first)
    found: dict[tuple[str, int, str], Evidence] = {}
    if chunks is not None and not operation.operands and len(operation.periods) > 1:
        report = next((hit.report_id for hit in search(texts[0], 1)), "")
        for hit, sentences in _named_rows(chunks(report) if report else (), operation):
            item = _evidence([(hit, sentences)], first + len(found))
            found.setdefault((item.report_id, item.page, fold(item.text)), item)
    for text in texts:
        kept = 0
        for hit in search(text, 3 * EACH):
            sentences = _told(hit, text)
            if not sentences or kept == EACH:
                continue
            item = _evidence([(hit, sentences)], first + len(found))
            found.setdefault((item.report_id, item.page, fold(item.text)), item)
            kept += 1
    return list(found.values())


def _statement_evidence(
    operation: Operation, hits: Sequence[Hit], chunks: Callable[[str], Sequence[Hit]] | None, first: int
) -> list[Evidence]:
    """The rows of statements, one item a page: from the report whose statements the hits find first."""
    wanted = _labels(operation)
    tables = [hit for hit in hits if standing(hit.section, about(hit)) and _statement_rows(hit, wanted)]
    wanted_names = names_in(operation)
    tables.sort(key=lambda hit: -names_share(wanted_names, f"{hit.report.replace('_', ' ')} {hit.title}"))
    best = next((hit for hit in tables if standing(hit.section, about(hit)) == 2), None) or next(iter(tables), None)
    if best is None:
        return []
    if chunks is not None:
        tables = [hit for hit in chunks(best.report_id) if hit.kind is BlockKind.TABLE]
    pages: dict[tuple[int, str], list[tuple[Hit, list[Sentence]]]] = {}
    for hit in tables:
        rank = standing(hit.section, about(hit)) if hit.report_id == best.report_id else 0
        kept = _statement_rows(hit, wanted) if rank else []
        if kept:
            pages.setdefault((hit.page, about(hit)), []).append((hit, kept))
    order = {key: index for index, key in enumerate(pages)}
    ranked = sorted(
        pages, key=lambda key: (-standing(pages[key][0][0].section, key[1]), -_rows_in(pages[key]), order[key])
    )
    return [_evidence(pages[key], first + index) for index, key in enumerate(ranked[:PAGES])]


def _rows_in(found: Sequence[tuple[Hit, Sequence[Sentence]]]) -> int:
    return sum(len(sentences) for _, sentences in found)


def _labels(operation: Operation) -> frozenset[str]:
    """The lines that an operation can use."""
    keys = {line.key for formula in operation.formulas for line in lines(formula)}
    for _, _, formula, _ in operation.ratio.beside if operation.ratio else ():
        keys |= {line.key for line in lines(parse(formula))}
    return frozenset(keys)


def _statement_rows(hit: Hit, keys: frozenset[str]) -> list[Sentence]:
    """The rows of a table whose label, or whose group's, is one of the lines."""
    if hit.kind is not BlockKind.TABLE:
        return []
    kept = []
    for sentence in hit.sentences:
        label = sentence.text.split(" | ", 1)[0]
        if " | " not in sentence.text:
            continue
        forms = labels(label)
        groups = labels(label.rsplit(": ", 1)[0]) if ": " in label else []
        direct = any(ITEMS[key].rank(form) is not None for key in keys for form in forms)
        if direct or any(ITEMS[key].rank(form) is not None for key in keys & SUMMED for form in groups):
            kept.append(sentence)
    return kept


def _named_rows(hits: Sequence[Hit], operation: Operation) -> list[tuple[Hit, list[Sentence]]]:
    """The rows of tables whose label has only words of the question, in the tables that name the rest of them."""
    wanted = content(operation.question)
    found = []
    for hit in hits:
        if hit.kind is not BlockKind.TABLE or not standing(hit.section, about(hit)):
            continue
        kept = [s for s in hit.sentences if any(w in s.text.lower() for w in wanted) and names(s.text, wanted)]
        if kept and wanted <= frozenset(
            words(f"{hit.context} {hit.report.replace('_', ' ')} {join_sentences([s.text for s in kept])}")
        ):
            found.append((hit, kept))
    return found[:PAGES]


def _told(hit: Hit, text: str) -> list[Sentence]:
    """The sentences with figures; of a table those rows that share most words with the operand."""
    figured = [s for s in hit.sentences if any(f.checkable for f in find(s.text))]
    if hit.kind is not BlockKind.TABLE or len(figured) <= ROWS:
        return figured
    wanted = set(words(text))
    best = sorted(range(len(figured)), key=lambda i: (-_share(figured[i].text, wanted), i))[:ROWS]
    return [figured[i] for i in sorted(best)]


def _share(text: str, wanted: set[str]) -> float:
    mine = set(words(text.split(" | ", 1)[0]))
    return float(len(mine & wanted) / (1 + len(mine)) ** 0.5)


def _evidence(found: Sequence[tuple[Hit, Sequence[Sentence]]], n: int) -> Evidence:
    """One item of the sentences kept of one page's hits."""
    hit = found[0][0]
    sentences = [sentence for _, kept in found for sentence in kept]
    return Evidence.of(hit, sentences, n, about(hit))


def about(hit: Hit) -> str:
    """A table's title and unit in full, which stand in its chunk's context after the section."""
    if hit.kind is not BlockKind.TABLE:
        return ""
    tail = hit.context if hit.after_section is None else hit.after_section
    return "; ".join(part for part in tail.split(" › ") if " | " not in part)
