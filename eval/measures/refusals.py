"""Whether an answer refuses: says that the reports do not give what was asked."""

import re

from eval.measures.required import MARK
from eval.predictions import Reply

_REFUSES = re.compile(
    r"(?:没有|未能?|并未|无法|不能|未曾)(?:明确|单独|具体|直接|在报告中|从报告中)?(?:给出|提供|披露|提及|提到|说明|列出|找到|写明|公布|得知|得出|回答|确定|涉及|载明|记载)"
    r"|不包含|没有(?:相关|这|该|这一|这方面的?|有关)[^，。]{0,12}(?:信息|数据|内容|说明|资料)|无(?:相关|从)|未见"
    r"|\b(?:do(?:es)? not|did not|don't|doesn't|didn't|isn't|aren't|wasn't|weren't|not)\s+(?:\w+\s+){0,2}?"
    r"(?:give|given|state|stated|disclose|disclosed|mention|mentioned|provide|provided|contain|contained|include|included|"
    r"report|reported|say|specify|specified|available|found|break\w*|list|listed|cover|covered|address|addressed)\b"
    r"|\b(?:cannot|can't|could not|unable to)\s+(?:be\s+)?(?:find|found|answer|answered|determine|determined|tell)\b"
    r"|\b(?:gives?|states?|reports?|contains?|provides?|mentions?|discloses?) no\b"
    r"|\bno (?:information|figure|data|mention|answer|disclosure|indication|such)\b|\bnot in the reports?\b",
    re.IGNORECASE,
)
_GUESSES = re.compile(
    r"(?:但|不过|然而)[^。]{0,20}(?:推算|估计|推测|可以算|大约|约为|应为|应该)|\b(?:but|however)\b[^.]{0,40}\b(?:estimat\w+|"
    r"infer\w*|assum\w*|probably|likely|implies|approximately|roughly)\b",
    re.IGNORECASE,
)


def refuses(reply: Reply) -> bool:
    """Whether an answer is a refusal: it is flagged as one, or its text says so and does not guess after all."""
    if not reply.found:
        return True
    text = MARK.sub("", reply.predicted)
    return _REFUSES.search(text) is not None and _GUESSES.search(text) is None
