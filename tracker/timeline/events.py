"""What is stated and what was recorded, as it stands in the files: frozen values.

An event's identity is `agreement/event`, for ever; the file that it stands in is no part of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeAlias

from tracker.dates.business_days import Roll
from tracker.dates.forms import Form, Lasts, Ref, Side, references
from tracker.dates.leads import Lead
from tracker.dates.moments import Moment
from tracker.timeline.bounds import Reach, fixed_reach

#: A text by language, in the order of the file: (("en", "…"), ("ja", "…")).
Texts: TypeAlias = tuple[tuple[str, str], ...]

#: An event's point: (agreement, event id, side); with the side `due`, its line as stated.
Key: TypeAlias = tuple[str, str, Side]


def text_in(texts: Texts, language: str, fallback: str) -> str:
    """The text in that language, else in the fallback, else in the first that there is.

    >>> text_in((("en", "Term"), ("ja", "期間")), "ja", "en")
    '期間'
    """
    by_language = dict(texts)
    return by_language.get(language) or by_language.get(fallback) or texts[0][1]


class Line(NamedTuple):
    """A line of dates: as it was written, what it says, and what follows from the words alone."""

    text: str
    fixed: Reach | None  #: of a line that hangs on nothing but the calendar
    refs: tuple[Ref, ...] = ()
    tree: Form | None = None  #: None where `fixed` says enough; `form` reads the text again

    @classmethod
    def of(cls, text: str, form: Form) -> Line:
        """The line whose text has been read as that form."""
        return cls(text, fixed_reach(form), references(form), form)

    @property
    def form(self) -> Form:
        """What the line says."""
        if self.tree is not None:
            return self.tree
        # Only what explains a date asks for the words of a fixed line: a list need not load them.
        from tracker.dates.parser import parse

        return parse(self.text)

    @property
    def stated(self) -> str:
        """As it was stated, with each run of white space as one space."""
        words = " ".join(self.text.split())
        return f"lasts {words}" if isinstance(self.tree, Lasts) else words


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
    occurred: Moment | None = None
    started: Moment | None = None
    ended: Moment | None = None
    withdrawn: date | None = None
    parties: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    source: str | None = None  #: the name of one of the agreement's sources
    quote: str | None = None
    note: Texts | None = None
    url: str | None = None
    reminders: tuple[Lead, ...] | None = None  #: None: the agreement's
    was: tuple[str, ...] = ()  #: ids that this event had before

    @property
    def name(self) -> str:
        """The identity: agreement/event."""
        return f"{self.agreement}/{self.id}"

    @property
    def is_term(self) -> bool:
        """Whether it lasts (has `starts`, `ends` or `lasts`) rather than happens."""
        return self.when is None

    def line(self, side: Side) -> Line | None:
        """The line that states that side; of `due` that of `when`."""
        if side == "start":
            return self.starts
        return (self.ends or self.lasts) if side == "end" else self.when

    def record(self, side: Side) -> Moment | None:
        """What was recorded for that side, whether or not it is seen yet; nothing of `due`."""
        if side == "when":
            return self.occurred
        if side == "start":
            return self.started
        return self.ended if side == "end" else None


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


def key_of(ref: Ref, agreement: str) -> Key:
    """The point that a reference standing in that agreement names."""
    return ref.agreement or agreement, ref.id, ref.side
