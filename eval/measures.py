"""What a run is scored by. Every measure says its formula; a share is None where nothing can be counted."""

import math
import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from pydantic import BaseModel, ConfigDict

from eval.grounded import Standing, held
from eval.predictions import PageOf, Prediction, Reply
from eval.questions import Question, normalise

LOOSE_F1 = 0.3
"""F1 from which a text without figures counts as loosely right; see ``loose_score``.

On 135 gold answers without figures of a 53-page Chinese report, 81% of the sentences that hold the answer reach it and
2% of other sentences of the same page do.
"""

_MARK = re.compile(r"[\[【]\d+[\]】]")
_FIGURE = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?%?")
_CJK = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W_]+")
_ARTICLES = {"a", "an", "the"}


class Spread(BaseModel):
    """Median, 90th percentile (nearest rank) and number of some times, in the unit that the name says."""

    model_config = ConfigDict(frozen=True)

    n: int
    median: float
    p90: float


class Scores(BaseModel):
    """The measures of a group of questions. Every ``*_n`` is the number a share is of; all shares are 0 to 1.

    Retrieval, over questions with pages: ``hit_k`` is the share whose first k distinct pages hold a right one;
    ``mrr`` the mean of 1/rank of the first right page (0 if not among the hits); ``recall_10`` the mean of (right
    pages among the first 10) / (right pages).

    Answers: ``correct`` is the share of answerable questions with required facts that were answered with all of them
    (the contract's exact measure), ``correct_strict`` the same with digit boundaries, ``loose`` the mean loose score
    of the answerable questions without required facts: two sorts of question, never mixed. ``refused`` is the share
    of unanswerable questions with ``found`` False, ``refused_wrongly`` that of answerable ones.

    Citations: ``cited`` is the share of answers (``found``) with a citation of a page that exists, ``cited_right`` the
    share of answers to questions with pages that cite a right one, ``correct_cited_right`` that among the correct
    ones. ``unsupported`` is the share of answers with something that the evidence does not hold.

    Figures (:mod:`eval.grounded`): ``grounded`` is the share of the figures in answers, without those that the answer
    marks as unsupported, that stand in the evidence cited for them or are computed from it, ``figures_n`` their
    number; ``figures_digits`` of them stand there only by their digits, ``figures_computed`` are computed;
    ``figures_marked`` are marked.

    ``errors`` counts questions that ended in an error; they are neither right answers nor right refusals.
    """

    model_config = ConfigDict(frozen=True)

    questions: int
    paged_n: int
    hit_1: float | None
    hit_3: float | None
    hit_5: float | None
    hit_10: float | None
    mrr: float | None
    recall_10: float | None
    exact_n: int = 0
    correct: float | None = None
    correct_strict: float | None = None
    loose_n: int = 0
    loose: float | None = None
    unanswerable_n: int = 0
    refused: float | None = None
    answerable_n: int = 0
    refused_wrongly: float | None = None
    found_n: int = 0
    cited: float | None = None
    unsupported: float | None = None
    found_paged_n: int = 0
    cited_right: float | None = None
    correct_paged_n: int = 0
    correct_cited_right: float | None = None
    figures_n: int = 0
    grounded: float | None = None
    figures_digits: int = 0
    figures_computed: int = 0
    figures_marked: int = 0
    errors: int = 0
    retrieve_ms: Spread | None = None
    evidence_s: Spread | None = None
    first_token_s: Spread | None = None
    answer_s: Spread | None = None


def distinct(pages: Iterable[PageOf], limit: int | None = None) -> tuple[PageOf, ...]:
    """Keep the pages in order, each once, at most ``limit``."""
    return tuple(dict.fromkeys((report, page) for report, page in pages))[:limit]


def right_pages(question: Question) -> frozenset[PageOf]:
    """Give the pages of which any is right for the question; empty where the question has none."""
    return frozenset((question.report, page) for page in question.pages)


def first_right(hits: Sequence[PageOf], right: Collection[PageOf]) -> int | None:
    """Give the 1-based rank of the first right page among the distinct hits, or None."""
    return next((rank for rank, hit in enumerate(distinct(hits), start=1) if hit in right), None)


