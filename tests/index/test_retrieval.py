"""How well questions find their pages, over all the real reports in one store. Floors, not the best ever seen."""

import json
from pathlib import Path

import numpy as np
import pytest

from index.library import Library
from index.types import Hit
from rag.finding.retrieval import HybridRetriever


@pytest.fixture(scope="session")
def everything(shared, embedder, tmp_path_factory):
    opened = Library(tmp_path_factory.mktemp("everything") / "store", embedder)
    outcomes = opened.add([shared / "reports"])
    assert [o.path.name for o in outcomes if o.error] == []
    yield opened
    opened.close()


def ranks(library: Library, questions: Path) -> list[int]:
    """For every answerable question how many pages come before its right one."""
    found = []
    for line in questions.read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        if question["pages"]:
            hits: list[Hit] = HybridRetriever(library, k=60).hits(question["question"])
            pages = list(dict.fromkeys((hit.report, hit.page) for hit in hits))
            right = {(question["report"], page) for page in question["pages"]}
            found.append(next((rank for rank, page in enumerate(pages) if page in right), 99))
    return found


@pytest.mark.parametrize(
    ("questions", "first", "fifth"),
    [("zh_global_outlook_dev", 0.83, 0.96), ("zh_telecom_weekly_dev", 0.85, 0.95), ("en_financebench_dev", 0.50, 0.75)],
)
def test_the_right_page_is_among_the_first(everything, shared, questions, first, fifth) -> None:
    found = ranks(everything, shared / "qa" / f"{questions}.jsonl")
    assert sum(rank < 1 for rank in found) / len(found) >= first
    assert sum(rank < 5 for rank in found) / len(found) >= fifth


def test_the_nearest_chunks_are_found_although_the_graph_is_approximate(everything, embedder, shared) -> None:
    stored = everything._opening.stores.vectors._collection.get(include=["embeddings"])
    vectors = np.array(stored["embeddings"])
    recalled = []
    for line in (shared / "qa" / "zh_telecom_weekly_dev.jsonl").read_text(encoding="utf-8").splitlines():
        query = embedder.query(json.loads(line)["question"])
        nearest = {stored["ids"][index] for index in np.argsort(-(vectors @ query))[:100]}
        hits = everything._opening.stores.vectors.query(query, 100, [entry.id for entry in everything.reports()])
        found = [f"{report}:{ordinal}" for report, ordinal, _ in hits]
        recalled.append(len(nearest & set(found)))
        assert found[0] == stored["ids"][int(np.argmax(vectors @ query))]
    assert min(recalled) >= 95


def test_leaving_out_a_few_reports_finds_the_same_as_searching_only_the_others(everything, embedder) -> None:
    entries = everything.reports()
    wanted = [entry.id for entry in entries if not entry.copy_of]
    others = [entry.id for entry in entries if entry.copy_of]
    assert 0 < len(others) < len(wanted)
    for question in ("运营商的资本开支是多少？", "What was free cash flow?"):
        query = embedder.query(question)
        over = everything._opening.stores.vectors.query(query, 100, wanted, others)
        only = everything._opening.stores.vectors._nearest(query, 100, {"report_id": {"$in": wanted}})
        assert len({near[:2] for near in over} & {near[:2] for near in only}) >= 95


def test_the_text_and_the_scan_of_a_report_are_known_as_its_copies(everything) -> None:
    copies = {entry.name: entry.copy_of for entry in everything.reports() if entry.copy_of}
    original = "zh_telecom_weekly_2025w18.pdf"
    assert copies == {"zh_telecom_weekly_2025w18.txt": original, "zh_telecom_weekly_2025w18_scan.pdf": original}


def test_every_page_of_a_long_report_has_something_to_find(everything) -> None:
    outlook = everything.find("zh_global_outlook_2024.pdf")
    pages = {hit.page for hit in everything.search("经济", k=5000, reports=[outlook.id])}
    assert len(pages) >= 0.9 * outlook.pages
