"""The YAML of sites that count down to deadlines of conferences, in the forms that they have.

- ccf-deadlines: a conference with `confs`, one a year, each with a `timeline` of deadlines;
- ai-deadlines and its many copies: an entry a year with `deadline`, `abstract_deadline`, `start`,
  `end`, `timezone`; newer ones have `deadlines`, each with a label and a zone of its own;
- sec-deadlines: `name`, and a list of deadlines in which `%y` is the conference's year, `%Y` the
  one before;
- python-deadlines: `conference`, `cfp`, `cfp_ext`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from tracker.dates.expressions import fixed_bounds
from tracker.dates.instants import local_day
from tracker.dates.parser import parse
from tracker.files.ids import id_like
from tracker.files.links import fault_in_link
from tracker.imports.findings import EntryReading, Findings
from tracker.imports.foreign import (
    ForeignContent,
    ForeignEvent,
    ForeignFile,
    ForeignPlace,
    Unreadable,
    Wishes,
)
from tracker.imports.foreign_times import (
    ForeignZone,
    StatedMoment,
    line_at,
    moment_in,
    zone_stated,
)
from tracker.imports.held_days import HeldDays, held_days
from tracker.imports.texts import one_line, several_lines
from tracker.imports.yaml_tables import YamlTable, read_yaml

_DEADLINES = {"deadline", "deadlines", "abstract_deadline", "cfp", "timeline"}
#: Not known yet, in the words of these sites.
_TO_COME = re.compile(
    r"tb[acdn]|to be (?:announced|confirmed|decided|determined|defined)"
    r"|not (?:yet )?(?:known|announced)|unknown|\?+",
    re.IGNORECASE,
)
_NONE = frozenset(("", "none", "n/a", "na", "no", "-", "–", "—"))
_TITLES = {
    "deadline": "paper deadline", "abstract_deadline": "abstract deadline", "cfp": "proposals due",
    "notification": "notification of authors",
}  # fmt: skip
#: What is no date, and becomes part of an event or of all of them.
_USED = {
    "title", "name", "conference", "year", "id", "link", "place", "city", "country", "venue",
    "note", "comment", "description", "full_name", "sub", "tags", "timezone", "date", "start",
    "end", "confs", "timeline", "deadlines",
}  # fmt: skip


class _Conference(NamedTuple):
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


class _Deadline(NamedTuple):
    key: str
    label: str
    text: str
    number: int = 1  #: among those of its key
    zone: str = ""
    note: str = ""


def recognises(file: ForeignFile) -> bool:
    """Whether it has the keys of such a file, in block form or in flow form."""
    return "year" in file.keys and not _DEADLINES.isdisjoint(file.keys)


def read_foreign(file: ForeignFile, wishes: Wishes) -> ForeignContent:
    """The deadlines of each conference, and when it is held."""
    value, broken, tagged = read_yaml(file)
    findings = Findings()
    names: dict[str, str] = {}
    entries = _entries(value)
    if entries is None:
        raise Unreadable("conferences-no-list")
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, YamlTable):
            findings.leave_out(one_line(entry, 40), "no-entry", ForeignPlace("entry", number))
            continue
        for conference in _conferences(entry, findings):
            place = ForeignPlace("line", conference.table.line)
            _read_conference(_distinct(conference, names), EntryReading(wishes, findings, place))
    if tagged:
        findings.leave_out("!…", "tag", ForeignPlace("line", 1))
    if broken is not None:
        findings.leave_out("…", "broken", broken)
    return findings.content()


def _entries(value: object) -> list[object] | None:
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


def _conferences(entry: YamlTable, findings: Findings) -> Iterator[_Conference]:
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


def _conference(entry: YamlTable, table: YamlTable, name: str) -> _Conference:
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
    return _Conference(table, name, known_year, ident, aoe="title" not in table)


def _distinct(conference: _Conference, names: dict[str, str]) -> _Conference:
    """Two that a site gives one id (there are two FSE) are known by their long names."""
    whole = conference.field("description") or conference.field("full_name")
    if names.setdefault(conference.ident, whole) == whole:
        return conference
    return conference._replace(
        ident=f"{conference.ident}-{id_like(whole) or conference.table.line}"
    )


def _read_conference(conference: _Conference, at: EntryReading) -> None:
    for deadline in _deadlines(conference, at):
        _read_deadline(conference, deadline, at)
    _read_days(conference, at)
    known = _USED | {key for key, _ in _deadline_values(conference.table)}
    for key, value in conference.table.items():
        if key not in known and value not in (None, "", [], {}):
            at.leave_out(one_line(key, 40), "no-place")


def _is_deadline(key: str, value: object) -> bool:
    if key in _USED:
        return False
    words = key.replace(" ", "_")
    if words.endswith("deadline") or words in ("cfp", "cfp_ext"):
        return True
    return isinstance(value, str) and moment_in(value) is not None


def _deadline_values(table: YamlTable) -> list[tuple[str, object]]:
    return [(key, value) for key, value in table.items() if _is_deadline(key, value)]


def _deadlines(conference: _Conference, at: EntryReading) -> Iterator[_Deadline]:
    """All that are stated of it; those of a list are numbered."""
    table = conference.table
    stated = dict(_deadline_values(table))
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
        for key, value in _deadline_values(step):
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
        yield _Deadline(key, one_line(label, 120), step["date"], counts[key], one_line(zone))


def _of_key(key: str, value: object, number: int, note: str) -> Iterator[_Deadline]:
    words = key.replace(" ", "_")
    label = _TITLES.get(words, words.replace("_", " "))
    values = value if isinstance(value, list) else [value]
    for at, text in enumerate(values):
        yield _Deadline(
            words, one_line(label, 80), text if isinstance(text, str) else "", number + at, "", note
        )


def _read_deadline(
    conference: _Conference,
    deadline: _Deadline,
    at: EntryReading,
) -> None:
    behind = f" {deadline.number}" if deadline.number > 1 else ""
    title = one_line(f"{conference.title}: {deadline.label}{behind}")
    text = " ".join(deadline.text.split())
    if text.casefold() in _NONE:
        if text:
            at.leave_out(title, "says-none", value=text)
        return
    line = _line(conference, deadline, text, title, at)
    if line is None:
        return
    ident = id_like(f"{conference.ident}-{deadline.key}".replace("_", "-"))
    number = f"-{deadline.number}" if deadline.number > 1 else ""
    fields: list[tuple[str, object]] = [("id", f"{ident}{number}")] if ident else []
    fields.append(("when", line))
    if line != "open" and _is_past(line, at.wishes.as_of):
        # It comes by its own day: whether anything was handed in, no file of a site can say.
        fields.append(("occurred", line))
    fields += _common(conference, at)
    if note := several_lines(deadline.note):
        fields.append(("note", note))
    foreign_id = f"{conference.ident}#{deadline.key}{number}"
    event = ForeignEvent(foreign_id, title, tuple(fields), at.place)
    since = at.wishes.since
    if since is not None and line != "open" and _is_past(line, since):
        at.findings.leave_out_over(event, since)
    else:
        at.findings.add(event)


def _line(
    conference: _Conference,
    deadline: _Deadline,
    text: str,
    title: str,
    at: EntryReading,
) -> str | None:
    """The line of a deadline; None where it cannot be said, which is told or asked."""
    if _TO_COME.fullmatch(text):
        if conference.is_over(at.wishes.as_of):
            at.leave_out(title, "never-known", value=text)
            return None
        at.leave_out(title, "not-known-yet", value=text)
        return "open"
    if "%" in text:
        if "%m" in text or conference.year is None:
            at.leave_out(title, "template", value=one_line(text, 60))
            return None
        text = text.replace("%y", str(conference.year)).replace("%Y", str(conference.year - 1))
    stated = moment_in(text)
    if stated is None or stated.offset is not None:
        at.leave_out(title, "no-day", value=one_line(text, 60))
        return None
    if stated.has_seconds:
        at.leave_out(title, "seconds", value=one_line(text, 60))
    zone = _zone(conference, deadline, stated, at)
    if zone is None:
        return None
    try:
        line = line_at(stated, zone)
    except (OverflowError, ValueError):
        at.leave_out(title, "no-day", value=one_line(text, 60))
        return None
    if isinstance(line, tuple):
        at.leave_out(title, "two-instants", first=line[0], second=line[1])
        return None
    return line


def _zone(
    conference: _Conference,
    deadline: _Deadline,
    stated: StatedMoment,
    at: EntryReading,
) -> ForeignZone | None:
    name = deadline.zone or conference.field("timezone").strip()
    if name:
        return zone_stated(name, stated.day, at.wishes, at.findings, at.place)
    if conference.aoe:
        at.findings.remark("without-zone-aoe")
        return ForeignZone("AoE")
    if at.wishes.timezone is not None:
        return ForeignZone(at.wishes.timezone)
    answers = ("--timezone Etc/GMT+12", "--timezone UTC")
    at.findings.ask("no-zone", (), answers, at.place)
    return None


def _is_past(line: str, as_of: date) -> bool:
    stated = moment_in(" ".join(line.split(" ")[:2])) or moment_in(line.split(" ", maxsplit=1)[0])
    return stated is not None and stated.day < as_of


def _read_days(conference: _Conference, at: EntryReading) -> None:
    """The conference itself: a term of its days; where a month alone is known, a forecast."""
    words = conference.field("date").strip()
    days = _start_and_end(conference)
    if days is None and not words:
        return
    if days is None and _TO_COME.fullmatch(words):
        if conference.is_over(at.wishes.as_of):
            at.leave_out(conference.title, "never-known", value=words)
            return
        at.leave_out(conference.title, "not-known-yet", value=words)
        days = HeldDays(line="open")
    days = days or held_days(words, conference.year)
    if days is None:
        at.leave_out(conference.title, "no-days", value=one_line(words, 60))
        return
    ident = id_like(conference.ident)
    fields: list[tuple[str, object]] = [("id", ident)] if ident else []
    if days.first and days.last:
        fields += [("starts", days.first.isoformat()), ("ends", days.last.isoformat())]
    else:
        bounds = fixed_bounds(parse(days.line))
        if (
            bounds is not None
            and bounds.latest is not None
            and local_day(bounds.latest) < at.wishes.as_of
        ):
            at.leave_out(conference.title, "month-over", value=one_line(words, 60))
            return
        fields.append(("when", days.line))
    fields += _common(conference, at)
    if note := several_lines("\n".join(_about(conference))):
        fields.append(("note", note))
    foreign_id = f"{conference.ident}#held"
    event = ForeignEvent(foreign_id, conference.title, tuple(fields), at.place)
    since = at.wishes.since
    if since is not None and days.last is not None and days.last < since:
        at.findings.leave_out_over(event, since)
    else:
        at.findings.add(event)


def _is_over(line: str, as_of: date) -> bool:
    """Whether the last day of a forecast has passed."""
    bounds = fixed_bounds(parse(line))
    return bounds is not None and bounds.latest is not None and local_day(bounds.latest) < as_of


def _start_and_end(conference: _Conference) -> HeldDays | None:
    first, last = conference.field("start"), conference.field("end")
    if not first:
        return None
    days = [moment_in(text) for text in (first, last or first)]
    if None in days or days[0].day > days[1].day:  # type: ignore[union-attr]  # neither is None
        return None
    first_day, last_day = (moment.day for moment in days if moment)
    return HeldDays(first_day, last_day)


def _about(conference: _Conference) -> Iterator[str]:
    for key in ("description", "full_name", "note"):
        if value := conference.field(key).strip():
            yield value
    places = [conference.field(key).strip() for key in ("venue", "city", "country", "place")]
    if place := ", ".join(filter(None, places)):
        yield place


def _common(conference: _Conference, at: EntryReading) -> Iterator[tuple[str, object]]:
    """What each of its events has: its subjects as tags, its page."""
    tags: dict[str, None] = {}
    for key in ("sub", "tags"):
        value = conference.table.get(key)
        for part in value if isinstance(value, list) else [value]:
            for tag in part.split(",") if isinstance(part, str) else ():
                if named := one_line(tag, 60):
                    tags[named] = None
    if tags:
        yield "tags", list(tags)
    link = conference.field("link").strip()
    if link and fault_in_link(link) is None and len(link) < 2000:
        yield "url", link
    elif link:
        at.leave_out(one_line(link, 80), "no-link")
