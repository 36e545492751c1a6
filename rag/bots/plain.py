"""An answer as plain text, for services that show no more."""

from rag.bots.service import Answered


def in_plain_text(answered: Answered) -> str:
    """An answer, its sources and what is doubtful, a line each."""
    answer = answered.answer
    zh = answer.language == "zh"
    page = "第 {} 页" if zh else "p. {}"
    lines = [answer.notice] if answer.notice else []
    lines.append(answer.answer)
    if answer.unsupported:
        lines.append(("报告中没有依据：" if zh else "Not supported by the reports: ") + "; ".join(answer.unsupported))
    for conflict in answer.conflicts:
        figures = "; ".join(f"{f.value} ({f.report}, {page.format(f.page)})" for f in conflict.figures)
        lines.append(("报告中的说法不一致：" if zh else "The reports disagree: ") + f"{conflict.subject}: {figures}")
    lines += [f"[{c.n}] {c.report}, {page.format(c.page)}: “{' '.join(c.quote.split())}”" for c in answer.citations]
    return "\n".join(lines)
