"""Answers that refuse, in every language at once: whoever asks wrongly need not have named one."""

from __future__ import annotations

from starlette.responses import PlainTextResponse, Response

from tracker.feeds.choice import BadParameter
from tracker.wording.sentences import LANGUAGES, say

#: Of every answer: its type is not guessed, and no address is handed on.
SAFE = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
RETRY_AFTER = "30"


def not_now() -> Response:
    """There is nothing to serve yet."""
    return said("page.no-timeline", 503, {"retry-after": RETRY_AFTER})


def bad_parameter(error: BadParameter) -> Response:
    """A parameter that there is not, or with a value that it does not take."""
    return _plain([error.sentence(language) for language in LANGUAGES], 400, {})


def said(name: str, status: int, headers: dict[str, str] | None = None) -> Response:
    """The sentence of that name."""
    return _plain([say(language, name) for language in LANGUAGES], status, headers or {})


def _plain(lines: list[str], status: int, headers: dict[str, str]) -> Response:
    headers = {**SAFE, "cache-control": "no-store", **headers}
    return PlainTextResponse("\n".join(lines) + "\n", status, headers)
