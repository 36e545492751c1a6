"""Puts what a search found into its final order, by features that cost no model.

A search scores a chunk by its vector and by BM25. What that cannot see: whether *one sentence* has the question's
words, whether they stand there in the other language, what else the page says, what kind of block it is. A weighted sum
of few features; ``python -m eval.benchmarks.ranking`` fits weights to questions and says how they do on others.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import lru_cache
from heapq import nsmallest
from itertools import pairwise

from index.text import words
from index.types import BlockKind, ChunkWords, Hit
from rag.finding.glossary import concepts

# Rounded from fits to the development questions, around a flat best; ``printed`` by hand, for it concerns a handful.
# docs/experiments.md has the figures, also on questions that were left out of a fit.
WEIGHTS: Mapping[str, float] = {
    "dense": 1.0,  # the vector of the chunk with its context
    "lexical": 0.7,  # BM25
    "words": 0.8,  # the question's concepts in chunk and context, in either language
    "sentence": 0.8,  # the same in its best sentence
    "phrases": 1.0,  # pairs of Chinese characters
    "around": 0.3,  # concepts that only the chunks before and after have
    "page": 0.6,  # concepts on the whole page
    "heading": 0.3,  # concepts in the context
    "printed": 3.0,  # pairs of words that statements print of what is asked
    "printed_page": 3.0,
    "picture": -0.4,
    "disclaimer": -0.4,
}
TEXT = 1.0  # the vector of the chunk's text alone, for the first :data:`NEAR` only, since it is made while asked
NEAR = 6
MAY_GAIN = 0.75  # of TEXT: what a chunk gains more than another by it, but rarely more
# What a perfect hit would add up to; printed words are a bonus, few questions have them.
_WHOLE = TEXT + sum(weight for name, weight in WEIGHTS.items() if weight > 0 and not name.startswith("printed"))
SIMILAR = 0.06  # similarity below the nearest chunk's at which a vector says nothing more
VAGUE = 0.3  # of the weight of words that say what kind of answer is wanted, which stand in many wrong places
_VAGUE = frozenset(
    (
        "影响 因素 变化 表现 情况 特点 原因 主要 可能 面临 趋势 方面 作用 预期 预计 如何 怎样 具体 内容 描述 提到 说明 "
        "指 指的 关于 根据 报告 本 公司 总体 整体 "
        "factor affect change reason cause explain state ask analyst answer question useful metric relevant measure "
        "base data primarily like between report company any something actually give does say tell call roughly about"
    ).split(" ")
)
_ASKING = re.compile(
    r"什么|多少|如何|哪些|哪个|哪家|哪里|怎么样|怎么|怎样|为什么|为何|是否|几个|请问|分别|情况|的|了|是|在|和|与|有"
)


Form = tuple[float, tuple[tuple[str, float], ...]]  # the whole weight of a form, and its words with their weights


@dataclass(frozen=True, slots=True)
class Weighted:
    """What a question asks for: each concept's weight and forms, and pairs of its characters and of printed words."""

    asked: tuple[tuple[float, tuple[Form, ...]], ...]
    printed: tuple[frozenset[tuple[str, str]], ...]
    phrases: frozenset[str]
    words: frozenset[str]  # of all forms

    @classmethod
    def of(
        cls, question: str, printed: Sequence[str], word_weights: Callable[[Sequence[str]], dict[str, float]]
    ) -> "Weighted":
        """Take a question apart; ``printed`` are what statements print of it (:mod:`rag.asking.synonyms`), if anything.

        A concept weighs what its rarest word does, in the form that is most usual in the store.
        """
        known = [(concept.own, *concept.others) for concept in concepts(question)]
        weights = word_weights(sorted({word for forms in known for form in forms for word in form}))
        for word in _VAGUE.intersection(weights):
            weights[word] *= VAGUE
        asked = []
        for forms in known:
            weighed = [tuple((word, weights[word]) for word in form) for form in forms]
            rarest = min(max(weight for _, weight in form) for form in weighed)
            asked.append((rarest, tuple((sum(weight for _, weight in form), form) for form in weighed)))
        pairs = tuple(found for text in printed if (found := frozenset(pairwise(words(text)))))
        return cls(tuple(asked), pairs, _pairs(_ASKING.sub(" ", question)), frozenset(weights))

    def share(self, there: Iterable[str]) -> float:
        """How much of what is asked is in ``there``, 0 to 1; each concept counts as the form of which most is there."""
        return _share(self.asked, self.words.intersection(there))

    def printed_share(self, pairs: AbstractSet[tuple[str, str]]) -> float:
        """How much of what statements print of it is there, 0 to 1, in the language of which most is."""
        return max((len(wanted & pairs) / len(wanted) for wanted in self.printed), default=0.0)


