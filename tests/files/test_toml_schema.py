"""The JSON Schemas of events.toml and tracker.toml agree with what reads those files."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.cli.calls import Caller
from tests.rows import rows
from tests.shipped import ROOT
from tracker.config import read_config
from tracker.config.keys import TABLES, WHERE
from tracker.config.recipients import Defaults
from tracker.config.settings_schema import settings_schema
from tracker.files.first_files import BEGINNINGS, Beginning, first_events, first_settings
from tracker.files.key_habits import MEANT
from tracker.files.key_model import Key
from tracker.files.keys import AMENDMENT, EVENT, FILE, REMOVE, SOURCE
from tracker.files.loading import read
from tracker.files.problems import FileErrors
from tracker.files.schema import AMENDMENT_KEYS, EVENT_KEYS, FILE_KEYS, SOURCE_KEYS
from tracker.files.toml_schema import events_schema
from tracker.i18n.translate import LANGUAGES

EVENTS = Draft202012Validator(events_schema("en"))
SETTINGS = Draft202012Validator(settings_schema("en"))
#: What examples name.
CONTEXT = """
[sources.contract]
title = "The contract"
[[event]]
id = "lease"
title = "The lease"
starts = "2026-01-01"
ends = "2030-12-31"
[[event]]
id = "signed"
title = "Signed"
when = "2026-01-01"
"""
HEAD = 'id = "office"\n'
EVENT_HEAD = '[[event]]\nid = "x"\ntitle = "X"\n'


def plain(value: Any) -> Any:
    """The value as Taplo hands it to a schema: days and times are texts."""
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [plain(entry) for entry in value]
    return value.isoformat() if isinstance(value, date | datetime | time) else value


def complaints(validator: Draft202012Validator, text: str) -> list[str]:
    """What the schema has against a text."""
    return [error.message for error in validator.iter_errors(plain(tomllib.loads(text)))]


def refusals(text: str) -> list[str]:
    """For what the loader refuses it: the cases."""
    try:
        read(["events.toml"], [text.encode()])
    except FileErrors as errors:
        return [problem.diagnostic.case for problem in errors.problems]
    return []


def _files() -> Iterator[Path]:
    yield ROOT / "events.toml"
    for folder in ("examples", "tests", "docs"):
        for file in sorted((ROOT / folder).rglob("*.toml")):
            if "node_modules" not in file.parts:
                yield file


@pytest.mark.parametrize("file", list(_files()), ids=lambda file: str(file.relative_to(ROOT)))
def test_every_file_that_loads_is_one_of_the_schema(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    if file.name == "tracker.toml":
        assert complaints(SETTINGS, text) == []
    elif not set(refusals(text)) - {"no-agreement", "unknown-agreement"}:
        assert complaints(EVENTS, text) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", BEGINNINGS)
def test_what_init_writes_is_one_of_the_schema(template: str, language: str) -> None:
    day = date(2026, 12, 1)
    beginning = Beginning(template, "X", "UTC", day, day, language)

    assert complaints(EVENTS, first_events(beginning, "events.toml").text) == []
    assert complaints(SETTINGS, first_settings(beginning)) == []


def _with_key(table: str, key: Key) -> str:
    if table == "file":
        head = "" if key.name in ("id", "amends") else HEAD
        return f"{head}{key.example}\n{CONTEXT}"
    if table == "source":
        return f"{HEAD}{CONTEXT}[sources.lease]\n{key.example}\n"
    if table == "event":
        stated = {line.partition(" ")[0] for line in key.example.splitlines()}
        lines = [line for line in EVENT_HEAD.splitlines() if line.partition(" ")[0] not in stated]
        if stated <= {"id", "title"}:
            lines.append('when = "open"')
        return f"{HEAD}{CONTEXT}{os.linesep.join(lines)}\n{key.example}\n"
    head = '[[amendment]]\nid = "second"\non = 2027-05-02\n'
    if table == "change":
        event = f'{EVENT_HEAD}when = "open"\nreminders = ["1 day"]\n'
        return f'{HEAD}{CONTEXT}{event}{head}[[amendment.event]]\nid = "x"\n{key.example}\n'
    lines = [line for line in head.splitlines() if line.split()[0] != key.name]
    return f"{HEAD}{CONTEXT}{os.linesep.join(lines)}\n{key.example}\n"


_ROWS = [
    (table, key)
    for table, keys in (
        ("file", FILE), ("source", SOURCE), ("event", EVENT), ("amendment", AMENDMENT),
        ("change", (REMOVE,)),
    )
    for key in keys
]  # fmt: skip


@pytest.mark.parametrize(("table", "key"), _ROWS, ids=[f"{row[0]}.{row[1].name}" for row in _ROWS])
def test_the_example_of_each_key_is_one_that_is_read(table: str, key: Key) -> None:
    text = _with_key(table, key)

    assert set(refusals(text)) <= {"unknown-agreement"}, text
    assert complaints(EVENTS, text) == []


_SETTINGS = [(table.name, key) for table in TABLES for key in table.keys]


@pytest.mark.parametrize(
    ("table", "key"),
    [*_SETTINGS, *(("where", key) for key in WHERE)],
    ids=[f"{name}.{key.name}" for name, key in _SETTINGS] + [f"where.{key.name}" for key in WHERE],
)
def test_the_example_of_each_setting_is_one_that_is_read(
    tmp_path: Path, table: str, key: Key
) -> None:
    head = {"": "", "recipient": "[[recipient]]\n", "where": '[[recipient]]\nname = "a"\n'}
    text = head.get(table, f"[{table}]\n") + ("where." if table == "where" else "") + key.example
    if table == "smtp" and key.name == "url":
        text += '\nfrom = "tracker@example.org"'
    file = tmp_path / "tracker.toml"
    file.write_text(text, encoding="utf-8")

    read_config(file, [tmp_path / "events.toml"], Defaults("UTC", "en"), sends=False)
    assert complaints(SETTINGS, text) == []


_EVENT = HEAD + EVENT_HEAD
#: Files that are wrong by their shape.
WRONG = (
    "id = 3\n",
    'id = "Office Lease"\n',
    HEAD + 'titel = "A"\n',
    HEAD + "title = 3\n",
    HEAD + 'title = ""\n',
    HEAD + "title = {}\n",
    HEAD + 'title = { English = "A" }\n',
    HEAD + 'language = "English!"\n',
    HEAD + 'timezone = "Berlin"\n',
    HEAD + 'timezone = "AoE"\n',
    HEAD + 'counting = "de"\n',
    HEAD + 'closed = "2026-12-29"\n',
    HEAD + 'reminders = "30 days"\n',
    HEAD + "reminders = [30]\n",
    HEAD + 'amends = "lease"\n',
    HEAD + 'event = "x"\n',
    HEAD + "event = { id = 'x' }\n",
    HEAD + "sources = []\n",
    HEAD + '[sources.a]\nurl = "ftp://example.org"\n',
    HEAD + '[sources.a]\nlink = "https://example.org"\n',
    HEAD + '[[event]]\nid = "x"\nwhen = "open"\n',
    HEAD + '[[event]]\ntitle = "X"\nwhen = "open"\n',
    _EVENT,
    _EVENT + "when = 2028\n",
    _EVENT + "when = true\n",
    _EVENT + 'when = ""\n',
    _EVENT + 'when = ["2028-01-01"]\n',
    _EVENT + 'when = "open"\ndate = "2028-01-01"\n',
    _EVENT + 'when = "open"\ntags = "a"\n',
    _EVENT + 'when = "open"\nparties = [1]\n',
    _EVENT + 'when = "open"\nurl = "javascript:alert(1)"\n',
    _EVENT + 'when = "2028-01-01"\nroll = "following"\n',
    _EVENT + 'when = "2028-01-01"\noccurred = 3\n',
    _EVENT + 'when = "2028-01-01"\nwas = "y"\n',
    _EVENT + 'when = "2028-01-01"\nwas = ["Not An Id"]\n',
    _EVENT + 'when = "2028-01-01"\nquote = ["a"]\n',
    HEAD + '[[amendment]]\nid = "second"\n',
    HEAD + '[[amendment]]\nid = "second"\non = 3\n',
    HEAD + '[[amendment]]\nid = "second"\non = 2027-01-01\nwhen = "open"\n',
    HEAD + '[[amendment]]\nid = "m"\non = 2027-01-01\n[[amendment.event]]\nwhen = "open"\n',
    _EVENT + 'when = "open"\nimported = "a.ics"\n',
    _EVENT + 'when = "open"\n[[amendment]]\nid = "m"\non = 2027-01-01\n[[amendment.event]]\n'
    'id = "x"\nimported = { from = "a", id = "b" }\n',
    _EVENT + 'when = "open"\n[[amendment]]\nid = "m"\non = 2027-01-01\n[[amendment.event]]\n'
    'id = "x"\nremove = ["title"]\n',
)


def test_each_name_that_a_key_goes_by_elsewhere_leads_to_a_key_that_there_is() -> None:
    known = {*FILE_KEYS, *EVENT_KEYS, *AMENDMENT_KEYS, *SOURCE_KEYS, "remove"}
    names = {name for names in MEANT.values() for name in names}

    assert names <= known
    assert {*EVENT_KEYS, *FILE_KEYS, *AMENDMENT_KEYS} - names <= {"imported"}


@rows("text", WRONG)
def test_what_is_refused_for_its_shape_the_schema_refuses_too(text: str) -> None:
    assert refusals(text) != []
    assert complaints(EVENTS, text) != []


_TO = '[[recipient]]\nname = "a"\n'


@pytest.mark.parametrize(
    "text",
    [
        "database = 3\n", 'databse = "sqlite:///x"\n', "[smtp]\n", '[smtp]\nurl = "smtp://a"\n',
        "recipient = 3\n", "[recipient]\n", '[[recipient]]\nto = "terminal"\n', _TO + "to = []\n",
        _TO + "to = 3\n", _TO + 'at = "9"\n', _TO + 'language = "de"\n', _TO + 'changes = "all"\n',
        _TO + 'digest = "hourly"\n', _TO + 'where = "tags"\n', _TO + 'where = { tag = ["a"] }\n',
        _TO + 'where = { status = ["late"] }\n', _TO + 'mail = "a@example.org"\n',
        _TO + 'reminders = "1 day"\n', '[web]\npublic = "yes"\n', "[web]\nconnections = 3\n",
        '[web]\npatience = "long"\n', '[web]\nurl = "deadlines.example.org"\n', "[fallback]\n",
        '[health]\nfail_after = "soon"\n', '[heartbeat]\nurl = "example.org"\n',
        f'[[recipient]]\nname = "{"x" * 101}"\n',
    ],
)  # fmt: skip
def test_settings_that_are_refused_for_their_shape_the_schema_refuses_too(
    tmp_path: Path, text: str
) -> None:
    file = tmp_path / "tracker.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(FileErrors):
        read_config(file, [tmp_path / "events.toml"], Defaults("UTC", "en"), sends=False)
    assert complaints(SETTINGS, text) != []


@pytest.mark.parametrize(
    ("which", "schema"), [("events", events_schema), ("tracker", settings_schema)]
)
def test_the_schemas_are_sound_published_and_printed(call: Caller, which: str, schema: Any) -> None:
    for language in LANGUAGES:
        printed = json.loads(call("schema", which, "--lang", language).out)
        Draft202012Validator.check_schema(printed)
        assert printed == schema(language)
    file = ROOT / "docs" / "schema" / f"{which}.schema.json"
    if os.environ.get("TRACKER_WRITE"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(call("schema", which).out, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == call("schema", which).out


def test_a_schema_that_there_is_not_is_refused_with_those_there_are(call: Caller) -> None:
    called = call("schema", "settings")

    assert called.code == 2
    assert "tracker schema events" in called.err
