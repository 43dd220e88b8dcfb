"""Responses that refuse: a page for who reads one, else the sentence in every language at once.

Whoever asks wrongly need not have named a language, and a program reads no page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias
from urllib.parse import parse_qsl

from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import Scope

from tracker.failures.extras import MissingLibrariesError
from tracker.feeds.query import BadParameter
from tracker.i18n.translate import LANGUAGES, Language, language_of, translate
from tracker.web.access import Visit
from tracker.web.assets import STYLE
from tracker.web.page import template
from tracker.web.request_headers import preferred_language
from tracker.web.response_headers import ALONE, SAFE, SHARED

RETRY_AFTER = "30"

_Lines: TypeAlias = Callable[[Language], Sequence[str]]


def no_timeline_response(scope: Scope) -> Response:
    """There is nothing to serve yet."""
    return error_response(scope, "page.no-timeline", 503, {"retry-after": RETRY_AFTER})


def bad_parameters_response(scope: Scope, parameters: Sequence[BadParameter]) -> Response:
    """Parameters that there are not, or with values that they do not take."""

    def lines(language: Language) -> list[str]:
        return [parameter.sentence(language) for parameter in parameters]

    return _response(scope, lines, 400, {})


def missing_libraries_response(scope: Scope, error: MissingLibrariesError) -> Response:
    """What is asked for takes what is not installed here."""
    return _response(scope, lambda language: [error.reason.text(language)], 501, {})


def error_response(
    scope: Scope, name: str, status: int, headers: dict[str, str] | None = None
) -> Response:
    """The sentence of that name."""
    return _response(scope, lambda language: [translate(language, name)], status, headers or {})


def _response(scope: Scope, lines: _Lines, status: int, headers: dict[str, str]) -> Response:
    visit: Visit | None = scope.get("tracker.visit")
    is_shared = visit is not None and visit.is_shared
    headers = {**SAFE, **(SHARED if is_shared else {}), "cache-control": "no-store", **headers}
    request_headers = dict(scope["headers"])
    if b"text/html" not in request_headers.get(b"accept", b""):
        text = "\n".join(line for language in LANGUAGES for line in lines(language))
        return PlainTextResponse(f"{text}\n", status, headers)
    parameters = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    chosen_language = language_of(parameters.get("lang"))
    language = chosen_language or preferred_language(request_headers)
    body = template("refused.html").render(
        language=language,
        style=STYLE,
        status=status,
        title=translate(language, _TITLES.get(status, "page.refused")),
        lines=lines(language),
        home=_home(scope, chosen_language),
        home_text=translate(language, "page.nav.agenda"),
    )
    vary = {"vary": "Accept, Accept-Language"}
    return HTMLResponse(body, status, {**ALONE, "content-language": language, **vary, **headers})


_TITLES = {400: "page.refused.bad", 404: "page.refused.nothing", 503: "page.refused.not-now"}


def _home(scope: Scope, chosen_language: Language | None) -> str | None:
    """From there to the agenda; None where the gateway has let nobody in."""
    if "tracker.visit" not in scope:
        return None
    home = "../" * (scope["path"].count("/") - 1) or "./"
    return home if chosen_language is None else f"{home}?lang={chosen_language}"
