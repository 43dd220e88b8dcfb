"""What a file of another program states: its events, what was left out, and what has to be asked.

All of it is values: the sentences are i18n's (`import.…`), and writing is done elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

from tracker.i18n.progress import Progress, unseen
from tracker.i18n.reasons import Reason
from tracker.imports.heads import ending_of, head_of, is_json, keys_in

#: A name and a value, for the holes of a sentence.
Values: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ForeignFile:
    """A file as it was fetched, and what tells its format."""

    name: str  #: as the call named it: a path, or an address
    content: bytes

    @cached_property
    def head(self) -> str:
        """The beginning of its text; empty of an archive."""
        return head_of(self.content)

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys that stand in its beginning, as JSON and YAML have them."""
        return keys_in(self.head)

    @cached_property
    def ending(self) -> str:
        """What it is called by: `.ics`."""
        return ending_of(self.name)

    @property
    def is_json(self) -> bool:
        """Whether it begins as JSON does, and not as YAML in flow form."""
        return is_json(self.head)


class ForeignPlace(NamedTuple):
    """Where in its file something stands."""

    kind: Literal["line", "row", "entry"]  #: how it is counted there, from 1
    number: int
    sheet: str = ""  #: of a workbook


@dataclass(frozen=True, slots=True)
class ForeignEvent:
    """One event, in the words of events.toml, with what its own program knows it by."""

    foreign_id: str  #: the same at each import of the same entry: a UID, an id, a key column
    title: str
    #: The other keys of `[[event]]`, as TOML would hold them: ("when", "2027-03-31").
    fields: tuple[tuple[str, object], ...]
    place: ForeignPlace
    #: Of an event that tracker exported: what was written then, as the key `imported` has it.
    wrote: str = ""


#: Reasons for which a day that is stated, or an entry that may have one, is not in the file.
_LOSES_A_DAY = frozenset(
    (
        # what is damaged, or cannot be told from another
        "broken broken-entry cut-off doubled-key no-entry no-line quote-not-closed more-kinds"
        " no-name no-title no-id same-id too-wide"
        # a day, a time or a zone that cannot be read
        " no-day no-days no-length end-before-start ends-first error-cell formula-without-value"
        " two-instants unknown-zone day-no-day day-no-such-day day-unknown-name day-other-weekday"
        " day-other-order day-range-backwards day-far-day zone-unknown moved-in-calendar"
        # what nobody has answered yet
        " waits beside-waiting"
        # when it happens again
        " rule-empty rule-unsaid rule-too-fast rule-of-start no-repeat-length no-recurrence"
        " template more-dates series-not-there"
    ).split()
)


class LeftOut(NamedTuple):
    """What a file holds that was not taken over: an entry, a property, a column, a value."""

    what: str  #: as its file calls it
    reason: str  #: names the sentence `import.left-out.REASON`
    values: Values = ()
    places: tuple[ForeignPlace, ...] = ()  #: the first few
    times: int = 1

    @property
    def loses_a_day(self) -> bool:
        """Whether a deadline of the source may be missing from the file for it."""
        return self.reason in _LOSES_A_DAY


class Question(NamedTuple):
    """What has more than one reading, asked once for all values of its kind."""

    name: str  #: names the sentence `import.question.NAME`
    values: Values
    answers: tuple[
        str, ...
    ]  #: what to write on the command line, each whole: `--map due=day-first`
    places: tuple[ForeignPlace, ...] = ()


class ReadColumn(NamedTuple):
    """A column of a sheet, and what was made of it."""

    letters: str  #: as spreadsheets name it: C
    heading: str  #: empty where it has none
    key: str | None  #: the key of `[[event]]` that it became; None: it was not taken
    first: tuple[str, ...]  #: what stands in its first rows


class Remark(NamedTuple):
    """How a file was read, where that was not plain: by which letters, from which sheet."""

    name: str  #: names the sentence `import.remark.NAME`
    values: Values = ()


@dataclass(frozen=True, slots=True)
class ForeignContent:
    """All that was read of one file."""

    events: tuple[ForeignEvent, ...]
    left_out: tuple[LeftOut, ...] = ()
    questions: tuple[Question, ...] = ()
    title: str | None = None
    timezone: str | None = None
    columns: tuple[ReadColumn, ...] = ()  #: of a sheet, for the preview
    remarks: tuple[Remark, ...] = ()
    has_global_ids: bool = False  #: whether its ids mean the same in whatever file (UIDs)
    also_there: tuple[str, ...] = ()  #: ids of entries that are left out since they are over
    #: Of what tracker exported: the head of its file. Its events are known by their own names.
    head: tuple[tuple[str, object], ...] = ()
    is_export: bool = False
    #: Whether what waits for an answer is no event yet, but left out: all else can be written.
    asks_by_entry: bool = False


class Wishes(NamedTuple):
    """What the call says of how files are to be read."""

    as_of: date
    timezone: str | None = None  #: of times that name none
    columns: tuple[tuple[str, str], ...] = ()  #: `--map KEY=COLUMN`, in their order
    since: date | None = None  #: appointments that were over before are left out; None: none are
    progress: Progress = unseen  #: is told how much of a long file is read


class Unreadable(ValueError):
    """Nothing of a file can be read: `reason` names the sentence `import.unreadable.REASON`."""

    def __init__(
        self,
        reason: str,
        values: tuple[tuple[str, str | Reason], ...] = (),
        place: ForeignPlace | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values
        self.place = place
