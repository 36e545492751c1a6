"""Which company a report is about, and its ticker."""

import re
from typing import NamedTuple

from index.card.face import Face, plain

LEGAL = (
    r"(?:Inc|Incorporated|Corp|Corporation|Company|Co|Ltd|Limited|LLC|LLP|LP|L\.P|plc|PLC|N\.V|S\.A|AG|SE|SpA|Group"
    r"|Holdings?"
    r"|INC|CORP|CORPORATION|COMPANY|LTD|LIMITED|GROUP|HOLDINGS?|Trust|TRUST)\.?"
)
ENGLISH_COMPANY = re.compile(
    rf"(?:The )?[A-Z0-9][\w&.'’-]*(?:,? (?:(?:of|and|the|de) )?[A-Z0-9&(][\w&.'’)-]*)*,? {LEGAL}"
)
CHINESE_COMPANY = re.compile(r"[\u4e00-\u9fff()A-Za-z0-9·]{2,30}(?:有限公司|有限责任公司|股份公司|集团公司)")
_EXCHANGE = (
    r"(?:NYSE(?: American| Arca)?|NASDAQ(?:[ -]?G[SM]|CM)?|AMEX|OTC\w*|LSE|AIM|TSXV?|TSE|HKEX|SEHK|HKSE|ASX|SGX"
    r"|SIX|BSE|NSE"
    r"|Euronext(?: \w+)?|Xetra|FRA|ETR|SSE|SZSE|KRX|TWSE)"
)
_LISTED = re.compile(
    rf"[(\[](?:the )?{_EXCHANGE}(?: ?(?:/|and|,) ?{_EXCHANGE})? ?: ?(?P<ticker>[A-Z0-9][A-Z0-9.-]{{0,9}})"
    rf"(?: ?[,;/] ?[^)\]]{{1,40}})?[)\]]",
    re.IGNORECASE,
)
_EXCHANGE_ALONE = re.compile(rf"{_EXCHANGE} ?: ?(?P<ticker>[A-Z0-9][A-Z0-9.-]{{0,9}})")
_BEFORE = re.compile(
    r"(?:The )?[A-Z0-9][\w&.'’-]*(?:(?:,? |, )(?:(?:of|and|the|de"
    r"|&) )?[A-Z0-9][\w&.'’-]*)*,?(?: \([^)]{2,30}\))? ?[“\"”]* ?$"
)
_CODE = re.compile(
    r"(?P<company>[\u4e00-\u9fffA-Za-z*·-]{2,12}(?:\([A-Z]\))?) ?[(\[] ?(?P<ticker>(?:\d{6}(?:[. ](?:SH|SZ|BJ"
    r"|SS))?|\d{4,5}\.HK))"
    r" ?(?:[/,、] ?\d{4,6}\.[A-Z]{2} ?)?[)\]]"
)
_CODE_AFTER = re.compile(
    r"^(?P<company>[\u4e00-\u9fffA-Za-z*·-]{2,12}) ?[|:/-]? ?(?P<ticker>\d{6}\.(?:SH|SZ|BJ|SS)|\d{4,5}\.HK)\b"
)
_NOTE = re.compile(
    r"(?P<company>[A-Z][\w&.'’-]*(?:,? [A-Z&][\w&.'’-]*){0,6}) ?[(\[](?P<ticker>[A-Z0-9]{1,6}(?:\.[A-Z]{1,3}"
    r"| [A-Z]{2}(?: Equity)?)?)[)\]]"
)
_TICKER_LABEL = re.compile(
    rf"(?:(?:ticker|trading|stock)(?: symbol| code)?|bloomberg(?: (?:ticker|code))?|reuters(?: code)?|RIC|symbol)"
    rf" ?[:|] ?(?:{_EXCHANGE} ?: ?)?(?P<ticker>[A-Z0-9]{{1,6}}(?:\.[A-Z]{{1,3}}| [A-Z]{{2}}\b)?)(?![A-Za-z])",
    re.IGNORECASE,
)
_CODE_LABEL = re.compile(
    r"(?:股票|证券|公司|股份|[AH] ?股)(?:代码|代号|编号) ?[:"
    r"|]? ?(?:[A-Z股]{1,4} ?:? ?)?(?P<ticker>\d{4,6}(?:\.[A-Z]{2})?)(?!\d)"
)
_SHORT_NAME = re.compile(
    r"(?:股票|证券|公司|A ?股)简称 ?[:|]? ?(?P<company>[\u4e00-\u9fffA-Za-z*·]{2,12})(?![\u4e00-\u9fff])"
)
_SHORT_LABEL = re.compile(r"^(?:股票|证券|公司|股份|[AH] ?股)(?P<what>代码|简称) ?:?$")


class Company(NamedTuple):
    """A company's name as printed and its ticker, either possibly empty."""

    name: str = ""
    ticker: str = ""