def features(asked: Weighted, hits: Sequence[Hit], page_words: Sequence[ChunkWords]) -> list[dict[str, float]]:
    """The features of each hit, by the names of :data:`WEIGHTS`; all 0 to about 1.

    ``page_words`` are all chunks on the pages of the hits, in their order (``Library.page_words``).
    """
    nearest = max((hit.dense for hit in hits), default=0.0)
    of_chunk = {chunk.chunk_id: chunk for chunk in page_words}
    every = {c.chunk_id: asked.words.intersection(c.text) | asked.words.intersection(c.context) for c in page_words}
    on_page: dict[tuple[str, int], list[ChunkWords]] = {}
    for chunk in page_words:
        on_page.setdefault((chunk.report_id, chunk.page), []).append(chunk)
    page_share = {
        page: asked.share(frozenset().union(*(every[chunk.chunk_id] for chunk in chunks)))
        for page, chunks in on_page.items()
    }
    pairs = {chunk.chunk_id: frozenset(pairwise(chunk.text)) for chunk in page_words} if asked.printed else {}
    printed_share = {
        page: asked.printed_share(frozenset().union(*(pairs[chunk.chunk_id] for chunk in chunks))) if pairs else 0.0
        for page, chunks in on_page.items()
    }
    found = []
    for hit in hits:
        own, page = of_chunk[hit.chunk_id], (hit.report_id, hit.page)
        chunk_share = asked.share(every[hit.chunk_id])
        beside = [n for i in (-1, 1) if (n := of_chunk.get(hit.chunk_id + i)) and (n.report_id, n.page) == page]
        wider = every[hit.chunk_id].union(*(every[chunk.chunk_id] for chunk in beside))
        found.append(
            {
                "dense": max(0.0, 1 - (nearest - hit.dense) / SIMILAR) if hit.dense else 0.0,
                "lexical": hit.lexical,
                "words": chunk_share,
                "sentence": max((asked.share(_words(s.text)) for s in hit.sentences), default=0.0),
                "phrases": len(asked.phrases & _pairs(hit.text)) / max(1, len(asked.phrases)),
                "around": asked.share(wider) - chunk_share,
                "page": page_share[page],
                "heading": asked.share(own.context),
                "printed": asked.printed_share(pairs[hit.chunk_id]) if pairs else 0.0,
                "printed_page": printed_share[page],
                "picture": float(hit.kind in {BlockKind.CHART, BlockKind.CAPTION}),
                "disclaimer": float(hit.kind is BlockKind.DISCLAIMER),
            }
        )
    return found


def rank(hits: Sequence[Hit], values: Sequence[Mapping[str, float]], factors: Sequence[float], k: int) -> list[Hit]:
    """The ``k`` best hits with their scores, 0 to about 1, best first.

    ``values`` are their :func:`features`, ``factors`` what each score is multiplied with.
    """
    scored = [
        (-factor * max(0.0, sum(weight * value[name] for name, weight in WEIGHTS.items()) / _WHOLE), hit.chunk_id, hit)
        for hit, value, factor in zip(hits, values, factors, strict=True)
    ]
    return [replace(hit, score=-score) for score, _, hit in nsmallest(k, scored)]


def contested(ranked: Sequence[Hit], factors: Mapping[int, float]) -> list[Hit]:
    """Those of the first :data:`NEAR` hits that :func:`closer` may well bring to the front; none where one leads far.

    ``factors`` are what the scores were multiplied with, by chunk.
    """
    reach = MAY_GAIN * TEXT / _WHOLE
    found = [hit for hit in ranked[:NEAR] if hit.score + reach * factors[hit.chunk_id] >= ranked[0].score]
    return found if len(found) > 1 else []


def closer(
    ranked: Sequence[Hit], first: Sequence[Hit], similarities: Sequence[float], factors: Mapping[int, float]
) -> list[Hit]:
    """The ranked hits in a finer order, given the question's similarity with the texts alone of those in ``first``.

    A vector of chunk and context tells reports and sections apart, one of the text alone what it says. ``factors`` are
    what the scores were multiplied with, by chunk.
    """
    nearest = max(similarities, default=0.0)
    gained = {
        hit.chunk_id: factors[hit.chunk_id] * TEXT / _WHOLE * max(0.0, 1 - (nearest - similarity) / SIMILAR)
        for hit, similarity in zip(first, similarities, strict=True)
    }
    return sorted((replace(hit, score=hit.score + gained.get(hit.chunk_id, 0.0)) for hit in ranked), key=_order)


def _order(hit: Hit) -> tuple[float, int]:
    return -hit.score, hit.chunk_id


@lru_cache(maxsize=4096)  # of the chunks found for a question most hold the same few of its words
def _share(asked: tuple[tuple[float, tuple[Form, ...]], ...], there: frozenset[str]) -> float:
    total = found = 0.0
    for weight, forms in asked:
        total += weight
        found += weight * max(sum(part for word, part in form if word in there) / whole for whole, form in forms)
    return found / max(total, 1e-9)


@lru_cache(maxsize=8192)
def _words(sentence: str) -> frozenset[str]:
    return frozenset(words(sentence))


def _pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring Chinese characters of a text."""
    runs = re.findall("[㐀-鿿]+", text)
    return frozenset(run[i : i + 2] for run in runs for i in range(len(run) - 1))
