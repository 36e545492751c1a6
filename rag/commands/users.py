"""``report-qa users``: who may sign in."""

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from index.errors import SettingsError
from rag.commands.shared import Json, Store, err, out, print_json
from rag.settings import load

if TYPE_CHECKING:
    from rag.users import UserStore

app = typer.Typer(help="Add, remove and list those who may sign in (setting auth = users).", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The user's name.")]


@contextmanager
def _users(store: Path | None) -> Iterator[tuple["UserStore", Path]]:
    """The users of a store, and its folder."""
    from rag.users import FILE, UserStore

    folder = load(store=store).store.expanduser()
    users = UserStore(folder / FILE)
    try:
        yield users, folder
    finally:
        users.close()


def _password() -> str:
    """The password: typed twice unseen, or the first line of what is piped in. Never an argument, which others see."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != first:
        raise SettingsError("The two passwords differ.", "Type the same one twice.")
    return first


@app.command()
def add(name: Name, store: Store = None) -> None:
    """Let somebody in. The password is asked for, or read from the standard input."""
    with _users(store) as (users, _):
        user = users.add(name, _password())
    out.print(f"added {escape(user.name)}")


@app.command()
def password(name: Name, store: Store = None) -> None:
    """Change a password. Whoever is signed in with the old one has to sign in again."""
    with _users(store) as (users, _):
        users.set_password(name, _password())
    out.print(f"changed the password of {escape(name)}")


@app.command()
def remove(name: Name, store: Store = None) -> None:
    """Let somebody in no more, and delete what they asked: the next user of the name must not see it."""
    from rag.conversations import FILE, ConversationStore

    with _users(store) as (users, folder):
        users.remove(name)
        if (folder / FILE).exists():
            conversations = ConversationStore(folder / FILE)
            conversations.delete_all(name)
            conversations.close()
    out.print(f"removed {escape(name)}")


@app.command()
def token(
    name: Name,
    revoke: Annotated[bool, typer.Option("--revoke", help="End all tokens and sessions of the user instead.")] = False,
    store: Store = None,
) -> None:
    """Print a new token for a user's programs (Authorization: Bearer ...). It is shown this once."""
    from rag.tokens import FILE, TokenStore

    with _users(store) as (users, folder):
        stamp = users.stamp(name)
        if stamp is None:
            raise SettingsError(f"There is no user {name}.", "`report-qa users list` shows who there is.")
        tokens = TokenStore(folder / FILE)
        if revoke:
            err.print(f"revoked {tokens.revoke_all(name)}")
        else:
            sys.stdout.write(f"{tokens.issue(name, stamp)}\n")
        tokens.close()


@app.command("list")
def list_users(store: Store = None, as_json: Json = False) -> None:
    """List those who may sign in."""
    with _users(store) as (users, _):
        found = users.all()
    if as_json:
        print_json([{"name": user.name, "added": user.added} for user in found])
        return
    for user in found:
        out.print(f"{escape(user.name)}  [dim]{user.added}[/]")
    if not found:
        out.print("No users yet: add one with `report-qa users add NAME`.")
