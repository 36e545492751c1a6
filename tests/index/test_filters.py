"""Choosing reports by their cards."""

import pytest

from index.errors import QuestionError
from index.filters import Filter
from index.types import Card, Entry


def entry(name: str, title: str, language: str, card: Card) -> Entry:
    return Entry(name[:4], name, title, language, 3, 9, "0" * 64, "2026-11-22T00:00:00+00:00", card=card)


NOTE = entry(
    "note.pdf",
    "青禾乳业（600999.SH）：低温放量",
    "zh",
    Card(institution="澄江证券研究所", authors=("林知远",), date="2025-05-06", company="青禾乳业", ticker="600999.SH"),
)
FILING = entry(
    "filing.pdf",
    "QUILLON ROBOTICS, INC. · FORM 10-Q",
    "en",
    Card(institution="QUILLON ROBOTICS, INC.", period="2025Q2", company="QUILLON ROBOTICS, INC.", ticker="QLRB"),
)
OUTLOOK = entry("outlook.pdf", "Outlook 2025", "en", Card(date="2025-01", rating="Overweight", authors=("A. Li",)))
MEMO = entry("memo.txt", "memo", "en", Card())
ALL = [NOTE, FILING, OUTLOOK, MEMO]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(), ALL),
        (Filter(company="quillon robotics,inc"), [FILING]),
        (Filter(company="ＱＵＩＬＬＯＮ"), [FILING]),
        (Filter(company="青禾"), [NOTE]),
        (Filter(institution="证券"), [NOTE]),
        (Filter(author="林知远"), [NOTE]),
        (Filter(title="outlook"), [OUTLOOK]),
        (Filter(rating="overweight"), [OUTLOOK]),
        (Filter(language="en"), [FILING, OUTLOOK, MEMO]),
        (Filter(language="en", title="outlook"), [OUTLOOK]),
        (Filter(ticker="600999"), [NOTE]),
        (Filter(ticker="600999.sh"), [NOTE]),
        (Filter(ticker="qlrb"), [FILING]),
        (Filter(since="2025-05"), [NOTE, FILING]),
        (Filter(since="2025-05-07"), [FILING]),
        (Filter(until="2025-05-06"), [NOTE, FILING, OUTLOOK]),
        (Filter(until="2025-03"), [OUTLOOK]),
        (Filter(since="2025-01-15", until="2025-01-20"), [OUTLOOK]),
        (Filter(since="2025Q2", until="2025Q2"), [NOTE, FILING]),
    ],
    ids=str,
)
def test_a_filter_chooses_what_meets_all_of_it(wanted, found) -> None:
    assert wanted.select(ALL) == found
    assert bool(wanted) == (len(found) < len(ALL))


def test_a_ticker_is_no_part_of_another() -> None:
    with pytest.raises(QuestionError):
        Filter(ticker="QLR").select(ALL)


def test_when_nothing_matches_the_error_says_what_was_asked_and_what_is_there() -> None:
    with pytest.raises(QuestionError) as raised:
        Filter(company="Tessel", since="2026").select(ALL)
    assert raised.value.message == "No report has company Tessel, since 2026."
    assert "company: QUILLON ROBOTICS, INC.; 青禾乳业" in raised.value.remedy
    assert "dates: 2025-01; 2025-05-06; 2025Q2" in raised.value.remedy
    assert raised.value.exit_code == 2


@pytest.mark.parametrize("values", [{"since": "soon"}, {"until": "2025-13"}, {"since": "FY2025"}, {"language": "fr"}])
def test_a_filter_that_cannot_be_meant_is_refused(values) -> None:
    with pytest.raises(QuestionError, match=next(iter(values.values()))):
        Filter(**values)
