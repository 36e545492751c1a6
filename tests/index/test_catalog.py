"""The SQLite half of a store: what is kept, found by its words, and left behind (nothing)."""

import sqlite3
import threading

import pytest

from index.catalog import Catalog
from index.errors import StoreError
from index.types import BlockKind, Box, Card, Chunk, Entry, Sentence

SENTENCE = Sentence("固定宽带接入用户达6.78亿户。", 3, "接入用户达6.78亿户。", (Box(1.04, 2, 3, 4), Box(5, 6, 7, 8)))
CHUNKS = [
    Chunk(3, "一、通信 › （一）宽带", BlockKind.PARAGRAPH, (SENTENCE,), "周报 › 宽带"),
    Chunk(4, "", BlockKind.TABLE, tuple(Sentence(row, 4, row) for row in ("Net sales | 1,247.4", "Costs | 3"))),
]


@pytest.fixture
def catalog(tmp_path):
    opened = Catalog(tmp_path / "catalog.sqlite")
    yield opened
    opened.close()


CARD = Card("Title", "云岚证券研究所", ("沈砚秋", "祁望舒"), "2026-03-15", "2026W11", "11 周", "甲", "600999", "增持")


def entry(report_id: str = "aaaa", name: str = "a.pdf") -> Entry:
    return Entry(report_id, name, "Title", "zh", 9, len(CHUNKS), report_id * 16, "2026-11-22T00:00:00+00:00", card=CARD)


def insert(catalog: Catalog, report_id: str = "aaaa", name: str = "a.pdf") -> None:
    with catalog.transaction():
        catalog.insert(entry(report_id, name), True, {3, 2**63}, CHUNKS)


def rows(catalog: Catalog) -> dict[str, int]:
    with sqlite3.connect(catalog.path) as db:
        tables = ("reports", "chunks", "chunk_words", "chunk_vocabulary", "pending")
        return {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}  # noqa: S608


def test_a_report_comes_back_as_it_was_put_in(catalog) -> None:
    insert(catalog)
    assert catalog.entries() == [entry()]
    assert catalog.sketches() == [("aaaa", True, frozenset({3, 2**63}))]
    ids = catalog.chunk_ids([("aaaa", 0), ("aaaa", 1), ("aaaa", 2), ("bbbb", 0)])
    assert list(ids) == [("aaaa", 0), ("aaaa", 1)]
    hits = catalog.hits(list(ids.values()))
    first, second = (hits[chunk_id] for chunk_id in ids.values())
    assert (first.report_id, first.report, first.title, first.page) == ("aaaa", "a.pdf", "Title", 3)
    assert (first.section, first.context, first.text) == ("一、通信 › （一）宽带", "周报 › 宽带", SENTENCE.text)
    assert first.sentences[0].quote == SENTENCE.quote
    assert first.sentences[0].boxes == (Box(1.0, 2, 3, 4), Box(5, 6, 7, 8))
    assert (second.kind, second.text) == (BlockKind.TABLE, "Net sales | 1,247.4\nCosts | 3")
    assert second.sentences[1] == Sentence("Costs | 3", 4, "Costs | 3")


def test_words_are_matched_in_both_languages_and_in_the_context(catalog) -> None:
    insert(catalog)
    ids = catalog.chunk_ids([("aaaa", 0), ("aaaa", 1)])
    broadband, sales = ids["aaaa", 0], ids["aaaa", 1]
    for query, found in (("宽带用户有多少", broadband), ("周报", broadband), ("net SALE", sales), ("1247.4", sales)):
        assert [chunk_id for chunk_id, _ in catalog.match(query, 5, ["aaaa"])] == [found], query
    assert catalog.match("宽带", 5, ["bbbb"]) == []
    assert catalog.match("宽带", 5, []) == []


@pytest.mark.parametrize(
    "query", ["", "  ", "🙂", '"', "a* OR (b)", "NEAR(x y)", "text:foo", "'; DROP TABLE chunks; --", "电" * 5000]
)
def test_no_query_breaks_the_search(catalog, query) -> None:
    insert(catalog)
    assert isinstance(catalog.match(query, 5, ["aaaa"]), list)
    assert rows(catalog)["chunks"] == len(CHUNKS)


def test_deleting_a_report_leaves_nothing_of_it(catalog) -> None:
    insert(catalog)
    insert(catalog, "bbbb", "b.pdf")
    with catalog.transaction():
        catalog.delete("aaaa")
    assert [e.id for e in catalog.entries()] == ["bbbb"]
    assert rows(catalog)["chunks"] == rows(catalog)["chunk_words"] == len(CHUNKS)
    with catalog.transaction():
        catalog.delete("bbbb")
    assert set(rows(catalog).values()) == {0}


def test_a_transaction_that_fails_changes_nothing(catalog) -> None:
    with pytest.raises(RuntimeError), catalog.transaction():
        catalog.insert(entry(), True, set(), CHUNKS)
        raise RuntimeError
    assert set(rows(catalog).values()) == {0}
    insert(catalog)
    with pytest.raises(sqlite3.IntegrityError):
        insert(catalog, "cccc", "a.pdf")  # the name is taken
    assert rows(catalog)["chunks"] == len(CHUNKS)


def test_the_state_tells_of_changes_by_others_too(catalog) -> None:
    before = catalog.state()
    assert catalog.state() == before
    other = Catalog(catalog.path)
    insert(other)
    other.close()
    changed = catalog.state()
    assert changed != before
    insert(catalog, "bbbb", "b.pdf")
    assert catalog.state() != changed


def test_threads_may_read_while_one_writes(catalog) -> None:
    insert(catalog)
    problems: list[BaseException] = []

    def search() -> None:
        try:
            for _ in range(50):
                assert catalog.match("宽带", 5, ["aaaa"])
                assert catalog.entries()
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(20):
        insert(catalog, f"b{number:03}", f"b{number}.pdf")
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(catalog.entries()) == 21


def test_an_empty_file_is_a_new_catalogue(tmp_path) -> None:
    path = tmp_path / "catalog.sqlite"
    path.touch()
    opened = Catalog(path)
    assert opened.entries() == []
    opened.close()


def test_a_file_of_something_else_is_told_and_kept(tmp_path) -> None:
    path = tmp_path / "catalog.sqlite"
    path.write_bytes(b"this is no database at all " * 400)
    with pytest.raises(StoreError, match=r"catalog\.sqlite cannot be opened.*delete the store"):
        Catalog(path)
    assert path.read_bytes().startswith(b"this is no database")


def test_a_catalogue_of_another_version_is_refused(tmp_path) -> None:
    path = tmp_path / "catalog.sqlite"
    opened = Catalog(path)
    opened.set("version", "999")
    opened.close()
    with pytest.raises(StoreError, match=r"another version.*is 999.*[Dd]elete"):
        Catalog(path)
