"""What is stated and what was recorded, as it stands in the files: frozen values.

An event's identity is `agreement/event`, for ever; the file that it stands in is no part of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from tracker.agreements.keys import EventKey, Occurrence, PointKey, make_key
from tracker.dates.bounds import Bounds
from tracker.dates.calendars import Roll, Spans
from tracker.dates.expressions import Form, Ref, Side, fixed_bounds, references
from tracker.dates.instants import Moment
from tracker.dates.laws import Counting
from tracker.dates.lead_times import Lead
from tracker.dates.words.counted import Lasts, is_counted
from tracker.dates.words.repeated import Each, each_in

if TYPE_CHECKING:  # only what repeats or renews pays for them
    from tracker.dates.recurrence import Recurrence
    from tracker.dates.renewals import Renewal

#: A text by language, in the order of the file: (("en", "…"), ("ja", "…")).
Texts: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ByOccurrence:
    """What was recorded of an event that repeats: by the occurrence's day, number or name."""

    days: tuple[tuple[Occurrence, Moment], ...]

    def get(self, occurrence: Occurrence) -> Moment | None:
        """What was recorded of that occurrence; None: nothing."""
        return self.by_occurrence.get(occurrence)

    @cached_property
    def by_occurrence(self) -> dict[Occurrence, Moment]:
        """The same to look up in: an incident may have happened ten thousand times."""
        return dict(self.days)


#: The fields of an event that hold what was recorded of it.
RECORDED = ("occurred", "started", "ended", "withdrawn")

#: What was recorded: a moment, or of what repeats one for each occurrence.
Recorded: TypeAlias = Moment | ByOccurrence


def text_in(texts: Texts, language: str, fallback: str) -> str:
    """The text in that language, else in the fallback, else in the first that there is.

    >>> text_in((("en", "Term"), ("ja", "期間")), "ja", "en")
    '期間'
    """
    by_language = dict(texts)
    return by_language.get(language) or by_language.get(fallback) or texts[0][1]


def language_in(texts: Texts, language: str, fallback: str) -> str | None:
    """Which language text_in() falls back to; None: it need not.

    >>> language_in((("en", "Term"),), "ja", "en"), language_in((("en", "Term"),), "en", "en")
    ('en', None)
    """
    by_language = dict(texts)
    if by_language.get(language):
        return None
    return fallback if by_language.get(fallback) else texts[0][0]


class Line(NamedTuple):
    """A line of dates: as it was written, what it says, and what follows from the words alone."""

    text: str
    fixed: Bounds | None  #: of a line that hangs on nothing but the calendar
    refs: tuple[Ref, ...] = ()
    tree: Form | None = None  #: None where `fixed` says enough; `form` reads the text again
    each: Each | None = None  #: what the line is repeated for

    def __eq__(self, line: object) -> bool:
        """Two lines that say the same: all else follows from the words and what they name."""
        return isinstance(line, Line) and self.text == line.text and self.refs == line.refs

    def __ne__(self, line: object) -> bool:
        return not self == line

    def __hash__(self) -> int:
        return hash((self.text, self.refs))

    @classmethod
    def of(cls, text: str, form: Form) -> Line:
        """The line whose text has been read as that form."""
        return cls(text, fixed_bounds(form), references(form), form, each_in(form))

    @property
    def unfixed(self) -> Line:
        """The same where a law may say to what days it comes: what is counted hangs on that."""
        if self.fixed is None or not is_counted(form := self.form):
            return self
        return self._replace(fixed=None, tree=form)

    @property
    def form(self) -> Form:
        """What the line says."""
        if self.tree is not None:
            return self.tree
        # Only what explains a date asks for the words of a fixed line: a list need not load them.
        from tracker.dates.parser import parse

        return parse(self.text)

    @property
    def statement(self) -> str:
        """As it was stated, with each run of white space as one space."""
        words = " ".join(self.text.split())
        return f"lasts {words}" if isinstance(self.tree, Lasts) else words


class Imported(NamedTuple):
    """Which entry of another program's file an event was imported from, and what that wrote here.

    What was edited by hand since is known by the fingerprints: the next import leaves it alone.
    """

    source: str  #: the file or address, without what is secret of it
    entry: str  #: what its program knows the entry by: a UID, an id, the value of a key column
    wrote: tuple[tuple[str, str], ...] = ()  #: the keys that were written, with their fingerprints


