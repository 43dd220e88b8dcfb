"""From the contents of files to agreements, with all that is wrong in any of them.

Files are loaded together, in any order: which of them state an agreement, and which amend one,
is homes.py's.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from tracker.agreements.located import LocatedDiagnostic
from tracker.agreements.model import Agreement, Amendment, Event, Line, Source
from tracker.dates.calendars import open_days
from tracker.dates.closed_days import spans_text
from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.files.homes import MOST_COMPARED, Header, header_of, home_of_each, homeless
from tracker.files.ids import EventNames
from tracker.files.origins import Origin, Origins
from tracker.files.problems import KeyPath, Problem
from tracker.files.reading import MOST_BYTES
from tracker.files.schema import Content, read_content
from tracker.files.settings_guard import file_errors
from tracker.files.toml_guards import decode, decode_error_position, find_hazards
from tracker.files.unquoted import nearest_days, unquoted_value
from tracker.files.values import Reader, nearest
from tracker.i18n.progress import Progress, each, unseen
from tracker.timeline.validation import checks


class AssembledFiles(NamedTuple):
    """What some files state."""

    agreements: tuple[Agreement, ...]
    origins: Origins  #: where each event stands
    files: tuple[tuple[int, ...], ...]  #: of each agreement its files, first that which states it


def assemble(
    names: Sequence[str],
    contents: Sequence[bytes],
    check: bool = True,
    progress: Progress = unseen,
) -> AssembledFiles:
    """The agreements that the contents state.

    Raises FileErrors with everything that is wrong in any of them; unless `check`, with what is
    wrong in a file by itself, and not between events.
    """
    assembly = _Assembly()
    assembly.take_all(names, contents, progress)
    agreements = tuple(building.agreement() for building in assembly.buildings)
    if check:
        assembly.check(agreements)
    if assembly.problems:
        raise file_errors(assembly.problems, assembly.texts)
    files = tuple(tuple(building.files) for building in assembly.buildings)
    return AssembledFiles(agreements, assembly.origins, files)


def read_header(name: str, content: bytes) -> Header:
    """What a file says of its agreement. Raises FileErrors where it cannot be read."""
    assembly = _Assembly()
    data = assembly.parse(name, content)
    if data is None:
        raise file_errors(assembly.problems, assembly.texts)
    return header_of(data)


@dataclass
class _Building:
    """An agreement while its files are read."""

    content: Content
    files: list[int]
    sources: dict[str, Source] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    amendments: list[Amendment] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.content.id or "?"

    def agreement(self) -> Agreement:
        content = self.content
        language = content.language or "en"
        events, amendments = list(self.events.values()), self.amendments
        if self._hangs_on_law():
            events = [event._replace(**_unfixed(event._asdict().items())) for event in events]
            amendments = [_with_unfixed_lines(amendment) for amendment in amendments]
        return Agreement(
            self.id,
            content.title or ((language, self.id),),
            language,
            content.timezone,
            content.calendar,
            content.counting,
            content.closed or (),
            content.announced or (),
            content.reminders or (),
            tuple(self.sources.values()),
            tuple(events),
            tuple(sorted(amendments, key=lambda amendment: amendment.on)),
        )

    def _hangs_on_law(self) -> bool:
        """Whether a law of counting is named anywhere: in the head, an event or an amendment."""
        return (
            self.content.counting is not None
            or any(event.counting is not None for event in self.events.values())
            or any(
                name == "counting"
                for amendment in self.amendments
                for change in amendment.changes
                for name, _ in change.sets
            )
        )


def _check_announced(read: Content, reader: Reader) -> None:
    """Days that are announced are those of a holiday: of a calendar that the file names."""
    named = {event.calendar for event, _ in read.events} | {read.calendar}
    calendars = [open_days(name) for name in named if name is not None]
    for first, last in read.announced or () if calendars else ():
        if not any(days.has_holiday_near(first, last) for days in calendars):
            names = ", ".join(sorted(days.name for days in calendars))
            values = (("day", spans_text(((first, last),))), ("calendar", names))
            reader.report(Diagnostic("announced-nothing", values=values), ("announced",))


def _check_calendar(read: Content, reader: Reader) -> None:
    """Closed days and a law at the head of a file need to know which other days are closed."""
    _check_announced(read, reader)
    if read.calendar is not None:
        return
    if read.counting is not None:
        diagnostic = Diagnostic("no-calendar", values=(("word", "counting"),))
        reader.report(diagnostic, ("counting",))
    if any(event.calendar for event, _ in read.events):
        return
    for word in ("closed", "announced"):
        if getattr(read, word):
            reader.report(Diagnostic("no-calendar", values=(("word", word),)), (word,))


def _unfixed(fields: Iterable[tuple[str, object]]) -> dict[str, Any]:
    """The fields that are lines, as they are where a law says to what days they come."""
    return {name: value.unfixed for name, value in fields if isinstance(value, Line)}


def _with_unfixed_lines(amendment: Amendment) -> Amendment:
    changes = tuple(
        replace(change, sets=tuple((dict(change.sets) | _unfixed(change.sets)).items()))
        for change in amendment.changes
    )
    return replace(amendment, changes=changes)


class _Assembly:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.texts: dict[str, str] = {}
        self.buildings: list[_Building] = []
        self.origins = Origins()
        self.damaged: set[tuple[str, str]] = set()  #: events that could not be read whole
        self.doubled: set[str] = set()  #: ids that two agreements have
        self.compared = 0  #: agreements that were held against what a file says or is called
        self.names = EventNames(())
        self.whole = True  #: every event of every file could be read, so far as its id

    # -- the files, those first that state an agreement

    def take_all(self, names: Sequence[str], contents: Sequence[bytes], progress: Progress) -> None:
        """Reads the files and joins each to the agreement that it states or amends."""
        files = list(zip(names, contents, strict=True))
        tables = [self.parse(name, content) for name, content in each(progress, "parsing", files)]
        self.names = EventNames(tables)
        homes = home_of_each([header_of(data or {}) for data in tables])
        all_there = None not in tables
        built: dict[int, _Building] = {}
        in_order = sorted(range(len(names)), key=lambda at: homes[at] != at)
        for at in each(progress, "reading", in_order):
            data, home = tables[at], homes[at]
            if data is None:
                self.whole = False
            elif home is None:
                self._take_homeless(names[at], data, all_there)
            else:
                built[at] = self._take(names[at], data, built.get(home))
                built[at].files.append(at)

    def _take(self, name: str, data: dict[str, Any], home: _Building | None) -> _Building:
        """Reads one file; `home` is the agreement that it amends, None: it states one."""
        language = (home.content.language if home is not None else None) or "en"
        reader = Reader(name, language, self.names)
        if home is not None:
            reader.timezone = home.content.timezone or "UTC"
        read = read_content(data, reader, home.id if home is not None else None)
        building = self._join(read, home, reader)
        self.problems.extend(reader.problems)
        self._note_damage(reader.problems, data, building.id)
        return building

    def _take_homeless(self, name: str, data: dict[str, Any], all_there: bool) -> None:
        """Says of a file that it has no agreement to amend, and what else is wrong with it."""
        self.whole = False
        reader = Reader(name, names=self.names)
        if not data:
            begin = (Suggestion('id = "my-agreement"'),)
            reader.report(Diagnostic("empty-file", suggestions=begin), (), "offset")
        else:
            read = read_content(data, reader, "?")
            if all_there and (read.amends is not None or "amends" not in data):
                known = [building.id for building in self.buildings if building.content.id]
                self.compared += len(known)
                helped = self.compared <= MOST_COMPARED
                diagnostic = homeless(name, header_of(data), known, helped)
                path: KeyPath = ("amends",) if "amends" in data else ()
                reader.report(diagnostic, path, "value" if path else "offset")
        self.problems.extend(reader.problems)

    def parse(self, name: str, content: bytes) -> dict[str, Any] | None:
        """The file's tables, None where it is no TOML that can be read."""
        if len(content) > MOST_BYTES:
            self._report(name, Diagnostic("file-too-large"))
            return None
        text = self._decode(name, content)
        if text is None:
            return None
        hazards = find_hazards(text)
        for hazard in hazards:
            span = (hazard.start, hazard.end)
            near = nearest_days(text[slice(*span)]) if hazard.case == "impossible-date" else ()
            self._report(name, Diagnostic(hazard.case, span, (), near))
        if hazards:
            return None
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            at = decode_error_position(error, text)
            diagnostic = Diagnostic("not-toml", (at, at + 1), (("reason", _reason(error)),))
            self._report(name, unquoted_value(text, at) or diagnostic)
        except (ValueError, RecursionError, OverflowError):
            self._report(name, Diagnostic("not-toml", (0, 0), (("reason", "value"),)))
        return None

    def _decode(self, name: str, content: bytes) -> str | None:
        self.texts[name], problem = decode(content)
        if problem is None:
            return self.texts[name]
        self._report(name, problem)
        return None

    def _report(self, name: str, diagnostic: Diagnostic) -> None:
        self.problems.append(Problem(name, diagnostic, (), "offset"))

    def _note_damage(self, problems: Iterable[Problem], data: dict[str, Any], home: str) -> None:
        """Which events are not read whole: what others say of them may be right all the same."""
        for problem in problems:
            match problem.path:
                case ("event", int(at), *_):
                    table = data["event"][at]
                    name = table.get("id") if isinstance(table, dict) else None
                case ("amendment", int(at), "event", int(inner), *_):
                    table = data["amendment"][at]["event"][inner]
                    name = table.get("id") if isinstance(table, dict) else None
                case ("event" | "amendment", *_):
                    name = None
                case _:
                    continue
            if isinstance(name, str):
                self.damaged.add((home, name))
            else:
                self.whole = False

    # -- joining

    def _join(self, read: Content, home: _Building | None, reader: Reader) -> _Building:
        if home is None:
            if any(earlier.content.id == read.id for earlier in self.buildings if read.id):
                diagnostic = Diagnostic("agreement-twice", values=(("id", read.id or ""),))
                reader.report(diagnostic, ("id",))
            building = _Building(read, [])
            self.buildings.append(building)
            self.origins.homes.setdefault(building.id, read.file)
            _check_calendar(read, reader)
        else:
            building = home
            self._agree(read, home.content, reader)
        for source, path in read.sources:
            if source.id in building.sources:
                diagnostic = Diagnostic("source-twice", values=(("id", source.id),))
                reader.report(diagnostic, path, "key")
            building.sources[source.id] = source
        self._join_events(read, building, reader)
        if read.id and read.amends:  # whose amendments they are has to be settled first
            self.whole = False
        else:
            self._join_amendments(read, building, reader)
        return building

    def _agree(self, read: Content, first: Content, reader: Reader) -> None:
        """An amending file may repeat what the agreement's own file says, and not change it."""
        elsewhere = ["title", "reminders"]
        for key in ("timezone", "language", "calendar", "counting", "closed", "announced"):
            again = getattr(read, key)
            stated = getattr(first, key) or {"timezone": "UTC", "language": "en"}.get(key)
            if again is not None and stated is None:
                elsewhere.append(key)
            elif again is not None and again != stated:
                of_days = key in ("closed", "announced")
                theirs = spans_text(getattr(first, key)) if of_days else str(stated)
                values = (("key", key), ("theirs", theirs))
                same = () if of_days else (Suggestion(theirs),)
                reader.report(Diagnostic("disagrees", values=values, suggestions=same), (key,))
        for key in elsewhere:
            if getattr(read, key) is not None:
                reader.report(
                    Diagnostic("not-in-amending-file", values=(("key", key),)), (key,), "key"
                )

    def _join_events(self, read: Content, building: _Building, reader: Reader) -> None:
        for event, path in read.events:
            if event.id in building.events:
                diagnostic = Diagnostic("id-twice", values=(("id", event.id),))
                reader.report(diagnostic, (*path, "id"))
                continue
            building.events[event.id] = event
            fields = frozenset(_stated_fields(event))
            self.origins.add(event.agreement, event.id, Origin(read.file, path, None, fields))
            self._known_source(event.source, (*path, "source"), building, reader)
        for event, path in read.events:
            for at, old in enumerate(event.was):
                if old in building.events:
                    diagnostic = Diagnostic("was-is-there", values=(("id", old),))
                    reader.report(diagnostic, (*path, "was", at))

    def _join_amendments(self, read: Content, building: _Building, reader: Reader) -> None:
        known = {amendment.id for amendment in building.amendments}
        for amendment, path in read.amendments:
            if amendment.id in known:
                diagnostic = Diagnostic("amendment-twice", values=(("id", amendment.id),))
                reader.report(diagnostic, (*path, "id"))
            known.add(amendment.id)
            building.amendments.append(amendment)
            place = Origin(reader.file, path, amendment.on, frozenset())
            self.origins.amendments[building.id, amendment.id] = place
            self._known_source(amendment.source, (*path, "source"), building, reader)
            for at, change in enumerate(amendment.changes):
                self._join_change(amendment, at, (*path, "event", at), building, reader)
                self._known_source(
                    dict(change.sets).get("source"),
                    (*path, "event", at, "source"),
                    building,
                    reader,
                )

    def _join_change(
        self, amendment: Amendment, at: int, path: KeyPath, building: _Building, reader: Reader
    ) -> None:
        change = amendment.changes[at]
        fields = frozenset((*(name for name, _ in change.sets), "id"))
        self.origins.add(building.id, change.event, Origin(reader.file, path, amendment.on, fields))
        there = change.event in building.events or any(
            change.event == before.event and "title" in dict(before.sets)
            for earlier in building.amendments
            for before in earlier.changes
        )
        if not there and change.event != "?":
            near = nearest(change.event, tuple(building.events))
            suggestions = (Suggestion(near),) if near else ()
            diagnostic = Diagnostic(
                "new-event-untitled", values=(("id", change.event),), suggestions=suggestions
            )
            reader.report(diagnostic, (*path, "id"))

    def _known_source(
        self, name: object, path: KeyPath, building: _Building, reader: Reader
    ) -> None:
        if isinstance(name, str) and name not in building.sources:
            near = nearest(name, tuple(building.sources))
            suggestions = (Suggestion(near),) if near else ()
            reader.report(
                Diagnostic("unknown-source", values=(("source", name),), suggestions=suggestions),
                path,
            )

    # -- all of them together

    def check(self, agreements: Sequence[Agreement]) -> None:
        """Adds what is wrong between events, unless it only follows from what could not be read.

        Where two agreements have one id, that has to be mended first.
        """
        first = {agreement.id: agreement for agreement in reversed(agreements)}
        firsts = [agreement for agreement in agreements if first[agreement.id] is agreement]
        self.doubled = {
            agreement.id for agreement in agreements if first[agreement.id] is not agreement
        }
        for located in checks.check(firsts):
            identity = (located.event.agreement, located.event.id)
            if located.diagnostic.case in _OF_WHAT_IS_MISSING and identity in self.damaged:
                continue
            if not self._is_read(located):
                continue
            if located.event.agreement in self.doubled:  # in which of its files, nobody can say
                continue
            self.problems.append(self.origins.problem(located))

    def _is_read(self, located: LocatedDiagnostic) -> bool:
        """Whether the event that a diagnostic names, if it does, was read whole."""
        name = dict(located.diagnostic.values).get("ref", "")
        agreement, _, event = name.rpartition("/")
        whose = agreement or located.event.agreement
        if located.diagnostic.case == "unknown-ref" and (not self.whole or whose in self.doubled):
            return False
        return (whose, event) not in self.damaged


#: Said of an event because something is not there: it may be what could not be read.
_OF_WHAT_IS_MISSING = frozenset(
    "no-day-stated renews-without-end lasts-without-start repeats-of-term occurred-of-term"
    " during-alone each-needs-during record-of-one record-of-each roll-of-open".split()
)


#: A word of what tomllib says, and the reason that we give: the first that fits.
_REASONS = (
    ("date", "date"), ("twice", "twice"), ("overwrite", "twice"), ("redefine", "twice"),
    ("mutate", "twice"), ("Duplicate", "twice"), ("Unclosed", "unclosed"), ("string", "string"),
    ("Unterminated", "string"), ("character is", "string"), ("hex", "string"),
    ("Illegal", "string"), ("Invalid value", "value"),
)  # fmt: skip


def _reason(error: tomllib.TOMLDecodeError) -> str:
    message = str(error)
    return next((reason for word, reason in _REASONS if word in message), "statement")


def _stated_fields(event: Event) -> Iterable[str]:
    yield "id"
    for name, value in zip(event._fields, event, strict=True):
        if value is not None and value != ():
            yield name
