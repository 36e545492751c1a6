"""Messages signed as Standard Webhooks lays down: an id, a time and a body that nobody else can have sent.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md: the headers ``webhook-id``,
``webhook-timestamp`` (seconds since 1970) and ``webhook-signature``: "v1," and the base64 HMAC-SHA256 of
``id.timestamp.body``; several, parted by spaces, while a secret is being changed.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Mapping

from index.errors import ReportQAError, SettingsError

SHORTEST_SECRET = 24  # bytes
WINDOW = 300  # seconds that a message's time may be off


class SignatureError(ReportQAError):
    """A message is not signed with the secret, or too old."""

    status = 401


def sign(secret: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    """The signature of a message."""
    signed = hmac.digest(secret, f"{message_id}.{timestamp}.".encode() + body, "sha256")
    return f"v1,{base64.b64encode(signed).decode()}"


def verify(secret: bytes, headers: Mapping[str, str], body: bytes, now: float) -> str:
    """The id of a message that is signed with ``secret`` and of now. Raises SignatureError for any other."""
    message_id, sent = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    expected = sign(secret, message_id, sent, body).encode()
    given = headers.get("webhook-signature", "").encode().split()
    if not message_id or not any(hmac.compare_digest(expected, one) for one in given):
        raise SignatureError("The signature is not right.", "docs/webhook.md says how to sign.")
    if not re.fullmatch(r"\d{1,12}", sent, re.ASCII) or abs(now - int(sent)) > WINDOW:
        raise SignatureError(f"The request is not of the last {WINDOW} s.", "Set the sender's clock.")
    return message_id


def secret_of(value: str, setting: str) -> bytes:
    """The secret's bytes: of base64 behind "whsec_", else its letters. Raises SettingsError when it is too short."""
    try:
        secret = base64.b64decode(value[6:], validate=True) if value.startswith("whsec_") else value.encode()
    except binascii.Error:
        secret = b""
    if len(secret) < SHORTEST_SECRET:
        raise SettingsError(
            f"The setting {setting} must have at least {SHORTEST_SECRET} bytes.",
            f"Set REPORT_QA_{setting.upper()}, such as to what `openssl rand -base64 32` prints.",
        )
    return secret
