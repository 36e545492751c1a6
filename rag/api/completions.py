"""OpenAI-compatible endpoints, so that other chat front ends can ask the reports."""

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from rag.api import messages, reports, running, streams
from rag.api.access import asker_of, base_of
from rag.api.asking import HUNG_UP
from rag.api.messages import MODEL, ChatRequest, Completion
from rag.api.problems import NotFoundError, openai_error, problem_of
from rag.types import Answer, Event, TextDelta

if TYPE_CHECKING:
    from rag.engine import ReportQA

_ERROR: dict[str, Any] = {"description": "OpenAI's error object", "content": {"application/json": {"schema": {}}}}
_UNKNOWN = "GET /v1/models lists the one there is: report-qa. Which language model writes is the setting llm."


def router(qa: "ReportQA") -> APIRouter:
    """The endpoints over ``qa``."""
    api = APIRouter(prefix="/v1", tags=["OpenAI-compatible"], responses={404: _ERROR, 422: _ERROR})

    @api.post("/chat/completions", response_model=None)
    async def complete(request: Request, asked: ChatRequest) -> Response:
        """Answer the last message from the reports.

        `choices[0].message.annotations` holds a `url_citation` for every mark, `report_qa` the whole answer as
        /api/ask gives it. In a stream what the model writes comes as `reasoning_content`, and the answer as `content`
        when it has been checked.
        """
        if asked.model != MODEL:
            raise NotFoundError(f"There is no model {asked.model!r}.", _UNKNOWN)
        events = running.events(qa, asked.ask(), asker_of(request))
        completion = Completion()
        base = base_of(request)
        if asked.stream:
            first = await anext(events)
            return streams.respond(_chunks(qa, completion, first, events, base, asked))
        try:
            answer = await running.answer(request, events)
        except ClientDisconnect:
            return Response(status_code=HUNG_UP)
        urls = await run_in_threadpool(_urls, qa, answer, base)
        return JSONResponse(completion.whole(answer, urls, messages.usage(asked, answer.answer)))

    @api.get("/models", response_model=None)
    def listed() -> dict[str, Any]:
        """The models that can be named: one, which answers from the reports."""
        return messages.models()

    @api.get("/models/{id}", response_model=None)
    def one(id: str) -> dict[str, Any]:
        """One of the models."""
        if id != MODEL:
            raise NotFoundError(f"There is no model {id!r}.", _UNKNOWN)
        return messages.model(id)

    return api


def _urls(qa: "ReportQA", answer: Answer, base: str) -> dict[str, str]:
    """The address of every cited page."""
    entries = {entry.name: entry for entry in qa.reports()}
    return {
        messages.place(c.report, c.page): base + reports.link(entries[c.report], c.page)
        for c in answer.citations
        if c.report in entries
    }


async def _chunks(
    qa: "ReportQA",
    completion: Completion,
    first: Event,
    events: AsyncIterator[Event],
    base: str,
    asked: ChatRequest,
) -> AsyncIterator[str]:
    def line(chunk: dict[str, Any]) -> str:
        return streams.event("", json.dumps(chunk, ensure_ascii=False))

    async with aclosing(events) as opened:  # type: ignore[type-var]
        try:
            yield line(completion.chunk({"role": "assistant", "content": ""}))
            event = first
            while not isinstance(event, Answer):
                if isinstance(event, TextDelta):
                    yield line(completion.chunk({"reasoning_content": event.text}))
                event = await anext(opened)
            urls = await run_in_threadpool(_urls, qa, event, base)
            cited = messages.annotations(event, urls)
            yield line(completion.chunk({"content": event.answer, "annotations": cited}))
            yield line(completion.chunk({}, "stop", report_qa=event.model_dump(mode="json")))
            if asked.stream_options and asked.stream_options.include_usage:
                spent = messages.usage(asked, event.answer)
                yield line({**completion.chunk({}), "choices": [], "usage": spent})
        except Exception as error:
            yield line(openai_error(problem_of(error)))
    yield streams.event("", "[DONE]")
