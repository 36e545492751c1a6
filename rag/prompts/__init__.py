"""The texts the model is given, Chinese and English side by side, one file each."""

from functools import cache
from importlib.resources import files

NOT_FOUND = {"zh": "报告中没有找到", "en": "Not found in the reports"}
ANSWER_IN = {"zh": "（用中文回答）", "en": " (Answer in English.)"}
REFUSAL = {
    "zh": "报告中没有找到这个问题的答案。",
    "en": "Not found in the reports: they do not say.",
}


@cache
def prompt(name: str, language: str) -> str:
    """The text of ``name`` ("system", "question") in "zh" or "en"."""
    return files("rag.prompts").joinpath(f"{name}_{language}.txt").read_text(encoding="utf-8").rstrip("\n")
