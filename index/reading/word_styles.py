"""What the styles and list definitions of a Word file say: which paragraphs are headings, and their numbers."""

import re
from typing import Any

from index.reading.word_text import attribute, child, tag

_HEADING = re.compile(
    r"(?:heading|标题|標題|überschrift|titre|título|titolo|заголовок|見出し)\s*([1-9])", re.IGNORECASE
)
_TITLE = frozenset({"title", "标题", "標題", "文档标题", "report title"})
_CAPTION = frozenset({"caption", "题注", "題注", "标号"})
_DIGITS = "零一二三四五六七八九"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_LONGEST_CHAIN = 20  # styles that are based on one another


class Styles:
    """The paragraph styles by id."""

    def __init__(self, root: Any) -> None:
        self._styles = {} if root is None else {attribute(style, "styleId"): style for style in root.iter(tag("style"))}
        self._default = next((i for i, s in self._styles.items() if _is_default(s)), "")

    def _chain(self, properties: Any) -> list[Any]:
        """The paragraph's style and those it is based on."""
        chain: list[Any] = []
        name = attribute(child(properties, "pStyle"), "val") or self._default
        while name in self._styles and len(chain) < _LONGEST_CHAIN:
            chain.append(self._styles[name])
            name = attribute(child(self._styles[name], "basedOn"), "val")
        return chain

    def of(self, properties: Any) -> str:
        """What a paragraph is by its style: "title", "caption", "contents" or ""."""
        for style in self._chain(properties):
            name = attribute(child(style, "name"), "val").lower().strip()
            if name in _TITLE:
                return "title"
            if name in _CAPTION:
                return "caption"
            if re.fullmatch(r"(?:toc|目录|目錄)\s*[1-9]|table of figures|图表目录", name):
                return "contents"
            if _HEADING.fullmatch(name):
                return ""
        return ""

    def level(self, properties: Any) -> int:
        """A heading's depth from 1, 0 for other paragraphs: by outline level or by the style's name."""
        own = attribute(child(properties, "outlineLvl"), "val")
        if own.isdigit():
            return int(own) + 1 if int(own) < 9 else 0
        for style in self._chain(properties):
            named = _HEADING.fullmatch(attribute(child(style, "name"), "val").strip())
            if named:
                return int(named[1])
            level = attribute(child(child(style, "pPr"), "outlineLvl"), "val")
            if level.isdigit():
                return int(level) + 1 if int(level) < 9 else 0
        return 0

    def list_of(self, properties: Any) -> tuple[str, int]:
        """The list (its id, "" for none) and depth in it, from 0, that a paragraph belongs to."""
        chain = [properties, *(child(style, "pPr") for style in self._chain(properties))]
        name, depth = "", ""
        for holder in chain:
            numbers = child(holder, "numPr")
            name = name or attribute(child(numbers, "numId"), "val")
            depth = depth or attribute(child(numbers, "ilvl"), "val")
        return ("" if name == "0" else name), int(depth) if depth.isdigit() else 0


class Numbering:
    """Counts the paragraphs of every list, for Word keeps no numbers in the text."""

    def __init__(self, root: Any, styles: Styles) -> None:
        self._styles = styles
        self._lists: dict[str, tuple[str, dict[int, Any]]] = {}
        self._counts: dict[str, list[int]] = {}
        if root is None:
            return
        definitions = {attribute(d, "abstractNumId"): d for d in root.iter(tag("abstractNum"))}
        for number in root.iter(tag("num")):
            key = attribute(child(number, "abstractNumId"), "val")
            levels = {_depth(level): level for level in definitions[key].iter(tag("lvl"))} if key in definitions else {}
            for override in number.iter(tag("lvlOverride")):
                if (level := child(override, "lvl")) is not None:
                    levels[_depth(level)] = level
            self._lists[attribute(number, "numId")] = (key, levels)

    def label(self, properties: Any) -> str:
        """What stands before a list paragraph or numbered heading, with a space where one is read: "1.2 ", "• "."""
        name, depth = self._styles.list_of(properties)
        if name not in self._lists:
            return ""
        key, levels = self._lists[name]
        level = levels.get(depth)
        if level is None:
            return ""
        counts = self._counts.setdefault(key, [])
        for at in range(len(counts), depth + 1):
            counts.append(_start(levels.get(at)) - 1)
        counts[depth] += 1
        del counts[depth + 1 :]
        if attribute(child(level, "numFmt"), "val") == "bullet":
            return "• "
        shape = attribute(child(level, "lvlText"), "val")

        def number(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            return _count(counts[at], attribute(child(levels.get(at), "numFmt"), "val")) if at < len(counts) else ""

        text = re.sub(r"%([1-9])", number, shape)
        return f"{text} " if text and (text[-1].isalnum() or text[-1] in ".)") else text


def _is_default(style: Any) -> bool:
    return attribute(style, "type") == "paragraph" and attribute(style, "default") in {"1", "true"}


def _depth(level: Any) -> int:
    depth = attribute(level, "ilvl")
    return int(depth) if depth.isdigit() else 0


def _start(level: Any) -> int:
    start = attribute(child(level, "start"), "val")
    return int(start) if start.isdigit() else 1


def _count(number: int, form: str) -> str:
    """A number as a list of that form writes it."""
    if form in {"none", ""} and not form:
        form = "decimal"
    if form == "none":
        return ""
    if "chinese" in form.lower() or form in {"ideographDigital", "japaneseCounting", "taiwaneseCounting"}:
        return _chinese(number)
    if form.endswith("Letter") and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if form.startswith("upper") else letter
    if form.endswith("Roman") and 0 < number < 4000:
        text, rest = "", number
        for value, sign in _ROMAN:
            text += sign * (rest // value)
            rest %= value
        return text.upper() if form.startswith("upper") else text
    if form == "decimalZero":
        return f"{number:02d}"
    if form == "decimalEnclosedCircle" and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    return str(number)


def _chinese(number: int) -> str:
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    text = ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "")
    return text + (_DIGITS[ones] if ones else "")
