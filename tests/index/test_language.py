"""Chinese or English, by script first."""

import pytest

from index.language import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Apple 2023 revenue?", "en"),
        ("台积电 CoWoS 产能", "zh"),
        ("Azure 增长率", "zh"),
        ("What is 宁德时代's revenue?", "en"),
        ("How many subscribers did 中国移动 have at the end of the first quarter of 2025?", "en"),
        ("請問去年營收是多少", "zh"),
        ("Verizon capex", "en"),
        ("NVIDIA H100 GPU 的 FP8 TFLOPS 是多少", "zh"),
        ("GDP", "en"),
        ("2024?", "en"),
        ("🙂", "en"),
        ("", "en"),
    ],
)
def test_the_script_tells_the_language(text: str, language: str) -> None:
    assert detect(text) == language


def test_the_same_text_always_gets_the_same_language() -> None:
    mixed = "Microsoft Azure cloud revenue growth 增长率是"
    first = detect(mixed)
    detect.__globals__["_langdetect"].cache_clear()
    assert detect(mixed) == first
