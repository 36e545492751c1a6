"""What lines that are no running text look like: captions, sources, list items, numbers, and what is no heading."""

import re

from index.text import CJK
from index.types import Line

_CHINESE = re.compile(f"[{CJK}]")
_DIGIT = re.compile(r"\d")
CHINESE_NUMBER = "一二三四五六七八九十百"
CAPTION = re.compile(
    r"^(?:(?:图表?|表格?|附表|附图)\s*[A-Z]?\d+(?:[-.—]\d+)*\s*(?:[:：.、|]|\s(?!显示|展示|给出|所示|可见|为|中))"
    r"|(?:图表?|表格?|附表|附图)\s*[:：]"
    r"|(?:Figure|Fig\.|Table|Chart|Exhibit)\s*[A-Z]?\d+(?:[-.]\d+)*(?!\.?\d)\s*(?:[:：|—–-]|\.(?=\s)|\s(?=(?-i:[A-Z(“\"]))))"
    r"\s*\S",
    re.IGNORECASE,
)
SOURCE = re.compile(
    r"^(?:(?:资料|数据|图表|图片)?来源|注释?\s*\d*|备注|Sources?|Notes?|Data sources?)\s*[:：]", re.IGNORECASE
)
BULLET = re.compile(r"^(?:[•●○▪■◆➢►✓*·]\s*|[-–—](?=\s|[^\d\s.$])|\(?\d{1,2}[)）]\s*|[(（]\d{1,2}[)）]|[①-⑳]|\d{1,2}、)")
NUMBERED = re.compile(
    rf"^(?:\d{{1,2}}(?:\.\d{{1,2}}){{0,2}}[.、．]?\s*(?=[^\d\s%.,，。年月日亿万])"
    rf"|[{CHINESE_NUMBER}]+、|[（(][{CHINESE_NUMBER}]+[）)])"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
NEVER = re.compile(
    rf"^(?:as of |at |on )?{_MONTH}\s*(?:\d{{1,2}},?\s*)?(?:\d{{4}})?,?$"  # dates
    r"|^\d{4}\s*年(?:\d{1,2}\s*月(?:\d{1,2}\s*日)?)?$"
    r"|^[(（\[].*[)）\]]\s*$"  # (in millions)
    r"|^[$¥€£☒☐☑/]|\b(?:in|\$) (?:thousands|millions|billions)\b|单位\s*[:：]"
    r"|@|https?:|www\.|^(?:tel|fax|电话|传真|邮箱|e-?mail|联系人|分析师|执业|邮编|地址)\b"
    r"|\b(?:and|&) (?:consolidated )?subsidiaries$|^to (?:the|our) .{3,90}:$|^/s/"
    r"|^\(?continued\)?$|^[\d\W]+$|^(?:or|and)$",
    re.IGNORECASE,
)


def is_prose(line: Line) -> bool:
    """Whether the line is long enough to be running text."""
    length = len(line.text)
    if length < 16 or 0.45 * length + 0.55 * len(_CHINESE.findall(line.text)) < 16:
        return False
    return len(_DIGIT.findall(line.text)) < 0.35 * length
