"""The recipients of tracker.toml."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from typing import Any, NamedTuple, TypeVar, get_args

from tracker.config.addresses import THE_TERMINAL, Address, command_address, read_address
from tracker.config.keys import WHERE_KEYS, keys_of
from tracker.config.variables import absent_variables, from_environment
from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.recurrence import Every, Rule
from tracker.dates.recurrence_parser import parse_rule
from tracker.files.problems import KeyPath
from tracker.files.values import Reader
from tracker.i18n.translate import Language, language_of
from tracker.reminders.changes import KINDS
from tracker.reminders.recipients import PointFilter, Quiet, Recipient
from tracker.timeline.filters import Where
from tracker.timeline.points import State, Status

#: PostgreSQL keeps an alert once by all that names it, 2,704 bytes at most (its manual, 11.2): an
#: address and two ids are in it as well.
MOST_IN_NAME = 100
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_WEEKDAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_OFTEN = re.compile(
    rf"(daily|weekly|monthly)(?: on (?:({_WEEKDAYS})|(?:the )?([0-9]{{1,2}})(?:st|nd|rd|th)?))?"
)
_QUIET = re.compile(r"(\S+?)\s*[-–]\s*(\S+)")
Name = TypeVar("Name", bound=str)


class Defaults(NamedTuple):
    """What holds for a recipient that says nothing else."""

    timezone: str  #: the events file's
    language: Language


def read_recipients(
    data: dict[str, Any], reader: Reader, defaults: Defaults, sends: bool
) -> tuple[tuple[Recipient, ...], dict[str, Address]]:
    """The recipients, and the addresses of all by their names."""
    if "recipient" not in data:
        alone = Recipient("terminal", defaults.timezone, language=defaults.language)
        return (alone,), {THE_TERMINAL.name: THE_TERMINAL}
    addresses: dict[str, Address] = {}
    recipients = []
    for table, path in reader.tables(data["recipient"], ("recipient",)):
        to = table.get("to", THE_TERMINAL.name)
        own = read_addresses(to, (*path, "to"), data, reader, sends)
        addresses |= {address.name: address for address in own}
        channels = [address.name for address in own]
        recipients.append(_recipient(table, path, reader, defaults, channels))
    _check_names(recipients, reader)
    return tuple(recipients), addresses


def _check_names(recipients: Sequence[Recipient], reader: Reader) -> None:
    """A name is one recipient's, and a former name was one recipient's."""
    names = [recipient.name for recipient in recipients]
    former: dict[str, str] = {}
    for at, recipient in enumerate(recipients):
        if recipient.name in names[:at]:
            twice = Diagnostic("recipient-twice", values=(("name", recipient.name),))
            reader.report(twice, ("recipient", at, "name"))
        for place, name in enumerate(recipient.was):
            path = ("recipient", at, "was", place)
            if name in names:
                reader.report(Diagnostic("recipient-was-present", values=(("name", name),)), path)
            elif name in former:
                values = (("name", name), ("recipient", former[name]))
                reader.report(Diagnostic("recipient-was-twice", values=values), path)
            former.setdefault(name, recipient.name)


def _recipient(
    table: dict[str, Any],
    path: KeyPath,
    reader: Reader,
    defaults: Defaults,
    channels: Sequence[str],
) -> Recipient:
    reader.keys(table, path, keys_of("recipient"))
    if "name" not in table:
        reader.report(Diagnostic("missing-key", values=(("key", "name"),)), path)
    name = reader.text(table.get("name", "?"), (*path, "name")) or "?"
    if len(name) > MOST_IN_NAME:
        reader.report(Diagnostic("recipient-name-too-long"), (*path, "name"))
    zone = reader.zone(table.get("timezone", defaults.timezone), (*path, "timezone"))
    leads = reader.leads(table["reminders"], (*path, "reminders")) if "reminders" in table else None
    at = _time(table.get("at", "09:00"), (*path, "at"), reader)
    quiet = _quiet(table["quiet"], (*path, "quiet"), reader) if "quiet" in table else None
    if quiet is not None and quiet.holds(at):
        suggestions = (Suggestion(f"{quiet.end:%H:%M}"),)
        where = (*path, "at" if "at" in table else "quiet")
        reader.report(
            Diagnostic("at-in-quiet", (0, 0), (("at", f"{at:%H:%M}"),), suggestions), where
        )
    digest = _digest(table["digest"], (*path, "digest"), reader) if "digest" in table else None
    return Recipient(
        name,
        zone or defaults.timezone,
        at,
        _language(table.get("language", defaults.language), (*path, "language"), reader),
        leads,
        tuple(dict.fromkeys(channels)),
        _changes(table.get("changes", True), (*path, "changes"), reader),
        digest,
        quiet,
        _point_filter(table.get("where", {}), (*path, "where"), reader),
        reader.strings(table["was"], (*path, "was")) or () if "was" in table else (),
        absent_variables(table.get("to")),
    )


# -- where it goes


def _addresses(value: object, path: KeyPath, reader: Reader, sends: bool) -> list[Address]:
    """The addresses of `to`: one text, or a list of texts and of commands, which are lists."""
    entries = value if isinstance(value, list) else [value]
    paths = [(*path, at) if isinstance(value, list) else path for at in range(len(entries))]
    if not entries:
        reader.wrong_type(path, "addresses")
    addresses = [
        _command(entry, entry_path, reader)
        if isinstance(entry, list)
        else _address(entry, entry_path, reader, sends)
        for entry, entry_path in zip(entries, paths, strict=True)
    ]
    return [address for address in addresses if address is not None]


def _address(value: object, path: KeyPath, reader: Reader, sends: bool) -> Address | None:
    text, variable = from_environment(value, path, reader, sends)
    if text is None:
        return None
    address = read_address(text, path, variable)
    if isinstance(address, Diagnostic):
        if variable is None:
            reader.report(address, path, "inside")
        else:  # what stands in a variable is not quoted
            reader.report(replace(address, suggestions=()), path)
        return None
    return address


def read_addresses(
    value: object, path: KeyPath, data: dict[str, Any], reader: Reader, sends: bool
) -> list[Address]:
    """The addresses of a `to`, each with what it needs."""
    addresses = _addresses(value, path, reader, sends)
    for address in addresses:
        _check_needs(address, data, reader)
    return addresses


def _command(value: list[Any], path: KeyPath, reader: Reader) -> Address | None:
    arguments = [reader.text(word, (*path, at)) for at, word in enumerate(value)]
    if not arguments:
        reader.wrong_type(path, "arguments")
    if not arguments or None in arguments:
        return None
    return command_address(tuple(word for word in arguments if word is not None), path)


def _check_needs(address: Address, data: dict[str, Any], reader: Reader) -> None:
    """Mail needs a server, a webhook a secret; what is wrong in their tables is reported there."""
    if address.scheme == "mailto" and "smtp" not in data:
        reader.report(Diagnostic("no-mail-server"), address.path)
    if address.scheme in ("http", "https") and "webhook" not in data:
        reader.report(Diagnostic("no-webhook-secret"), address.path)


# -- what goes there, and when


def _time(value: object, path: KeyPath, reader: Reader) -> time:
    if isinstance(value, time) and value.tzinfo is None:
        return value.replace(second=0, microsecond=0)
    at = _clock(value) if isinstance(value, str) else None
    if at is None:
        reader.report(Diagnostic("bad-time"), path)
    return at or time(9)


def _clock(text: str) -> time | None:
    match = _TIME.fullmatch(text)
    return None if match is None else time(int(match[1]), int(match[2]))


def _quiet(value: object, path: KeyPath, reader: Reader) -> Quiet | None:
    match = _QUIET.fullmatch(value.strip()) if isinstance(value, str) else None
    first, end = (_clock(match[1]), _clock(match[2])) if match else (None, None)
    if first is None or end is None or first == end:
        reader.report(Diagnostic("bad-quiet"), path)
        return None
    return Quiet(first, end)


def _digest(value: object, path: KeyPath, reader: Reader) -> Every | Rule | None:
    """How often: `daily`, `weekly on monday`, `monthly on 1`; on the 28th at the latest."""
    text = reader.text(value, path)
    if text is None:
        return None
    match = _OFTEN.fullmatch(text.strip().lower())
    if match is None:
        reader.report(Diagnostic("bad-digest", (0, len(text))), path, "inside")
        return None
    frequency, weekday, day = match.groups()
    if frequency == "daily" and not (weekday or day):
        return parse_rule("FREQ=DAILY")
    if frequency == "weekly" and not day:
        return parse_rule(f"FREQ=WEEKLY;BYDAY={(weekday or 'monday')[:2].upper()}")
    if frequency == "monthly" and not weekday and 1 <= int(day or 1) <= 28:
        return parse_rule(f"FREQ=MONTHLY;BYMONTHDAY={int(day or 1)}")
    reader.report(Diagnostic("bad-digest", (0, len(text))), path, "inside")
    return None


def _language(value: object, path: KeyPath, reader: Reader) -> Language:
    language = language_of(value) if isinstance(value, str) else None
    if language is None:
        reader.report(Diagnostic("bad-language", values=(("language", str(value)),)), path)
    return language or "en"


def _changes(value: object, path: KeyPath, reader: Reader) -> frozenset[str] | None:
    """The kinds of changes that are alerted of; None: all."""
    if isinstance(value, bool):
        return None if value else frozenset()
    return frozenset(_names(value, path, reader, tuple(KINDS)))


def _point_filter(value: object, path: KeyPath, reader: Reader) -> PointFilter:
    table = reader.table(value, path)
    reader.keys(table, path, WHERE_KEYS)

    def texts(key: str) -> tuple[str, ...]:
        if key not in table:
            return ()
        entry = table[key]
        return reader.strings([entry] if isinstance(entry, str) else entry, (*path, key)) or ()

    def names(key: str, known: tuple[Name, ...]) -> tuple[Name, ...]:
        return _names(table[key], (*path, key), reader, known) if key in table else ()

    statuses: tuple[Status, ...] = get_args(Status)
    states: tuple[State, ...] = get_args(State)
    where = Where(texts("parties"), texts("tags"), texts("ids"))
    return PointFilter(where, names("status", statuses), names("state", states))


def _names(
    value: object, path: KeyPath, reader: Reader, known: tuple[Name, ...]
) -> tuple[Name, ...]:
    """Those of the known names that a text or a list of texts names."""
    texts = reader.strings([value] if isinstance(value, str) else value, path) or ()
    names = [name for text in texts for name in known if name == text]
    for at, text in enumerate(texts):
        if text not in known:
            where = (*path, at) if isinstance(value, list) else path
            values = (("value", text), ("known", ", ".join(known)))
            reader.report(Diagnostic("no-such-name", (0, 0), values), where)
    return tuple(names)
