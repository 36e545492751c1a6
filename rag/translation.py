"""Answers across languages: written in the evidence's language, checked there, and then translated.

A small model understands a question in either language and translates a sentence well, but does badly at writing in
another language than the evidence's; and in one language the answer's names and figures can be checked on the page.
"""

import dataclasses
import re
from collections.abc import Generator, Iterator, Sequence
from collections.abc import Set as AbstractSet

from index.text import has_cjk
from rag.arithmetic import replaced
from rag.asking.names import forms
from rag.checking.citations import MARK, Checked
from rag.checking.figures import Figure, find, stands_in
from rag.checking.matching import digits
from rag.checking.terms import measures
from rag.confidence.kinds import periods
from rag.llm import LanguageModel

_NAME = re.compile(r"\b[A-Z][a-z]+(?: (?:of |and )?[A-Z][a-z]+)+\b")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_TIME = re.compile(rf"\b(?:Quarter|{_MONTHS})\b")
_MONTH = re.compile(rf"\b(?:{_MONTHS}) $")
_CHINESE_BRACKET = re.compile(r"\s*[（(]([\u3400-\u9fff][^()（）]*)[)）]")
_BULLET = re.compile(r"\s*[-•]\s+")
_NAMES_ASKED = re.compile(
    r"\b(?:who|whose|whom|where|which|address|names?|companies)\b|谁|哪[家个些里]|哪一|地址|名称|名字", re.IGNORECASE
)


def translate_question(text: str, to: str, llm: LanguageModel) -> str:
    """The question in the language ``to``; as it was when the model gives nothing of use."""
    labels = ("Question", "Chinese") if to == "zh" else ("问题", "英文")
    translated = _first_line("".join(_ask(f"translate_question_{to}", text, labels, llm)))
    return translated if translated and (has_cjk(translated) or to == "en") else text


def asks_for_names(question: str) -> bool:
    """Whether a question asks who, where or which: names then have to be shown as the page has them."""
    return bool(_NAMES_ASKED.search(question))


def translate_answer(checked: Checked, question: str, to: str, llm: LanguageModel) -> Generator[str, None, Checked]:
    """A checked answer in the language ``to``: the pieces as they are written; returns the whole, with its marks.

    Large figures go in with the reader's units and get the original in brackets. The original sentence follows in
    brackets where ``question`` asks for names, and where a figure gets lost or changed on the way (a slip of its scale
    is put right), or a name or a measure appears that neither the question nor the sentence has. A changed figure is
    unsupported.
    """
    unsupported = list(checked.unsupported)
    keep_original = asks_for_names(question)
    labels = ("Chinese", "English") if to == "en" else ("英文", "中文")
    lines = []
    for line in checked.text.splitlines():
        bullet = _BULLET.match(line)
        done = []
        for sentence, marks in _marked(line[bullet.end() :] if bullet else line):
            shown, figures = replaced(_as_asked(sentence, question), to)
            translated = ""
            for piece in _ask(f"translate_answer_{to}", shown, labels, llm):
                translated += piece
                yield piece
            translated = (
                _named_as_printed(_first_line(translated), sentence, question)
                if to == "en"
                else _first_line(translated)
            )
            before = find(shown)
            translated = _with_right_scales(translated, before)
            after = find(translated)
            lost = [f for f in before if f.checkable and not stands_in(f, after)]
            times = periods(sentence)
            changed = [
                f
                for f in after
                if f.checkable and not (stands_in(f, before) or _is_time(f, translated[: f.start], times))
            ]
            unsupported += [f.text for f in changed]
            body = _with_originals(translated.rstrip(".。 ") or sentence, figures, to)
            strange = to == "en" and _strangers(translated, f"{question} {sentence}")
            other = measures(translated) - measures(f"{question} {sentence}")
            if keep_original or lost or changed or strange or other or not translated:
                body = f"{body} ({sentence.rstrip('。.')})"
            done.append(f"{body}{' ' if to == 'en' and marks else ''}{marks}{'.' if to == 'en' else '。'}")
            yield " "
        lines.append((bullet[0] if bullet else "") + (" " if to == "en" else "").join(done))
    text = "\n".join(lines).strip()
    return dataclasses.replace(checked, text=text, unsupported=tuple(dict.fromkeys(unsupported)))


