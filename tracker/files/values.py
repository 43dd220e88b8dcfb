"""The kinds of value that a field can hold, and what is reported where one is something else."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from tracker.agreements.keys import occurrence_order
from tracker.agreements.model import ByOccurrence, Line, Recorded, Texts
from tracker.agreements.occurrence_names import nearest_name, occurrence_named
from tracker.dates.calendar_names import parse_calendar, parse_counting
from tracker.dates.calendars import ROLLS, Roll, Spans
from tracker.dates.closed_days import parse_closed, spans_apart
from tracker.dates.diagnostics import Diagnostic, LineError, Suggestion
from tracker.dates.expressions import Duration, Ref
from tracker.dates.instants import Moment, instant, is_zone, local_day
from tracker.dates.laws import Counting
from tracker.dates.lead_times import Lead, parse_lead
from tracker.dates.parser import parse, parse_day, parse_term_length
from tracker.dates.recurrence import Recurrence
from tracker.dates.recurrence_parser import parse_recurrence
from tracker.dates.renewals import Renewal, parse_renewal
from tracker.dates.suggestions.unclear_times import unclear
from tracker.dates.tokens import ID, KEYWORDS
from tracker.dates.words.days import Exact
from tracker.files.links import fault_in_link
from tracker.files.problems import KeyPath, Problem, ProblemPart

if TYPE_CHECKING:
    from tracker.files.ids import IdOffers

T = TypeVar("T")

#: What is wrong with a day, and not that something else stands in its place.
_OF_A_DAY = (
    "no-such-period", "other-notation", "either-order", "no-year", "era-over", "era-not-begun",
    "era-without-year",
)  # fmt: skip

#: How banks and other tools name the ways to roll.
_ROLLS_MEANT: dict[str, Roll] = {
    "following": "next", "forward": "next", "f": "next", "after": "next",
    "next-business-day": "next", "preceding": "previous", "backward": "previous", "p": "previous",
    "before": "previous", "previous-business-day": "previous", "modified": "modified-next",
    "modified-following": "modified-next", "mf": "modified-next", "modfollowing": "modified-next",
    "no": "none", "unadjusted": "none",
}  # fmt: skip

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_CONTROL_BUT_NEWLINE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
#: A tag of a language, as keys and values of files have it.
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


#: For so many problems of a file, and lines of so many characters, suggestions are looked for.
MOST_HELPED = 200
MOST_HELPED_CHARACTERS = 10_000


def _key_of(path: KeyPath) -> str:
    """The key whose value stands there, also where that is one of several in a list."""
    return next((step for step in reversed(path) if isinstance(step, str)), "")


@lru_cache(maxsize=4096)
def nearest(word: str, names: tuple[str, ...]) -> str | None:
    """The name most like the word, if any is like it."""
    near = get_close_matches(word[:60], names, n=1, cutoff=0.6)
    return near[0] if near else None


class Reader:
    """Reads values of one file, and collects what is wrong with them instead of raising it."""

    def __init__(
        self, file: str, language: str = "en", names: Container[str] | None = None
    ) -> None:
        self.file = file
        self.language = language
        self.names = names  #: ids of events, of all files; None: not known
        self.timezone = "UTC"  #: of the file: in which a time without a zone is
        self.states_timezone = False
        self.problems: list[Problem] = []
        self.data: Mapping[str, Any] = {}  #: the file's tables, where another id is looked for
        self._ids: IdOffers | None = None
        self._lines: dict[str, Line] = {}  # the same words are read once
        self._helped = 0  # how many characters the lines had for which help was looked for

    @property
    def helpful(self) -> bool:
        """Whether help is still worth its time: nobody reads the thousandth suggestion."""
        return len(self.problems) < MOST_HELPED and self._helped < MOST_HELPED_CHARACTERS

    def report(self, diagnostic: Diagnostic, path: KeyPath, part: ProblemPart = "value") -> None:
        self.problems.append(Problem(self.file, diagnostic, path, part))

    def wrong_type(self, path: KeyPath, expected: str) -> None:
        self.report(
            Diagnostic("wrong-type", values=(("key", _key_of(path)), ("wanted", expected))), path
        )

    # -- keys

    def keys(self, table: Mapping[str, Any], path: KeyPath, known: tuple[str, ...]) -> None:
        """Says of every key that is not one of those known, with the nearest that is."""
        names = ", ".join(known)
        for key in table:
            if key in known:
                continue
            case, suggestions = "unknown-key", tuple[Suggestion, ...]()
            if self.helpful:
                from tracker.files.key_habits import RECORDS, WORKED_OUT, keys_meant

                case = "worked-out-key" if key in WORKED_OUT and "occurred" in known else case
                meant = keys_meant(key, table[key], known)
                suggestions = tuple(
                    Suggestion(name, RECORDS.get(name, "") if len(meant) > 1 else "")
                    for name in meant
                    if name not in table
                )
            values = (("key", key), ("known", names))
            self.report(Diagnostic(case, (0, 0), values, suggestions), (*path, key), "key")

    def table(self, value: object, path: KeyPath) -> dict[str, Any]:
        """The table, or an empty one in its place."""
        if isinstance(value, dict):
            return value
        self.wrong_type(path, "table")
        return {}

    def tables(self, value: object, path: KeyPath) -> list[tuple[dict[str, Any], KeyPath]]:
        """An array of tables with the path of each."""
        if not isinstance(value, list):
            self.wrong_type(path, "tables")
            return []
        return [(self.table(entry, (*path, at)), (*path, at)) for at, entry in enumerate(value)]

    # -- values

    def text(self, value: object, path: KeyPath, newlines: bool = False) -> str | None:
        """A text without control characters; newlines only where they may be."""
        if not isinstance(value, str):
            self.wrong_type(path, "text")
            return None
        if value.isprintable() and value:
            return value
        if not value.strip():
            self.report(Diagnostic("empty-text", values=(("key", _key_of(path)),)), path)
            return None
        odd = (_CONTROL_BUT_NEWLINE if newlines else _CONTROL).search(value)
        if odd is None:
            return value
        code = (("code", f"U+{ord(odd[0]):04X}"),)
        self.report(Diagnostic("control-character", odd.span(), code), path, "inside")
        return None

    def long_text(self, value: object, path: KeyPath) -> str | None:
        return self.text(value, path, newlines=True)

    def texts(self, value: object, path: KeyPath, newlines: bool = False) -> Texts | None:
        """A text in the file's language, or a table of texts by language."""
        if not isinstance(value, dict):
            text = self.text(value, path, newlines)
            return None if text is None else ((self.language, text),)
        texts = []
        for language, text in value.items():
            if not LANGUAGE.fullmatch(language):
                diagnostic = Diagnostic("bad-language", values=(("language", language),))
                self.report(diagnostic, (*path, language), "key")
            read = self.text(text, (*path, language), newlines)
            if read is not None:
                texts.append((language, read))
        if not value:
            self.report(Diagnostic("empty-text", values=(("key", _key_of(path)),)), path)
        return tuple(texts) or None

    def long_texts(self, value: object, path: KeyPath) -> Texts | None:
        return self.texts(value, path, newlines=True)

    def day(self, value: object, path: KeyPath) -> date | None:
        """A day: a TOML date, or the same in quotes."""
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if not isinstance(value, str):
            self.wrong_type(path, "day")
            return None
        try:
            return parse_day(value)
        except LineError as refused:
            diagnostic = refused.diagnostic
        if diagnostic.case not in _OF_A_DAY:
            values = (("key", _key_of(path)), ("wanted", "day"))
            diagnostic = Diagnostic("wrong-type", diagnostic.span, values, diagnostic.suggestions)
        self.report(diagnostic, path, "inside")
        return None

    def line(self, value: object, path: KeyPath) -> Line | None:
        """A line of dates; a TOML date is as good as the same in quotes."""
        value = self._as_line(value, path)
        if value is None:
            return None
        if not isinstance(value, str):
            suggestions = (Suggestion(f'"through {value}"'), Suggestion(f'"in {value}"'))
            year = type(value) is int and 1 <= value <= 9999
            self.report(Diagnostic("line-type", (0, 0), (), suggestions if year else ()), path)
            return None
        same = self._lines.get(value)
        if same is not None:
            return same
        try:
            line = self._lines[value] = Line.of(value, parse(value, self.helpful, self.names))
        except LineError as refused:
            self._helped += len(value)
            diagnostic = self._with_ids(value, parse, refused.diagnostic)
            self.report(self._with_zone(diagnostic), path, "inside")
            return None
        return line

    def _with_ids(
        self, text: str, read: Callable[[str], object], diagnostic: Diagnostic
    ) -> Diagnostic:
        """What is said of a text that names an event by what is no id; else what is said of it."""
        named = None if text.isascii() else self._id_offers().in_line(text, read)
        return named or diagnostic

    def _with_zone(self, diagnostic: Diagnostic) -> Diagnostic:
        """Of an hour that documents leave to custom, the zone is said where the file states one."""
        if diagnostic.case != "close-of-business" or not self.states_timezone:
            return diagnostic
        suggestions = tuple(
            replace(suggestion, write=f"{suggestion.write} {self.timezone}")
            if suggestion.write.endswith(" 17:00")
            else suggestion
            for suggestion in diagnostic.suggestions
        )
        return replace(diagnostic, suggestions=suggestions)

    def _as_line(self, value: object, path: KeyPath) -> object:
        """A TOML date or date-time as a line writes it, None where it cannot; all else as it is."""
        if not isinstance(value, datetime):
            return value.isoformat() if isinstance(value, date) else value
        fine = not (value.second or value.microsecond)
        offset = value.utcoffset()
        moment = value if offset is None else value.astimezone(UTC)
        text = f"{moment:%Y-%m-%d %H:%M}{'' if offset is None else ' UTC'}"
        if fine and not offset:
            return text
        case = "time-with-offset" if fine else "time-with-seconds"
        self.report(Diagnostic(case, suggestions=(Suggestion(text),)), path)
        return None

    def lasts(self, value: object, path: KeyPath) -> tuple[str, Duration] | None:
        """The length of a term, as it was written and as it is meant."""
        return self._inside(value, path, lambda text: (text, parse_term_length(text)))

    def renews(self, value: object, path: KeyPath) -> Renewal | None:
        """How a term goes on after its end."""
        return self._inside(value, path, parse_renewal)

    def repeats(self, value: object, path: KeyPath) -> Recurrence | None:
        """How often something happens again."""
        return self._inside(value, path, parse_recurrence)

    def during(self, value: object, path: KeyPath) -> Ref | None:
        """The event that bounds what repeats: by its id, which may be agreement/id."""
        return self._inside(value, path, _event_named)

    def _inside(self, value: object, path: KeyPath, read: Callable[[str], T]) -> T | None:
        """What a text says; where it is refused, the place is inside it."""
        text = self.text(value, path)
        if text is None:
            return None
        try:
            return read(text)
        except LineError as refused:
            self.report(self._with_ids(text, read, refused.diagnostic), path, "inside")
            return None

    def moments(self, value: object, path: KeyPath) -> Recorded | None:
        """What was recorded; of what repeats, a table by the occurrence's day, number or name."""
        return self._by_occurrence(value, path, self.moment)

    def days(self, value: object, path: KeyPath) -> Recorded | None:
        """A day; of what repeats, a table by the occurrence's day, number or name."""
        return self._by_occurrence(value, path, self.day)

    def _by_occurrence(
        self, value: object, path: KeyPath, read: Callable[[object, KeyPath], Moment | None]
    ) -> Recorded | None:
        if not isinstance(value, dict):
            return read(value, path)
        moments = []
        for key, entry in value.items():
            occurrence = occurrence_named(key)
            if isinstance(entry, dict):  # `breach.7 = …`, which TOML takes apart
                self._dotted_name(key, entry, (*path, key))
                continue
            moment = read(entry, (*path, key))
            if occurrence is None:
                near = tuple(map(Suggestion, keys_near(key, moment)))
                diagnostic = Diagnostic("occurrence-key", (0, 0), (("key", key),), near)
                self.report(diagnostic, (*path, key), "key")
            if occurrence is not None and moment is not None:
                moments.append((occurrence, moment))
        moments.sort(key=lambda entry: occurrence_order(entry[0]))
        return ByOccurrence(tuple(moments)) if moments else None

    def _dotted_name(self, key: str, entry: Mapping[str, Any], path: KeyPath) -> None:
        """A name with a dot in it has to be quoted."""
        whole = ".".join((key, *islice(entry, 1)))
        near = (Suggestion(f'"{whole}"'),) if occurrence_named(whole) else ()
        self.report(Diagnostic("occurrence-key", (0, 0), (("key", whole),), near), path, "key")

    def moment(self, value: object, path: KeyPath) -> Moment | None:
        """What was recorded: a day, or an instant; without a zone it is in the file's."""
        value = self._as_line(value, path)
        if not isinstance(value, str) or " " not in value.strip():
            return None if value is None else self.day(value, path)
        try:
            form = parse(value)
        except LineError as refused:
            self.report(refused.diagnostic, path, "inside")
            return None
        if not isinstance(form, Exact) or form.clock is None:
            self.wrong_type(path, "moment")
            return None
        zone = form.zone or self.timezone
        if diagnostic := unclear(value, form.day, form.clock, zone, form.span):
            self.report(diagnostic, path, "inside")
            return None
        return instant(form.day, form.clock, zone)

    def roll(self, value: object, path: KeyPath) -> Roll | None:
        """How days are moved off closed ones."""
        text = self.text(value, path)
        for roll in ROLLS:
            if roll == text:
                return roll
        if text is not None:
            near = _ROLLS_MEANT.get(re.sub(r"[ _]", "-", text.lower())) or nearest(text, ROLLS)
            suggestions = tuple(map(Suggestion, (near,) if near else ROLLS))
            diagnostic = Diagnostic("bad-roll", (0, len(text)), (("roll", text),), suggestions)
            self.report(diagnostic, path, "inside")
        return None

    def counting(self, value: object, path: KeyPath) -> Counting | None:
        """The law by which days are counted."""
        return self._inside(value, path, parse_counting)

    def closed(self, value: object, path: KeyPath) -> Spans | None:
        """Days that are closed besides, each a day or a range of days."""
        spans = self._list(value, path, self._closed_span)
        return None if spans is None else spans_apart(spans)

    def _closed_span(self, value: object, path: KeyPath) -> tuple[date, date] | None:
        """`2026-12-29`, `2026-12-29..2027-01-03`, or a TOML date."""
        if isinstance(value, date) and not isinstance(value, datetime):
            return value, value
        return self._inside(value, path, parse_closed)

    def calendar(self, value: object, path: KeyPath) -> str | None:
        """The name of a calendar of business days."""
        return self._inside(value, path, parse_calendar)

    def strings(self, value: object, path: KeyPath) -> tuple[str, ...] | None:
        """A list of texts."""
        return self._list(value, path, self.text)

    def leads(self, value: object, path: KeyPath) -> tuple[Lead, ...] | None:
        """A list of lead times."""
        return self._list(value, path, self._lead)

    def ids(self, value: object, path: KeyPath) -> tuple[str, ...] | None:
        """A list of ids."""
        return self._list(value, path, self.id)

    def _list(
        self, value: object, path: KeyPath, read: Callable[[object, KeyPath], T | None]
    ) -> tuple[T, ...] | None:
        if not isinstance(value, list):
            self.wrong_type(path, "list")
            return None
        values = [read(entry, (*path, at)) for at, entry in enumerate(value)]
        return tuple(dict.fromkeys(entry for entry in values if entry is not None))

    def _lead(self, value: object, path: KeyPath) -> Lead | None:
        return self._inside(value, path, parse_lead)

    def id(self, value: object, path: KeyPath) -> str | None:
        """An id: lower case, digits and single separators; no word of the grammar."""
        text = self.text(value, path)
        if text is None:
            return None
        if text not in KEYWORDS and ID.fullmatch(text) and len(text) <= 200:
            return text
        case = "id-is-a-word" if text in KEYWORDS else "bad-id"
        right = self._id_offers().for_id(text, path)
        suggestions = (Suggestion(right),) if right is not None else ()
        self.report(Diagnostic(case, (0, len(text)), (("id", text),), suggestions), path, "inside")
        return None

    def _id_offers(self) -> IdOffers:
        """The ids for those of the file that are none, looked for once one is refused."""
        if self._ids is None:
            from tracker.files.ids import IdOffers

            self._ids = IdOffers(self.data)
        return self._ids

    def url(self, value: object, path: KeyPath) -> str | None:
        """An http or https address; nothing else is ever made a link."""
        text = self.text(value, path)
        fault = None if text is None else fault_in_link(text)
        if fault is None:
            return text
        self.report(fault, path, "inside")
        return None

    def zone(self, value: object, path: KeyPath) -> str | None:
        """An IANA zone with a "/", or UTC."""
        text = self.text(value, path)
        if text is None or (is_zone(text) and text != "AoE"):
            return text
        from tracker.dates.suggestions.zones import zones_meant

        case = "zone-of-no-place" if text == "AoE" else "bad-zone"
        diagnostic = Diagnostic(case, (0, len(text)), (("zone", text),), zones_meant(text))
        self.report(diagnostic, path, "inside")
        return None

    def language_tag(self, value: object, path: KeyPath) -> str | None:
        text = self.text(value, path)
        if text is None or LANGUAGE.fullmatch(text):
            return text
        self.report(Diagnostic("bad-language", values=(("language", text),)), path)
        return None

    def inner_file(self, value: object, path: KeyPath) -> str | None:
        """The name of a file inside the events file's folder."""
        text = self.text(value, path)
        if text is None:
            return None
        if text.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", text) or ":" in text:
            self.report(Diagnostic("outside-folder", (0, len(text))), path, "inside")
            return None
        return text


