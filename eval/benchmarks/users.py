"""What many users at once see of the chat: how soon the evidence comes, their place in the line, and whose turn it is.

    python -m eval.benchmarks.users [--users 20] [--seconds 2] [--store DIR] [--questions FILE.jsonl]

The page's own requests are sent to `app.py`, as many at once as there are users, all of them signed in. What the
language model would write comes from a server that takes ``--seconds`` for it and is asked for one answer at a time, as
a local model is. The first user asks four questions at once, so that it shows whose turn it is. Without ``--store`` the
sample reports are asked; a store that is given is copied.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from eval.questions import load as load_questions
from rag import ReportQA
from rag.settings import load

ROOT = Path(__file__).parents[2]
DATA = ROOT / "eval" / "data"
GREEDY = 4  # questions that the first user asks at once
WRITTEN = "The reports say so [1]."
_WAITING = re.compile(r"In line for the model: number (\d+)")


@dataclass(slots=True)
class Session:
    """One open page: who asked what, and the seconds until the evidence, the places in the line and the answer."""

    user: str
    question: str
    evidence: float | None = None
    places: list[int] = field(default_factory=list)
    answered: float | None = None
    problem: str = ""


@contextmanager
def model_server(seconds: float) -> Iterator[str]:
    """An OpenAI-compatible server that writes one sentence in ``seconds``; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            self._send("application/json", b'{"object": "list", "data": []}')

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            time.sleep(seconds)
            choice = {"index": 0, "delta": {"role": "assistant", "content": WRITTEN}, "finish_reason": None}
            chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
            self._send("text/event-stream", f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n".encode())

        def _send(self, kind: str, body: bytes) -> None:
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def chat(store: Path, model: str) -> Iterator[str]:
    """The program over ``store``, behind a proxy that names users; gives its address."""
    settings = {"STORE": store, "LLM": "scripted", "LLM_BASE_URL": model, "LLM_ANSWERS": 1, "AUTH": "proxy", "PORT": 0}
    env = {**os.environ, **{f"REPORT_QA_{key}": str(value) for key, value in settings.items()}}
    with subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as app:
        try:
            assert app.stdout is not None  # noqa: S101
            yield app.stdout.readline().split()[-1]
        finally:
            app.terminate()


class Asking:
    """Asks as the page does."""

    def __init__(self, url: str) -> None:
        self._url = url
        with self._client("nobody") as client:
            self._reports = [report["id"] for report in client.get("/api/reports").json()]
            known = client.get("/config").json()["dependencies"]
        self._ask = next(one for one in known if any(event == "ask" for _, event in one["targets"]))

    def _client(self, user: str) -> httpx.Client:
        headers = {"x-forwarded-user": user, "accept-language": "en"}
        return httpx.Client(base_url=self._url, headers=headers, timeout=600, trust_env=False)

    def __call__(self, session: Session, start: threading.Event | None = None) -> Session:
        """Ask when ``start`` is set, and note what comes until the answer is there."""
        page = uuid4().hex
        body = {
            "data": [None] * len(self._ask["inputs"]),
            "event_data": {"question": session.question, "reports": self._reports},
            "fn_index": self._ask["id"],
            "session_hash": page,
        }
        with self._client(session.user) as client:
            if start:
                start.wait()
            began = time.perf_counter()
            joined = client.post("/gradio_api/queue/join", json=body)
            if joined.status_code != httpx.codes.OK:
                session.problem = f"{joined.status_code} {joined.text[:200]}"
                return session
            with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": page}) as events:
                for line in events.iter_lines():
                    if line.startswith("data: ") and self._over(session, json.loads(line[6:]), began):
                        break
        if session.answered is None and not session.problem:
            session.problem = "the stream ended without an answer"
        return session

    def _over(self, session: Session, told: dict[str, Any], began: float) -> bool:
        """Note what one message tells; True after the last."""
        now, text = time.perf_counter() - began, json.dumps(told, ensure_ascii=False)
        if session.evidence is None and 'class=\\"source\\"' in text:
            session.evidence = now
        for place in map(int, _WAITING.findall(text)):
            if session.places[-1:] != [place]:
                session.places.append(place)
        if told["msg"] != "process_completed":
            return False
        session.answered = now
        if not told["success"] or 'role=\\"alert\\"' in text:
            session.problem = text[:300]
        return True


def out_of_turn(sessions: Sequence[Session]) -> int:
    """How many answers came to users who had one already while another user had none."""
    ordered = sorted((s for s in sessions if s.answered is not None), key=lambda s: s.answered or 0.0)
    users, served, count = {s.user for s in sessions}, set[str](), 0
    for session in ordered:
        count += session.user in served and served < users
        served.add(session.user)
    return count


def report(sessions: Sequence[Session], alone: float) -> str:
    """The figures in lines."""
    failed = [s for s in sessions if s.problem]
    evidence = [s.evidence for s in sessions if s.evidence is not None]
    answered = [s.answered for s in sessions if s.answered is not None]
    placed = [s for s in sessions if s.places]
    others = [s.places for s in placed if s.user != sessions[0].user]  # his later questions let others pass
    falling = all(places == sorted(places, reverse=True) for places in others)
    lines = [
        f"{len(sessions)} questions at once of {len({s.user for s in sessions})} users: {len(failed)} failed",
        f"evidence, s: {alone:.2f} alone; median {statistics.median(evidence):.2f}, worst {max(evidence):.2f}, "
        f"{len(evidence)} of {len(sessions)}",
        f"answers, s: first {min(answered):.1f}, median {statistics.median(answered):.1f}, last {max(answered):.1f}",
        f"told a place in the line: {len(placed)}; first places told up to {max(max(s.places) for s in placed)}; "
        f"places of those who asked once only fall: {'yes' if falling else 'no'}",
        f"second answers before somebody's first: {out_of_turn(sessions)}",
        *(f"  {s.user}: {s.problem}" for s in failed),
    ]
    return "\n".join([*lines, f"load average {os.getloadavg()[0]:.1f}"])


def main(argv: Sequence[str] | None = None) -> int:
    """Print what users saw. Returns the process exit code: 1 when somebody got no answer or no evidence."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=20, help="questions asked at once")
    parser.add_argument("--seconds", type=float, default=2.0, help="that the model takes for an answer")
    parser.add_argument("--store", type=Path)
    parser.add_argument("--questions", type=Path, default=DATA / "samples.jsonl")
    given = parser.parse_args(argv)
    asked = [
        q.question for q in load_questions(given.questions) if q.answerable and q.kind in {"number", "fact", "table"}
    ]
    with tempfile.TemporaryDirectory() as folder, model_server(given.seconds) as model:
        store = Path(folder) / "store"
        if given.store:
            shutil.copytree(given.store, store)
        else:
            with ReportQA.open(settings=load(store=store, llm="none")) as qa:
                qa.ingest(sorted(DATA.glob("*.pdf")))
        with chat(store, model) as url:
            ask = Asking(url)
            ask(Session("warm", asked[0]))
            alone = statistics.median([ask(Session("alone", question)).evidence or 0.0 for question in asked[:5]])
            sessions = [
                Session(f"user{max(0, n - GREEDY + 1)}", asked[n % len(asked)]) for n in range(max(given.users, GREEDY))
            ]
            start = threading.Event()
            with ThreadPoolExecutor(len(sessions)) as threads:
                waiting = [threads.submit(ask, session, start) for session in sessions]
                start.set()
                for one in waiting:
                    one.result()
    sys.stdout.write(report(sessions, alone) + "\n")
    return int(any(s.problem or s.evidence is None for s in sessions))


if __name__ == "__main__":
    sys.exit(main())