def recall(hits: Sequence[PageOf], right: Collection[PageOf], k: int) -> float:
    """|right pages among the first k distinct hits| / |right pages|."""
    return len(set(distinct(hits, k)) & set(right)) / len(right)


def includes(answer: str, must_include: Sequence[Sequence[str]]) -> bool:
    """Apply the contract's test: of every inner list one alternative is a substring of the answer.

    Both are compared NFKC, lower case, without white space and commas. "7%" is found in "27%"; the strict form is not
    fooled.
    """
    text = normalise(answer)
    return all(any(normalise(alternative) in text for alternative in group) for group in must_include)


def includes_strict(answer: str, must_include: Sequence[Sequence[str]]) -> bool:
    """As ``includes``, but an alternative may not begin or end inside a longer number, and ``[n]`` marks do not count.

    "7%" does not stand in "27%", "2.7%" or "1,007%"; "18.4" not in "18.45"; "第3" not in "第31".
    """
    text = unicodedata.normalize("NFKC", _MARK.sub(" ", answer)).lower()
    return all(any(_stands_alone(text, normalise(alternative)) for alternative in group) for group in must_include)


def _stands_alone(text: str, fact: str) -> bool:
    """Whether ``fact`` (normalised) stands in ``text`` (with its spaces and commas) as a whole number or word run."""
    pattern = re.escape(fact[0])
    for left, right in pairwise(fact):
        between = ",?" if left.isdigit() and right.isdigit() else r"[\s,]*"
        pattern += between + re.escape(right)
    before = r"(?<!\d)(?<!\d\.)(?!(?<=\d,)\d{3}(?!\d))" if fact[0].isdigit() else ""
    after = r"(?!\d|\.\d|,\d{3}(?!\d))" if fact[-1].isdigit() else ""
    return re.search(before + pattern + after, text) is not None


def loose_score(question: Question, predicted: str) -> float:
    """How far an answer agrees with the gold answer where no required facts are given, 0 to 1.

    Where the gold answer has figures that the question does not itself give: the share of them that the prediction
    has too (units are not compared). Else 1 if the F1 of character bigrams (Chinese) or words (English, lower case,
    without articles) with the gold answer is at least LOOSE_F1, or 0. F1 = 2PR / (P + R) over the multisets, as SQuAD
    scores words (Rajpurkar et al., 2016).
    """
    wanted = figures(question.answer) - figures(question.question)
    text = _MARK.sub(" ", predicted)
    if wanted:
        return len(wanted & figures(text)) / len(wanted)
    return float(f1(text, question.answer) >= LOOSE_F1)


def figures(text: str) -> frozenset[str]:
    """Give the numbers of a text without unit, thousands commas and trailing zeros, but with %.

    "1,200.50% and 3亿" has 1200.5% and 3.
    """
    found = set()
    for figure in _FIGURE.findall(unicodedata.normalize("NFKC", text)):
        number, percent = figure.rstrip("%").replace(",", ""), "%" * figure.endswith("%")
        found.add((number.rstrip("0").rstrip(".") if "." in number else number) + percent)
    return frozenset(found)


def f1(predicted: str, gold: str) -> float:
    """2PR / (P + R) over the multisets of units of both texts; 0 where they share none."""
    bigrams = _CJK.search(gold) is not None
    ours, theirs = Counter(_units(predicted, bigrams)), Counter(_units(gold, bigrams))
    shared = (ours & theirs).total()
    return 2 * shared / (ours.total() + theirs.total()) if shared else 0.0


def _units(text: str, bigrams: bool) -> list[str]:
    words = _WORD.findall(unicodedata.normalize("NFKC", text).lower())
    if not bigrams:
        return [word for word in words if word not in _ARTICLES]
    characters = "".join(words)
    return [characters[i : i + 2] for i in range(len(characters) - 1)]


def correct(prediction: Prediction, *, strict: bool = False) -> bool:
    """Whether a question with required facts was answered (``found``) with all of them."""
    check = includes_strict if strict else includes
    reply = prediction.reply
    return reply is not None and reply.found and check(reply.predicted, prediction.question.must_include or ())


def exists(citation: PageOf, page_counts: Mapping[str, int]) -> bool:
    """Whether the cited report is in the store and has the page: 1 <= page <= its page count."""
    report, page = citation
    return 1 <= page <= page_counts.get(report, 0)


