"""The form that narrows a page."""

from __future__ import annotations

from typing import NamedTuple

from tracker.i18n.points import title_in
from tracker.i18n.translate import translate
from tracker.timeline.filters import Search
from tracker.timeline.points import Status
from tracker.web.addresses import Query
from tracker.web.page import Frame
from tracker.web.query import STATUSES, Names, query_of


class ChosenValue(NamedTuple):
    """One value that is chosen, and the address without it."""

    name: str
    without: str


class Filters(NamedTuple):
    """The form that narrows a page."""

    names: Names
    agreements: list[tuple[str, str]]  #: id and title, where there are several to choose from
    search: Search
    statuses: list[tuple[Status, str]]
    chosen: list[ChosenValue]
    further: list[tuple[str, str]]  #: values beside the one that a field shows
    none: str  #: the page without any


def filters_of(
    frame: Frame, search: Search, names: Names, page: str, beside: Query = ()
) -> Filters:
    """The form, as it is filled in; `beside` is what else the page's address keeps."""
    query, beside = query_of(search), list(beside)
    status_texts = {status: translate(frame.language, f"status.{status}") for status in STATUSES}
    titles = {
        agreement.id: title_in(agreement, frame.language) for agreement in frame.timeline.agreements
    }
    by_status = {str(status): text for status, text in status_texts.items()}
    texts = {"status": by_status, "agreement": titles}
    chosen = [
        ChosenValue(
            texts.get(name, {}).get(value, value),
            frame.addresses.page(
                page, [*(pair for pair in query if pair != (name, value)), *beside]
            ),
        )
        for name, value in query
    ]
    fields = {
        "agreement": search.where.agreements,
        "party": search.where.parties,
        "tag": search.where.tags,
        "status": search.statuses,
    }
    # What a field shows is sent by it; where there is one agreement, there is no field for it.
    has_field = {"agreement": len(titles) > 1}
    further = [
        (name, value)
        for name, values in fields.items()
        for value in values[int(has_field.get(name, True)) :]
    ]
    return Filters(
        names,
        list(titles.items()) if len(titles) > 1 else [],
        search,
        list(status_texts.items()),
        chosen,
        further,
        frame.addresses.page(page, beside),
    )
