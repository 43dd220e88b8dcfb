"""What a reader finds: the events, and what of the file it does not take over, added up by kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Protocol

from tracker.imports.foreign import (
    ForeignContent,
    ForeignEvent,
    ForeignPlace,
    LeftOut,
    Question,
    Remark,
    Values,
    Wishes,
)
from tracker.imports.texts import one_line

#: So many places of one kind are named; the rest is a number.
_MOST_PLACES = 3
#: So many kinds are told: a file whose every entry is wrong in a way of its own is no list to read.
_MOST_KINDS = 1000


@dataclass
class Findings:
    """Collects them in the order of the file; of two events with one foreign id the first stays."""

    events: list[ForeignEvent] = field(default_factory=list)
    _over: list[str] = field(default_factory=list)
    _ids: set[str] = field(default_factory=set)
    remarks: dict[Remark, None] = field(default_factory=dict)
    _kinds: dict[tuple[str, str, Values], LeftOut] = field(default_factory=dict)
    _questions: dict[tuple[str, Values], Question] = field(default_factory=dict)

    def add(self, event: ForeignEvent) -> None:
        """Adds an event."""
        if event.foreign_id in self._ids:
            self.leave_out(event.title, "same-id", event.place, id=event.foreign_id)
            return
        self._ids.add(event.foreign_id)
        self.events.append(event)

    def put_before(self, foreign_id: str, at: int) -> None:
        """Puts an event before those that were added since then."""
        for number in range(at, len(self.events)):
            if self.events[number].foreign_id == foreign_id:
                self.events.insert(at, self.events.pop(number))

    def leave_out_over(self, event: ForeignEvent, since: date) -> None:
        """Adds an event that was over before that day: its source has it all the same."""
        self._over.append(event.foreign_id)
        self.leave_out("…", "over", event.place, day=since.isoformat())

    def leave_out(
        self, what: str, reason: str, place: ForeignPlace, times: int = 1, **values: str
    ) -> None:
        """Adds what was not taken over; the same of several entries is told once, with how often.

        >>> findings = Findings()
        >>> findings.leave_out("priority", "no-place", ForeignPlace("entry", 1))
        >>> findings.leave_out("priority", "no-place", ForeignPlace("entry", 2))
        >>> [(kind.what, kind.times) for kind in findings.content().left_out]
        [('priority', 2)]
        """
        key = (what, reason, tuple(values.items()))
        before = self._kinds.get(key)
        if before is None and len(self._kinds) >= _MOST_KINDS:
            key = ("…", "more-kinds", ())
            before = self._kinds.get(key)
        if before is None:
            self._kinds[key] = LeftOut(*key, (place,), times)
            return
        places = before.places
        if len(places) < _MOST_PLACES and place not in places:
            places = (*places, place)
        self._kinds[key] = before._replace(places=places, times=before.times + times)

    def ask(self, name: str, values: Values, answers: tuple[str, ...], place: ForeignPlace) -> None:
        """Adds a question, once for all that ask the same."""
        before = self._questions.get((name, values))
        places = before.places if before else ()
        if len(places) < _MOST_PLACES and place not in places:
            places = (*places, place)
        self._questions[name, values] = Question(name, values, answers, places)

    def remark(self, name: str, **values: str) -> None:
        """Adds how the file was read, once."""
        self.remarks[Remark(name, tuple(values.items()))] = None

    def content(self, title: str | None = None, timezone: str | None = None) -> ForeignContent:
        """All of it."""
        return ForeignContent(
            tuple(self.events),
            tuple(self._kinds.values()),
            tuple(self._questions.values()),
            title,
            timezone,
            remarks=tuple(self.remarks),
            also_there=tuple(self._over),
        )


class UnsoundTable(Protocol):
    """A table that may not be sound."""

    doubled: tuple[str, ...]
    is_cut: bool


class EntryReading(NamedTuple):
    """One entry as it is read: what the call wishes, where the entry stands, and who is told."""

    wishes: Wishes
    findings: Findings
    place: ForeignPlace

    def leave_out(self, what: str, reason: str, **values: str) -> None:
        """Adds what of this entry was not taken over."""
        self.findings.leave_out(what, reason, self.place, 1, **values)

    def leave_out_unsound(self, what: str, table: UnsoundTable) -> None:
        """Adds an entry that breaks off, or in which a key stands twice."""
        if table.is_cut:
            self.leave_out(what, "cut-off")
        else:
            self.leave_out(what, "doubled-key", keys=one_line(", ".join(table.doubled)))
