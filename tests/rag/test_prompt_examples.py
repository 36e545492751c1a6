"""The companies of the prompts' examples are all known to the check that keeps them out of answers."""

import re
from importlib.resources import files

from rag.checking.strangers import strange_names
from rag.prompts import EXAMPLES

COMPANY = re.compile(r"(\w{2})(?:科技|股份)|\b([A-Z][a-z]+)(?: Technology)?'s (?:\d{4} )?(?:revenue|net profit)")


def test_every_company_of_an_example_is_listed() -> None:
    texts = [file.read_text(encoding="utf-8") for file in files("rag.prompts").iterdir() if file.name.endswith(".txt")]
    named = {"".join(names) for text in texts for names in COMPANY.findall(text)}
    assert named
    for name in named:
        assert name in EXAMPLES
        assert strange_names(f"Last year {name} grew.", "a report")
    assert all(any(example in text for text in texts) for example in EXAMPLES)
