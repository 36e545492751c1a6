"""How lines that are no running text begin: captions, sources, list items, numbers of headings."""

import re

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
