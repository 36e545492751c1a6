"""Who may send which requests."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from api_client import EN, PROBLEM, eventually
from serving import served

from index.errors import SettingsError
from rag import ReportQA
from rag.api.access import check_listening
from rag.settings import Settings
from rag.tokens import FILE as TOKENS
from rag.tokens import TokenStore
from rag.users import FILE, UserStore

ANNA, PASSWORD = "安娜", "seven grey herons 七"
BEN, OTHER = "ben", "nine blue otters"
QUESTION = {"question": "Who is suing the company over water meters?"}
FOREIGN = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://["},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "http://127.0.0.1:1", "host": "127.0.0.1"},
]


@pytest.fixture(scope="module")
def users(library: ReportQA) -> Iterator[UserStore]:
    store = UserStore(library.settings.store / FILE)
    store.add(ANNA, PASSWORD)
    store.add(BEN, OTHER)
    yield store
    store.remove(ANNA)
    store.remove(BEN)
    store.close()


@pytest.fixture(scope="module")
def tokens(library: ReportQA) -> Iterator[TokenStore]:
    store = TokenStore(library.settings.store / TOKENS)
    yield store
    store.close()


@pytest.fixture(scope="module")
def guarded(open_site, users) -> httpx.Client:
    return open_site(auth="users")


@pytest.fixture
def browser(guarded) -> Iterator[httpx.Client]:
    """A client that keeps cookies, apart from all others."""
    with httpx.Client(base_url=guarded.base_url, timeout=60, trust_env=False) as client:
        yield client


def basic(name: str, password: str) -> dict[str, str]:
    return {"authorization": httpx.BasicAuth(name, password)._auth_header}


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


@pytest.mark.parametrize("headers", FOREIGN)
def test_another_sites_page_can_change_nothing(site, headers):
    for method, path in (("POST", "/api/feedback"), ("DELETE", f"/api/reports/{EN}"), ("POST", "/v1/chat/completions")):
        refused = site.request(method, path, headers=headers, json={})
        assert refused.status_code == 403, (method, path)
    assert site.get(f"/api/reports/{EN}").status_code == 200
    assert site.get("/api/health", headers=headers).status_code == 200  # which its browser does not let it read


def test_the_servers_own_pages_and_programs_may_ask(site):
    own = {"origin": str(site.base_url).rstrip("/"), "sec-fetch-site": "same-origin"}
    assert site.post("/api/ask", json=QUESTION, headers=own).status_code == 200
    assert site.post("/api/ask", json=QUESTION, headers={"origin": own["origin"]}).status_code == 200


def test_every_answer_carries_security_headers(site):
    for path in ("/api/health", "/api/docs", "/api/nothing", f"/api/reports/{EN}/pages/1.png", "/api/openapi.json"):
        headers = site.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/reports"), ("POST", "/api/ask"), ("GET", "/api/search?q=x"), ("DELETE", f"/api/reports/{EN}"),
        ("POST", "/api/reports"), ("GET", f"/api/reports/{EN}/file"), ("GET", f"/api/reports/{EN}/pages/1.png"),
        ("POST", "/api/feedback"), ("GET", "/api/docs"), ("GET", "/api/openapi.json"), ("GET", "/v1/models"),
        ("GET", "/api/jobs/1"), ("GET", "/"), ("GET", "/gradio_api/info"), ("POST", "/logout"), ("GET", "//api/health"),
        ("GET", "/api/health/"), ("GET", "/api/health/../reports"),
    ],
)  # fmt: skip
def test_nothing_is_told_to_whom_nobody_knows(guarded, method, path):
    refused = guarded.request(method, path)
    assert refused.status_code == 401
    assert "Basic" in refused.headers["www-authenticate"]
    assert EN not in refused.text


def test_anybody_may_ask_whether_the_server_lives_and_nothing_else(guarded):
    assert guarded.get("/api/health").json() == {"status": "ok", "version": ""}
    assert guarded.get("/api/health", headers=basic(ANNA, PASSWORD)).json()["reports"] >= 2


def test_a_password_lets_in(guarded):
    assert guarded.get("/api/reports", headers=basic(ANNA, PASSWORD)).status_code == 200
    for name, password in ((ANNA, "wrong"), ("nobody", PASSWORD), (ANNA, ""), ("", ""), (ANNA, "x" * 5000)):
        refused = guarded.get("/api/reports", headers=basic(name, password))
        assert (refused.status_code, refused.headers["content-type"]) == (401, PROBLEM)


@pytest.mark.parametrize("value", ["Basic", "Basic !!!", "Basic OnB3", "Bearer", "Bearer x", "Digest a", "x" * 3000])
def test_broken_credentials_are_refused(guarded, value):
    assert guarded.get("/api/reports", headers={"authorization": value}).status_code == 401


def test_a_token_lets_in_until_it_is_revoked(guarded, users, tokens):
    token = tokens.issue(BEN, users.stamp(BEN) or "")
    assert guarded.get("/v1/models", headers=bearer(token)).status_code == 200
    assert guarded.get("/v1/models", headers=bearer(token[:-1])).json()["error"]["code"] == "unauthorized"
    tokens.revoke(token)
    assert guarded.get("/v1/models", headers=bearer(token)).status_code == 401


def test_a_new_password_ends_tokens_and_remembered_passwords(guarded, users, tokens):
    token = tokens.issue(BEN, users.stamp(BEN) or "")
    assert guarded.get("/api/reports", headers=basic(BEN, OTHER)).status_code == 200
    users.set_password(BEN, "ten red foxes")
    assert guarded.get("/api/reports", headers=basic(BEN, OTHER)).status_code == 401
    assert guarded.get("/api/reports", headers=bearer(token)).status_code == 401
    assert guarded.get("/api/reports", headers=basic(BEN, "ten red foxes")).status_code == 200
    users.set_password(BEN, OTHER)


def test_tokens_are_kept_as_hashes_only(tmp_path):
    store = TokenStore(tmp_path / TOKENS)
    token = store.issue(BEN)
    store.close()  # an open SQLite file must not be read beside it
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert BEN.encode() in kept
    assert token.encode() not in kept


def test_a_token_is_printed_once_by_the_command(library, users, guarded):
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "rag.cli", "users", "token", *arguments, "--store", library.settings.store]
        return subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[3], check=False)

    token = run(BEN).stdout.strip()
    assert guarded.get("/api/reports", headers=bearer(token)).status_code == 200
    assert "revoked" in run(BEN, "--revoke").stderr
    assert guarded.get("/api/reports", headers=bearer(token)).status_code == 401
    assert run("nobody").returncode == 2


def test_a_browser_signs_in_is_sent_on_and_signs_out(browser):
    asked = browser.get("/gradio?tab=2", headers={"accept": "text/html", "accept-language": "zh-CN"})
    assert (asked.status_code, asked.headers["location"]) == (303, "/login?next=/gradio%3Ftab%3D2")
    form = browser.get(asked.headers["location"], headers={"accept-language": "zh-CN"})
    assert "登录" in form.text
    assert "value='/gradio?tab=2'" in form.text
    wrong = browser.post("/login", data={"name": ANNA, "password": "wrong"})
    assert (wrong.status_code, "role=alert" in wrong.text) == (401, True)
    right = browser.post("/login", data={"name": ANNA, "password": PASSWORD, "next": "/gradio?tab=2"})
    assert (right.status_code, right.headers["location"]) == (303, "/gradio?tab=2")
    cookie = right.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert browser.get("/api/reports").status_code == 200
    assert ANNA in browser.get("/login").text
    kept = browser.cookies["report_qa_session"]
    browser.post("/logout")
    assert browser.get("/api/reports", headers={"cookie": f"report_qa_session={kept}"}).status_code == 401


def test_behind_tls_the_cookie_is_for_tls_only(browser):
    done = browser.post("/login", data={"name": ANNA, "password": PASSWORD}, headers={"x-forwarded-proto": "https"})
    assert "secure" in done.headers["set-cookie"].lower()


@pytest.mark.parametrize("next", ["https://evil.example", "//evil.example", "/\\evil.example", "/\n/evil.example", "x"])
def test_signing_in_never_leads_to_another_site(browser, next):
    done = browser.post("/login", data={"name": ANNA, "password": PASSWORD, "next": next})
    assert (done.status_code, done.headers["location"]) == (303, "/")


def test_another_site_cannot_sign_anybody_in(browser):
    done = browser.post("/login", data={"name": ANNA, "password": PASSWORD}, headers={"sec-fetch-site": "cross-site"})
    assert (done.status_code, "set-cookie" in done.headers) == (403, False)


def test_a_script_without_session_is_not_asked_for_a_password_by_the_browser(guarded):
    refused = guarded.get("/api/reports", headers={"sec-fetch-mode": "cors", "sec-fetch-site": "same-origin"})
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")


def test_passwords_cannot_be_tried_without_end(open_site, users):
    client = open_site(auth="users")
    tried = [client.get("/api/reports", headers=basic(BEN, f"guess {n}")).status_code for n in range(11)]
    assert tried == [401] * 10 + [429]
    assert client.get("/api/reports", headers=basic(BEN, OTHER)).status_code == 429  # the right one is no way out
    assert client.get("/api/reports", headers=basic(ANNA, PASSWORD)).status_code == 200
    assert client.post("/login", data={"name": BEN, "password": OTHER}).status_code == 429


def test_an_upload_and_a_judgement_are_their_users_own(guarded, library):
    files = {"file": ("creek.txt", b"Creek\n\nThe creek of Osterby rose 31 cm.")}
    place = guarded.post("/api/reports", files=files, headers=basic(ANNA, PASSWORD)).headers["location"]
    assert guarded.get(place, headers=basic(BEN, OTHER)).status_code == 404
    eventually(lambda: guarded.get(place, headers=basic(ANNA, PASSWORD)).json()["state"] == "done")
    answer = guarded.post("/api/ask", json=QUESTION, headers=basic(BEN, OTHER)).json()
    given = {**QUESTION, "answer": answer, "good": True}
    id = guarded.post("/api/feedback", json=given, headers=basic(BEN, OTHER)).json()["id"]
    from rag.feedback import FILE as FEEDBACK
    from rag.feedback import FeedbackStore

    store = FeedbackStore(library.settings.store / FEEDBACK)
    assert next(one.user for one in store.all() if one.id == id) == BEN
    store.close()
    guarded.delete("/api/reports/creek.txt", headers=basic(ANNA, PASSWORD))


def test_a_proxy_names_the_user(open_site):
    client = open_site(auth="proxy", auth_header="X-Remote-User")
    assert client.get("/api/reports", headers={"x-remote-user": ANNA.encode()}).status_code == 200
    assert client.get("/api/reports").status_code == 401
    assert client.get("/api/reports", headers={"x-remote-user": ""}).status_code == 401
    twice = [("x-remote-user", "anna"), ("x-remote-user", "ben")]
    assert client.get("/api/reports", headers=twice).status_code == 403
    assert client.get("/api/reports", headers={"x-remote-user": "a\tb"}).status_code == 403


def test_behind_a_proxy_there_is_no_page_to_sign_in(open_site):
    client = open_site(auth="proxy")
    for method in ("GET", "POST"):
        assert client.request(method, "/login", headers={"accept": "text/html"}).status_code == 401
    assert client.get("/", headers={"accept": "text/html"}).status_code == 401


def test_only_the_proxy_is_believed(open_site):
    client = open_site(auth="proxy", auth_proxies="10.9.8.0/24")
    headers = {"x-forwarded-user": "anna", "x-forwarded-for": "10.9.8.7"}
    assert client.get("/api/reports", headers=headers).status_code == 403


def test_the_chat_page_is_guarded_like_all_else(library, users):
    import app

    qa = ReportQA(library.library, library.settings.model_copy(update={"auth": "users"}), None)
    with served(app.application(qa)) as url, httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
        for path in ("/", "/config", "/gradio_api/info", "/gradio_api/queue/data?session_hash=a", "/theme.css"):
            assert client.get(path).status_code == 401, path
        for path in ("/gradio_api/queue/join", "/gradio_api/upload", "/gradio_api/run/predict", "/gradio_api/login"):
            assert client.post(path, json={}).status_code == 401, path
        page = client.get("/", headers={**basic(ANNA, PASSWORD), "accept": "text/html"})
        assert page.status_code == 200
        assert "connect-src 'self'" in page.headers["content-security-policy"]
        assert client.get("/config", headers=basic(ANNA, PASSWORD)).json()["username"] == ANNA
        foreign = {**basic(ANNA, PASSWORD), "origin": "https://evil.example"}
        assert client.post("/gradio_api/queue/join", json={}, headers=foreign).status_code == 403
    with pytest.raises(SettingsError, match="anybody"):
        app.serve(library, "0.0.0.0", 0)  # noqa: S104


def test_beyond_this_machine_nobody_listens_without_access_unless_told_so():
    for host in ("0.0.0.0", "::", "192.0.2.7", "example.org", ""):  # noqa: S104
        with pytest.raises(SettingsError, match="anybody"):
            check_listening(Settings(), host)
        for settings in (Settings(auth="users"), Settings(auth="proxy"), Settings(allow_anonymous=True)):
            check_listening(settings, host)
    for host in ("127.0.0.1", "::1", "localhost"):
        check_listening(Settings(), host)


@pytest.mark.parametrize("value", ["everywhere", "", "10.0.0.1/8"])
def test_addresses_of_proxies_that_are_none_are_refused(value):
    with pytest.raises(ValueError, match="auth_proxies"):
        Settings(auth_proxies=value)
