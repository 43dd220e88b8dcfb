"""Who may write in the files by the pages: who is on this machine alone, or has a link to write.

Nobody else sees that there is such a thing.
"""

from __future__ import annotations

from typing import NamedTuple

from starlette.requests import Request

from tracker.timeline.filters import restrictions_in
from tracker.web.access import BEHIND_LINK, is_near, visit_of
from tracker.web.site import EditableFiles, Site


class Writer(NamedTuple):
    """Who may write."""

    files: EditableFiles
    name: str  #: of the link; on this machine ""
    refusal: str | None  #: names the sentence that says why it cannot be done here


def writer_of(site: Site, request: Request) -> Writer | None:
    """Who asks, where they may write in the files; None: there is nothing of that for them."""
    visit, timeline = visit_of(request), site.source.timeline
    if site.edits is None:
        return None
    if visit.link is None:
        if not (site.is_local and is_near(request.scope, dict(request.scope["headers"]))):
            return None
        return Writer(site.edits, "", site.edits.refusal)
    name = site.writer_of_secret(visit.link.removeprefix(BEHIND_LINK))
    if name is None:
        return None
    shows_some = timeline is not None and bool(restrictions_in(timeline, visit.within))
    return Writer(site.edits, name, site.edits.refusal or ("edit.of-some" if shows_some else None))
