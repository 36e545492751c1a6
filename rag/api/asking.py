"""Endpoints that ask: answers, searches, and what users thought of the answers."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from starlette.requests import ClientDisconnect, Request

from rag.api import running, streams
from rag.api.access import asker_of, user_of
from rag.api.problems import problem_of, problems
from rag.api.reports import chosen, find
from rag.api.schemas import Ask, FeedbackIn, FeedbackOut, Result, Search
from rag.types import Answer, Event, EvidenceReady, TextDelta, Waiting

if TYPE_CHECKING:
    from rag.engine import ReportQA
    from rag.feedback import FeedbackStore

HUNG_UP = 499  # nginx's status for a client that did not wait; nobody reads it
_EVENTS = """The answer, or with `Accept: text/event-stream` (or `"stream": true`) these events, each with JSON as data:
`waiting` {"place"}, `evidence` {"evidence": [...]}, `delta` {"text"}: what the model writes, not checked yet,
`answer`: the checked answer, `error`: a problem. The last is always `answer` or `error`."""


def router(qa: "ReportQA", feedback: "FeedbackStore") -> APIRouter:
    """The endpoints over ``qa``."""
    api = APIRouter(prefix="/api", tags=["ask"], responses=problems(404, 422, 503))

    @api.post(
        "/ask", response_model=Answer, responses={200: {"description": _EVENTS, "content": {streams.MEDIA_TYPE: {}}}}
    )
    async def ask(request: Request, asked: Ask) -> Response | Answer:
        """Answer a question from the reports, every statement with its page."""
        events = running.events(qa, asked, asker_of(request))
        if asked.stream or streams.wanted(request):
            first = await anext(events)  # a question that cannot be asked has its own status
            return streams.respond(_told(first, events))
        try:
            return await running.answer(request, events)
        except ClientDisconnect:
            return Response(status_code=HUNG_UP)

    @api.get("/search", response_model=list[Result])
    def search(wanted: Annotated[Search, Query()]) -> list[Result]:
        """The passages that fit best, best first, without the language model."""
        hits = qa.search(wanted.q, wanted.k, chosen(qa, wanted.report, wanted.filter()))
        return [
            Result(rank=n, report=h.report, page=h.page, section=h.section, score=round(h.score, 4), text=h.text)
            for n, h in enumerate(hits, 1)
        ]

    @api.post("/feedback", status_code=201, response_model=FeedbackOut)
    def judge(request: Request, given: FeedbackIn) -> FeedbackOut:
        """Keep what a user thought of an answer."""
        from rag.feedback import Feedback

        judged = Feedback.of(
            given.question,
            given.answer,
            source="api",
            good=given.good,
            user=user_of(request),
            reason=given.reason,
            correction=given.correction,
            reports=[find(qa, report).name for report in given.reports],
        )
        feedback.add(judged)
        return FeedbackOut(id=judged.id)

    return api


async def _told(first: Event, events: AsyncIterator[Event]) -> AsyncIterator[str]:
    """The events as lines; an error is the last of them."""
    try:
        yield _line(first)
        async with aclosing(events) as opened:  # type: ignore[type-var]
            async for event in opened:
                yield _line(event)
    except Exception as error:
        yield streams.event("error", problem_of(error).model_dump())


def _line(event: Event) -> str:
    if isinstance(event, Waiting):
        return streams.event("waiting", event.model_dump(mode="json"))
    if isinstance(event, EvidenceReady):
        return streams.event("evidence", event.model_dump(mode="json"))
    if isinstance(event, TextDelta):
        return streams.event("delta", event.model_dump(mode="json"))
    return streams.event("answer", event.model_dump(mode="json"))
