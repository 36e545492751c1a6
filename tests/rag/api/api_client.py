"""How the tests speak to the server."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx

EN, ZH = "en_annual_report.pdf", "zh_storage_weekly.pdf"
STREAM = {"accept": "text/event-stream"}
PROBLEM = "application/problem+json"


def events(client: httpx.Client, path: str, **request: Any) -> list[tuple[str, Any]]:
    """All events of a POST that streams."""
    with client.stream("POST", path, headers=STREAM, **request) as response:
        assert response.status_code == 200, response.read()
        assert response.headers["content-type"].startswith("text/event-stream")
        return list(read(response))


def read(response: httpx.Response) -> Iterator[tuple[str, Any]]:
    """Names and data of server-sent events as they come."""
    name = ""
    for line in response.iter_lines():
        if line.startswith("event: "):
            name = line[7:]
        elif line.startswith("data: "):
            yield name, json.loads(line[6:])


def eventually(found: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + 60
    while not found():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)
