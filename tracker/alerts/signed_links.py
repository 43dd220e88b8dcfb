"""Links in messages: what they open is signed, so nobody can guess one."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import quote

from tracker.alerts.message import MessageLinks

#: Behind the page's address: an alert's page, and the one that ends its channel.
ACKNOWLEDGE, UNSUBSCRIBE = "alert", "unsubscribe"


class Signer:
    """Makes links and knows its own."""

    def __init__(self, key: bytes, url: str) -> None:
        self._key = key
        self._url = url.rstrip("/")

    def page(self, path: str) -> str:
        """The whole address of a page, which is not signed: its path below the home page's."""
        return f"{self._url}/{quote(path)}"

    def links(self, message: str) -> MessageLinks:
        """Those of a message."""
        return MessageLinks(
            f"{self._url}/{ACKNOWLEDGE}/{message}/{self.signature(ACKNOWLEDGE, message)}",
            f"{self._url}/{UNSUBSCRIBE}/{message}/{self.signature(UNSUBSCRIBE, message)}",
        )

    def signature(self, purpose: str, message: str) -> str:
        """What stands behind a message's identity in a link."""
        digest = hmac.digest(self._key, f"{purpose}/{message}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest[:18]).decode()

    def is_ours(self, purpose: str, message: str, signature: str) -> bool:
        """Whether that signature is ours; how long it takes tells nothing of how much matches."""
        ours = self.signature(purpose, message).encode()
        return hmac.compare_digest(ours, signature.encode(errors="replace"))
