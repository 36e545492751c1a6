"""The texts the model is given, Chinese and English side by side, one file each."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Formatter

from index.errors import SettingsError

EXAMPLES = ("Qinghe", "Yunze", "青禾", "云泽")
"""Companies that only the prompts' examples know: said in an answer they are taken from there."""
NOT_FOUND = {"zh": "报告中没有找到", "en": "Not found in the reports"}
ANSWER_IN = {"zh": "（用中文回答）", "en": " (Answer in English.)"}
PREMISE = {
    "zh": "报告所说与问题的前提相反：",
    "en": "The report says the contrary of what the question takes for granted: ",
}
NOT_THERE = {"zh": "：{}。", "en": ": {}."}
SIDES = {"zh": "报告在不同位置的说法如下：", "en": "What the report says in different places:"}
PERMISSIONS = {
    "zh": "报告自己的声明如下，是否适用请对照原文：",
    "en": "The report's own terms, as they stand there; whether they apply to you the full text says:",
}
REFUSAL = {
    "zh": "报告中没有找到这个问题的答案。",
    "en": "Not found in the reports: they do not say.",
}


@cache
def prompt(name: str, language: str) -> str:
    """The text of ``name`` ("system", "question") in "zh" or "en"."""
    return files("rag.prompts").joinpath(f"{name}_{language}.txt").read_text(encoding="utf-8").rstrip("\n")


class Prompts:
    """The texts of one language model: the package's own, but for those that a folder has in their place."""

    def __init__(self, folder: Path | None = None) -> None:
        """Read the prompts in ``folder``, ``system_en.txt`` and the like; those it lacks are the package's.

        Raises SettingsError for a folder that cannot be read or holds none, for a file that is no prompt's, and for
        one whose places to fill, such as {question}, are not those of the package's own.
        """
        self._own = _read(folder) if folder is not None else {}

    def text(self, name: str, language: str) -> str:
        """The text of ``name`` ("system", "question") in "zh" or "en"."""
        return self._own.get(f"{name}_{language}") or prompt(name, language)


def _read(folder: Path) -> dict[str, str]:
    known = {Path(file.name).stem: file for file in files("rag.prompts").iterdir() if file.name.endswith(".txt")}
    found: dict[str, str] = {}
    try:
        for path in sorted(Path(folder).iterdir()):
            if path.suffix != ".txt":
                continue
            if path.stem not in known:
                raise SettingsError(f"prompts: {path} is no prompt's file.", f"They are {', '.join(sorted(known))}.")
            found[path.stem] = path.read_text(encoding="utf-8").rstrip("\n")
            wanted = _places(known[path.stem].read_text(encoding="utf-8"))
            if wanted and _places(found[path.stem]) != wanted:
                named = " and ".join(f"{{{place}}}" for place in sorted(wanted))
                raise SettingsError(f"prompts: {path} must have {named}, and no other braces.", "Mend the file.")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"prompts: {folder} cannot be read: {error}.", "Name a folder of UTF-8 files.") from error
    if not found:
        raise SettingsError(f"prompts: {folder} holds no prompts.", f"Their files are {', '.join(sorted(known))}.")
    return found


def _places(text: str) -> set[str]:
    """The names in braces that a text has to be filled with; braces that are none give a name that none has."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return {"not a name"}
