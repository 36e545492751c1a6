"""The compiled map is read by the normaliser it is made for."""

import random

from tokenizers.normalizers import Precompiled

from index.charsmap import compile_charsmap


def test_each_character_is_replaced_and_others_are_left() -> None:
    normaliser = Precompiled(compile_charsmap({ord("Ａ"): "A", ord("ﬁ"): "fi", ord("\u3000"): " ", ord("x"): ""}))
    assert normaliser.normalize_str("Ａ\u3000ﬁveyx年😀") == "A fivey年😀"


def test_a_large_map_replaces_exactly_its_own_characters() -> None:
    chosen = random.Random(5)  # noqa: S311
    letters = [c for c in range(0x21, 0x2FFFF) if not 0xD800 <= c < 0xE000]
    points = chosen.sample(letters, 6000)
    replacements = {point: f"<{chosen.randrange(900)}>" for point in points[:3000]}
    normaliser = Precompiled(compile_charsmap(replacements))
    wrong = [point for point in points if normaliser.normalize_str(chr(point)) != replacements.get(point, chr(point))]
    assert wrong == []


def test_an_empty_map_changes_nothing() -> None:
    assert Precompiled(compile_charsmap({})).normalize_str("ＡbC") == "ＡbC"
