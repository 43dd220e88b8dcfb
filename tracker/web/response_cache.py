"""Responses that were made, for the next who asks."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime

from tracker.web.cached_response import CachedResponse
from tracker.web.site import EditionSource

MOST_RESPONSES, MOST_BYTES = 256, 64 * 1024 * 1024


class ResponseCache:
    """Keeps responses until there is something new to serve, the newest where they are many."""

    def __init__(self, source: EditionSource, now: Callable[[], datetime]) -> None:
        self._source = source
        self._now = now
        self._revision = -1  #: of the source, when the responses were made
        self._responses: dict[Hashable, CachedResponse] = {}

    def find(self, key: Hashable) -> CachedResponse | None:
        """The response that still holds."""
        if self._source.revision != self._revision:
            self._revision = self._source.revision
            self._responses.clear()
        response = self._responses.get(key)
        if response is None or response.until is None or self._now() < response.until:
            return response
        return None

    def keeper(self, key: Hashable) -> Callable[[CachedResponse], None]:
        """What keeps a response under that key, unless something new came while it was made."""
        revision = self._revision

        def keep(response: CachedResponse) -> None:
            if revision == self._source.revision:
                self._keep(key, response)

        return keep

    def _keep(self, key: Hashable, response: CachedResponse) -> None:
        self._responses.pop(key, None)
        self._responses[key] = response
        size = sum(kept.size for kept in self._responses.values())
        while len(self._responses) > MOST_RESPONSES or (
            size > MOST_BYTES and len(self._responses) > 1
        ):
            oldest = next(iter(self._responses))
            size -= self._responses.pop(oldest).size
