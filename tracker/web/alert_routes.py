"""The pages behind the links of a message: acknowledge, put off, unsubscribe.

Mail gateways follow links, so a GET changes nothing (RFC 9110, section 9.2.1): a button POSTs. One
POST needs no page: the one-click unsubscription of RFC 8058, which mail programs send themselves.
"""

from __future__ import annotations

from typing import NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tracker.i18n.translate import Language, comma_list, translate
from tracker.web.assets import STYLE
from tracker.web.error_pages import error_response, no_timeline_response
from tracker.web.forms import own_forms_only, read_fields, see_other
from tracker.web.page import template
from tracker.web.response_headers import ALONE, SAFE
from tracker.web.site import AlertLinkDesk, AlertView, Site

ONE_CLICK = "One-Click"
_HEADERS = {**SAFE, **ALONE, "cache-control": "no-store"}


class AlertButton(NamedTuple):
    """A form of its own: what it does, for how many days, and what stands on it."""

    action: str
    days: str
    label: str


def alert_routes(site: Site, desk: AlertLinkDesk) -> list[Route]:
    """The routes of the pages behind links."""
    handlers = _AlertHandlers(site, desk)
    alert = "/alert/{message}/{signature}"
    unsubscribe = "/unsubscribe/{message}/{signature}"
    return [
        Route(alert, handlers.show_alert),
        Route(alert, own_forms_only(site, handlers.acknowledge), methods=["POST"]),
        Route(unsubscribe, handlers.show_subscription),
        Route(unsubscribe, own_forms_only(site, handlers.change_subscription), methods=["POST"]),
    ]


class _AlertHandlers:
    def __init__(self, site: Site, desk: AlertLinkDesk) -> None:
        self._site = site
        self._desk = desk

    async def show_alert(self, request: Request) -> Response:
        timeline = self._site.source.timeline
        if timeline is None:
            return no_timeline_response(request.scope)
        link = _link_of(request)
        view = await run_in_threadpool(self._desk.view, *link, timeline, self._site.now())
        if view is None:
            raise HTTPException(404)
        state = view.state or ("open" if view.about is not None else "gone")
        text = translate(view.language, f"answer.{state}", until=view.until or "")
        return _page(view.language, view.about, text, _alert_buttons(view))

    async def acknowledge(self, request: Request) -> Response:
        """Acknowledges, puts off, or takes either back."""
        timeline = self._site.source.timeline
        if timeline is None:
            return no_timeline_response(request.scope)
        link, form = _link_of(request), await read_fields(request)
        now = self._site.now()
        if await run_in_threadpool(self._desk.view, *link, timeline, now) is None:
            raise HTTPException(404)
        action = form.get("action")
        if action == "undo":
            await run_in_threadpool(self._desk.take_back, *link)
            return _back(request)
        days = form.get("days", "")
        if action not in ("acknowledge", "snooze") or (
            action == "snooze" and not (days.isascii() and days.isdigit())
        ):
            return error_response(request.scope, "http.form", 400)
        snooze_days = int(days[:4]) if action == "snooze" else None
        if not await run_in_threadpool(self._desk.acknowledge, *link, snooze_days, timeline, now):
            raise HTTPException(404)
        return _back(request)

    async def show_subscription(self, request: Request) -> Response:
        subscription = await run_in_threadpool(self._desk.subscription, *_link_of(request))
        if subscription is None:
            raise HTTPException(404)
        language = subscription.language
        some = comma_list(subscription.ended_for, language)
        state = "unsubscribed" if subscription.ended else "subscribed"
        if some:
            state = "unsubscribed.of"
        text = translate(language, f"answer.{state}", channel=subscription.channel, agreements=some)
        actions = ["unsubscribe"] * (not subscription.ended)
        actions += ["subscribe"] * (subscription.ended or bool(some))
        buttons = [
            AlertButton(action, "", translate(language, f"answer.{action}")) for action in actions
        ]
        return _page(language, None, text, buttons)

    async def change_subscription(self, request: Request) -> Response:
        form = await read_fields(request)
        one_click = form.get("List-Unsubscribe") == ONE_CLICK
        action = "unsubscribe" if one_click else form.get("action")
        if action not in ("unsubscribe", "subscribe"):
            return error_response(request.scope, "http.form", 400)
        link, ends = _link_of(request), action == "unsubscribe"
        if not await run_in_threadpool(
            self._desk.change_subscription, *link, ends, self._site.now()
        ):
            raise HTTPException(404)
        return await self.show_subscription(request) if one_click else _back(request)


def _alert_buttons(view: AlertView) -> list[AlertButton]:
    """What can be done about it: nothing, where the point is no longer so."""
    language = view.language
    if view.about is None:
        return []
    if view.state is not None:
        return [AlertButton("undo", "", translate(language, "answer.undo"))]
    return [
        AlertButton("acknowledge", "", translate(language, "answer.acknowledge")),
        *(
            AlertButton("snooze", str(days), _snooze_label(days, language))
            for days in view.snooze_days
        ),
    ]


def _snooze_label(days: int, language: Language) -> str:
    if days == 1:
        return translate(language, "answer.snooze.tomorrow")
    return translate(language, "answer.snooze", count=days)


def _link_of(request: Request) -> tuple[str, str]:
    return request.path_params["message"], request.path_params["signature"]


def _back(request: Request) -> Response:
    return see_other(request.path_params["signature"], "", _HEADERS)


def _page(language: Language, about: str | None, text: str, buttons: list[AlertButton]) -> Response:
    body = template("alert.html").render(
        language=language,
        style=STYLE,
        title=about or translate(language, "answer.title"),
        text=text,
        buttons=buttons,
    )
    return HTMLResponse(body, headers={**_HEADERS, "content-language": language})
