"""How much of what the model wrote became the answer: what checks mend, a broken prompt can hide behind."""

from eval.measures.overlap import token_f1
from eval.measures.refusals import refuses
from eval.measures.required import MARK
from eval.predictions import Reply


def draft_kept(reply: Reply) -> float | None:
    """Token F1 of the model's own text and the answer; None where it wrote none.

    A refusal keeps a draft that refuses, and no other.
    """
    if not reply.draft.strip():
        return None
    if not reply.found:
        return float(refuses(reply.model_copy(update={"predicted": reply.draft, "found": True})))
    return token_f1(reply.predicted, MARK.sub(" ", reply.draft))
