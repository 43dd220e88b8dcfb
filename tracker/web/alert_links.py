"""The pages behind the links of a message: acknowledge, put off, unsubscribe.

Mail gateways follow links, so a GET changes nothing (RFC 9110, section 9.2.1): a button POSTs. One
POST needs no page: the one-click unsubscription of RFC 8058, which mail programs send themselves.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from tracker.i18n.translate import Language, translate
from tracker.web.assets import STYLE
from tracker.web.error_pages import error_response, no_timeline_response
from tracker.web.forms import fields_of, from_us
from tracker.web.page import template
from tracker.web.response_headers import ALONE, SAFE
from tracker.web.site import AlertLinkDesk, Site

ONE_CLICK = "One-Click"
_HEADERS = {**SAFE, **ALONE, "cache-control": "no-store"}


def answer_routes(site: Site, desk: AlertLinkDesk) -> list[Route]:
    """The routes of the pages behind links."""
    pages = _Pages(site, desk)
    return [
        Route("/alert/{message}/{signature}", pages.alert),
        Route("/alert/{message}/{signature}", from_us(site, pages.answer), methods=["POST"]),
        Route("/unsubscribe/{message}/{signature}", pages.channel),
        Route("/unsubscribe/{message}/{signature}", from_us(site, pages.end), methods=["POST"]),
    ]


class _Pages:
    def __init__(self, site: Site, desk: AlertLinkDesk) -> None:
        self._site = site
        self._desk = desk

    async def alert(self, request: Request) -> Response:
        timeline = self._site.source.timeline
        if timeline is None:
            return no_timeline_response(request.scope)
        link = _link(request)
        view = await run_in_threadpool(self._desk.view, *link, timeline, self._site.now())
        if view is None:
            raise HTTPException(404)
        buttons = []
        if view.about is not None:
            if view.state is None:
                buttons.append(("acknowledge", "", "answer.acknowledge", 0))
                buttons += [
                    ("snooze", str(days), "answer.snooze", days) for days in view.snooze_days
                ]
            else:
                buttons.append(("undo", "", "answer.undo", 0))
        state = view.state or ("open" if view.about is not None else "gone")
        text = translate(view.language, f"answer.{state}", until=view.until or "")
        return _page(view.language, view.about, text, buttons)

    async def answer(self, request: Request) -> Response:
        timeline = self._site.source.timeline
        if timeline is None:
            return no_timeline_response(request.scope)
        link, form = _link(request), await fields_of(request)
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
        put_off = int(days[:4]) if action == "snooze" else None
        done = await run_in_threadpool(self._desk.acknowledge, *link, put_off, timeline, now)
        if not done:
            raise HTTPException(404)
        return _back(request)

    async def channel(self, request: Request) -> Response:
        found = await run_in_threadpool(self._desk.subscription, *_link(request))
        if found is None:
            raise HTTPException(404)
        state = "unsubscribed" if found.ended else "subscribed"
        action = "subscribe" if found.ended else "unsubscribe"
        text = translate(found.language, f"answer.{state}", channel=found.channel)
        return _page(found.language, None, text, [(action, "", f"answer.{action}", 0)])

    async def end(self, request: Request) -> Response:
        form = await fields_of(request)
        one_click = form.get("List-Unsubscribe") == ONE_CLICK
        action = "unsubscribe" if one_click else form.get("action")
        if action not in ("unsubscribe", "subscribe"):
            return error_response(request.scope, "http.form", 400)
        link, ends = _link(request), action == "unsubscribe"
        if not await run_in_threadpool(
            self._desk.change_subscription, *link, ends, self._site.now()
        ):
            raise HTTPException(404)
        return await self.channel(request) if one_click else _back(request)


def _link(request: Request) -> tuple[str, str]:
    return request.path_params["message"], request.path_params["signature"]


def _back(request: Request) -> Response:
    """To the page, which says what is so now; loading it again sends nothing again.

    By its last part alone: what stands before it, a proxy may have taken away.
    """
    return RedirectResponse(f"./{request.path_params['signature']}", 303, headers=_HEADERS)


def _page(
    language: Language, about: str | None, text: str, buttons: list[tuple[str, str, str, int]]
) -> Response:
    shown = [
        (action, days, translate(language, name, count=count))
        for action, days, name, count in buttons
    ]
    body = template("answer.html").render(
        language=language,
        style=STYLE,
        title=about or translate(language, "answer.title"),
        text=text,
        buttons=shown,
    )
    return HTMLResponse(body, headers={**_HEADERS, "content-language": language})
