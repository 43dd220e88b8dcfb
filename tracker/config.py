"""tracker.toml and the environment: who gets what, and where the ledger is."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

from tracker.dates.faults import Fault
from tracker.files.fields import Reader
from tracker.files.problems import FileFaults
from tracker.files.problems import Path as TomlPath
from tracker.files.toml_guards import decode_error_position, guard
from tracker.reminders.recipients import Recipient
from tracker.wording.sentences import Language, language_of

KEYS = ("database", "smtp", "web", "recipient")
WEB_KEYS = ("url", "public")
RECIPIENT_KEYS = (
    "name", "to", "timezone", "at", "language", "reminders", "changes", "digest", "quiet", "where",
)  # fmt: skip
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class Config:
    """What tracker.toml and the environment say."""

    database: str
    recipients: tuple[Recipient, ...]
    public: bool | None  #: None: not said
    hosts: frozenset[str]  #: names under which the page may be asked for, beside loopback
    url: str | None = None  #: where the page is, for links; never taken from a request


def read_config(
    named: Path | None, files: Sequence[Path], timezone: str, language: Language
) -> Config:
    """The configuration: of the file named, else of tracker.toml beside the first events file.

    Raises FileFaults with all that is wrong with it, OSError where a named file cannot be read.
    """
    file = named or files[0].parent / "tracker.toml"
    data: dict[str, Any] = {}
    reader = Reader(str(file))
    if named is not None or file.is_file():
        text = file.read_bytes().decode("utf-8-sig", errors="replace")
        data = _parsed(text, reader)
        config = _read(data, reader, timezone, language)
        if reader.problems:
            raise FileFaults(tuple(reader.problems), {str(file): text})
        return config
    return _read(data, reader, timezone, language)


def _parsed(text: str, reader: Reader) -> dict[str, Any]:
    for found in guard(text):
        reader.say(Fault(found.case, (found.start, found.end)), (), "offset")
    if not reader.problems:
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            at = decode_error_position(error, text)
            values = (("reason", "statement"),)
            reader.say(Fault("not-toml", (at, at + 1), values), (), "offset")
    return {}


def _read(data: dict[str, Any], reader: Reader, timezone: str, language: Language) -> Config:
    reader.keys(data, (), KEYS)
    web = reader.table(data.get("web", {}), ("web",))
    recipients = [
        _recipient(table, path, reader, timezone, language)
        for table, path in reader.tables(data.get("recipient", []), ("recipient",))
    ]
    if not recipients and "recipient" not in data:
        recipients = [Recipient("terminal", timezone, language=language)]
    names = [recipient.name for recipient in recipients]
    for at, name in enumerate(names):
        if name in names[:at]:
            fault = Fault("recipient-twice", values=(("name", name),))
            reader.say(fault, ("recipient", at, "name"))
    url, public = _web(web, reader)
    host = re.match(r"https?://([^/]+)", url or "")
    return Config(
        _database(data, reader),
        tuple(recipients),
        public,
        frozenset((host[1],)) if host else frozenset(),
        url,
    )


def _web(web: dict[str, Any], reader: Reader) -> tuple[str | None, bool | None]:
    """Where the page is reached, and whether everybody may see it."""
    reader.keys(web, ("web",), WEB_KEYS)
    url = reader.url(web["url"], ("web", "url")) if "url" in web else None
    if url and re.search(r"[?#\s]", url):
        reader.say(Fault("bad-web-url"), ("web", "url"))
    public = web.get("public")
    if public is not None and not isinstance(public, bool):
        reader.say(Fault("not-yes-or-no"), ("web", "public"))
        public = False
    return url, public


def _database(data: dict[str, Any], reader: Reader) -> str:
    """Where the ledger is: TRACKER_DATABASE, else the file's, else the user's state folder."""
    if asked := os.environ.get("TRACKER_DATABASE"):
        return asked
    if "database" in data:
        value = reader.text(data["database"], ("database",)) or ""
        if value.startswith("env:"):
            value = os.environ.get(value[4:], "")
            if not value:
                reader.say(Fault("not-in-environment"), ("database",))
        if value and "://" not in value:
            reader.say(Fault("bad-database"), ("database",))
        return value
    from platformdirs import user_state_path

    return f"sqlite:///{user_state_path('tracker') / 'ledger.sqlite3'}"


def _recipient(
    table: dict[str, Any], path: TomlPath, reader: Reader, timezone: str, language: Language
) -> Recipient:
    reader.keys(table, path, RECIPIENT_KEYS)
    if "name" not in table:
        reader.say(Fault("missing-key", values=(("key", "name"),)), path)
    name = reader.text(table.get("name", "?"), (*path, "name")) or "?"
    zone = reader.zone(table.get("timezone", timezone), (*path, "timezone")) or timezone
    leads = reader.leads(table["reminders"], (*path, "reminders")) if "reminders" in table else None
    return Recipient(
        name,
        zone,
        _time(table.get("at", "09:00"), (*path, "at"), reader),
        _language(table.get("language", language), (*path, "language"), reader),
        leads,
    )


def _time(value: object, path: TomlPath, reader: Reader) -> time:
    if isinstance(value, time) and value.tzinfo is None:
        return value.replace(second=0, microsecond=0)
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        reader.say(Fault("bad-time"), path)
        return time(9)
    return time(int(match[1]), int(match[2]))


def _language(value: object, path: TomlPath, reader: Reader) -> Language:
    language = language_of(value) if isinstance(value, str) else None
    if language is None:
        reader.say(Fault("bad-language", values=(("language", str(value)),)), path)
    return language or "en"
