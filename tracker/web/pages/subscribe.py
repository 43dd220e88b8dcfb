"""How to subscribe: one address, and what each calendar makes of it."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, urlsplit

import segno

from tracker.timeline.filters import Search, Where
from tracker.web.addresses import ATOM, CALENDAR, SUBSCRIBE, Query
from tracker.web.page import Frame
from tracker.web.pages.agenda import filters_of
from tracker.web.query import Parameters, names_in, query_of

#: What the form offers as alarms; an address takes any.
ALARMS = ("30d", "7d", "1d", "0d")
TAKES = ("party", "tag", "alarms", "waiting")
_GOOGLE = "https://calendar.google.com/calendar/r?cid="
_OUTLOOK = "https://outlook.live.com/calendar/0/addfromweb?url="
_OFFICE = "https://outlook.office.com/calendar/0/addfromweb?url="
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Clients(NamedTuple):
    """Where each program begins to subscribe."""

    webcal: str
    google: str
    outlook: str
    office: str
    code: str | None  #: the path of a QR code's dark squares; None: the address is too long
    size: int  #: how many squares it is wide


class Feed(NamedTuple):
    """A feed of one tag or party."""

    name: str
    calendar: str
    atom: str


def subscribe_page(frame: Frame, parameters: Parameters) -> str:
    """The page; raises BadParameters."""
    names = names_in(frame.timeline)
    where = parameters.search(names).where
    alarms = parameters.many("alarms", ALARMS)
    waiting = parameters.one("waiting", ("todo",))
    parameters.check()
    query = query_of(Search(where))
    whole: Query = [
        *query,
        *([("alarms", ",".join(one for one in ALARMS if one in alarms))] if alarms else ()),
        *([("waiting", waiting)] if waiting else ()),
    ]
    address = frame.addresses.whole(CALENDAR, whole)
    return frame.rendered(
        "subscribe",
        SUBSCRIBE,
        feed=frame.addresses.feed(CALENDAR, whole),
        address=address,
        clients=None if address is None else clients_of(address),
        is_local=address is not None and urlsplit(address).hostname in _LOOPBACK,
        filters=filters_of(frame, Search(where), names, SUBSCRIBE),
        alarms=[(one, frame.translate(f"alarm.{one}"), one in alarms) for one in ALARMS],
        waiting=waiting is not None,
        atom=frame.addresses.feed(ATOM, query),
        data=frame.addresses.data,
        feeds=_feeds(frame) if where == Where() else [],
    )


def webcal(address: str) -> str:
    """The address as a calendar program of the device takes it."""
    return f"webcal://{address.split('://', 1)[-1]}"


def clients_of(address: str) -> Clients:
    """Where each program begins to subscribe to that address."""
    encoded = quote(address, safe="")
    return Clients(
        webcal(address),
        f"{_GOOGLE}{quote(webcal(address), safe='')}",
        f"{_OUTLOOK}{encoded}",
        f"{_OFFICE}{encoded}",
        *_code_of(address),
    )


def _code_of(address: str) -> tuple[str | None, int]:
    """A QR code's dark squares (ISO/IEC 18004), and how many it is wide."""
    try:
        rows = segno.make(address, error="m", micro=False).matrix
    except segno.DataOverflowError:
        return None, 0
    squares = ((x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return "".join(f"M{x} {y}h1v1h-1z" for x, y in squares), len(rows)


def _feeds(frame: Frame) -> list[Feed]:
    """The feeds of tags and parties, which have addresses of their own."""
    addresses, names = frame.addresses, names_in(frame.timeline)
    return [
        Feed(
            name,
            addresses.feed(addresses.of_label(name)),
            addresses.feed(addresses.of_label(name, "atom")),
        )
        for name in (*names.parties, *names.tags)
    ]
