"""The pages that every page leads to, a row each: served and published alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from tracker.web.addresses import Query
from tracker.web.page import Frame
from tracker.web.pages.agenda import AGENDA, agenda_page, agenda_query
from tracker.web.pages.changes import CHANGES, changes_page
from tracker.web.pages.subscribe import SUBSCRIBE, subscribe_page
from tracker.web.pages.timeline import TIMELINE, timeline_page
from tracker.web.pages.what_if import WHAT_IF, shareable_query, what_if_page

_QueryList: TypeAlias = list[tuple[str, str]]


class Page(NamedTuple):
    """One page: what it is called in its address, and what makes it of its parameters."""

    name: str  #: the agenda has none; its title is the sentence `page.nav.NAME`
    render: Callable[[Frame, Query], str]  #: raises BadParameters
    has_parts: bool = False  #: whether its list goes on in further files, where it is long
    shareable: Callable[[_QueryList], _QueryList] = list  #: what its address is cut down to


PAGES = (
    Page(AGENDA, agenda_page, shareable=agenda_query),
    Page(TIMELINE, timeline_page, has_parts=True),
    Page(WHAT_IF, what_if_page, shareable=shareable_query),
    Page(CHANGES, changes_page, has_parts=True),
    Page(SUBSCRIBE, subscribe_page),
)
NAV = tuple(page.name for page in PAGES)