def registrant(face: Face) -> Company:
    """The company on the cover page of a filing with the SEC: what stands above "(Exact name of registrant"."""
    label = next((p for p in face.front if re.search(r"(?i)exact name of (?:the )?registrant", p.plain)), None)
    if not label:
        return Company()
    above = [p for p in face.front if p.page == label.page and p.box.bottom <= label.box.top + 0.5 * label.size]
    above = [p for p in above if abs(p.middle - label.middle) < 120 and not p.plain.startswith(("(", "_"))]
    above.sort(key=lambda piece: -piece.box.bottom)
    if not above or re.search(r"(?i)commission file", above[0].plain):
        return Company()
    name = above[0].text
    if len(above) > 1 and abs(above[1].size - above[0].size) < 0.3 and above[0].box.top - above[1].box.bottom < 2:
        joined = f"{above[1].text} {name}"
        name = joined if not re.search(r"\d{3}", joined) else name
    return Company(name.strip(), _trading_symbol(face))


def _trading_symbol(face: Face) -> str:
    for piece in face.front:
        if re.fullmatch(r"(?i)(?:trading|ticker) ?symbols?(?: ?\(s\))?", piece.plain.strip()):
            for under in sorted(face.front, key=lambda other: other.box.top):
                near = (
                    under.page == piece.page and under.box.top > piece.box.top and abs(under.middle - piece.middle) < 45
                )
                if near and re.fullmatch(r"[A-Z]{1,6}(?:[./-][A-Z]{1,2})?", under.plain.strip()):
                    return under.text.strip()
    for text in face.paragraphs:
        match = re.search(
            r"(?:[Cc]ommon|[Oo]rdinary|[Ss]hares?|[Ss]tock)[^"
            r"|]{0,60}? \|? ?([A-Z]{1,5}) \|? ?(?:The )?(?:New York|NYSE|N[Aa][Ss][Dd])",
            text,
        )
        if match:
            return match[1]
    return ""


def announcer(face: Face) -> Company:
    """The company of a press release: the first with its exchange in brackets, when it is the only one or opens it."""
    found = []
    for text in face.paragraphs:
        half = plain(text)
        for match in _LISTED.finditer(half):
            start = max(
                (half.rfind(mark, 0, match.start()) + len(mark) for mark in ("- ", ". ", "--", "/ ", "— ")), default=0
            )
            opens = start < 200 and bool(re.search(r"\d{4} ?-+|WIRE|Newswire", half[: match.start()], re.IGNORECASE))
            found.append((text, half, match, opens))
    if not found or (len({match["ticker"] for _, _, match, _ in found}) > 1 and not found[0][3]):
        return Company()
    text, half, match, _ = found[0]
    lead = half[: match.start()]
    cut = max(lead.rfind(mark) + len(mark) if mark in lead else 0 for mark in ("- ", "--", "; "))
    name = _BEFORE.search(lead[cut:])
    printed = text[cut + name.start() : cut + name.end()].strip(' “"”,') if name else ""
    return Company(re.sub(r" \([^)]*\)$", "", printed), match["ticker"])


def covered(face: Face, title: str, note: bool) -> Company:
    """The one company a research report or an annual report is about; nothing when several are named.

    ``note`` says that the report rates something, so that capitals in brackets behind a name are a ticker.
    """
    texts = [title, *(piece.text for piece in (*face.masthead, *face.running))]
    found = [(text, match) for text in texts for match in _CODE.finditer(plain(text))]
    found += [(text, match) for text in texts for match in _CODE_AFTER.finditer(plain(text))]
    if note and not found:
        found = [(text, match) for text in texts for match in _NOTE.finditer(plain(text))]
    codes = {re.sub(r"\D", "", m["ticker"]) or m["ticker"] for _, m in found}
    if len(codes) == 1:
        text, match = max(found, key=lambda item: len(item[1]["ticker"]))
        return Company(
            text[match.start("company") : match.end("company")].strip(), match["ticker"].replace(" SH", ".SH")
        )
    if codes:
        return Company()
    name, ticker = _labelled(face, _SHORT_NAME, "简称", "company"), _ticker(face)
    if ticker and not name:
        lead = [p.text.strip() for p in face.masthead if ENGLISH_COMPANY.fullmatch(p.plain.strip())]
        name = next((company for company in lead if company in title), "")
    return Company(name, ticker)


def _ticker(face: Face) -> str:
    alone = {m["ticker"] for p in face.masthead if (m := _EXCHANGE_ALONE.fullmatch(p.plain.strip()))}
    if len(alone) == 1:
        return alone.pop()
    code = _labelled(face, _CODE_LABEL, "代码", "ticker")
    if code:
        return code
    found = [m["ticker"] for p in face.front for m in _TICKER_LABEL.finditer(p.plain) if m["ticker"].isupper()]
    return found[0] if len({ticker.split(" ")[0].split(".")[0] for ticker in found}) == 1 else ""


def _labelled(face: Face, pattern: re.Pattern[str], what: str, group: str) -> str:
    found = [match[group] for piece in face.front for match in pattern.finditer(piece.plain)]
    for piece in face.front:
        label = _SHORT_LABEL.match(piece.plain.strip())
        if label and label["what"] == what and not found:
            for value in (face.right(piece), next(face.below(piece, 3 * piece.size), None)):
                form = r"\d{4,6}(?:\.[A-Z]{2})?" if what == "代码" else r"[\u4e00-\u9fffA-Za-z*·]{2,12}"
                if value and re.fullmatch(form, value.plain.strip()) and not found:
                    found.append(value.text.strip())
    return found[0] if len(set(found)) == 1 else ""
