"""The engine's answers, which are made in threads, for requests, which are not; who hangs up stops the work."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, TypeVar

from starlette.requests import ClientDisconnect, Request

from rag.api.reports import chosen
from rag.types import Answer, Event

if TYPE_CHECKING:
    from rag.api.schemas import Ask
    from rag.engine import ReportQA

T = TypeVar("T")


def events(qa: "ReportQA", asked: "Ask", asker: str) -> AsyncIterator[Event]:
    """What the engine makes of a question, the checked answer last. Turns go round between different ``asker``."""

    def start() -> Iterator[Event]:
        reports = chosen(qa, asked.reports, asked.filter.filter())
        return qa.stream(asked.question, asked.history, reports, asker)

    return from_thread(start)


async def from_thread(start: Callable[[], Iterator[T]]) -> AsyncIterator[T]:
    """What ``start()`` yields in a thread of its own. Closing this closes that, at its next item at the latest."""
    loop = asyncio.get_running_loop()
    items: asyncio.Queue[tuple[bool, T | Exception | None]] = asyncio.Queue()
    stopped = threading.Event()

    def put(more: bool, item: T | Exception | None) -> None:
        with suppress(RuntimeError):  # the server ended before the answer
            loop.call_soon_threadsafe(items.put_nowait, (more, item))

    def work() -> None:
        try:
            made = start()
            try:
                for item in made:
                    if stopped.is_set():
                        return
                    put(True, item)
            finally:
                if hasattr(made, "close"):
                    made.close()
            put(False, None)
        except Exception as error:
            put(False, error)

    threading.Thread(target=work, name="answer", daemon=True).start()
    try:
        while True:
            more, item = await items.get()
            if isinstance(item, Exception):
                raise item
            if not more:
                return
            yield item  # type: ignore[misc]
    finally:
        stopped.set()


async def answer(request: Request, events: AsyncIterator[Event]) -> Answer:
    """The last of the events. Raises ClientDisconnect when the client does not wait for it."""

    async def last() -> Answer:
        found: Event | None = None
        async with aclosing(events) as opened:  # type: ignore[type-var]
            async for event in opened:
                found = event
        assert isinstance(found, Answer)  # noqa: S101 - every stream ends with one
        return found

    work, gone = asyncio.ensure_future(last()), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise ClientDisconnect
        return work.result()
    finally:
        work.cancel()
        gone.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
