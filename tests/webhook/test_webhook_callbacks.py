"""Replies that are sent to the address that a request names."""

import json
import time

import pytest
from webhook_site import KEY, PATIENCE, Relay, Site

from rag.bots.signatures import verify


def test_a_reply_goes_to_the_callback_address_signed(site: Site):
    relay = Relay()
    first = site.send(id="call", callback=relay.url)
    assert (first.status_code, first.json()["status"]) == (202, "working")
    headers, body = relay.got.get(timeout=PATIENCE)
    assert verify(KEY, headers, body, time.time()) == "call"
    value = json.loads(body)
    assert (value["id"], value["status"]) == ("call", "answered")
    assert headers["host"] == f"127.0.0.1:{relay.server_address[1]}"
    assert site.send(id="call", callback=relay.url).json()["answer"] == value["answer"]
    assert relay.got.empty()


def test_a_redirect_of_a_callback_is_not_followed(site: Site):
    relay, secret_place = Relay(), Relay()
    relay.status, relay.location = 307, secret_place.url
    site.send(callback=relay.url)
    relay.got.get(timeout=PATIENCE)
    told = json.loads(relay.got.get(timeout=PATIENCE)[1])
    assert told["status"] == "said", "the bot tries to tell that its reply was not taken"
    assert secret_place.got.empty()


@pytest.mark.parametrize(
    "url",
    ["http://evil.example/x", "file:///etc/passwd", "http://127.0.0.1@evil.example/", "http://u:p@127.0.0.1/", "x"],
)
def test_callbacks_to_other_hosts_are_refused(site: Site, url: str):
    reply = site.send(callback=url)
    assert reply.status_code == 403
    assert "webhook_callback_hosts" in reply.json()["text"]


def test_a_private_address_is_refused_unless_it_is_allowed(open_site):
    relay = Relay()
    site = open_site(webhook_callback_hosts="127.0.0.1,localhost")
    for host in ("127.0.0.1", "localhost"):
        reply = site.send(callback=relay.url.replace("127.0.0.1", host))
        assert reply.status_code == 403
        assert "webhook_callback_private" in reply.json()["text"]
    assert relay.got.empty()
