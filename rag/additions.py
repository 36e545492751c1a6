"""What the program itself puts to an answer: both sides, contradictions, a premise set right."""

import dataclasses
from collections.abc import Sequence

from rag.checking.citations import Checked
from rag.conflicts import sentence
from rag.prompts import PREMISE
from rag.types import Citation, Conflict, Evidence


def side_by_side(evidence: Sequence[Evidence], language: str, heading: str) -> Checked:
    """Statements of several places, one under another."""
    lines = [heading, *(_line(item, language) for item in evidence)]
    return Checked("\n".join(lines), tuple(Citation.of(item, item.n, item.text) for item in evidence))


def _line(item: Evidence, language: str) -> str:
    place = item.section.split(" › ")[-1]
    if language == "zh":
        return f"- 第{item.page}页{f'（{place}）' if place else ''}：{item.text.rstrip('。')}[{item.n}]。"
    return f"- p. {item.page}{f' ({place})' if place else ''}: {item.text.rstrip('.')} [{item.n}]."


def set_right(checked: Checked, item: Evidence, span: str, language: str) -> Checked:
    """The answer with a sentence of the evidence in front that sets the question right."""
    n = len(checked.citations) + 1
    said = f"{span.rstrip('。')}[{n}]。" if language == "zh" else f"{span.rstrip('.')} [{n}]. "
    cited = (*checked.citations, Citation.of(item, n, span))
    return dataclasses.replace(checked, text=f"{PREMISE[language]}{said}{checked.text}", citations=cited)


def with_conflicts(checked: Checked, conflicts: Sequence[Conflict], language: str) -> tuple[Checked, str]:
    """The answer with what the reports say otherwise, every side of it cited."""
    cited = list(checked.citations)
    text = checked.text
    for conflict in conflicts:
        numbers = []
        for figure in conflict.figures:
            known = next((c.n for c in cited if (c.report, c.page) == (figure.report, figure.page)), None)
            if known is None:
                known = len(cited) + 1
                cited.append(
                    Citation(
                        n=known,
                        report=figure.report,
                        title=next((c.title for c in cited if c.report == figure.report), ""),
                        page=figure.page,
                        section="",
                        quote=figure.quote,
                        score=0.0,
                    )
                )
            numbers.append(known)
        marks = "".join(f"[{n}]" for n in dict.fromkeys(numbers))
        said = sentence(conflict, language)
        text += f"\n\n{said[:-1]}{'' if language == 'zh' else ' '}{marks}{said[-1]}"
    return dataclasses.replace(checked, citations=tuple(cited)), text
