"""How to subscribe: one address, and what each calendar makes of it."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, urlsplit

import segno

from tracker.feeds.edition import ATOM, CALENDAR
from tracker.timeline.filters import Search, Where
from tracker.web.addresses import ATOM_FEED, CALENDAR_FEED, Query
from tracker.web.page import Frame
from tracker.web.pages.filters import filters_of
from tracker.web.query import FOLLOWED, Parameters, names_in, query_of

SUBSCRIBE = "subscribe"
#: What the form offers as alarms; an address takes any.
ALARMS = ("30d", "7d", "1d", "0d")
PARAMETERS = (*FOLLOWED, "alarms", "waiting", "cancelled")
_GOOGLE = "https://calendar.google.com/calendar/r?cid="
_OUTLOOK = "https://outlook.live.com/calendar/0/addfromweb?url="
_OFFICE = "https://outlook.office.com/calendar/0/addfromweb?url="
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class CalendarPrograms(NamedTuple):
    """Where each program begins to subscribe."""

    webcal: str
    google: str
    outlook: str
    office: str
    code: str | None  #: the path of a QR code's dark squares; None: the address is too long
    size: int  #: how many squares it is wide


class LabelFeed(NamedTuple):
    """A feed of one tag or party."""

    name: str
    calendar: str
    atom: str


def subscribe_page(frame: Frame, query: Query) -> str:
    """The page; raises BadParameters."""
    parameters = Parameters(query, PARAMETERS)
    names = names_in(frame.timeline)
    where = parameters.search(names).where
    alarms = parameters.values("alarms", ALARMS)
    waiting = parameters.value("waiting", ("todo",))
    cancelled = parameters.value("cancelled", ("no", "yes"))
    parameters.check()
    filtered = query_of(Search(where))
    beside = [
        *(("alarms", alarm) for alarm in ALARMS if alarm in alarms),
        ("waiting", waiting or ""),
        ("cancelled", cancelled or ""),
    ]
    feed_query: Query = [
        *filtered,
        *([("alarms", ",".join(alarm for alarm in ALARMS if alarm in alarms))] if alarms else ()),
        *([("waiting", waiting)] if waiting else ()),
        *([("cancelled", cancelled)] if cancelled else ()),
    ]
    address = frame.addresses.feed_url(CALENDAR_FEED.file, feed_query)
    return frame.render(
        "subscribe",
        SUBSCRIBE,
        feed=frame.addresses.feed(CALENDAR_FEED.file, feed_query),
        address=address,
        programs=None if address is None else programs_for(address),
        is_local=address is not None and urlsplit(address).hostname in _LOOPBACK,
        search=Search(where),
        filters=filters_of(frame, Search(where), names, SUBSCRIBE, beside),
        alarms=[(alarm, frame.translate(f"alarm.{alarm}"), alarm in alarms) for alarm in ALARMS],
        waiting=waiting is not None,
        cancelled=cancelled == "no",
        without_cancelled=frame.addresses.without_cancelled,
        atom=frame.addresses.feed(ATOM_FEED.file, filtered),
        data=frame.addresses.data(filtered),
        feeds=_feeds(frame) if where == Where() else [],
    )


def webcal_url(address: str) -> str:
    """The address as a calendar program of the device takes it."""
    return f"webcal://{address.split('://', 1)[-1]}"


def programs_for(address: str) -> CalendarPrograms:
    """Where each program begins to subscribe to that address."""
    encoded = quote(address, safe="")
    return CalendarPrograms(
        webcal_url(address),
        f"{_GOOGLE}{quote(webcal_url(address), safe='')}",
        f"{_OUTLOOK}{encoded}",
        f"{_OFFICE}{encoded}",
        *_qr_code(address),
    )


def _qr_code(address: str) -> tuple[str | None, int]:
    """A QR code's dark squares (ISO/IEC 18004), and how many it is wide."""
    try:
        rows = segno.make(address, error="m", micro=False).matrix
    except segno.DataOverflowError:
        return None, 0
    squares = ((left, top) for top, row in enumerate(rows) for left, dark in enumerate(row) if dark)
    return "".join(f"M{left} {top}h1v1h-1z" for left, top in squares), len(rows)


def _feeds(frame: Frame) -> list[LabelFeed]:
    """The feeds of tags and parties, which have addresses of their own."""
    addresses, names = frame.addresses, names_in(frame.timeline)
    return [
        LabelFeed(
            name,
            addresses.feed_of_label(name, CALENDAR),
            addresses.feed_of_label(name, ATOM),
        )
        for name in (*names.parties, *names.tags)
    ]
