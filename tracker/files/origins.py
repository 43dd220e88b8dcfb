"""Where each event stands in the files, so that what is wrong with it can be shown there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from tracker.agreements.keys import EventKey
from tracker.agreements.located import LocatedDiagnostic
from tracker.agreements.model import Event
from tracker.agreements.references import referenced_events
from tracker.dates.diagnostics import Diagnostic
from tracker.files.problems import KeyPath, Problem, ProblemPart


class Origin(NamedTuple):
    """Where an event, or an amendment's change of it, stands."""

    file: str
    path: KeyPath
    on: date | None  #: the amendment's day; None: as first stated
    fields: frozenset[str]


class Origins:
    """Where each event stands, so that what is wrong with it can be shown there."""

    def __init__(self) -> None:
        self._by_event: dict[EventKey, list[Origin]] = {}
        self.amendments: dict[tuple[str, str], Origin] = {}
        self.homes: dict[str, str] = {}  #: the file that states each agreement
        self.agreements: dict[str, str] = {}  #: of each file with events, whose they are

    def add(self, agreement: str, event: str, origin: Origin) -> None:
        self._by_event.setdefault((agreement, event), []).append(origin)
        self.agreements[origin.file] = agreement

    @property
    def event_keys(self) -> Collection[EventKey]:
        """Every event that is stated anywhere."""
        return self._by_event.keys()

    def place(self, event: Event, field: str) -> Origin:
        """Where a field of an event is stated last, or would be: where the event is."""
        stated = self._by_event[event.agreement, event.id]
        with_field = [origin for origin in stated if field in origin.fields]
        return with_field[-1] if with_field else stated[0]

    def problem(self, located: LocatedDiagnostic) -> Problem:
        """The diagnostic with its place: the field's newest statement by the day it was seen."""
        stated = self._by_event[located.event.agreement, located.event.id]
        seen = [
            origin
            for origin in stated
            if origin.on is None or (located.seen is not None and origin.on <= located.seen)
        ]
        with_field = [origin for origin in seen if located.field in origin.fields]
        origin = (with_field or seen or stated)[-1]
        diagnostic = self._naming_amendment(located)
        if located.field not in origin.fields:
            return Problem(origin.file, diagnostic, origin.path)
        part: ProblemPart = "inside" if diagnostic.span != (0, 0) else "value"
        path: KeyPath = (*origin.path, located.field)
        if located.entry is not None:
            return Problem(origin.file, diagnostic, (*path, located.entry), "key")
        return Problem(origin.file, diagnostic, path, part)

    def _naming_amendment(self, located: LocatedDiagnostic) -> Diagnostic:
        """The diagnostic; where it is there only after an amendment, with the amendment's id.

        Of several of that day: those that change the event, or what it names, if any do.
        """
        signed = [key for key, origin in self.amendments.items() if origin.on == located.seen]
        if located.seen is None or not signed:
            return located.diagnostic
        near = {located.event.event_key, *referenced_events(located.event)}
        touching = [key for key in signed if not near.isdisjoint(self._changed_by(key))]
        home = located.event.agreement
        names = [
            name if agreement == home else f"{agreement}/{name}"
            for agreement, name in touching or signed
        ]
        values = (*located.diagnostic.values, ("after", ", ".join(names)))
        return replace(located.diagnostic, values=values)

    def _changed_by(self, amendment: tuple[str, str]) -> set[EventKey]:
        """The events that an amendment changes or adds."""
        own = self.amendments[amendment]
        return {
            event_key
            for event_key, stated in self._by_event.items()
            for origin in stated
            if origin.file == own.file and origin.path[: len(own.path)] == own.path
        }
