"""The scores of a group of questions as one value."""

from pydantic import BaseModel, ConfigDict

Interval = tuple[float, float]
"""Low and high end of a 95% confidence interval."""


class Spread(BaseModel):
    """Median, 90th percentile (nearest rank) and number of some times, in the unit that the name says."""

    model_config = ConfigDict(frozen=True)

    n: int
    median: float
    p90: float


class Scores(BaseModel):
    """The measures of a group of questions. Every ``*_n`` is the number a share is of; all shares are 0 to 1.

    A share is None where nothing can be counted. ``intervals`` gives the 95% bootstrap interval of a measure by its
    name (:mod:`eval.measures.bootstrap`). docs/measures.md has the formula and source of every measure.

    Retrieval, over questions with pages: ``hit_k`` is the share whose first k distinct pages hold a right one;
    ``mrr`` the mean of 1/rank of the first right page (0 if not among the hits); ``recall_k`` the mean of (right
    pages among the first k) / (right pages); ``ndcg_10`` the mean nDCG@10. ``report_*`` are the same of distinct
    reports, over the answerable questions that name one.

    Answers: ``right`` is the share of all questions with the automatic verdict right, ``partly``, ``wrong`` and
    ``false_refusals`` those of the other verdicts. ``correct`` is the share of answerable questions with required facts
    that were answered with all of them (the contract's exact measure), ``correct_strict`` the same with digit
    boundaries, ``facts`` the mean share of the required facts given; ``loose`` the mean loose score of the answerable
    questions without required facts: two sorts of question, never mixed. ``f1`` is the mean token F1 with the gold
    answer, ``figures_right`` the mean share of the gold figures given with value, unit and sign. ``list_recall`` and
    ``list_precision`` are means over questions for lists, ``both_sides`` is over those about contradictions.
    ``refused`` is the share of unanswerable questions with ``found`` False, ``refused_wrongly`` that of answerable
    ones; ``refusal_precision`` the share of refusals (in words too) that are right, ``refusal_recall`` that of
    unanswerable questions that were refused. ``language`` is the share of answers in the question's language.
    ``draft_kept`` is the mean token F1 of answers with what the model itself had written, over those it wrote.

    Citations: ``cited`` is the share of answers (``found``) with a citation of a page that exists, ``cited_right`` the
    share of answers to questions with pages that cite a right one, ``correct_cited_right`` that among the correct
    ones; ``citation_precision`` and ``citation_recall`` are means over answers of the shares of pages,
    ``sentences_cited`` of sentences with a mark, ``quotes_on_page`` of quotes on their page. ``unsupported`` is the
    share of answers with something that the evidence does not hold.

    Figures (:mod:`eval.grounded`): ``grounded`` is the share of the figures in answers, without those that the answer
    marks as unsupported, that stand in the evidence cited for them or are computed from it, ``figures_n`` their
    number; ``figures_digits`` of them stand there only by their digits, ``figures_computed`` are computed;
    ``figures_marked`` are marked.

    Cost: times and tokens as spreads; ``tokens_estimated`` is the share of answers whose tokens are estimated,
    ``peak_memory_mb`` the highest resident memory of the process.

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
    recall_1: float | None = None
    recall_3: float | None = None
    recall_5: float | None = None
    recall_10: float | None
    ndcg_10: float | None = None
    report_n: int = 0
    report_hit_1: float | None = None
    report_hit_3: float | None = None
    report_hit_5: float | None = None
    report_hit_10: float | None = None
    report_mrr: float | None = None
    report_ndcg_10: float | None = None
    judged_n: int = 0
    right: float | None = None
    partly: float | None = None
    wrong: float | None = None
    false_refusals: float | None = None
    exact_n: int = 0
    correct: float | None = None
    correct_strict: float | None = None
    facts: float | None = None
    loose_n: int = 0
    loose: float | None = None
    f1_n: int = 0
    f1: float | None = None
    figures_right_n: int = 0
    figures_right: float | None = None
    lists_n: int = 0
    list_recall: float | None = None
    list_precision: float | None = None
    conflicts_n: int = 0
    both_sides: float | None = None
    unanswerable_n: int = 0
    refused: float | None = None
    answerable_n: int = 0
    refused_wrongly: float | None = None
    refusals_n: int = 0
    refusal_precision: float | None = None
    refusal_recall: float | None = None
    language_n: int = 0
    language: float | None = None
    drafts_n: int = 0
    draft_kept: float | None = None
    found_n: int = 0
    cited: float | None = None
    unsupported: float | None = None
    found_paged_n: int = 0
    cited_right: float | None = None
    citation_precision: float | None = None
    citation_recall: float | None = None
    sentences_cited: float | None = None
    quotes_n: int = 0
    quotes_on_page: float | None = None
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
    prompt_tokens: Spread | None = None
    completion_tokens: Spread | None = None
    tokens_estimated: float | None = None
    peak_memory_mb: float | None = None
    intervals: dict[str, Interval] = {}
