"""One event's part of a file, found and read without reading the rest.

A record in a file of 10,000 events must not wait for all of them to be parsed twice. Whatever is
not plain is left to the whole way: an event in an inline table, with tables of its own, amended, or
in a text where a header looks like a list.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from tracker.agreements.model import Agreement, Event
from tracker.files.homes import header_of
from tracker.files.schema import read_event
from tracker.files.toml_edits import Replacement
from tracker.files.values import Reader

#: Texts and comments, in which nothing is a header; and what may be one.
_PIECES = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}'
    r"|'''(?:[^']|'(?!''))*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|(?P<header>^[ \t]*\[)",
    re.DOTALL | re.MULTILINE,
)
_EVENT = re.compile(r"[ \t]*\[\[[ \t]*event[ \t]*\]\][ \t]*(?:#[^\n]*)?\r?\n")


class Section(NamedTuple):
    """The part of a text from an event's header to the next one."""

    start: int
    text: str

    def whole(self, inner: Replacement) -> Replacement:
        """An edit of the section, as one of the whole text."""
        return Replacement(inner.start + self.start, inner.end + self.start, inner.new)


def section_of(text: str, event: str) -> Section | None:
    """The section that states the event of that id; None where a glance does not find it."""
    naming = [section for section in _sections(text) if f'"{event}"' in section.text]
    stating = [section for section in naming if _id_in(section.text) == event]
    return stating[0] if len(stating) == 1 else None


def home_in(text: str, agreements: Sequence[Agreement]) -> str | None:
    """The agreement that a file states or amends; None where a glance does not tell."""
    pieces = _PIECES.finditer(text)
    top = next((piece.start() for piece in pieces if piece["header"] is not None), len(text))
    try:
        header = header_of(tomllib.loads(text[:top]))
    except ValueError:
        return None
    only = agreements[0].id if len(agreements) == 1 else None
    return str(header.id or header.amends or only)


def _sections(text: str) -> Iterator[Section]:
    starts = [match.start() for match in _PIECES.finditer(text) if match["header"] is not None]
    for start, stop in pairwise((*starts, len(text))):
        if _EVENT.match(text, start):
            yield Section(start, text[start:stop])


def _id_in(section: str) -> str | None:
    """The id that a section states; None where it is not one whole event."""
    try:
        (event,) = tomllib.loads(section)["event"]
        return str(event["id"])
    except (ValueError, KeyError, TypeError):
        return None


def event_in(section: str, old: Event, agreement: Agreement, file: str) -> Event | None:
    """The event that an edited section states; None where anything is wrong with it."""
    try:
        (table,) = tomllib.loads(section)["event"]
    except (ValueError, KeyError, TypeError):
        return None
    reader = Reader(file, agreement.language)
    reader.timezone = agreement.timezone
    event = read_event(table, ("event", 0), reader, agreement.id)
    return None if reader.problems or event is None or event.id != old.id else event


def with_event(agreement: Agreement, event: Event) -> Agreement:
    """The agreement with that event in the place of the one of its id."""
    events = tuple(event if old.id == event.id else old for old in agreement.events)
    return replace(agreement, events=events)
