"""The texts the model is given, Chinese and English side by side, one file each."""

from functools import cache
from importlib.resources import files

NOT_FOUND = {"zh": "报告中没有找到", "en": "Not found in the reports"}
ANSWER_IN = {"zh": "（用中文回答）", "en": " (Answer in English.)"}
PREMISE = {
    "zh": "报告所说与问题的前提相反：",
    "en": "The report says the contrary of what the question takes for granted: ",
}
NOT_THERE = {"zh": "：{}。", "en": ": {}."}
SIDES = {"zh": "报告在不同位置的说法如下：", "en": "What the report says in different places:"}
REFUSAL = {
    "zh": "报告中没有找到这个问题的答案。",
    "en": "Not found in the reports: they do not say.",
}


@cache
def prompt(name: str, language: str) -> str:
    """The text of ``name`` ("system", "question") in "zh" or "en"."""
    return files("rag.prompts").joinpath(f"{name}_{language}.txt").read_text(encoding="utf-8").rstrip("\n")
