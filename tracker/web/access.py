"""Who may see what: everybody, or whoever has a secret link.

A secret link is an address that begins with /s/SECRET/: all that stands behind it is what is served
without, of what its filter admits.
"""

from __future__ import annotations

from typing import NamedTuple

from starlette.requests import Request
from starlette.types import Scope

from tracker.store.database import LedgerError
from tracker.store.undelivered import UndeliveredSummary
from tracker.timeline.filters import Where, restrictions_in
from tracker.web.hosts import HostCheck, is_loopback
from tracker.web.peers import is_on_this_machine
from tracker.web.request_headers import RequestHeaders
from tracker.web.site import Site

BEHIND_LINK = "/s/"
#: There without a secret link: links in alerts are signed, each for itself.
OPEN = ("/healthz", "/alert/", "/unsubscribe/")
#: Counts of everything, for whoever asks on this machine, or by a link that shows everything.
METRICS = "/metrics"
#: What programs read; each address below them.
FEEDS = ("/calendar.ics", "/feed.atom", "/feeds/")
DATA = (*FEEDS, "/api/")
_EVERYTHING = Where()


class Visit(NamedTuple):
    """What is asked for, and how much of it may be seen."""

    path: str  #: behind a secret link, where there is one
    within: tuple[Where, ...]  #: what the link shows; nothing: everything
    link: str | None  #: the link's own path
    is_shared: bool = False  #: whether a page of any site may read it


class Refusal(Exception):
    """Nothing is there for who asks so; `name` names the sentence."""

    def __init__(self, name: str, status: int) -> None:
        super().__init__(name)
        self.name = name
        self.status = status


def is_behind_link(path: str) -> bool:
    return path.startswith(BEHIND_LINK)


class Access:
    """Lets a request in, or refuses it."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._hosts = HostCheck(site.hosts)

    def visit(self, scope: Scope, headers: RequestHeaders) -> Visit:
        """What that request may see; raises Refusal."""
        raw_path = scope.get("raw_path", b"")
        if b"%" in raw_path and b"%2f" in raw_path.lower():  # a page's links would lead elsewhere
            raise Refusal("http.nothing", 404)
        if not self._hosts.passes(scope, headers):
            raise Refusal("http.host", 400)
        path: str = scope["path"]
        if is_behind_link(path):
            visit = self._behind_link(path)
        elif self._site.public or path.startswith((*OPEN, METRICS)):
            visit = Visit(path, (), None, self._shares(path))
        else:
            raise Refusal("http.nothing", 404)
        if visit.path == METRICS and not self._may_see_metrics(visit, scope, headers):
            raise Refusal("http.nothing", 404)
        return visit

    def _shares(self, path: str) -> bool:
        """Whether a page of any site may read that: what is public, never what a link shows."""
        site = self._site
        return site.public and site.shares_feeds and not site.is_local and path.startswith(DATA)

    def _behind_link(self, path: str) -> Visit:
        secret, slash, rest = path.removeprefix(BEHIND_LINK).partition("/")
        try:
            where = self._site.filter_of_secret(secret)
        except LedgerError:  # it may have been closed
            raise Refusal("http.links", 503) from None
        if where is None or not slash:
            raise Refusal("http.nothing", 404)
        within = () if where == _EVERYTHING else (where,)
        return Visit(f"/{rest}", within, f"{BEHIND_LINK}{secret}")

    def _may_see_metrics(self, visit: Visit, scope: Scope, headers: RequestHeaders) -> bool:
        """By a link that shows everything; else on this machine, and not through a proxy on it."""
        return _shows_everything(self._site, visit) if visit.link else is_near(scope, headers)


def undelivered_for(
    site: Site, visit: Visit, scope: Scope, headers: RequestHeaders
) -> UndeliveredSummary | None:
    """What did not arrive, where its reader may know to whom: None for everybody else.

    By a link that shows everything, or on this machine where it serves nobody else. What is public
    says nothing of it.
    """
    summary = site.undelivered()
    if summary is None:
        return None
    if visit.link is None:
        return summary if site.is_local and is_near(scope, headers) else None
    return summary if _shows_everything(site, visit) else None


def _shows_everything(site: Site, visit: Visit) -> bool:
    timeline = site.source.timeline
    return not (visit.within if timeline is None else restrictions_in(timeline, visit.within))


def is_near(scope: Scope, headers: RequestHeaders) -> bool:
    """Whether somebody on this machine asks, and not through a proxy on it.

    The other end of the connection decides. The host only takes away: what comes from here and asks
    for the site's public name came through something that says nothing of itself.
    """
    return is_loopback(headers) and is_on_this_machine(scope)


def visit_of(request: Request) -> Visit:
    """What the gateway let in."""
    visit: Visit = request.scope["tracker.visit"]
    return visit
