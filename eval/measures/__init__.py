"""What a run is scored by. docs/measures.md gives every formula, its source, and what it cannot see."""

from eval.measures.citations import exists
from eval.measures.cost import spread
from eval.measures.judgement import Grade, Judgement, Reason
from eval.measures.judging import judged
from eval.measures.overlap import LOOSE_F1, f1, figures, loose_score, token_f1
from eval.measures.required import correct, includes, includes_strict
from eval.measures.retrieval import distinct, first_right, ndcg, recall, right_pages
from eval.measures.scores import Interval, Scores, Spread
from eval.measures.scoring import score

__all__ = [
    "LOOSE_F1",
    "Grade",
    "Interval",
    "Judgement",
    "Reason",
    "Scores",
    "Spread",
    "correct",
    "distinct",
    "exists",
    "f1",
    "figures",
    "first_right",
    "includes",
    "includes_strict",
    "judged",
    "loose_score",
    "ndcg",
    "recall",
    "right_pages",
    "score",
    "spread",
    "token_f1",
]
