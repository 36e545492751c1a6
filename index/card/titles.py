"""What a person would call a report."""

import re
from collections.abc import Sequence

from index.card.companies import CHINESE_COMPANY, ENGLISH_COMPANY
from index.card.dates import only_date
from index.card.face import Face, Piece, plain
from index.card.ratings import is_rating
from index.text import clean, fold, has_cjk, join

LONGEST = 120  # characters
_DOCUMENT_NAME = re.compile(
    r"microsoft|\.(?:docx?|pdf|indd|pptx?|xlsx?|html?|qxd|rtf)\b|^untitled|^[\d\W_]+$|powerpoint|^(?:slide"
    r"|document|doc|presentation|无标题|文档|幻灯片) ?\d*$"
    r"|_|exhibit \d|^\S*\d{5,}\S*$",
    re.IGNORECASE,
)
# What says what kind of report it is, where the report is from, or when, but not what it is called.
_FIELD = re.compile(
    r"^(?:united states|securities and exchange commission|washington,? d\.?c.*|form .{1,8}|exhibit .{1,6}"
    r"|\(mark one\)|confidential"
    r"|(?:for )?immediate release|press release|news release|table of contents|contents|page \d+.*|draft"
    r"|(?:证券|公司|行业|深度|宏观|策略|投资|金融|固收|专题)*研究报告|(?:行业|公司|宏观|策略|固收|债券|深度|点评"
    r"|专题|跟踪|动态|首次覆盖|个股"
    r"|金融工程)*(?:研究|报告|周报|月报|日报|深度|点评|专题|跟踪|快报|评级|简报)"
    r"|目 ?录|内容目录|机密|内部资料.*|请务必.*|敬请.*|http.*|www\..*|\S+@\S+|(?:分析师|作者|研究助理|联系人"
    r"|from|to|date|subject|by|re|cc|author|analyst)s?\b ?:?.*"
    r"|(?:equity|credit|company|industry|sector|investment|global|market|economic)(?: \w+)? (?:research|note"
    r"|update|report|commentary)"
    r"|(?:股票|证券|公司)(?:代码|简称).*|.{2,6}组|\W*)$",
    re.IGNORECASE,
)
_YEAR = r"(?:19|20)\d\d"
_QUARTER = (
    rf"(?:(?:Q[1-4]|[1-4]Q|H[12]|(?:first|second|third|fourth)[ -]quarter)(?: fiscal)? ?(?:FY)?(?:{_YEAR}"
    rf"|\d\d) )"
)
# What kind of report a company publishes of itself.
_KIND = re.compile(
    rf"(?:{_YEAR} ?)?(?:annual|interim|half-?year(?:ly)?|quarterly|sustainability|esg|integrated|impact"
    r"|corporate (?:social )?responsibility)(?: (?:and|&) \w+)?(?: financial)? (?:report|review|accounts)"
    rf"(?: (?:and|&) (?:financial )?(?:accounts|statements))?(?: ?{_YEAR})?"
    rf"|{_QUARTER}?(?:earnings|results|investor|corporate)(?: call| day)? (?:presentation|release|update|supplement)"
    rf"|{_QUARTER}?(?:(?:investor|shareholder) letter|letter to (?:our )?(?:investors|shareholders|partners))"
    r"|(?:preliminary )?(?:prospectus(?: supplement)?|offering (?:memorandum|circular))"
    r"|.{0,24}(?:年度报告|半年度报告|季度报告|年报|可持续发展报告|社会责任报告|治理 ?(?:\(ESG\))? ?报告|ESG ?报告"
    r"|业绩公告|业绩快报|业绩预告|招股说明书|募集说明书|招股意向书|招股章程)(?:\(.{2,8}\)|全文|摘要)*",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"(?:internal |inter-?office )?memo(?:randum)?|letter|note|report|备忘录|通知|报告|汇报"
    r"|纪要|会议纪要",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"(?:subject|re|主题|事由|标题) ?[:|] ?", re.IGNORECASE)
_NAMED = re.compile(r".{2,40} ?[(\[](?:[A-Z]{2,6} ?: ?)?[A-Z0-9]{1,6}(?:[. ][A-Z]{1,3})?[)\]] ?:?")


def filing_title(name: str, face: Face, ended: str) -> str:
    """The title of a filing with the SEC: company, form, and the period as its cover says them."""
    form = next(
        (
            p.text
            for p in face.front
            if re.fullmatch(r"(?i)form (?:10|20|40|8|6|11|s|f|n)-\w{1,4}(?:/a)?", p.plain.strip())
        ),
        "",
    )
    return " · ".join(part.strip() for part in (name, form, ended) if part)


def own_title(face: Face, metadata_title: str, institution: str) -> str:
    """The title that the cover gives most weight to; the metadata's where the cover has none; else nothing.

    A company's own name or a slogan over "2024 Annual Report" is not what the report is called: there the company and
    the report's kind are the title.
    """
    worded = [piece for piece in face.cover if _may_be_title(piece, institution)]
    kind = next((p for p in _upper(face.masthead) if _KIND.fullmatch(p.plain.strip())), None)
    if kind:
        titled = _of_company(face, kind)
        if titled:
            return titled
    chosen = _with_headline(face, worded, _heaviest(face, worded)) or _first_line(face, worded)
    chosen = _subject(face) or chosen if _GENERIC.fullmatch(chosen) else chosen
    title = clean(metadata_title)
    if has_cjk(chosen):
        chosen = chosen.rstrip("：:")
    if len(chosen) >= 4 and len(chosen) <= LONGEST:
        return chosen
    good = (
        len(title) >= 4
        and len(title) <= LONGEST
        and not _DOCUMENT_NAME.search(title)
        and not _FIELD.match(plain(title))
    )
    return title if good else ""