def spread(values: Iterable[float | None]) -> Spread | None:
    """Median and 90th percentile by nearest rank: the ceil(0.9 n)-th smallest. None without values."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    p90 = known[math.ceil(0.9 * len(known)) - 1]
    return Spread(n=len(known), median=statistics.median(known), p90=p90)


def score(predictions: Sequence[Prediction], page_counts: Mapping[str, int], *, answers: bool) -> Scores:
    """All measures of the predictions; ``page_counts`` gives the pages of every report in the store by file name.

    ``answers`` is False where only retrieval ran: the measures of answers then stay empty.
    """
    paged = [(p, right_pages(p.question)) for p in predictions if p.question.pages]
    ranks = [first_right(p.hits, right) for p, right in paged]
    retrieval = Scores(
        questions=len(predictions),
        errors=sum(bool(p.error) for p in predictions),
        paged_n=len(paged),
        hit_1=_hit(ranks, 1),
        hit_3=_hit(ranks, 3),
        hit_5=_hit(ranks, 5),
        hit_10=_hit(ranks, 10),
        mrr=_mean([1 / rank if rank else 0.0 for rank in ranks]),
        recall_10=_mean([recall(p.hits, right, 10) for p, right in paged]),
        retrieve_ms=spread(p.retrieve_ms for p in predictions),
    )
    return retrieval.model_copy(update=_answer_scores(predictions, page_counts)) if answers else retrieval


def _answer_scores(
    predictions: Sequence[Prediction], page_counts: Mapping[str, int]
) -> dict[str, int | float | Spread | None]:
    answerable = [p for p in predictions if p.question.answerable]
    unanswerable = [p for p in predictions if not p.question.answerable]
    exact = [p for p in answerable if p.question.must_include]
    loose = [p for p in answerable if not p.question.must_include and p.question.answer.strip()]
    replies = [(p.question, p.reply) for p in predictions if p.reply is not None]
    found = [(q, r) for q, r in replies if r.found]
    found_paged = [(q, r) for q, r in found if q.pages]
    correct_paged = [p for p in exact if p.question.pages and correct(p)]
    standings = Counter(figure.standing for p in predictions for figure in held(p))
    unmarked = standings.total() - standings[Standing.MARKED]
    return {
        "exact_n": len(exact),
        "correct": _mean([correct(p) for p in exact]),
        "correct_strict": _mean([correct(p, strict=True) for p in exact]),
        "loose_n": len(loose),
        "loose": _mean(
            [loose_score(p.question, p.reply.predicted) if p.reply and p.reply.found else 0.0 for p in loose]
        ),
        "unanswerable_n": len(unanswerable),
        "refused": _mean([p.reply is not None and not p.reply.found for p in unanswerable]),
        "answerable_n": len(answerable),
        "refused_wrongly": _mean([p.reply is not None and not p.reply.found for p in answerable]),
        "found_n": len(found),
        "cited": _mean([any(exists(c, page_counts) for c in r.citations) for _, r in found]),
        "unsupported": _mean([bool(r.unsupported) for _, r in found]),
        "found_paged_n": len(found_paged),
        "cited_right": _mean([_cites_right(q, r) for q, r in found_paged]),
        "correct_paged_n": len(correct_paged),
        "correct_cited_right": _mean([_cites_right(p.question, p.reply) for p in correct_paged if p.reply]),
        "figures_n": unmarked,
        "grounded": 1 - standings[Standing.MISSING] / unmarked if unmarked else None,
        "figures_digits": standings[Standing.DIGITS],
        "figures_computed": standings[Standing.COMPUTED],
        "figures_marked": standings[Standing.MARKED],
        "evidence_s": spread(r.evidence_s for _, r in replies),
        "first_token_s": spread(r.first_token_s for _, r in replies),
        "answer_s": spread(r.answer_s for _, r in replies),
    }


def _cites_right(question: Question, reply: Reply) -> bool:
    return not right_pages(question).isdisjoint(reply.citations)


def _hit(ranks: Sequence[int | None], k: int) -> float | None:
    return _mean([rank is not None and rank <= k for rank in ranks])


def _mean(values: Sequence[float]) -> float | None:
    return statistics.fmean(values) if values else None