def _event_named(text: str) -> Ref:
    """The event that an id names; raises LineError where it is no id."""
    form = parse(text)
    if not isinstance(form, Ref) or form.side != "when":
        suggestions = (
            (Suggestion(str(Ref(form.agreement, form.id, "when"))),)
            if isinstance(form, Ref)
            else ()
        )
        raise LineError(Diagnostic("during-no-id", (0, len(text)), (), suggestions))
    return form


def keys_near(key: str, moment: Moment | None) -> Iterator[str]:
    """What to write in the place of a key that names no occurrence.

    >>> list(keys_near("Breach 7", None)), list(keys_near("2027-02-30", None))
    (['breach-7'], ['2027-02-28', '2027-03-01'])
    >>> list(keys_near("01", None)), list(keys_near("漏えい", date(2027, 3, 1)))
    (['1'], ['2027-03-01'])
    """
    from tracker.dates.periods import NoSuchPeriod, parse_period

    try:
        parse_period(key)
    except NoSuchPeriod as missing:
        yield from missing.nearest
        return
    except ValueError:
        pass
    number = key.lstrip("0")
    if key.isascii() and key.isdigit():
        yield number or "1"
    elif (right := nearest_name(key)) is not None:
        yield right
    elif moment is not None:
        yield str(local_day(moment))


def duplicates(names: Iterable[tuple[str, KeyPath]]) -> list[tuple[str, KeyPath]]:
    """Those names that stood before, with their places."""
    seen: set[str] = set()
    repeated = []
    for name, path in names:
        if name in seen:
            repeated.append((name, path))
        seen.add(name)
    return repeated