def _as_asked(sentence: str, question: str) -> str:
    """A sentence with the names of the question in the form in which they were asked for."""
    for name, *others in forms(question):
        there = next((other for other in others if other in sentence and name not in sentence), "")
        sentence = sentence.replace(there, name) if there else sentence
    return sentence


def _named_as_printed(translated: str, sentence: str, question: str) -> str:
    """An English text in which the names of the question have the page's form behind them, and no other has one."""
    text = _CHINESE_BRACKET.sub(lambda found: found[0] if found[1] in sentence else "", translated)
    for name, *others in forms(question):
        there = next((other for other in others if other in sentence and other not in text), "")
        text = text.replace(name, f"{name} ({there})", 1) if there else text
    return text


def _strangers(translated: str, known: str) -> list[str]:
    """Names of several words in an English text that are in no form in ``known``."""
    there = {form.lower() for names in forms(known) for form in names}
    return [
        name
        for name in _NAME.findall(translated)
        if name.lower() not in known.lower() and name.lower() not in there and not _TIME.search(name)
    ]


def _with_right_scales(translated: str, before: list[Figure]) -> str:
    """A translation in which a figure that has the digits of one that got lost is that one: 6.4亿 for 6,400万."""
    after = [f for f in find(translated) if f.checkable]
    lost = [f for f in before if f.checkable and not stands_in(f, after)]
    for figure in reversed(after):
        if stands_in(figure, before):
            continue
        meant = [f for f in lost if f.unit == figure.unit and digits(abs(f.value)) == digits(abs(figure.value))]
        if len({f.value for f in meant}) == 1:
            translated = f"{translated[: figure.start]}{meant[0].text}{translated[figure.end :]}"
    return translated


def _is_time(figure: Figure, before: str, times: AbstractSet[str]) -> bool:
    """Whether a figure is the day of a month (the end of March is March 31) or a year among ``times`` (2Q25)."""
    return bool(_MONTH.search(before)) or f"y{figure.text}" in times


def _with_originals(text: str, figures: Sequence[tuple[str, str]], to: str) -> str:
    """A translation with the figures' originals in brackets behind them, each once."""
    for new, old in figures:
        at = text.find(new)
        if at >= 0 and old not in text:
            end = at + len(new)
            text = f"{text[:end]}{f' ({old})' if to == 'en' else f'（{old}）'}{text[end:]}"
    return text


def _ask(name: str, text: str, labels: tuple[str, str], llm: LanguageModel) -> Iterator[str]:
    from llama_index.core.llms import ChatMessage, MessageRole

    colon = "：" if has_cjk(labels[0]) else ": "
    base, _, language = name.rpartition("_")
    messages = [
        ChatMessage(role=MessageRole.SYSTEM, content=llm.prompts.text(base, language)),
        ChatMessage(role=MessageRole.USER, content=f"{labels[0]}{colon}{text}\n{labels[1]}{colon}".rstrip()),
    ]
    return llm.stream(messages)


def _first_line(text: str) -> str:
    line = next((line for line in text.strip().splitlines() if line.strip()), "")
    return re.sub(r"^(?:English|Chinese|中文|英文)\s*[:：]\s*", "", line).strip()


def _marked(text: str) -> list[tuple[str, str]]:
    """The sentences of an answer, each with its marks."""
    parts = []
    for piece in re.split(r"(?<=[。！？])|(?<=[.!?])\s+|\n+", text):
        marks = "".join(re.findall(r"\[\d+\]", piece))
        bare = MARK.sub("", piece).strip()
        if bare:
            parts.append((bare, marks))
    return parts
