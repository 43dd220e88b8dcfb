"""tracker.toml and the environment: who gets what, through what, and where the ledger is."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tracker.config.addresses import Address
from tracker.config.fallback import read_fallback
from tracker.config.keys import TOP_KEYS
from tracker.config.quoting import errors_without_secrets
from tracker.config.recipients import Defaults, read_recipients
from tracker.config.sending import DeliverySettings, read_delivery_settings
from tracker.config.variables import from_environment
from tracker.config.watching import WatchSettings, read_watch_settings
from tracker.config.web import WebSettings, read_web_settings
from tracker.dates.diagnostics import Diagnostic
from tracker.files.problems import FileErrors, Problem
from tracker.files.reading import read_file
from tracker.files.toml_guards import decode, decode_error_position, find_hazards
from tracker.files.values import Reader
from tracker.reminders.recipients import Recipient

_NOTHING, _WATCHED, _SERVED = DeliverySettings(), WatchSettings(), WebSettings()


@dataclass(frozen=True, slots=True)
class Config:
    """What tracker.toml and the environment say."""

    database: str
    recipients: tuple[Recipient, ...]
    public: bool | None  #: None: not said
    hosts: frozenset[str]  #: names under which the page may be asked for, beside loopback
    url: str | None = None  #: where the page is, for links; never taken from a request
    addresses: dict[str, Address] = field(default_factory=dict)  #: by name
    delivery: DeliverySettings = _NOTHING
    watching: WatchSettings = _WATCHED
    source: tuple[str, str] | None = None  #: the file and its text; None: there is none
    file: Path | None = None  #: where it is, or would be
    web: WebSettings = _SERVED  #: what its visitors may take
    fallback: Recipient | None = None  #: who is told of what no channel of a recipient takes

    @property
    def everybody(self) -> tuple[Recipient, ...]:
        """Whoever a message may go to."""
        return self.recipients if self.fallback is None else (*self.recipients, self.fallback)

    def address_errors(self, address: Address, diagnostic: Diagnostic) -> FileErrors:
        """What is wrong with an address, where it was written."""
        file, text = self.source or ("tracker.toml", "")
        problem = Problem(file, diagnostic, address.path)
        return errors_without_secrets([problem], file, text, tomllib.loads(text))


def read_config(
    named: Path | None,
    files: Sequence[Path],
    defaults: Defaults,
    sends: bool = True,
    readdresses: bool = False,
) -> Config:
    """The configuration: of the file named, else of tracker.toml beside the first events file.

    `sends`: whether all that sending needs has to be there. `readdresses`: whether all addresses
    have to be, since what is owed is compared with them. Raises FileErrors with all that is
    wrong with it, OSError where a named file cannot be read.
    """
    file = named or files[0].parent / "tracker.toml"
    reader = Reader(str(file))
    if named is None and not _is_there(file):
        return replace(_read({}, reader, defaults, (sends, readdresses), None), file=file)
    text, problem = decode(read_file(file))
    if problem is not None:
        reader.report(problem, (), "offset")
    data = _parse(text, reader)
    config = _read(data, reader, defaults, (sends, readdresses), (str(file), text))
    if reader.problems:
        raise errors_without_secrets(reader.problems, str(file), text, data)
    return replace(config, file=file)


def problems_of_settings(file: str, text: str) -> tuple[Problem, ...]:
    """All that is wrong with a text of tracker.toml, whatever the environment has."""
    reader = Reader(file)
    data = _parse(text, reader)
    _read(data, reader, Defaults("UTC", "en"), (False, False), (file, text))
    return errors_without_secrets(reader.problems, file, text, data).problems


def _is_there(file: Path) -> bool:
    """Whether anything has that name: a link to what is away is no sign that nothing was set."""
    try:
        file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _parse(text: str, reader: Reader) -> dict[str, Any]:
    for hazard in find_hazards(text):
        reader.report(Diagnostic(hazard.case, (hazard.start, hazard.end)), (), "offset")
    if not reader.problems:
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            at = decode_error_position(error, text)
            values = (("reason", "statement"),)
            reader.report(Diagnostic("not-toml", (at, at + 1), values), (), "offset")
    return {}


def _read(
    data: dict[str, Any],
    reader: Reader,
    defaults: Defaults,
    needs: tuple[bool, bool],
    source: tuple[str, str] | None,
) -> Config:
    sends, readdresses = needs
    needs_addresses = sends or readdresses
    reader.keys(data, (), TOP_KEYS)
    web = read_web_settings(reader.table(data.get("web", {}), ("web",)), reader)
    delivery = read_delivery_settings(data, reader, sends)
    recipients, addresses = read_recipients(data, reader, defaults, needs_addresses)
    fallback, more = read_fallback(data, reader, defaults, recipients, needs_addresses)
    host = re.match(r"https?://([^/]+)", web.url or "")
    return Config(
        _database(data, reader),
        recipients,
        web.public,
        frozenset((host[1],)) if host else frozenset(),
        web.url,
        more | addresses,
        delivery,
        read_watch_settings(data, reader, sends),
        source,
        web=web,
        fallback=fallback,
    )


def _database(data: dict[str, Any], reader: Reader) -> str:
    """Where the ledger is: TRACKER_DATABASE, else the file's, else the user's state folder."""
    if asked := os.environ.get("TRACKER_DATABASE"):
        return asked
    if "database" in data:
        value, _ = from_environment(data["database"], ("database",), reader)
        if value and "://" not in value:
            reader.report(Diagnostic("bad-database"), ("database",))
        return value or ""
    from platformdirs import user_state_path

    return f"sqlite:///{user_state_path('tracker') / 'ledger.sqlite3'}"
