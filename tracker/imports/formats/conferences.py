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
from tracker.imports.stated_conferences import (
    USED_KEYS,
    StatedConference,
    StatedDeadline,
    conference_entries,
    conferences_in,
    deadline_values,
    deadlines_of,
    with_own_id,
)
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


def recognises(file: ForeignFile) -> bool:
    """Whether it has the keys of such a file, in block form or in flow form."""
    return "year" in file.keys and not _DEADLINES.isdisjoint(file.keys)


def read_foreign(file: ForeignFile, wishes: Wishes) -> ForeignContent:
    """The deadlines of each conference, and when it is held."""
    value, broken, tagged = read_yaml(file)
    findings = Findings()
    names: dict[str, str] = {}
    entries = conference_entries(value)
    if entries is None:
        raise Unreadable("conferences-no-list")
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, YamlTable):
            findings.leave_out(one_line(entry, 40), "no-entry", ForeignPlace("entry", number))
            continue
        for conference in conferences_in(entry, findings):
            place = ForeignPlace("line", conference.table.line)
            _read_conference(with_own_id(conference, names), EntryReading(wishes, findings, place))
    if tagged:
        findings.leave_out("!…", "tag", ForeignPlace("line", 1))
    if broken is not None:
        findings.leave_out("…", "broken", broken)
    return findings.content()


def _read_conference(conference: StatedConference, at: EntryReading) -> None:
    for deadline in deadlines_of(conference, at):
        _read_deadline(conference, deadline, at)
    _read_days(conference, at)
    known = USED_KEYS | {key for key, _ in deadline_values(conference.table)}
    for key, value in conference.table.items():
        if key not in known and value not in (None, "", [], {}):
            at.leave_out(one_line(key, 40), "no-place")


def _read_deadline(
    conference: StatedConference,
    deadline: StatedDeadline,
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
    conference: StatedConference,
    deadline: StatedDeadline,
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
    conference: StatedConference,
    deadline: StatedDeadline,
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


def _read_days(conference: StatedConference, at: EntryReading) -> None:
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
        if _is_over(days.line, at.wishes.as_of):
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


def _start_and_end(conference: StatedConference) -> HeldDays | None:
    first, last = conference.field("start"), conference.field("end")
    if not first:
        return None
    days = [moment_in(text) for text in (first, last or first)]
    if None in days or days[0].day > days[1].day:  # type: ignore[union-attr]  # neither is None
        return None
    first_day, last_day = (moment.day for moment in days if moment)
    return HeldDays(first_day, last_day)


def _about(conference: StatedConference) -> Iterator[str]:
    for key in ("description", "full_name", "note"):
        if value := conference.field(key).strip():
            yield value
    places = [conference.field(key).strip() for key in ("venue", "city", "country", "place")]
    if place := ", ".join(filter(None, places)):
        yield place


def _common(conference: StatedConference, at: EntryReading) -> Iterator[tuple[str, object]]:
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