class Event(NamedTuple):
    """A milestone or a term: its lines, what was recorded of it, and what is said about it.

    It has `when` (it happens), or `starts` and `ends` or `lasts` (it lasts), either side of which
    may be missing.
    """

    agreement: str
    id: str
    title: Texts
    when: Line | None = None
    starts: Line | None = None
    ends: Line | None = None
    lasts: Line | None = None  #: in place of `ends`: how long the term is
    roll: Roll | None = None  #: how its days are moved off closed days
    calendar: str | None = None  #: whose days are open; None: the agreement's
    counting: Counting | None = None  #: the law by which days are counted; None: the agreement's
    renews: Renewal | None = None  #: how its term goes on after its end
    repeats: Recurrence | None = None  #: how often it happens again after `when`
    during: Ref | None = None  #: the event that bounds what repeats
    occurred: Recorded | None = None
    started: Moment | None = None
    ended: Moment | None = None
    withdrawn: Recorded | None = None
    parties: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    source: str | None = None  #: the name of one of the agreement's sources
    quote: str | None = None
    note: Texts | None = None
    url: str | None = None
    reminders: tuple[Lead, ...] | None = None  #: None: the agreement's
    was: tuple[str, ...] = ()  #: ids that this event had before
    imported: Imported | None = None  #: where `tracker import` had it from

    @property
    def name(self) -> str:
        """The identity: agreement/event."""
        return f"{self.agreement}/{self.id}"

    @property
    def event_key(self) -> EventKey:
        """The identity: its agreement, and its id in that."""
        return self.agreement, self.id

    def key(self, side: Side = "when") -> PointKey:
        """Its point on that side."""
        return make_key((self.agreement, self.id, side, None))

    @property
    def first_id(self) -> str:
        """The id that it had first (`was`, the oldest first): what is stored knows it by that."""
        return self.was[0] if self.was else self.id

    @property
    def names(self) -> tuple[str, ...]:
        """agreement/id, of the id that it has and of those that it had before."""
        return (self.name, *(f"{self.agreement}/{old_id}" for old_id in self.was))

    @property
    def is_term(self) -> bool:
        """Whether it lasts (has `starts`, `ends` or `lasts`) rather than happens."""
        return self.when is None

    def line(self, side: Side) -> Line | None:
        """The line that states that side; of `due` that of `when`, of `first end` the end's."""
        if side == "start":
            return self.starts
        return (self.ends or self.lasts) if side in ("end", "first end") else self.when

    @property
    def repeating(self) -> bool:
        """Whether it happens more than once: its points are occurrences."""
        return self.repeats is not None or (self.when is not None and self.when.each is not None)

    def statement(self, side: Side) -> str:
        """What is stated of that side: its line, and how it goes on."""
        line = self.line(side)
        words = line.statement if line is not None else ""
        if side == "when" and self.repeats is not None:
            words += f", repeats {self.repeats.text}"
        if side == "when" and self.during is not None:
            words += f", during {self.during}"
        if side == "end" and self.renews is not None:
            words += f", renews {self.renews.text}"
        return words

    def record(self, side: Side, occurrence: Occurrence | None = None) -> Moment | None:
        """What was recorded for that side, whether or not it is seen yet; nothing of `due`.

        Of an event that repeats it is that of an occurrence.
        """
        if side == "when":
            return _of(self.occurred, occurrence)
        if occurrence is not None:  # a term's end: only the end for good is recorded
            return None
        if side == "start":
            return self.started
        return self.ended if side == "end" else None

    def withdrawal(self, occurrence: Occurrence | None = None) -> date | None:
        """From which day on the event, or that occurrence of it, is withdrawn."""
        whole = self.withdrawn
        if isinstance(whole, ByOccurrence):
            whole = None if occurrence is None else whole.get(occurrence)
        return whole  # type: ignore[return-value]  # a withdrawal is a day

    @property
    def recorded_occurrences(self) -> tuple[Occurrence, ...]:
        """The occurrences of which something was recorded."""
        records = [
            record for record in (self.occurred, self.withdrawn) if isinstance(record, ByOccurrence)
        ]
        return tuple(day for record in records for day, _ in record.days)


def _of(recorded: Recorded | None, occurrence: Occurrence | None) -> Moment | None:
    if isinstance(recorded, ByOccurrence):
        return None if occurrence is None else recorded.get(occurrence)
    return None if occurrence is not None else recorded


@dataclass(frozen=True, slots=True)
class Source:
    """Where a line was taken from."""

    id: str
    title: Texts
    language: str | None = None
    url: str | None = None
    text: str | None = None  #: a file beside the events file that holds the source's words


@dataclass(frozen=True, slots=True)
class Change:
    """What an amendment does to one event: fields that it sets, and fields that it takes away."""

    event: str
    sets: tuple[tuple[str, object], ...]  #: field names of Event, with their new values
    removes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Amendment:
    """Changes that are seen from one day on: the day of signing."""

    id: str
    on: date
    source: str | None = None
    title: Texts | None = None
    note: Texts | None = None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """One agreement: its events and amendments, and what holds for all of them."""

    id: str
    title: Texts
    language: str = "en"  #: of the bare texts, and the one that a missing language falls back to
    zone: str | None = None  #: whose midnight a bare date means, as stated
    calendar: str | None = None  #: whose days are open, unless an event says otherwise
    counting: Counting | None = None  #: the law by which days are counted, unless an event says
    closed: Spans = ()  #: days that are closed besides those of any calendar
    announced: Spans = ()  #: days of holidays of which the calendar has but an estimate
    reminders: tuple[Lead, ...] = ()
    sources: tuple[Source, ...] = ()
    events: tuple[Event, ...] = ()
    amendments: tuple[Amendment, ...] = ()  #: by day of signing, then in the order of the files

    @property
    def timezone(self) -> str:
        """Whose midnight a bare date means: UTC where the file states no zone."""
        return self.zone or "UTC"

    def source(self, name: str | None) -> Source | None:
        """The source of that name, None where there is none."""
        return next((source for source in self.sources if source.id == name), None)


def sides(event: Event) -> Sequence[tuple[Side, Line | None]]:
    """The sides of an event that are stated or recorded, with their lines."""
    if event.when is not None:
        return (("when", event.when),)
    stated: list[tuple[Side, Line | None]] = []
    if event.starts is not None or event.started is not None:
        stated.append(("start", event.starts))
    ends = event.line("end")
    if ends is not None or event.ended is not None:
        stated.append(("end", ends))
    return stated
