"""The default embedder, with its real weights, and Sentence Transformers folders that users bring."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index import models
from index.embedding import Embedder, open_embedder
from index.errors import ModelError
from index.llama_index_embedding import LlamaIndexEmbedding

PASSAGES = [
    "固定宽带接入用户在三月末达到六亿七千八百万户，千兆用户占比超过三成。",
    "The central bank kept its policy rate unchanged and expects inflation to slow next year.",
    "新能源汽车的销量比去年同期增长了四成，出口占五分之一。",
    "Net sales of the packaging segment fell because volumes were lower in North America.",
    "光模块厂商的毛利率因为新产品出货而提高。",
]
TRANSLATIONS = [
    "Fixed broadband subscribers reached 678 million at the end of March; over 30% had gigabit service.",
    "央行维持政策利率不变，并预计明年通胀放缓。",
    "Sales of new energy vehicles grew 40% on the year before; exports were a fifth of them.",
    "包装业务的净销售额下降，因为北美的销量减少。",
    "Gross margins of optical module makers rose as new products were shipped.",
]
QUESTIONS = [
    ("宽带用户有多少户？", "How many fixed broadband subscribers are there?"),
    ("央行对利率做了什么决定？", "What did the central bank do with interest rates?"),
    ("电动车卖得怎么样？", "How well did electric cars sell?"),
    ("包装业务的销售额为什么下降？", "Why did packaging sales decline?"),
    ("光模块公司的毛利率为什么提高？", "Why did optical module makers' margins rise?"),
]


def test_vectors_are_unit_float32_in_the_order_given(embedder: Embedder) -> None:
    vectors = embedder.documents(PASSAGES)
    assert vectors.shape == (len(PASSAGES), embedder.dimension) == (5, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    again = embedder.documents(PASSAGES[::-1])[::-1]
    assert np.allclose(vectors, again, atol=1e-2)


def test_the_default_embedder_gives_what_sentence_transformers_makes_of_the_same_model(embedder: Embedder) -> None:
    model = embedder.sentence_transformer()  # type: ignore[attr-defined]
    for prompt, vectors in (
        ("passage: ", embedder.documents(PASSAGES)),
        ("query: ", np.stack([embedder.query(text) for text in PASSAGES])),
    ):
        theirs = np.concatenate([model.encode([text], prompt=prompt) for text in PASSAGES])
        assert np.min(np.sum(vectors * theirs, axis=1)) > 0.999


def test_opening_the_default_embedder_imports_no_torch(models_dir: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from index.embedding import open_embedder;"
        "open_embedder('default', Path(sys.argv[1]), 1).query('x');"
        "print({'torch', 'sentence_transformers', 'transformers'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code, str(models_dir)], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


@pytest.mark.parametrize("language", [0, 1], ids=["Chinese", "English"])
def test_a_question_is_nearest_to_its_passage_among_those_of_either_language(embedder: Embedder, language: int) -> None:
    chinese = [min(pair, key=str.isascii) for pair in zip(PASSAGES, TRANSLATIONS, strict=True)]
    english = [max(pair, key=str.isascii) for pair in zip(PASSAGES, TRANSLATIONS, strict=True)]
    queries = np.stack([embedder.query(pair[language]) for pair in QUESTIONS])
    for passages in (chinese, english):
        assert np.argmax(queries @ embedder.documents(passages).T, axis=1).tolist() == [0, 1, 2, 3, 4]


def test_a_batch_gives_what_single_texts_give(embedder: Embedder) -> None:
    texts = [passage * n for n, passage in enumerate(PASSAGES, start=1)] + ["短", ""]
    batch = embedder.documents(texts)
    single = np.concatenate([embedder.documents([text]) for text in texts])
    assert np.abs(batch - single).max() < 1e-2


def test_equal_texts_get_equal_vectors_and_progress_counts_them_all(embedder: Embedder) -> None:
    texts = [PASSAGES[0], PASSAGES[1], PASSAGES[0], PASSAGES[1], PASSAGES[2], PASSAGES[0]] * 30
    seen: list[tuple[int, int]] = []
    vectors = embedder.documents(texts, lambda done, total: seen.append((done, total)))
    assert len(vectors) == 180
    assert np.array_equal(vectors[0], vectors[2])
    assert not np.allclose(vectors[0], vectors[1], atol=0.05)
    assert np.array_equal(vectors[:6], vectors[6:12])
    assert seen[-1] == (180, 180)


def test_nothing_in_nothing_out(embedder: Embedder) -> None:
    assert embedder.documents([]).shape == (0, embedder.dimension)
    assert embedder.token_counts([]) == []


def test_a_text_longer_than_the_model_reads_is_cut(embedder: Embedder) -> None:
    long = "光模块厂商的毛利率提高。" * 200
    assert embedder.token_counts([long])[0] > embedder.max_tokens == 512
    vectors = embedder.documents([long, long + PASSAGES[1]])
    assert np.array_equal(vectors[0], vectors[1])


def test_token_counts_leave_out_prompt_and_special_tokens(embedder: Embedder) -> None:
    one, two, none = embedder.token_counts(["report", "report report", ""])
    assert (one, two, none) == (1, 2, 0)


def test_full_width_and_composed_forms_read_like_plain_ones(embedder: Embedder) -> None:
    plain = ["78% five VIII cafe\u0301 (2024)", "ABC 123"]
    other = ["７８％ ﬁve Ⅷ café （２０２４）", "ＡＢＣ\u3000１２３"]
    assert embedder.token_counts(plain[1:]) == embedder.token_counts(other[1:])
    similarity = (embedder.documents(plain) * embedder.documents(other)).sum(axis=1)
    assert similarity[1] > 0.9999
    assert similarity[0] > 0.97


def test_questions_and_passages_get_their_own_prompts(embedder: Embedder) -> None:
    similarity = float(embedder.query(PASSAGES[0]) @ embedder.documents([PASSAGES[0]])[0])
    assert 0.8 < similarity < 0.999


def test_threads_may_share_it(embedder: Embedder) -> None:
    texts = [f"{passage} {n}" for n in range(8) for passage in PASSAGES]
    expected = np.stack([embedder.query(text) for text in texts])
    with ThreadPoolExecutor(4) as pool:
        found = np.stack(list(pool.map(embedder.query, texts)))
    assert np.abs(found - expected).max() < 1e-2


def test_the_default_agrees_with_the_same_model_run_by_torch(embedder: Embedder, models_dir: Path) -> None:
    folder = models.path("embedder", models_dir)
    torch_embedder = open_embedder(str(folder), models_dir, 2)
    assert torch_embedder.name == "multilingual-e5-small"
    assert torch_embedder.fingerprint != embedder.fingerprint
    assert (torch_embedder.dimension, torch_embedder.max_tokens) == (384, 512)
    texts = [
        *PASSAGES,
        *TRANSLATIONS,
        *(q for pair in QUESTIONS for q in pair),
        "７８％ ﬁve Ⅷ ① ㎡ e\u0301 \u00a0 two  spaces",
    ]
    assert torch_embedder.token_counts(texts) == embedder.token_counts(texts)
    assert (torch_embedder.documents(texts) * embedder.documents(texts)).sum(axis=1).min() > 0.999
    assert torch_embedder.query("利率") @ embedder.query("利率") > 0.999


def test_a_fingerprint_stays_the_same_for_the_same_folder(models_dir: Path, embedder: Embedder) -> None:
    assert open_embedder("default", models_dir, 1).fingerprint == embedder.fingerprint


def test_a_model_that_is_not_there_is_an_error_with_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="report-qa models pull"):
        open_embedder("default", tmp_path, 2)
    with pytest.raises(ModelError, match="report-qa models pull --embedder report-qa/no-such-model"):
        open_embedder("report-qa/no-such-model", tmp_path, 2)
    with pytest.raises(ModelError, match="neither a folder nor a model id"):
        open_embedder("./no/such/folder", tmp_path, 2)
    with pytest.raises(ModelError, match="cannot be loaded"):
        open_embedder(str(tmp_path), tmp_path, 2)


def test_llama_index_gets_the_same_vectors(embedder: Embedder) -> None:
    adapter = LlamaIndexEmbedding(embedder)
    assert adapter.model_name == embedder.name
    assert np.allclose(adapter.get_query_embedding("利率"), embedder.query("利率"), atol=1e-2)
    assert np.allclose(adapter.get_text_embedding_batch(PASSAGES), embedder.documents(PASSAGES), atol=1e-2)


def test_openvino_reports_nothing_to_its_maker(tmp_path: Path) -> None:
    code = (
        "import sys; from index.openvino_encoder import load_openvino; load_openvino();"
        "print(any(name.startswith('openvino_telemetry.') for name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"HOME": str(tmp_path), "PATH": ""},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"
    assert list(tmp_path.iterdir()) == []
