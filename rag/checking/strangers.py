"""Names that an answer says and the evidence does not: a small model fills in one of its own where a page says "we"."""

import re

from index.text import fold
from rag.asking.names import find, known
from rag.prompts import EXAMPLES

_RUN = re.compile(r"\b[A-Z][a-z][\w'’-]*(?: (?:of |and |& |the )?[A-Z][\w'’-]*)+")
_LEAD = re.compile(r"^(?:The|A|An|In|For|At|By|On|As|Of|Its|And|But|While|Both|From|According|Yes|No)\b ?")
_TIME = re.compile(
    r"\b(?:Quarter|Half|Year|Q[1-4]|FY|January|February|March|April|May|June|July|August|September|October|November"
    r"|December)\b"
)


def strange_names(sentence: str, told: str) -> list[str]:
    """Names in ``sentence`` that stand nowhere in ``told``, all texts that it may go by; as they stand in it.

    They are those of the prompts' examples, names known in a form that is not told in either language, and runs of
    capitalised English words none of which is told, nor what they are short for.
    """
    folded, whom = fold(told), known(told)
    strange = [name for name in EXAMPLES if name in sentence and fold(name) not in folded]
    strange += [found.text for found in find(sentence) if found.name not in whom and fold(found.text) not in folded]
    for match in _RUN.finditer(sentence):
        run = _LEAD.sub("", match[0])
        words = [word for word in run.split() if word[0].isupper()]
        short = "".join(word[0] for word in words)
        if len(words) < 2 or _TIME.search(run) or short in told.replace(".", ""):
            continue
        if all(_beginning(word) not in folded for word in words):
            strange.append(run)
    return list(dict.fromkeys(strange))


def _beginning(word: str) -> str:
    return fold(re.sub(r"['’]s$", "", word))[:6]
