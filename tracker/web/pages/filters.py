"""The form that narrows a page."""

from __future__ import annotations

from typing import NamedTuple

from tracker.i18n.translate import translate
from tracker.timeline.filters import Search
from tracker.timeline.points import Status
from tracker.web.page import Frame
from tracker.web.query import STATUSES, Names, query_of


class ChosenValue(NamedTuple):
    """One value that is chosen, and the address without it."""

    name: str
    without: str


class Filters(NamedTuple):
    """The form that narrows a page."""

    names: Names
    search: Search
    statuses: list[tuple[Status, str]]
    chosen: list[ChosenValue]
    further: list[tuple[str, str]]  #: values beside the one that a field shows
    none: str  #: the page without any


def filters_of(frame: Frame, search: Search, names: Names, page: str) -> Filters:
    """The form, as it is filled in."""
    query = query_of(search)
    status_texts = {status: translate(frame.language, f"status.{status}") for status in STATUSES}
    chosen = [
        ChosenValue(
            status_texts.get(value, value) if name == "status" else value,  # type: ignore[call-overload]
            frame.addresses.page(page, [pair for pair in query if pair != (name, value)]),
        )
        for name, value in query
    ]
    fields = {"party": search.where.parties, "tag": search.where.tags, "status": search.statuses}
    further = [(name, value) for name, values in fields.items() for value in values[1:]]
    none = frame.addresses.page(page)
    return Filters(names, search, list(status_texts.items()), chosen, further, none)
