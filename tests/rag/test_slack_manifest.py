"""The manifest of the Slack app, and the guide that explains it."""

import re
from pathlib import Path

import pytest
import yaml

from index.errors import SettingsError
from rag.slack.app import COMMAND
from rag.slack.manifest import manifest
from rag.slack.scopes import OPTIONAL, REQUIRED
from rag.slack.server import PATH

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "slack.md").read_text(encoding="utf-8")
LISTENERS = (ROOT / "rag" / "slack" / "app.py").read_text(encoding="utf-8")


def test_the_manifest_asks_for_the_scopes_that_the_bot_uses_and_no_other():
    scopes = yaml.safe_load(manifest())["oauth_config"]["scopes"]
    assert list(scopes) == ["bot"], "nothing in a user's name"
    assert scopes["bot"] == sorted({*REQUIRED, *OPTIONAL})


def test_the_guide_explains_every_scope_of_the_manifest_and_no_other():
    table = GUIDE.split("## Scopes")[1].split("\n## ")[0]
    explained = re.findall(r"^\| `([a-z_.]+:?[a-z_]*)` \|", table, re.MULTILINE)
    assert sorted(explained) == yaml.safe_load(manifest())["oauth_config"]["scopes"]["bot"]


def test_the_manifest_subscribes_to_what_the_bot_listens_to():
    made = yaml.safe_load(manifest())
    events = {event.partition(".")[0] for event in made["settings"]["event_subscriptions"]["bot_events"]}
    assert events == set(re.findall(r'app\.event\("(\w+)"\)', LISTENERS))
    assert [command["command"] for command in made["features"]["slash_commands"]] == [COMMAND]
    assert made["settings"]["interactivity"]["is_enabled"] is True


def test_every_history_scope_has_its_event():
    made = yaml.safe_load(manifest())
    histories = {s.partition(":")[0] for s in made["oauth_config"]["scopes"]["bot"] if s.endswith(":history")}
    events = {e.partition(".")[2] for e in made["settings"]["event_subscriptions"]["bot_events"] if "." in e}
    assert histories == events


def test_texts_keep_to_slack_s_lengths():
    shown = yaml.safe_load(manifest())["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 174 <= len(shown["long_description"]) <= 4000


def test_socket_mode_needs_no_address_and_http_has_it_everywhere():
    socket, http = yaml.safe_load(manifest()), yaml.safe_load(manifest("https://bot.example/"))
    assert socket["settings"]["socket_mode_enabled"] is True
    assert "url" not in str(sorted(socket["features"]["slash_commands"][0]))
    address = f"https://bot.example{PATH}"
    assert http["settings"]["socket_mode_enabled"] is False
    assert http["settings"]["event_subscriptions"]["request_url"] == address
    assert http["settings"]["interactivity"]["request_url"] == address
    assert http["features"]["slash_commands"][0]["url"] == address
    assert yaml.safe_load(manifest(address)) == http


@pytest.mark.parametrize("url", ["http://bot.example", "bot.example", "https://", "https://a b", 'https://x"\nfoo: 1'])
def test_an_address_that_slack_does_not_take_is_an_error(url: str):
    with pytest.raises(SettingsError, match="cannot send events"):
        manifest(url)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(slack_\w+|host)`", GUIDE))))
def test_settings_that_the_guide_names_exist(name: str):
    from rag.settings import Settings

    assert name in Settings.model_fields
