"""A reranker by setting, with a real but tiny CrossEncoder of random weights."""

import dataclasses
from pathlib import Path

import pytest

from index.errors import ModelError
from index.types import BlockKind, Hit
from rag import ReportQA
from rag.finding.reranking import Reranker, reranker
from rag.settings import Settings


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Path:
    """A folder that CrossEncoder can open: BERT of one layer, one output, a vocabulary of a few words."""
    import torch
    from sentence_transformers import CrossEncoder
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "revenue", "rose", "fell", "ferry", "income", "risk"]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder / "base")
    torch.manual_seed(4)
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        num_labels=1, max_position_embeddings=64, initializer_range=1.0,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder / "base")
    CrossEncoder(str(folder / "base"), device="cpu").save_pretrained(str(folder / "model"))
    return folder / "model"


def hits(*texts: str) -> list[Hit]:
    return [
        Hit(i, "r", "r.pdf", "R", i + 1, "", BlockKind.PARAGRAPH, text, score=1 - i / 10)
        for i, text in enumerate(texts)
    ]


def judged(folder: Path, query: str, found: list[Hit]) -> list[str]:
    from sentence_transformers import CrossEncoder

    scores = CrossEncoder(str(folder), device="cpu").predict([(query, f"{h.context}\n{h.text}") for h in found])
    return [found[i].text for i in sorted(range(len(found)), key=lambda i: -scores[i])]


def test_the_cross_encoder_orders_the_first_and_the_others_stay_behind(tiny) -> None:
    found = hits("revenue rose", "ferry risk", "income fell", "risk risk risk", "ferry ferry")
    ordered = Reranker(str(tiny), Path("unused"), 4).order("revenue", found)
    assert [hit.text for hit in ordered] == [*judged(tiny, "revenue", found[:4]), "ferry ferry"]
    assert [hit.score for hit in ordered] == [hit.score for hit in found]


def test_the_order_is_not_the_one_before(tiny) -> None:
    found = hits("revenue rose", "ferry risk", "income fell", "risk risk risk")
    backwards = [dataclasses.replace(hit, score=1.0) for hit in reversed(found)]
    model = Reranker(str(tiny), Path("unused"), 20)
    texts = [hit.text for hit in model.order("revenue", found)]
    assert texts == [hit.text for hit in model.order("revenue", backwards)]


def test_a_reranker_that_is_not_there_is_an_error_that_says_what_to_do(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="no-such/model") as error:
        Reranker("no-such/model", tmp_path, 20).order("revenue", hits("a", "b"))
    assert "reranker" in error.value.remedy


def test_a_folder_without_a_model_is_an_error(tmp_path) -> None:
    with pytest.raises(ModelError, match="cannot be loaded"):
        Reranker(str(tmp_path), tmp_path, 20).order("revenue", hits("a", "b"))


def test_the_empty_setting_is_no_reranker(tmp_path) -> None:
    assert reranker("", tmp_path, 20) is None


def test_the_setting_puts_it_into_searching(tiny, sample_store) -> None:
    with ReportQA.open(sample_store, Settings(llm="none")) as plain:
        without = plain.search("revenue", 20)
    with ReportQA.open(sample_store, Settings(llm="none", reranker=str(tiny))) as qa:
        ordered = qa.search("revenue", 20)
    assert {hit.chunk_id for hit in ordered} == {hit.chunk_id for hit in without}
    assert [hit.chunk_id for hit in ordered] != [hit.chunk_id for hit in without]
