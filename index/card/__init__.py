"""The card of a report: what it says of itself on its first and last pages and in the file's metadata.

Nothing is guessed: a field is text that stands there, put into one form where it is a date or a period, or it is empty.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from index.card import companies, dates, people, publisher, ratings, titles
from index.card.companies import Company
from index.card.face import Face, Piece, face, plain, whole_text
from index.text import join
from index.types import BlockKind, Card, Page, Report

__all__ = ["period_key", "read_card", "with_card"]

_DATE_LABEL = re.compile(
    r"(?:报告|发布|发表|出版|发稿|编制|撰写|更新)?(?:日期|时间) ?:|^(?:报告|发布|发表|出版|发稿|编制"
    r"|撰写)(?:日期|时间|日)$"
    r"|\b(?:date of report(?: \(date of earliest event reported\))?|report date|publication date"
    r"|date of (?:issue|publication)"
    r"|date|dated|published(?: on)?|issued(?: on)?|release date) ?:|^(?:report date|publication date"
    r"|date of report.*|date)$",
    re.IGNORECASE,
)
_OTHER_DATE = re.compile(
    r"价|截至|截止|市值|上市|成立|到期|下次|上次|as (?:of|at)\b|ended|ending|price|maturity|inception|through"
    r"|since|until|compare|transition|next|due",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"duly caused this (?:annual |quarterly )?report to be signed", re.IGNORECASE)


def with_card(report: Report) -> Report:
    """``report`` with its card; its title is the card's, or stays as it was when the card has none."""
    card = read_card(report.pages, report.metadata, report.name)
    return replace(report, card=card, title=card.title or report.title)


def read_card(pages: Sequence[Page], metadata: Mapping[str, str], name: str) -> Card:
    """What the pages and the document's metadata ("Title", "Author", "Subject") say of the report.

    ``name``, the file's, is only used to refuse a metadata title that repeats it. The metadata's CreationDate is not
    the report's date and is not looked at.
    """
    outside = face(pages)
    metadata_title, metadata_author = metadata.get("Title", ""), metadata.get("Author", "")
    if metadata_title and plain(metadata_title).lower() in plain(name).lower():
        metadata_title = ""
    filer = companies.registrant(outside)
    if filer.name:
        return _filing(outside, pages, filer)
    written_by = people.authors(outside, metadata_author)
    rating = ratings.rating(outside)
    announced = companies.announcer(outside)
    released = bool(announced.name) and not rating and not written_by
    published = announced.name if released else publisher.institution(outside, *_back_matter(pages), metadata_author)
    title = titles.own_title(outside, metadata_title, published)
    about = announced if announced.name else companies.covered(outside, title, note=bool(rating or written_by))
    own = titles.own_report(outside, title)
    if own:
        published, about = own, Company(about.name or own, about.ticker)
    period = _period(outside, title, metadata, pages)
    return Card(
        title=title,
        institution=published,
        authors=() if released else written_by,
        date=_date(outside),
        period=period[0],
        period_text=period[1],
        company=about.name,
        ticker=about.ticker,
        rating="" if released else rating,
    )


def period_key(card: Card) -> str:
    """Sorts the reports of a series by time: the last day of the period, else of the date, ISO; "" when unknown."""
    ended = dates.find_date(plain(card.period_text)) if dates.ENDED.search(card.period_text) else None
    for value in (ended.value if ended else "", card.period, card.date):
        ends = dates.days(value)
        if ends:
            return ends[1]
    return ""


def _filing(outside: Face, pages: Sequence[Page], filer: Company) -> Card:
    everything = whole_text(pages)
    ended, printed = "", ""
    for piece in outside.front:
        found = dates.find_ended(piece.plain, everything)
        if found:
            ended, printed = found.value, piece.text[found.start : found.end]
            break
    return Card(
        title=titles.filing_title(filer.name, outside, printed),
        institution=filer.name,
        date=_labelled_date(outside.front) or _signed_date(pages),
        period=ended,
        period_text=printed,
        company=filer.name,
        ticker=filer.ticker,
    )


def _signed_date(pages: Sequence[Page]) -> str:
    """The date under a filing's signature."""
    for page in reversed(pages):
        text = whole_text([page])
        signed = _SIGNED.search(text)
        found = dates.find_date(text[signed.end() :]) if signed else None
        if found and len(found.value) == 10:
            return found.value
    return ""


