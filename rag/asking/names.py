"""Names that have a form in each language: brokers, banks, public bodies and companies (``data/names.tsv``)."""

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from index.text import has_cjk
from index.traditional import simplified

# A name inside another word is none: what must not stand right before and after some.
_COUNTRY = "中我美各全本外法德英韩泰俄两该多大跨他"  # before names that begin with 国
_AFTER_BANK = "业间卡为动情政程使驶列走进人"  # after names that end in 行
_NOT_AROUND = {
    "京东": ("北南", "部路"),
    "中金": ("其", "额属价岭黄融"),
    "高通": ("", "胀货过量道缩"),
    "松下": ("宽放轻", "降行滑调"),
    "上海证券": ("", "交报"),
    "吉利": ("", "德"),
    "伊利": ("", "诺"),
    "百度": ("几", ""),
    "三星": ("", "级"),
}
_NOT_FOLLOWED = {"target": " price", "dow": " jones"}
_INSIDE = re.compile(r"[a-z0-9]")


class Name(NamedTuple):
    """One thing and what it is called; ``kind`` is broker, bank, body or company, the usual names come first."""

    kind: str
    chinese: tuple[str, ...]
    english: tuple[str, ...]


class Found(NamedTuple):
    """A name in a text: which, as it stands there, and where."""

    name: Name
    text: str
    start: int
    end: int


@cache
def glossary() -> tuple[Name, ...]:
    """All that are known."""
    lines = files("rag").joinpath("data/names.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple(Name(kind, tuple(zh.split(";")), tuple(en.split(";"))) for kind, zh, en in rows)


@cache
def _by_start() -> dict[str, list[tuple[str, str, Name]]]:
    """Under the first character of a name in lower case: its form, that in lower case, the name; longest first."""
    listed: dict[str, list[tuple[str, str, Name]]] = {}
    for name in glossary():
        for form in (*name.chinese, *name.english):
            listed.setdefault(form.removeprefix("=")[0].lower(), []).append(
                (form, form.removeprefix("=").lower(), name)
            )
    for same in listed.values():
        same.sort(key=lambda row: -len(row[1]))
    return listed


@lru_cache(maxsize=256)
def find(text: str) -> tuple[Found, ...]:
    """The known names in ``text``, in order, the longest where several begin. Offsets are those of ``text``."""
    plain = simplified(text)
    lowered = "".join(char.lower() if len(char.lower()) == 1 else char for char in plain)
    listed, found, at = _by_start(), [], 0
    while at < len(lowered):
        for form, low, name in listed.get(lowered[at], ()):
            if lowered.startswith(low, at) and _is_name(form, low, at, plain, lowered):
                found.append(Found(name, text[at : at + len(low)], at, at + len(low)))
                at += len(low)
                break
        else:
            at += 1
    return tuple(found)


def _is_name(form: str, low: str, at: int, plain: str, lowered: str) -> bool:
    before, after = lowered[at - 1 : at], lowered[at + len(low) : at + len(low) + 1]
    if has_cjk(form):
        if (form[0] == "国" and before and before in _COUNTRY) or (form[-1] == "行" and after and after in _AFTER_BANK):
            return False
        around = _NOT_AROUND.get(form, ("", ""))
        return not (before and before in around[0]) and not (after and after in around[1])
    if _INSIDE.match(before) or _INSIDE.match(after) or lowered.startswith(_NOT_FOLLOWED.get(low, "\0"), at + len(low)):
        return False
    return not form.startswith("=") or plain.startswith(form[1:], at)


def known(text: str) -> frozenset[Name]:
    """Whom ``text`` names, full-width letters and traditional characters included."""
    return frozenset(found.name for found in find(unicodedata.normalize("NFKC", text)))


def forms(text: str) -> list[tuple[str, ...]]:
    """For each name in ``text`` how it stands there, then all it is called otherwise, in both languages."""
    listed: dict[Name, tuple[str, ...]] = {}
    for found in find(text):
        others = [form.removeprefix("=") for form in (*found.name.chinese, *found.name.english)]
        listed.setdefault(found.name, (found.text, *(form for form in others if form.lower() != found.text.lower())))
    return list(listed.values())


def other_names(text: str) -> list[tuple[str, str]]:
    """The names in ``text``, each once with the usual one in the other language."""
    return [
        (found.text, (found.name.english if has_cjk(found.text) else found.name.chinese)[0].removeprefix("="))
        for found in {found.name: found for found in reversed(find(text))}.values()
    ][::-1]
