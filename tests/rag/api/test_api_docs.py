"""The interface described: OpenAPI, its page, and docs/api.md, whose commands are run."""

import os
import re
import subprocess
from pathlib import Path

import httpx
import pytest
from api_client import EN

from rag.tokens import FILE as TOKENS
from rag.tokens import TokenStore
from rag.users import FILE, UserStore

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"```sh\n(.*?)```", PAGE, re.S)
SIGNED_IN = re.findall(r"```sh signed-in\n(.*?)```", PAGE, re.S)


def run(commands: str, site: httpx.Client, folder: Path, **variables: str) -> str:
    """What the commands print. Each must succeed."""
    address = str(site.base_url).rstrip("/")
    script = "set -euo pipefail\n" + commands.replace("http://127.0.0.1:7860", address)
    env = {"PATH": os.environ["PATH"], "NO_PROXY": "*", **variables}
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_every_command_of_the_page_works(site, tmp_path):
    assert len(COMMANDS) >= 7
    printed = "".join(run(commands, site, tmp_path) for commands in COMMANDS)
    for expected in (
        "Larkspur Ferry",
        "event: answer",
        '"rank":1',
        '"state": "done"',
        "url_citation",
        '"id":"report-qa"',
    ):
        assert expected in printed
    assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")


def test_every_command_for_users_works(open_site, library, tmp_path):
    users = UserStore(library.settings.store / FILE)
    users.add("anna", "seven grey herons")
    tokens = TokenStore(library.settings.store / TOKENS)
    token = tokens.issue("anna", users.stamp("anna") or "")
    try:
        (commands,) = SIGNED_IN
        printed = run(commands, open_site(auth="users"), tmp_path, PASSWORD="seven grey herons", TOKEN=token)  # noqa: S106
        assert EN in printed
        assert '"id":"report-qa"' in printed
    finally:
        users.remove("anna")
        users.close()
        tokens.close()


def test_the_page_names_every_endpoint(site):
    for path in site.get("/api/openapi.json").json()["paths"]:
        last = path.removeprefix("/api/reports/{id}").replace("{page}", "{n}")
        assert f"{last or path}" in PAGE.replace("/v1/models`", "/v1/models/{id}` /v1/models`"), path


def test_openapi_describes_what_is_there(site):
    document = site.get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    paths = document["paths"]
    assert {"/api/ask", "/api/search", "/api/reports", "/api/reports/{id}", "/v1/chat/completions"} <= set(paths)
    names = [operation["operationId"] for methods in paths.values() for operation in methods.values()]
    assert len(names) == len(set(names))
    for methods in paths.values():
        for operation in methods.values():
            assert operation["description"]
            assert any(status.startswith("2") for status in operation["responses"])
    told = paths["/api/ask"]["post"]["responses"]
    assert set(told["200"]["content"]) == {"application/json", "text/event-stream"}
    assert "application/problem+json" in told["422"]["content"]
    known = set(document["components"]["schemas"])
    used = set(re.findall(r'"#/components/schemas/([^"]+)"', site.get("/api/openapi.json").text))
    assert used <= known
    assert "HTTPValidationError" not in used


def test_the_page_to_read_names_every_endpoint_and_needs_no_script(site):
    page = site.get("/api/docs")
    assert page.headers["content-type"].startswith("text/html")
    for path in site.get("/api/openapi.json").json()["paths"]:
        assert path in page.text
    assert "<script" not in page.text
    assert not re.findall(r"""(?:src|href)=['"]?(?:https?:)?//""", page.text)


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_the_frameworks_own_pages_are_not_served(site, path):
    assert site.get(path).status_code == 404
