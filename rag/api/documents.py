"""The interface described: OpenAPI as JSON, and the same as a page to read."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse

from rag.api.pages import page

if TYPE_CHECKING:
    from fastapi import FastAPI

ABOUT = (
    "Answers questions about reports, in Chinese and English, and cites the page of every statement. Errors are "
    "problem details (RFC 9457) with a remedy; under /v1 they have OpenAI's form."
)
_READABLE = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"


def router(web: "FastAPI") -> APIRouter:
    """The description of ``web``'s endpoints."""
    api = APIRouter(prefix="/api", include_in_schema=False)

    @api.get("/openapi.json")
    def document() -> JSONResponse:
        """OpenAPI 3.1."""
        return JSONResponse(web.openapi())

    @api.get("/docs")
    def readable() -> HTMLResponse:
        """The same for readers."""
        text = "".join(_html(web.openapi()))
        return HTMLResponse(page("report-qa · API", text), headers={"content-security-policy": _READABLE})

    return api


def _html(document: Mapping[str, Any]) -> Iterator[str]:
    schemas = document.get("components", {}).get("schemas", {})
    yield f"<main><h1>report-qa {escape(document['info']['version'])}: API</h1><p>{escape(ABOUT)}</p>"
    yield "<p>As <a href='/api/openapi.json'>OpenAPI</a>. <a href='/'>The chat</a>.</p>"
    tags: dict[str, list[str]] = {}
    used: dict[str, None] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            text = "".join(_operation(path, method, operation, used))
            tags.setdefault(operation.get("tags", ["other"])[0], []).append(text)
    for tag, operations in tags.items():
        yield f"<h2>{escape(tag)}</h2>{''.join(operations)}"
    yield "<h2>Types</h2>"
    waiting = list(used)
    while waiting:
        name = waiting.pop(0)
        named: dict[str, None] = {}
        yield "".join(_schema(name, schemas.get(name, {}), named))
        waiting += [other for other in named if other not in used]
        used |= named
    yield "</main>"


def _operation(path: str, method: str, operation: Mapping[str, Any], used: dict[str, None]) -> Iterator[str]:
    yield f"<h3><b>{method.upper()}</b> {escape(path)}</h3>"
    yield "".join(f"<p>{escape(text)}</p>" for text in operation.get("description", "").split("\n\n"))
    rows = [
        (one["name"], f"{one['in']}, {_type(one.get('schema', {}), used)}", one.get("description", ""))
        for one in operation.get("parameters", [])
    ]
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        rows.append(("body", f"{kind}, {_type(content.get('schema', {}), used)}", ""))
    for status, answer in operation.get("responses", {}).items():
        kinds = [
            f"{kind} {_type(content.get('schema', {}), used)}".strip()
            for kind, content in answer.get("content", {}).items()
        ]
        rows.append((status, ", ".join(kinds), answer.get("description", "")))
    yield _list(rows)


def _schema(name: str, schema: Mapping[str, Any], used: dict[str, None]) -> Iterator[str]:
    yield f"<h3>{escape(name)}</h3><p>{escape(schema.get('description', ''))}</p>"
    required = schema.get("required", [])
    yield _list(
        (
            field,
            _type(about, used) + (", required" if field in required else ""),
            about.get("description", ""),
        )
        for field, about in schema.get("properties", {}).items()
    )


def _list(rows: Any) -> str:
    items = "".join(
        f"<dt>{escape(name)} <span>{escape(kind)}</span></dt><dd>{escape(about)}</dd>" for name, kind, about in rows
    )
    return f"<dl>{items}</dl>" if items else ""


def _type(schema: Mapping[str, Any], used: dict[str, None]) -> str:
    """A schema in a few words; the names of others go into ``used``."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rsplit("/", 1)[-1]
        used.setdefault(name)
        return name
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return " or ".join(_type(one, used) for one in schema[key])
    if "enum" in schema:
        return " | ".join(str(value) or '""' for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}), used) or 'anything'}"
    return str(schema.get("const") or schema.get("type", ""))
