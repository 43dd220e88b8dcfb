"""A real Chromium, and sites for it to look at."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from tests.shipped import ROOT, TODAY
from tests.timeline.scene import agreement, event
from tests.web.reading import PATHS
from tests.web.sites import FixedSource, site_of
from tracker.agreements.model import Event
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve
from tracker.web.app import make_app

AXE = ROOT / "tests" / "consumers" / "node_modules" / "axe-core" / "axe.min.js"
#: WCAG 2.2, levels A and AA.
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
#: Those of them that look at colours.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
#: The contexts that go on from test to test, by their options: a new one takes a renderer of its own, which costs as
#: much as eight pages.
_KEPT: WeakKeyDictionary[Browser, dict[str, BrowserContext]] = WeakKeyDictionary()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's where there is one, else Playwright's own (`make .venv-dev/browser`)."""
    os.environ.setdefault("PLAYWRIGHT_BROWSERS_PATH", str(ROOT / ".venv-dev" / "browsers"))
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        yield found
        found.close()


def open_page(browser: Browser, url: str, **options: Any) -> Page:
    """A new page at that address. Pages of the same options share what a browser keeps until `close_pages`."""
    page = _context(browser, options).new_page()
    page.goto(url)
    return page


def _context(browser: Browser, options: dict[str, Any]) -> BrowserContext:
    wanted = {"locale": "en-GB", "viewport": {"width": 1280, "height": 900}} | options
    contexts = _KEPT.setdefault(browser, {})
    key = repr(sorted(wanted.items()))
    if key not in contexts:
        contexts[key] = browser.new_context(**wanted)
    return contexts[key]


def close_pages(browser: Browser) -> None:
    """Closes what a test has opened. Storage goes with the port of its site, and cookies go here."""
    kept = list(_KEPT.get(browser, {}).values())
    for context in browser.contexts:
        if context in kept:
            for page in context.pages:
                page.close()
            context.clear_cookies()
        else:
            context.close()


@contextmanager
def serve(found: Timeline | FixedSource | None, **fields: Any) -> Iterator[str]:
    """The address of a site, over real HTTP."""
    source = found if isinstance(found, FixedSource) else FixedSource(found)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        app = make_app(site_of(source, **fields))
        config = uvicorn.Config(app, log_config=None, lifespan="off", server_header=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


class Watched:
    """What a page complained of, what it could not load, and what it loaded."""

    def __init__(self, page: Page) -> None:
        self.complaints: list[str] = []
        self.kinds: list[str] = []  #: of all that it asked for
        self.bytes = 0  #: as they came over the wire
        page.on("requestfinished", self._loaded)
        page.on("console", lambda one: self._said(one.type, one.text))
        page.on("pageerror", lambda one: self.complaints.append(str(one)))
        page.on("requestfailed", lambda one: self.complaints.append(one.url))

    def _loaded(self, request: Request) -> None:
        self.kinds.append(request.resource_type)
        self.bytes += request.sizes()["responseBodySize"]

    def _said(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)


def axe_violations(page: Page, rules: Mapping[str, object] | None = None) -> list[str]:
    """What axe-core finds on the page, each with the first element that it is about."""
    if not page.evaluate("window.axe"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    run = "rules => axe.run({runOnly: rules, resultTypes: ['violations']})"
    found = page.evaluate(run, rules or RULES)
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]} ({one['nodes'][0]['failureSummary'][:300]})"
        for one in found["violations"]
    ]


@cache
def many(count: int) -> Timeline:
    """An agreement of so many events of every kind, with parties and tags."""
    events: list[Event] = []
    for at in range(count):
        year, month = 2026 + at % 9, 1 + at % 12
        kinds: list[dict[str, str]] = [
            {"when": f"{year}-{month:02}-15"},
            {"when": f"in {year}"},
            {"when": f"30 days after e{at - 2}" if at % 3 else "open"},
            {
                "starts": f"{year}-{month:02}-01",
                "ends": f"earliest of open-{at}, through {year + 4}",
            },
            {"starts": "2025-06-01"},
        ]
        fields: dict[str, Any] = dict(kinds[at % 5])
        if at % 5 == 3:
            events.append(event(f"open-{at}", when="open"))
        events.append(
            event(
                f"e{at}",
                parties=(f"Party {at % 7}",),
                tags=(f"tag-{at % 11}",),
                **fields,
            )._replace(
                title=(("en", f"Milestone number {at} of the programme"), ("ja", f"計画の節目{at}"))
            )
        )
    return resolve([agreement(*events[:count])], TODAY)


def pages_of(found: Timeline) -> tuple[str, ...]:
    """Every kind of page that a site with that timeline has."""
    name = found.events[-1].name
    return (*PATHS, f"/events/{name}")
