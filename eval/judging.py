"""What a person needs in order to judge an answer: question, gold answer, answer, evidence, and the pages' own text."""

import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from eval.measures import right_pages
from eval.predictions import PageOf, Prediction
from eval.verdicts import Judged, automatic
from index.errors import ReportQAError
from index.text import clean

_LINE = "-" * 100


def choose(judged: Sequence[Judged], ids: Sequence[str] = ()) -> list[Judged]:
    """Give the unjudged answers, or those of the questions named ``id`` or ``set/id``.

    Raises ReportQAError for an id that no answer has.
    """
    if not ids:
        return [j for j in judged if j.verdict is None]
    found = []
    for name in ids:
        own = [j for j in judged if name in {j.prediction.question.id, _name(j.prediction)}]
        if not own:
            raise ReportQAError(f"There is no answer to a question {name}.", "Give the id as predictions.jsonl has it.")
        found += own
    return found


def show(judged: Judged, reports: Path | None = None) -> str:
    """Write out one answer for judging; with ``reports``, a folder of the PDF files, with right and cited pages."""
    prediction = judged.prediction
    question, reply = prediction.question, prediction.reply
    assert reply is not None  # noqa: S101 - only answers are judged
    pages = f" p. {', '.join(map(str, question.pages))}" if question.pages else ""
    parts = [
        f"{_LINE}\n{_name(prediction)}  {question.kind} {question.lang}  {question.report}{pages}",
        f"QUESTION  {question.question}",
        f"GOLD      {question.answer or ('' if question.answerable else '(not answerable)')}",
        *(f"          must include: {' / '.join(group)}" for group in question.must_include or ()),
        *(f"          quote: {quote}" for quote in question.evidence),
        f"ANSWER    {reply.predicted}" + ("" if reply.found else "  (refusal)"),
    ]
    parts += [f"          marked as unsupported: {', '.join(reply.unsupported)}"] if reply.unsupported else []
    parts += [f"          notice: {reply.notice}"] if reply.notice else []
    for conflict in reply.conflicts:
        sides = "; ".join(f"{side.value} ({side.report} p. {side.page})" for side in conflict.figures)
        parts.append(f"          conflict: {conflict.subject}: {sides}")
    parts += [f"  [{c.n}] {c.report} p. {c.page} {c.section}: {c.quote}" for c in reply.citations_full]
    shown = [f"  ({n}) {e.report} p. {e.page} {e.section}: {e.text}" for n, e in enumerate(reply.evidence_shown, 1)]
    parts += ["EVIDENCE", *shown] if shown else []
    parts.append(f"EXACT     {automatic(prediction) or 'no exact measure'}" + "  (answer changed)" * judged.changed)
    if judged.verdict:
        parts.append(f"VERDICT   {judged.verdict.verdict} {judged.verdict.why}")
    right = right_pages(question)
    for report, page in sorted({*right, *reply.citations}) if reports else ():
        sort = "right" if (report, page) in right else "cited"
        parts.append(f"PAGE      {report} p. {page} ({sort})")
        parts += [f"  | {line}" for line in page_lines(reports, (report, page))] if reports else []
    return "\n".join(parts)


def page_lines(reports: Path, place: PageOf) -> Iterator[str]:
    """Give the lines of a PDF's page as the file holds them, read by pypdfium2 alone; none of another file."""
    import pypdfium2

    report, page = place
    file = reports / report
    if file.suffix.lower() != ".pdf" or not file.is_file():
        yield f"(no PDF {report} in {reports})"
        return
    document = pypdfium2.PdfDocument(file)
    try:
        if 1 <= page <= len(document):
            text = document[page - 1].get_textpage().get_text_bounded()
            yield from (clean(unicodedata.normalize("NFC", line)) for line in text.splitlines() if line.strip())
    finally:
        document.close()


def _name(prediction: Prediction) -> str:
    return f"{prediction.question.set}/{prediction.question.id}"
