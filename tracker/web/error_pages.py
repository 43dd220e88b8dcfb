"""Answers that refuse: a page for who reads one, else the sentence in every language at once.

Whoever asks wrongly need not have named a language, and a program reads no page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import parse_qsl

from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import Scope

from tracker.feeds.query import BadParameter
from tracker.i18n.translate import LANGUAGES, Language, language_of, translate
from tracker.web.accept_language import language_for
from tracker.web.page import STYLE, STYLE_HASH, template

#: Of every answer: its type is not guessed, and no address is handed on to other sites. Without any
#: referrer a browser would send our own forms with `Origin: null` (Fetch, section 3.2).
SAFE = {"x-content-type-options": "nosniff", "referrer-policy": "same-origin"}
RETRY_AFTER = "30"
#: Of a page that loads nothing: its style stands in it.
ALONE = {
    "content-security-policy": f"default-src 'none'; style-src '{STYLE_HASH}'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "x-robots-tag": "noindex",
}

_Lines = Callable[[Language], Sequence[str]]


def not_now(scope: Scope) -> Response:
    """There is nothing to serve yet."""
    return said(scope, "page.no-timeline", 503, {"retry-after": RETRY_AFTER})


def bad_parameters(scope: Scope, faults: Sequence[BadParameter]) -> Response:
    """Parameters that there are not, or with values that they do not take."""
    return _refused(scope, lambda language: [one.sentence(language) for one in faults], 400, {})


def said(scope: Scope, name: str, status: int, headers: dict[str, str] | None = None) -> Response:
    """The sentence of that name."""
    return _refused(scope, lambda language: [translate(language, name)], status, headers or {})


def _refused(scope: Scope, lines: _Lines, status: int, headers: dict[str, str]) -> Response:
    headers = {**SAFE, "cache-control": "no-store", **headers}
    asked = dict(scope["headers"])
    if b"text/html" not in asked.get(b"accept", b""):
        text = "\n".join(line for language in LANGUAGES for line in lines(language))
        return PlainTextResponse(f"{text}\n", status, headers)
    named = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("lang")
    language = language_of(named) or language_for(asked)
    body = template("refused.html").render(
        language=language,
        style=STYLE,
        status=status,
        title=translate(language, _TITLES.get(status, "page.refused")),
        lines=lines(language),
        home=_home(scope, language_of(named)),
        home_text=translate(language, "page.nav.agenda"),
    )
    vary = {"vary": "Accept, Accept-Language"}
    return HTMLResponse(body, status, {**ALONE, "content-language": language, **vary, **headers})


_TITLES = {400: "page.refused.bad", 404: "page.refused.nothing", 503: "page.refused.not-now"}


def _home(scope: Scope, named: Language | None) -> str | None:
    """From there to the agenda; None where there is none for who asks so."""
    if "tracker.link" not in scope:
        return None
    home = "../" * (scope["path"].count("/") - 1) or "./"
    return home if named is None else f"{home}?lang={named}"
