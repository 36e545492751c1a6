"""The webhook over real HTTP."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from webhook_site import KEY, PATIENCE, QUESTION, SECRET, Site, serving

from index.errors import SettingsError
from rag.bots import webhook
from rag.bots.rules import Rules
from rag.bots.signatures import SignatureError, secret_of, sign, verify


def test_the_signature_is_that_of_standard_webhooks():
    key = secret_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "s")  # the example of its documentation
    body = b'{"test": 2432232314}'
    signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body) == signature
    headers = {"webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330"}
    both = {**headers, "webhook-signature": f"v1,b2xk {signature}"}
    assert verify(key, both, body, 1614265330 + 299) == headers["webhook-id"], "one of two secrets is enough"
    for now in (1614265330 + 301, 1614265330 - 301):
        with pytest.raises(SignatureError):
            verify(key, both, body, now)


@pytest.mark.parametrize("secret", ["", "short", "whsec_c2hvcnQ=", "whsec_not base64"])
def test_a_weak_secret_is_an_error_that_names_the_setting(secret: str):
    with pytest.raises(SettingsError, match="webhook_secret"):
        secret_of(secret, "webhook_secret")


def test_a_signed_question_is_answered_with_text_and_data(site: Site):
    reply = site.send(id="q1")
    assert reply.status_code == 200
    value = reply.json()
    assert (value["id"], value["status"]) == ("q1", "answered")
    assert value["answer"]["found"]
    cited = value["answer"]["citations"][0]
    assert (cited["report"], cited["page"]) == ("en_annual_report.pdf", 9)
    assert f"[{cited['n']}] en_annual_report.pdf, p. 9: “" in value["text"]


def test_a_chinese_question_is_answered_in_chinese(site: Site):
    value = site.send("2月华南招标容量有多大，占全国的百分之几？").json()
    assert value["answer"]["language"] == "zh"
    assert "zh_storage_weekly.pdf, 第 4 页" in value["text"]


@pytest.mark.parametrize("tamper", ["key", "body", "unsigned", "id"])
def test_what_is_not_signed_with_the_secret_is_refused(site: Site, tamper: str):
    body, id, sent = b'{"text": "What was revenue?"}', uuid.uuid4().hex, str(int(time.time()))
    key = b"another secret" * 3 if tamper == "key" else KEY
    headers = {"webhook-id": id, "webhook-timestamp": sent, "webhook-signature": sign(key, id, sent, body)}
    headers |= {"body": {}, "key": {}, "unsigned": {"webhook-signature": ""}, "id": {"webhook-id": "other"}}[tamper]
    sent_body = body.replace(b"revenue", b"profits") if tamper == "body" else body
    reply = httpx.post(site.url, content=sent_body, headers=headers)
    assert reply.status_code == 401
    assert reply.json()["status"] == "refused"
    assert "signature is not right" in reply.json()["text"]


def test_an_old_request_is_refused_though_it_is_signed(site: Site):
    for at in (time.time() - webhook_window() - 5, time.time() + webhook_window() + 5):
        reply = site.send(at=at)
        assert reply.status_code == 401
        assert "not of the last" in reply.json()["text"]


def webhook_window() -> int:
    from rag.bots.signatures import WINDOW

    return WINDOW


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"text": ""}', b'{"text": "a", "txet": "b"}', b'{"text": "\xff"}']
)
def test_a_body_that_is_no_message_is_refused_with_the_reason(site: Site, body: bytes):
    reply = site.send_raw(body)
    assert reply.status_code == 400
    assert "docs/webhook.md" in reply.json()["text"]


def test_a_body_without_end_is_refused(site: Site):
    assert site.send_raw(b" " * (webhook.LONGEST_BODY + 1)).status_code == 413


def test_an_id_that_cannot_be_kept_is_refused(site: Site):
    assert site.send(id="a b").status_code == 400
    assert site.send(id="x" * 201).status_code == 400


def test_the_same_delivery_twice_is_answered_once_and_brings_the_same_answer(site: Site):
    first, second = site.send(id="twice"), site.send(id="twice")
    assert first.json() == second.json()
    assert answers(site, "twice") == 1


def answers(site: Site, thread: str) -> int:
    from rag.bots.service import Place

    place = Place(team="", channel="c1", thread=thread, user="u1")
    return len(site.bot.book.history(place))


def test_deliveries_at_the_same_time_are_answered_once(site: Site):
    replies: list[dict] = []
    threads = [threading.Thread(target=lambda: replies.append(site.send(id="at-once").json())) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [r["status"] for r in replies] == ["answered"] * 5
    assert answers(site, "at-once") == 1


def test_a_delivery_repeated_after_a_restart_is_not_answered_again(open_site):
    site = open_site()
    first = site.send(id="restart").json()
    with serving(site.bot.qa, Rules()) as restarted:
        assert restarted.send(id="restart").json() == first
        assert answers(restarted, "restart") == 1


def test_a_follow_up_in_a_thread_is_understood_and_elsewhere_it_is_not(site: Site):
    assert site.send("What were net sales in fiscal 2025?", thread="t1").json()["answer"]["found"]
    followed = site.send("And in fiscal 2024?", thread="t1").json()["answer"]
    assert "sales" in followed["standalone"].lower()
    alone = site.send("And in fiscal 2024?", thread="t2").json()["answer"]
    assert "sales" not in alone["standalone"].lower()


def test_only_the_reports_named_are_asked(site: Site):
    named = site.send("2月招标容量同比增长多少？", reports=["en_annual_report.pdf"]).json()["answer"]
    assert {citation["report"] for citation in named["citations"]} <= {"en_annual_report.pdf"}


def test_an_unknown_report_is_named_and_nothing_is_told_of_others(site: Site):
    for channel, report in (("c1", "none.pdf"), ("narrow", "en_annual_report.pdf")):
        reply = site.send(channel=channel, reports=[report])
        assert reply.status_code == 404
        assert f"no report '{report}'" in reply.json()["text"]
        assert "storage" not in reply.json()["text"]


def test_a_channel_asks_only_the_reports_it_may(site: Site):
    value = site.send("What were net sales in fiscal 2025?", channel="narrow").json()
    assert {citation["report"] for citation in value["answer"]["citations"]} <= {"zh_storage_weekly.pdf"}


def test_other_channels_and_too_many_messages_are_refused(open_site):
    site = open_site(Rules(channels=("c1",), per_minute=1))
    assert site.send(channel="c2", user="u0").status_code == 403
    assert site.send("???!", id="one").status_code == 200
    assert site.send("???!", id="two").status_code in {200, 429}, "told so once, as a reply or as a status"
    refused = site.send("???!", id="three")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    assert site.send("???!", user="u2").status_code == 200


def test_an_error_has_an_id_and_no_details(open_site, caplog: pytest.LogCaptureFixture):
    site = open_site()
    site.bot.qa.library._catalog.close()  # as a disk that fails
    reply = site.send("What were net sales?", id="broken")
    value = reply.json()
    assert (reply.status_code, value["id"], value["status"]) == (500, "broken", "refused")
    number = value["text"].split("id ")[1].split(")")[0]
    assert f"error {number}" in caplog.text
    assert not any(word in value["text"].lower() for word in ("sqlite", "database", "catalog"))


def test_a_reply_that_takes_long_is_fetched_by_sending_the_request_again(open_site):
    site = open_site(webhook_wait=0.001)
    assert (site.send(id="slow").status_code, site.send(id="slow").json()["status"]) == (202, "working")
    deadline = time.monotonic() + PATIENCE
    while (value := site.send(id="slow").json())["status"] == "working":
        assert time.monotonic() < deadline
    assert value["answer"]["found"]


def test_the_relay_of_the_guide_gets_its_answer(site: Site):
    guide = (Path(__file__).parents[2] / "docs" / "webhook.md").read_text(encoding="utf-8")
    code = guide.split("```python\n")[1].split("```")[0].replace("http://127.0.0.1:7861/webhook", site.url)
    names: dict[str, Callable[..., str]] = {}
    exec(code, names)  # noqa: S102 - what readers will run
    assert "en_annual_report.pdf, p. 9" in names["ask"](SECRET, "guide", text=QUESTION, user="u9", channel="c1")


def test_the_guide_tells_every_key_of_a_request(site: Site):
    guide = (Path(__file__).parents[2] / "docs" / "webhook.md").read_text(encoding="utf-8")
    table = guide.split("## A request")[1].split("## A reply")[0]
    told = [key for row in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE) for key in re.findall(r"`(\w+)`", row)]
    assert sorted(told) == sorted(webhook.Delivery.model_fields)


def test_the_command_serves_it_and_stops_when_told(sample_store, models_dir, tmp_path):
    store = tmp_path / "store"
    shutil.copytree(sample_store, store)
    settings = {"LLM": "none", "MODELS_DIR": str(models_dir), "WEBHOOK_SECRET": SECRET}
    command = [sys.executable, "-m", "rag.cli", "webhook", "--store", str(store), "--port", "0"]
    environment = os.environ | {f"REPORT_QA_{name}": value for name, value in settings.items()}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[-1]
            assert httpx.post(url, json={"text": QUESTION}).status_code == 401
            site = Site(url, None)  # type: ignore[arg-type]
            assert site.send(reports=["none.pdf"]).status_code == 404
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE) == 130, "as typer ends what is interrupted"
