"""Clients of Slack's Web API that keep its rate limits and log no secrets."""

import logging
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slack_sdk import WebClient

_SECRET = re.compile(r"xox[a-z]+-[\w-]+|xapp-[\w-]+|(?<=ticket=)[\w%-]+", re.IGNORECASE)
RETRIES = 20  # of a message that Slack's rate limit turns away
TIMEOUT = 30  # seconds


def wire_log() -> logging.Logger:
    """The log of slack-bolt and slack_sdk: warnings only, for below they write requests with their secrets."""
    logger = logging.getLogger("rag.slack.wire")
    logger.setLevel(logging.WARNING)
    if not logger.filters:
        logger.addFilter(_without_secrets)
    return logger


def _without_secrets(record: logging.LogRecord) -> bool:
    record.msg, record.args = _SECRET.sub("***", record.getMessage()), None
    return True


def patient_client(token: str, api_url: str) -> "WebClient":
    """A client for what must arrive: waits as long as Slack's ``Retry-After`` says, and tries again."""
    from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler, ServerErrorRetryHandler

    client = hasty_client(token, api_url)
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=RETRIES))
    client.retry_handlers.append(ServerErrorRetryHandler(max_retry_count=2))
    return client


def hasty_client(token: str, api_url: str) -> "WebClient":
    """A client for what may be left out: does not wait for a rate limit."""
    from slack_sdk import WebClient

    return WebClient(token=token, base_url=api_url, timeout=TIMEOUT, logger=wire_log())
