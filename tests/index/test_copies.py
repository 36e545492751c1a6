"""Reports that hold the same text find each other; others do not."""

import random

from index.copies import CONTAINED, FEWEST, copies, sketch

WEEKLY = [
    f"第{n}周储能招标容量为{n * 7 + 3}吉瓦时，环比上升百分之{n}，价格为每瓦时{n * 13 % 97}分，龙头企业份额继续提高。"
    for n in range(60)
]
FILING = [f"Segment {n} had net sales of ${n * 37 % 101}.{n} million, up {n}% from the year before." for n in range(60)]


def test_a_sketch_does_not_depend_on_cutting_or_spacing() -> None:
    spaced = [text.replace("，", "，\n  ") for text in WEEKLY]
    assert sketch(spaced) == sketch(WEEKLY)
    assert len(sketch(WEEKLY)) > 20
    assert len(sketch(["".join(WEEKLY)]) & sketch(WEEKLY)) >= 0.95 * len(sketch(WEEKLY))


def test_the_one_with_real_pages_is_the_original() -> None:
    own = sketch(WEEKLY)
    assert copies([("aa", False, own), ("zz", True, own)]) == {"aa": "zz"}
    assert copies([("zz", True, own), ("aa", False, own)]) == {"aa": "zz"}


def test_an_extract_is_a_copy_of_the_whole_and_not_the_reverse() -> None:
    whole, part = sketch(WEEKLY), sketch(WEEKLY[:25])
    assert copies([("part", True, part), ("whole", True, whole)]) == {"part": "whole"}


def test_of_three_that_are_the_same_two_are_copies_of_one() -> None:
    own = sketch(WEEKLY)
    assert copies([("c", True, own), ("b", True, own), ("a", True, own)]) == {"b": "a", "c": "a"}


def test_reports_that_share_little_are_no_copies() -> None:
    half = sketch([*WEEKLY[:30], *FILING[:30]])
    assert copies([("a", True, sketch(WEEKLY)), ("b", True, sketch(FILING)), ("c", True, half)]) == {}


def test_a_few_words_are_never_a_copy() -> None:
    few = sketch(["see appendix"])
    assert copies([("a", True, few), ("b", True, few)]) == {}


def test_among_many_reports_each_copy_is_found_as_if_every_pair_were_compared() -> None:
    draw = random.Random(7)  # noqa: S311
    reports: list[tuple[str, bool, frozenset[int]]] = []
    for number in range(120):
        taken = draw.choice(reports)[2] if reports and draw.random() < 0.6 else frozenset()
        kept = {value for value in taken if draw.random() < 0.8}
        own = frozenset(kept | {draw.randrange(300) for _ in range(draw.randrange(16))})
        reports.append((f"{number:03}", draw.random() < 0.5, own))
    expected: dict[str, str] = {}
    order = sorted(reports, key=lambda report: (not report[1], -len(report[2]), report[0]))
    for place, (name, _, own) in enumerate(order):
        holders = [
            other
            for other, _, text in order[:place]
            if other not in expected and len(own) >= FEWEST and len(own & text) >= CONTAINED * len(own)
        ]
        if holders:
            expected[name] = holders[0]
    assert 10 < len(expected) < 110
    assert copies(reports) == expected
