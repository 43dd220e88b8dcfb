"""The conferences that the YAML of a site states, and their deadlines, whichever form it has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from tracker.files.ids import id_like
from tracker.imports.findings import EntryReading, Findings
from tracker.imports.foreign import ForeignPlace
from tracker.imports.foreign_times import moment_in
from tracker.imports.texts import one_line
from tracker.imports.yaml_tables import YamlTable

_TITLES = {
    "deadline": "paper deadline", "abstract_deadline": "abstract deadline", "cfp": "proposals due",
    "notification": "notification of authors",
}  # fmt: skip
#: What is no date, and becomes part of an event or of all of them.
USED_KEYS = {
    "title", "name", "conference", "year", "id", "link", "place", "city", "country", "venue",
    "note", "comment", "description", "full_name", "sub", "tags", "timezone", "date", "start",
    "end", "confs", "timeline", "deadlines",
}  # fmt: skip


class StatedConference(NamedTuple):
    """One conference in one year."""

    table: YamlTable
    name: str
    year: int | None
    ident: str  #: of its site; else its name and year
    aoe: bool  #: whether its site says that what states no zone is AoE

    def field(self, key: str) -> str:
        value = self.table.get(key)
        return value if isinstance(value, str) else ""

    def is_over(self, as_of: date) -> bool:
        """Whether its year has passed."""
        return self.year is not None and self.year < as_of.year

    @property
    def title(self) -> str:
        """ICML 2026; the year only once."""
        if self.year is None or str(self.year) in self.name:
            return self.name
        return f"{self.name} {self.year}"


class StatedDeadline(NamedTuple):
    """One deadline of it, in the words of its site."""

    key: str
    label: str
    text: str
    number: int = 1  #: among those of its key
    zone: str = ""
    note: str = ""


def conference_entries(value: object) -> list[object] | None:
    """The list of conferences: the file itself, the one list in it, or one conference alone."""
    if isinstance(value, list):
        return value
    if isinstance(value, YamlTable):
        if _name_of(value):
            return [value]
        lists = [part for part in value.values() if isinstance(part, list)]
        return lists[0] if len(lists) == 1 else None
    return None


def _name_of(table: YamlTable) -> str:
    for key in ("title", "name", "conference"):
        value = table.get(key)
        if isinstance(value, str) and value.strip():
            return one_line(value, 200)
    return ""


def conferences_in(entry: YamlTable, findings: Findings) -> Iterator[StatedConference]:
    """Each year of it, where its entry is sound."""
    place = ForeignPlace("line", entry.line)
    name = _name_of(entry)
    years = entry.get("confs", [entry])
    for table in years if isinstance(years, list) else [years]:
        if not isinstance(table, YamlTable):
            findings.leave_out(name or "confs", "no-entry", place)
            continue
        at = ForeignPlace("line", table.line)
        if not name:
            findings.leave_out("title", "no-name", at)
            continue
        doubled = dict.fromkeys((*entry.doubled, *table.doubled))
        if doubled:
            findings.leave_out(name, "doubled-key", at, keys=one_line(", ".join(doubled)))
            continue
        yield _conference(entry, table, name)


def _conference(entry: YamlTable, table: YamlTable, name: str) -> StatedConference:
    if table is not entry:  # what stands above the years holds for each of them
        inherited = YamlTable(table)
        inherited.line = table.line
        for key, value in entry.items():
            if key != "confs":
                inherited.setdefault(key, value)
        table = inherited
    year = table.get("year")
    known_year = int(year) if isinstance(year, str) and re.fullmatch("[12][0-9]{3}", year) else None
    own = table.get("id")
    ident = one_line(own, 80) if isinstance(own, str) and own.strip() else ""
    if not ident:
        ident = id_like(f"{name} {known_year or ''}") or f"conference-{table.line}"
    elif known_year is not None and f"{known_year % 100:02}" not in ident:
        ident += str(known_year)  # an id that stays the same from year to year
    return StatedConference(table, name, known_year, ident, aoe="title" not in table)


def with_own_id(conference: StatedConference, names: dict[str, str]) -> StatedConference:
    """Two that a site gives one id (there are two FSE) are known by their long names."""
    whole = conference.field("description") or conference.field("full_name")
    if names.setdefault(conference.ident, whole) == whole:
        return conference
    return conference._replace(
        ident=f"{conference.ident}-{id_like(whole) or conference.table.line}"
    )


def _is_deadline(key: str, value: object) -> bool:
    if key in USED_KEYS:
        return False
    words = key.replace(" ", "_")
    if words.endswith("deadline") or words in ("cfp", "cfp_ext"):
        return True
    return isinstance(value, str) and moment_in(value) is not None


def deadline_values(table: YamlTable) -> list[tuple[str, object]]:
    """Its keys that name a deadline, by what they are called or by what they hold."""
    return [(key, value) for key, value in table.items() if _is_deadline(key, value)]


def deadlines_of(conference: StatedConference, at: EntryReading) -> Iterator[StatedDeadline]:
    """All that are stated of it; those of a list are numbered."""
    table = conference.table
    stated = dict(deadline_values(table))
    if stated.get("cfp_ext"):  # the extension is what counts
        if stated.get("cfp"):
            at.leave_out("cfp", "extended")
        stated = {"cfp": stated.pop("cfp_ext"), **{k: v for k, v in stated.items() if k != "cfp"}}
    rounds = table.get("timeline")
    steps = rounds if isinstance(rounds, list) else [rounds] if rounds else []
    for number, step in enumerate(steps, 1):
        if not isinstance(step, YamlTable):
            at.leave_out("timeline", "no-entry")
            continue
        note = step.get("comment")
        for key, value in deadline_values(step):
            yield from _of_key(key, value, number, note if isinstance(note, str) else "")
    for key, value in stated.items():
        yield from _of_key(key, value, 1, conference.field("comment"))
    labelled = table.get("deadlines")
    counts: dict[str, int] = {}
    for step in labelled if isinstance(labelled, list) else ():
        if not isinstance(step, YamlTable) or not isinstance(step.get("date"), str):
            at.leave_out("deadlines", "no-entry")
            continue
        key = one_line(step.get("type") or "deadline", 40)
        counts[key] = counts.get(key, 0) + 1
        label, zone = step.get("label") or key.replace("_", " "), step.get("timezone") or ""
        yield StatedDeadline(key, one_line(label, 120), step["date"], counts[key], one_line(zone))


def _of_key(key: str, value: object, number: int, note: str) -> Iterator[StatedDeadline]:
    words = key.replace(" ", "_")
    label = _TITLES.get(words, words.replace("_", " "))
    values = value if isinstance(value, list) else [value]
    for at, text in enumerate(values):
        yield StatedDeadline(
            words, one_line(label, 80), text if isinstance(text, str) else "", number + at, "", note
        )
