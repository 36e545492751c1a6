"""Whether Slack takes the tokens, and what the app may do there."""

from typing import TYPE_CHECKING

from rag.slack.client import hasty_client
from rag.slack.scopes import OPTIONAL, REQUIRED

if TYPE_CHECKING:
    from rag.doctor import Check
    from rag.settings import Settings

GUIDE = "docs/slack.md says where to find it."


def examine(settings: "Settings") -> list["Check"]:
    """Look at the tokens and scopes; nothing when no Slack setting is made."""
    from rag.doctor import Check

    bot, app = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
    if not (bot or app or settings.slack_signing_secret.get_secret_value()):
        return []
    checks = [_bot(bot, settings)] if bot else [Check("slack token", False, f"slack_bot_token is not set. {GUIDE}")]
    if settings.slack_mode == "http":
        there = bool(settings.slack_signing_secret.get_secret_value())
        detail = "HTTP events, signatures are verified" if there else f"slack_signing_secret is not set. {GUIDE}"
        return [*checks, Check("slack events", there, detail)]
    if not app:
        return [*checks, Check("slack events", False, f"slack_app_token is not set. {GUIDE}")]
    return [*checks, _socket(app, settings)]


def _bot(token: str, settings: "Settings") -> "Check":
    from slack_sdk.errors import SlackApiError, SlackClientError

    from rag.doctor import Check

    try:
        reply = hasty_client(token, settings.slack_api_url).auth_test()
    except SlackApiError as error:
        return Check("slack token", False, f"Slack refuses slack_bot_token: {error.response.get('error', '')}. {GUIDE}")
    except (SlackClientError, OSError) as error:
        return Check("slack token", False, f"{settings.slack_api_url} cannot be reached: {error}.")
    headers = {name.lower(): value for name, value in reply.headers.items()}
    given = {scope.strip() for scope in str(headers.get("x-oauth-scopes", "")).split(",")}
    missing = [f"{scope} ({REQUIRED[scope]})" for scope in REQUIRED if scope not in given]
    left_out = [f"{scope} ({OPTIONAL[scope]})" for scope in OPTIONAL if scope not in given]
    detail = f"{reply.get('user', '')} in {reply.get('team', '')}"
    if missing:
        detail += f"; scopes missing: {', '.join(missing)}. Add them and install the app again."
    elif left_out:
        detail += f"; without {', '.join(left_out)}"
    return Check("slack token", not missing, detail)


def _socket(token: str, settings: "Settings") -> "Check":
    from slack_sdk.errors import SlackApiError, SlackClientError

    from rag.doctor import Check

    try:
        hasty_client("", settings.slack_api_url).apps_connections_open(app_token=token)
    except SlackApiError as error:
        reason = error.response.get("error", "")
        remedy = "Switch Socket Mode on and give the app-level token the scope connections:write."
        return Check("slack events", False, f"Slack refuses slack_app_token: {reason}. {remedy}")
    except (SlackClientError, OSError) as error:
        return Check("slack events", False, f"{settings.slack_api_url} cannot be reached: {error}.")
    return Check("slack events", True, "Socket Mode")
