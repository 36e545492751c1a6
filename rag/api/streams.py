"""Server-sent events (WHATWG HTML, section 9.2)."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from fastapi.responses import StreamingResponse
from starlette.requests import Request

MEDIA_TYPE = "text/event-stream"
_BEAT = 15.0  # seconds without an event after which a comment keeps proxies from hanging up


def wanted(request: Request) -> bool:
    """Whether the client asks for a stream of events."""
    return MEDIA_TYPE in request.headers.get("accept", "").lower()


def event(name: str, data: Any) -> str:
    """One event; ``data`` is JSON."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)}\n\n"


def respond(lines: AsyncIterator[str]) -> StreamingResponse:
    """The events as they come. When the client hangs up, ``lines`` is closed."""
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}  # the latter: nginx passes events on at once
    return StreamingResponse(_kept_alive(lines), headers=headers, media_type=f"{MEDIA_TYPE}; charset=utf-8")


async def _kept_alive(lines: AsyncIterator[str]) -> AsyncIterator[str]:
    async with aclosing(lines) as opened:  # type: ignore[type-var]
        coming: asyncio.Task[str] | None = None
        try:
            while True:
                coming = coming or asyncio.ensure_future(anext(opened))
                done, _ = await asyncio.wait({coming}, timeout=_BEAT)
                if not done:
                    yield ": waiting\n\n"
                    continue
                try:
                    line = coming.result()
                except StopAsyncIteration:
                    return
                coming = None
                yield line
        finally:
            if coming is not None and not coming.done():
                coming.cancel()
                await asyncio.wait({coming})
