"""Run-in heads: the words with which a paragraph names its subject before it goes on in the same line."""

import re
from collections.abc import Sequence

from index.text import has_cjk
from index.types import Line

_NAMED = re.compile(r"^(?P<name>[^\s：:。，,；;、？！()（）“”\"']{2,12})\s*[：:]\s*\S")
_NO_SUBJECT = re.compile(
    r"^(?:资料来源|来源|注|备注|其中|例如|比如|如下|即|说明|电话|传真|邮箱|邮编|地址|网址|联系人|分析师|研究员|执业.*|证书.*|日期"
    r"|报告日期|组长|副组长|成员|作者|图表?\d*|表\d*|单位|.{0,6}(?:认为|表示|指出|[来上]?看|而言|方面|角度|层面|预计|如下|包括|主线|显示|称|问|答))$"
)
_LABEL_LENGTH = 24  # Chinese characters of a bold beginning that is a label, not a sentence
_SENTENCE_LENGTH = 14  # of one that a full stop ends
_LEAD_LENGTH = 90


def run_in(lines: Sequence[Line]) -> str:
    """The subject that a paragraph names at its beginning, "" when it names none.

    Bold or italic words that a colon, a dash or a full stop parts from plain text ("Fixed services. We provide …"),
    or a short Chinese phrase before a colon ("服务器：…") in a paragraph of running text.
    """
    text = "".join(line.text for line in lines[:2])
    lead = lines[0].lead.strip(" ：:.。—–-")
    if has_cjk(text):
        if (
            lead
            and len(lead) <= (_SENTENCE_LENGTH if "。" in lines[0].lead else _LABEL_LENGTH)
            and not re.search(r"[，。；,;]", lead)
            and _parted(lines[0], lead)
        ):
            return "" if _NO_SUBJECT.match(lead) else lead
        named = _NAMED.match(lines[0].text)
        long = len(text) >= 12
        return named["name"] if named and long and not _NO_SUBJECT.match(named["name"]) else ""
    if re.search(r"\b(?:19|20)\d{2}$", lead):
        return ""  # the place and date of a release
    if not lead or not 3 <= len(lead) <= _LEAD_LENGTH or not lead[0].isalpha() or len(text) < 1.5 * len(lead):
        return ""
    return lead if _parted(lines[0], lead) and not lead.islower() else ""


def _parted(line: Line, lead: str) -> bool:
    """Whether a mark stands between the words and what follows them."""
    rest = line.text[line.text.find(lead) + len(lead) :].lstrip()
    return rest[:1] in set("：:.。—–-")