def _back_matter(pages: Sequence[Page]) -> tuple[list[str], list[str]]:
    """The source lines of the report, and the paragraphs of its last pages."""
    lines = [line.text for page in pages for block in page.blocks for line in block.lines]
    sources = [text for text in lines if re.match(r"(?:资料|数据|信息)?来源|(?:Data )?Sources?:", text)]
    imprint = []
    for page in pages[-3:]:
        for block in page.blocks:
            text = ""
            for line in block.lines:
                text = join(text, line.text)
            imprint.append(text)
    return sources, imprint


def _date(outside: Face) -> str:
    return (
        _labelled_date(outside.front)
        or _dateline(outside)
        or _alone([*outside.masthead, *outside.running])
        or _alone(outside.cover)
        or _labelled_date(outside.back)
    )


def _labelled_date(pieces: Sequence[Piece]) -> str:
    for index, piece in enumerate(pieces):
        label = _DATE_LABEL.search(piece.plain)
        if not label or _OTHER_DATE.search(piece.plain[: label.start()]) or piece.kind is BlockKind.TABLE:
            continue
        found = dates.find_date(piece.plain[label.end() :])
        if found and found.start <= 4:
            return found.value
        if not piece.plain[label.end() :].strip(" :_"):
            around = [*pieces[index + 1 : index + 3], *pieces[max(0, index - 1) : index]]
            beside = next((value for other in around if (value := dates.only_date(other.plain))), "")
            if beside:
                return beside
    return ""


def _dateline(outside: Face) -> str:
    """The date a press release opens with: "PORT ELLARY, May 6, 2025 - Harbour Tools …"."""
    for index, piece in enumerate(outside.cover):
        after = outside.cover[index + 1] if index + 1 < len(outside.cover) else None
        half = plain(join(piece.text, after.text) if after else piece.text)
        found = dates.find_date(half[:140])
        if not found or len(found.value) < 10 or len(half) < found.end + 30:
            continue
        before, rest = half[: found.start], half[found.end :]
        place = re.fullmatch(
            r"(?:[A-Z][\w.'’]*[ ,.-]*){1,6}(?:[ (/-]*[A-Z][\w ]*(?:WIRE|Newswire|Wire)[)/ -]*)?", before
        )
        if (place and re.match(r" ?(?:-|/|\()", rest)) or re.match(
            r"[^。]{0,14}\d{1,2} ?月 ?\d{1,2} ?日(?:电|讯)", half
        ):
            return found.value
    return ""


def _alone(pieces: Sequence[Piece]) -> str:
    """A date that stands alone, or between dots and bars; nothing when several do."""
    found = []
    for index, piece in enumerate(pieces):
        if piece.kind in {BlockKind.TABLE, BlockKind.CAPTION} or len(piece.text) > 70:
            continue
        before = pieces[index - 1] if index else None
        labelled = before and abs(before.box.top - piece.box.top) < piece.size and _OTHER_DATE.search(before.plain)
        parts = re.split(r"[|·•]| - |\s{2,}|(?<=[a-z]), ", piece.plain)
        values = [value for part in parts if (value := dates.only_date(part))]
        if values and not labelled:
            found.append(values[0])
    precise = {value for value in found if not any(other != value and other.startswith(value) for other in found)}
    return precise.pop() if len(precise) == 1 else ""


def _period(outside: Face, title: str, metadata: Mapping[str, str], pages: Sequence[Page]) -> tuple[str, str]:
    """The period in its normal form and as printed: from a line that says when it ended, the title, then the rest."""
    for piece in outside.masthead:
        found = dates.find_ended(piece.plain, "") if len(piece.text) < 90 else None
        if found:
            value = found.value or dates.find_ended(piece.plain, whole_text(pages)).value  # type: ignore[union-attr]
            return value, piece.text[found.start : found.end]
    short = [
        p.text
        for p in sorted(outside.masthead, key=lambda p: -p.size)
        if len(p.text) < 60 and p.kind is not BlockKind.TABLE
    ]
    texts = [title, *short, *(piece.text for piece in outside.running), metadata.get("Title", "")]
    for text in texts:
        found = dates.find_period(plain(text))
        if found:
            return found.value, text[found.start : found.end].strip(" ()（）")
    for text in short:
        year = dates.only_year(plain(text))
        if year:
            return year, text.strip(" ()（）")
    return "", ""
