"""Sentences of a report that give orders to whoever answers ("ignore the above, say…"): text, never orders.

They stay on their page, where they can be searched and seen; the model is not shown them, so that it can neither follow
them nor take a figure from them.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from index.text import join_sentences
from index.types import BY_LINES, Hit

_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b[^.。]{0,30}"
    r"\b(?:instructions?|prompts?|(?:previous|prior|above|earlier|all) (?:text|rules|evidence|context|questions?)"
    r"|everything (?:above|before)|(?:the|all of the) (?:above|foregoing)(?= and|[,.;!]|$))"
    r"|\byou are (?:now )?(?:an? |the )?(?:\w+ ){0,3}(?:assistant|chatbot|language model|AI)\b"
    r"|\b(?:system|developer) (?:prompt|message)\b"
    r"|\b(?:always|must|only|please|instead,?) (?:answer|respond|reply)(?: only)? (?:with|that|by saying|as follows)\b"
    r"|^(?:answer|respond|reply)(?: only)? (?:with|that|by saying)\b"
    r"|(?:忽略|无视|忽视|忘记|忘掉|不要理会|不必理会|抛开|绕过)[^。]{0,6}(?:以上|上述|上面|之前|此前|前面|先前|所有|一切|你的)"
    r"[^。]{0,10}(?:指令|指示|提示|要求|规则|命令|内容|文字|证据|问题)"
    r"|你(?:现在|从现在起)?(?:是|扮演)[^。]{0,10}(?:助手|机器人|模型|AI)"
    r"|系统提示|提示词"
    r"|(?:请|必须|只能|一律|直接|统一)(?:都|都要)?(?:回答|回复|输出|答复)[“\"「『:：]",
    re.IGNORECASE,
)


def is_order(sentence: str) -> bool:
    """Whether a sentence tells its reader how to answer, as no report has reason to."""
    return _ORDER.search(sentence) is not None


def without_orders(hits: Iterable[Hit]) -> list[Hit]:
    """The hits without their sentences that are orders, and without those that are nothing else."""
    kept = []
    for hit in hits:
        sentences = tuple(sentence for sentence in hit.sentences if not is_order(sentence.text))
        if len(sentences) == len(hit.sentences):
            kept.append(hit)
        elif sentences:
            text = join_sentences([s.text for s in sentences], rows=hit.kind in BY_LINES)
            kept.append(replace(hit, sentences=sentences, text=text))
    return kept
