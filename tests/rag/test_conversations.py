import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from index.errors import StoreError
from rag import conversations
from rag.conversations import Conversation, ConversationStore, Exchange
from rag.types import Answer, Citation, Conflict, ConflictFigure, Evidence, Timings

QUOTE = "毛利率为38.6%。"
EVIDENCE = Evidence(n=1, report_id="1a2b", report="a.pdf", title="年报", page=3, section="盈利", text=QUOTE, score=0.5,
                    on_page="毛利率为", about="单位：%")  # fmt: skip
SIDE = ConflictFigure(value="38.6%", report="a.pdf", page=3, quote=QUOTE)
ANSWER = Answer(
    answer="毛利率为 38.6%[1]。",
    language="zh",
    found=True,
    citations=(Citation.of(EVIDENCE, 1, QUOTE),),
    unsupported=("12",),
    conflicts=(Conflict(subject="毛利率", figures=(SIDE,)),),
    timings_ms=Timings(retrieve=1, first_token=None, total=2),
    model="m",
    embedder="e",
    failed=True,
    standalone="2025年毛利率是多少？",
    evidence=(EVIDENCE,),
)


@pytest.fixture
def store(tmp_path):
    opened = ConversationStore(tmp_path / "conversations.sqlite")
    yield opened
    opened.close()


def asked(store: ConversationStore, user: str, *questions: str) -> Conversation:
    made = store.create(user)
    for question in questions:
        store.append(user, made.id, Exchange(question=question, answer=ANSWER))
    return store.get(user, made.id)


def test_all_of_an_answer_comes_back(store) -> None:
    made = store.create("ann", reports=["a.pdf", "b\nc.pdf"])
    first = Exchange(question="毛利率？", reports=("a.pdf",), answer=ANSWER, good=True)
    stopped = Exchange(question="And then?", evidence=(EVIDENCE,), text="It was", failure="stopped")
    store.append("ann", made.id, first)
    store.append("ann", made.id, stopped)
    kept = store.get("ann", made.id)
    assert kept.exchanges == (first, stopped)
    assert kept.reports == ("a.pdf", "b\nc.pdf")
    assert [e.standalone for e in kept.exchanges] == ["2025年毛利率是多少？", "And then?"]


def test_a_conversation_is_called_by_its_first_question_until_it_is_renamed(store) -> None:
    made = asked(store, "", "毛利率\n是多少？", "为什么？")
    assert made.title == "毛利率 是多少？"
    store.rename("", made.id, "  盈利 ")
    store.append("", made.id, Exchange(question="还有呢？"))
    store.rename("", made.id, " ")
    assert store.get("", made.id).title == "盈利"
    assert len(asked(store, "", "why " * 100).title) == 60


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("营", ["zh"]),
        ("營收 2024", ["zh"]),
        ("CAPEX", ["en"]),
        ("net sales", ["en"]),
        ("sales 38.6%", ["en"]),
        ("38.6%", ["en", "zh"]),
        ("100%", []),
        ("营收 capex", []),
        ("_", []),
        (" ", ["en", "zh"]),
    ],
)
def test_words_find_conversations_by_question_answer_and_title(store, text: str, found: list[str]) -> None:
    zh = asked(store, "ann", "2024年营收", "毛利率是多少？")
    en = asked(store, "ann", "What were net ｓales?", "And capex?")
    asked(store, "bob", "毛利率 营收 2024 net sales capex")
    names = {zh.id: "zh", en.id: "en"}
    assert [names[c.id] for c in store.list("ann", text)] == found


def test_a_title_is_found_too(store) -> None:
    made = asked(store, "", "毛利率？")
    store.rename("", made.id, "季度回顾")
    assert [c.id for c in store.list("", "回顾")] == [made.id]


def test_the_last_changed_comes_first(store) -> None:
    first, second = asked(store, "ann", "A?"), asked(store, "ann", "B?")
    assert [c.id for c in store.list("ann")] == [second.id, first.id]
    store.append("ann", first.id, Exchange(question="C?"))
    assert [c.id for c in store.list("ann")] == [first.id, second.id]
    assert [c.id for c in store.list("ann", limit=1)] == [first.id]


def test_of_two_changed_in_one_moment_the_one_asked_last_comes_first(store, monkeypatch) -> None:
    monkeypatch.setattr(conversations, "_now", lambda: "2031-02-03T04:05:06.789000+00:00")
    first, second = asked(store, "ann", "A?"), asked(store, "ann", "B?")
    store.append("ann", first.id, Exchange(question="C?"))
    assert [c.id for c in store.list("ann")] == [first.id, second.id]


@pytest.mark.parametrize(
    "reach",
    [
        lambda store, c: store.get("bob", c),
        lambda store, c: store.delete("bob", c),
        lambda store, c: store.rename("bob", c, "mine"),
        lambda store, c: store.append("bob", c, Exchange(question="mine")),
        lambda store, c: store.cut("bob", c, 0),
    ],
)
def test_what_is_anothers_is_not_there(store, reach) -> None:
    made = asked(store, "ann", "A?")
    with pytest.raises(StoreError, match="no conversation"):
        reach(store, made.id)
    assert store.list("bob") == []
    assert store.get("ann", made.id) == made


def test_an_exchange_is_put_in_the_place_of_the_one_with_its_id(store) -> None:
    made = asked(store, "", "A?", "B?")
    store.append("", made.id, made.exchanges[0].model_copy(update={"good": False}))
    assert [(e.question, e.good) for e in store.get("", made.id).exchanges] == [("A?", False), ("B?", None)]


def test_asking_an_earlier_question_anew_drops_what_followed(store) -> None:
    made = asked(store, "", "A?", "B?", "C?")
    store.cut("", made.id, 1)
    store.append("", made.id, Exchange(question="D?"))
    assert [e.question for e in store.get("", made.id).exchanges] == ["A?", "D?"]
    assert store.list("", "c?") == []


def test_deleted_conversations_are_gone_with_all_they_said(store) -> None:
    one, _ = asked(store, "ann", "A?"), asked(store, "ann", "B?")
    others = asked(store, "bob", "C?")
    store.delete("ann", one.id)
    with pytest.raises(StoreError):
        store.get("ann", one.id)
    store.delete_all("ann")
    assert store.list("ann") == []
    assert store._db.rows("SELECT count(*) FROM exchanges") == [(1,)]
    assert store.get("bob", others.id).exchanges


def test_half_characters_are_kept_as_question_marks(store) -> None:
    made = asked(store, "ann", "a\ud800b")
    assert (made.title, made.exchanges[0].question) == ("a?b", "a?b")
    assert [c.id for c in store.list("ann", "a\ud800b")] == [made.id]


def _write_and_die(path: Path) -> None:
    store = ConversationStore(path)
    made = store.create("ann")
    for number in range(5):
        store.append("ann", made.id, Exchange(question=f"{number}?"))
    with store._db.transaction():
        store._db.rows("DELETE FROM exchanges")
        os.kill(os.getpid(), signal.SIGKILL)


def test_what_was_kept_survives_a_process_that_dies_while_it_writes(tmp_path) -> None:
    path = tmp_path / "conversations.sqlite"
    process = multiprocessing.get_context("spawn").Process(target=_write_and_die, args=(path,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    store = ConversationStore(path)
    assert len(store.get("ann", store.list("ann")[0].id).exchanges) == 5
    store.close()


def test_nobody_else_on_the_machine_can_read_them(store, tmp_path) -> None:
    asked(store, "ann", "A?")
    assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}
