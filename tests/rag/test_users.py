import io
import json
import sqlite3

import pytest

from index.errors import SettingsError
from rag.conversations import ConversationStore, Exchange
from rag.users import UserStore, authenticate

WORD = "three plain words"
pytestmark = pytest.mark.usefixtures("clean_environment")


@pytest.fixture
def users(tmp_path):
    store = UserStore(tmp_path / "users.sqlite")
    yield store
    store.close()


def test_only_the_right_name_with_the_right_password_gets_in(users) -> None:
    users.add("ann", WORD)
    users.add("李雷", "密码要够长才行啊")
    tried = [("ann", WORD), ("李雷", "密码要够长才行啊"), ("ann", "three plain word"), ("李雷", WORD), ("bob", WORD),
             ("Ann", WORD), ("ann", ""), ("", ""), ("ann\ud800", WORD), ("ann", "\ud800")]  # fmt: skip
    assert [authenticate(users, *pair) for pair in tried] == [True, True] + [False] * 8


def test_a_password_composed_or_in_pieces_is_the_same(users) -> None:
    users.add("zoe\u0308", "cafe\u0301 cafe\u0301")
    assert authenticate(users, "zoë", "café café")


def test_passwords_are_nowhere_in_the_file(users, tmp_path) -> None:
    users.add("ann", WORD)
    users.add("bob", WORD)
    assert not any(WORD.encode() in path.read_bytes() for path in tmp_path.iterdir())
    kept = sqlite3.connect(tmp_path / "users.sqlite").execute("SELECT password FROM users").fetchall()
    assert len(set(kept)) == 2
    assert all(value.startswith("scrypt$") for (value,) in kept)


def test_the_stamp_changes_with_the_password_and_ends_with_the_user(users) -> None:
    users.add("ann", WORD)
    first = users.stamp("ann")
    users.set_password("ann", "other plain words")
    second = users.stamp("ann")
    assert authenticate(users, "ann", "other plain words")
    assert not authenticate(users, "ann", WORD)
    users.remove("ann")
    assert first != second != users.stamp("ann") is None
    users.add("ann", "other plain words")
    assert users.stamp("ann") != second


@pytest.mark.parametrize("name", ["", "  ", "a:b", "a\nb", "x" * 65, "a\u202eb"])
def test_names_that_could_not_sign_in_or_be_seen_are_refused(users, name: str) -> None:
    with pytest.raises(SettingsError):
        users.add(name, WORD)


@pytest.mark.parametrize("password", ["", "short", "x" * 257])
def test_passwords_too_short_or_too_long_are_refused(users, password: str) -> None:
    with pytest.raises(SettingsError, match="8 to 256"):
        users.add("ann", password)


def test_a_name_is_taken_once_and_who_is_not_there_cannot_be_changed(users) -> None:
    users.add("ann", WORD)
    with pytest.raises(SettingsError, match="already"):
        users.add("ann", "other plain words")
    assert authenticate(users, "ann", WORD)
    for change in (lambda: users.remove("bob"), lambda: users.set_password("bob", WORD)):
        with pytest.raises(SettingsError, match="no user bob"):
            change()


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    from rag.cli import main

    def call(*arguments: str, typed: str = "") -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        try:
            main(["users", *arguments, "--store", str(tmp_path / "store")])
            code = 0
        except SystemExit as left:
            code = int(left.code or 0)
        said = capsys.readouterr()
        return code, said.out + said.err

    return call


def test_users_are_added_changed_listed_and_removed_by_command(run, tmp_path) -> None:
    assert run("add", "ann", typed=f"{WORD}\n") == (0, "added ann\n")
    assert run("add", "[b]", typed=f"{WORD}\n")[0] == 0
    assert run("password", "ann", typed="other plain words\n")[0] == 0
    listed = json.loads(run("list", "--json")[1])
    assert [user["name"] for user in listed] == ["[b]", "ann"]
    assert "[b]" in run("list")[1]
    assert run("remove", "[b]")[0] == 0
    store = UserStore(tmp_path / "store" / "users.sqlite")
    assert authenticate(store, "ann", "other plain words")
    assert [user.name for user in store.all()] == ["ann"]
    store.close()


def test_a_password_is_no_argument(run) -> None:
    assert run("add", "ann", WORD)[0] == 2
    code, said = run("add", "ann", typed="short\n")
    assert (code, "8 to 256" in said) == (2, True)
    assert run("remove", "ann")[0] == 2


def test_the_next_user_of_a_name_does_not_see_what_the_last_one_asked(run, tmp_path) -> None:
    run("add", "ann", typed=f"{WORD}\n")
    kept = ConversationStore(tmp_path / "store" / "conversations.sqlite")
    kept.append("ann", kept.create("ann").id, Exchange(question="A?"))
    kept.create("bob")
    run("remove", "ann")
    assert (len(kept.list("ann")), len(kept.list("bob"))) == (0, 1)
    kept.close()