def _subject(face: Face) -> str:
    """What a memorandum says it is about."""
    for piece in face.cover[:16]:
        match = _SUBJECT.match(piece.plain)
        if match:
            value = piece.text[match.end() :].strip()
            beside = face.right(piece)
            return value or (beside.text.strip() if beside else "")
    return ""


def _with_headline(face: Face, worded: Sequence[Piece], chosen: str) -> str:
    """A company's name, or a few Chinese words, is half a title: the next largest line is the other half."""
    few = has_cjk(chosen) and len(chosen) <= 6 and not re.search("报告|报$|展望|策略|白皮书|年鉴", chosen)
    if not few and not _NAMED.fullmatch(plain(chosen)) and not ENGLISH_COMPANY.fullmatch(plain(chosen)):
        return chosen
    rest = [piece for piece in worded if piece in face.masthead and fold(piece.text) not in fold(chosen)]
    largest = max((piece.size for piece in rest), default=0.0)
    headline = next((p for p in rest if p.size >= largest - 0.3), None)
    body = sorted(piece.size for piece in face.cover)[len(face.cover) // 2]
    if not headline or largest < body + 0.8:
        return chosen
    mark = "：" if has_cjk(headline.text) else ": "
    return f"{chosen}{mark}{_with_lines_below(face.cover, headline)}"


def own_report(face: Face, title: str) -> str:
    """The company whose own report this is: its name stands on the cover and in the title of an annual report."""
    if not any(_KIND.fullmatch(piece.plain.strip()) for piece in face.masthead):
        return ""
    return next((name for name in _companies(face) if fold(name) in fold(title)), "")


def _companies(face: Face) -> list[str]:
    """Company names that stand alone on the cover, the largest first, then in the running heads."""
    return [
        piece.text.strip()
        for piece in (*_upper(face.masthead), *face.running)
        for pattern in (ENGLISH_COMPANY, CHINESE_COMPANY)
        if pattern.fullmatch(piece.plain.strip())
    ]


def _upper(pieces: Sequence[Piece]) -> list[Piece]:
    return sorted(pieces, key=lambda piece: (-piece.size, piece.box.top))


def _may_be_title(piece: Piece, institution: str) -> bool:
    text = piece.plain.strip()
    if len(text) < 4 or not re.search(r"[^\W\d_]{2}", text) or _says_other(text):
        return False
    return not institution or fold(text) not in fold(institution)


def _says_other(text: str) -> bool:
    """Whether a line is a date, a rating or one of the words around a title."""
    return bool(only_date(text) or _FIELD.match(text.strip()) or is_rating(text))


def _of_company(face: Face, kind: Piece) -> str:
    """The company with the report's kind, from a cover that prints both, one of them perhaps in small type."""
    names = _companies(face)
    wrapped = _with_lines_below(face.masthead, kind) if kind in face.masthead else kind.text
    wrapped = wrapped if _KIND.fullmatch(plain(wrapped)) else kind.text
    largest = max(piece.size for piece in face.masthead)
    if not names:
        return wrapped if kind.size >= largest - 0.3 and re.search(r"\d{4}", wrapped) else ""
    name = names[0]
    return wrapped.strip() if fold(name) in fold(wrapped) else join(name, wrapped.strip())


def _heaviest(face: Face, worded: Sequence[Piece]) -> str:
    """The largest type of the cover, if it is larger than the body's."""
    if not worded:
        return ""
    largest = max(piece.size for piece in worded)
    top = [piece for piece in worded if piece.size >= largest - 0.3]
    if len(top) > 8 or not any(piece.size < largest - 0.3 for piece in face.cover):
        bold = [piece for piece in worded if piece.bold and piece in face.masthead]
        if not 0 < len(bold) <= 4 or len(bold) == len(worded):
            return ""
        top = bold
    return _with_lines_below(face.cover, top[0])


def _with_lines_below(pieces: Sequence[Piece], first: Piece) -> str:
    """A heading with the lines of the same type directly under it."""
    title, last = first.text.strip(), first
    index = pieces.index(first)
    for piece in pieces[index + 1 : index + 4]:
        gap = piece.box.top - last.box.bottom
        if (
            abs(piece.size - first.size) > 0.3
            or piece.bold != first.bold
            or not -0.6 * piece.size < gap < 1.1 * piece.size
        ):
            break
        if _says_other(piece.plain) or len(title) + len(piece.text) > LONGEST:
            break
        title, last = join(title, piece.text.strip()), piece
    return title


def _first_line(face: Face, worded: Sequence[Piece]) -> str:
    """In a report of one type size: the first line that reads like a title.

    Short Chinese lines that name a field of research ("通信行业研究") give way to a longer line soon after.
    """
    lines = [p.text.strip() for p in worded if p in face.masthead][:12]
    lines = [
        line for line in lines if not line.endswith(("。", ".", "；", ";", ",", "，", "：", ":")) and len(line) <= 80
    ]
    if not lines:
        return ""
    if has_cjk(lines[0]) and len(lines[0]) <= 8:
        return next((line for line in lines[1:8] if len(line) >= 10 and not re.search(r"[（(|]|\d{6}", line)), lines[0])
    return lines[0]
