"""Replies sent to an address that a request named: only to hosts that are allowed, and signed."""

import ipaddress
import socket
import time
from collections.abc import Collection
from urllib.parse import urlsplit

from rag.bots.service import ServiceError
from rag.bots.signatures import sign

POST_SECONDS = 20.0  # to wait for a relay to take a reply


class CallbackError(ServiceError):
    """An address that replies must not be sent to."""

    status = 403


class Callbacks:
    """Sends replies to ``hosts``, signed with ``secret``; in a private network only when ``private`` says so."""

    def __init__(self, secret: bytes, hosts: Collection[str], private: bool) -> None:
        self._secret, self._hosts, self._private = secret, {name.lower() for name in hosts}, private

    def check(self, url: str) -> tuple[str, str]:
        """The host of an address and the IP address it has. Raises CallbackError when it must not be called."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in {"http", "https"} or not host or host not in self._hosts or parts.username:
            raise CallbackError(f"The callback host {host!r} is not allowed.", "See webhook_callback_hosts.")
        try:
            found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, parts.port, type=socket.SOCK_STREAM)}
        except (OSError, UnicodeError, ValueError) as error:
            raise CallbackError(f"The callback host {host!r} cannot be found.") from error
        if not self._private and not all(ipaddress.ip_address(ip).is_global for ip in found):
            raise CallbackError(f"{host} is in a private network.", "See the setting webhook_callback_private.")
        return host, sorted(found)[0]

    def post(self, url: str, message_id: str, body: bytes) -> None:
        """Send a reply to the very address that was checked: names come to mean others. Redirects are not followed.

        Raises CallbackError as :meth:`check`, ServiceError when the relay does not take the reply.
        """
        import httpx

        host, ip = self.check(url)
        sent = str(int(time.time()))
        headers = {
            "content-type": "application/json",
            "host": urlsplit(url).netloc,
            "webhook-id": message_id,
            "webhook-timestamp": sent,
            "webhook-signature": sign(self._secret, message_id, sent, body),
        }
        transport = httpx.HTTPTransport(retries=2)
        with httpx.Client(transport=transport, timeout=POST_SECONDS, trust_env=False) as client:
            try:
                pinned = httpx.URL(url).copy_with(host=ip)
                response = client.post(pinned, content=body, headers=headers, extensions={"sni_hostname": host})
            except httpx.HTTPError as error:
                raise ServiceError(f"The relay {host} cannot be reached: {error}.") from error
        if not response.is_success:
            raise ServiceError(f"The relay {host} answered {response.status_code} to a reply.")
