"""Whatever a file holds: what is good of it is offered, the rest is told, in bounded time; no traceback.

And what is offered may stand in events.toml as it is: no event is taken over that its own checks refuse.
"""

from __future__ import annotations

import contextlib
import time
import tracemalloc
from importlib import import_module

import pytest

from tests.imports.hostile import hostile_json, hostile_yaml
from tests.imports.reading import AS_OF, SAMPLES, as_in_a_file
from tracker.imports.foreign import ForeignFile, Unreadable, Wishes

_JSON = [
    ("endoflife", "endoflife-python.json"),
    ("endoflife", "endoflife-v1-ubuntu.json"),
    ("taskwarrior", "taskwarrior.json"),
    ("vikunja", "vikunja-tasks.json"),
    ("vikunja", "vikunja-data.json"),
    ("milestones", "milestones-github.json"),
]
_YAML = [
    ("endoflife", "endoflife-tool.yml"),
    *(
        ("conferences", name)
        for name in ("ccf.yml", "ai-deadlines.yml", "sec-deadlines.yml", "python-deadlines.yml")
    ),
]


@pytest.mark.parametrize(("form", "name"), _JSON + _YAML)
def test_of_any_file_the_good_is_offered_and_the_rest_is_told(form: str, name: str) -> None:
    good = (SAMPLES / name).read_bytes()
    hostile = list((hostile_yaml if name.endswith(".yml") else hostile_json)(good))
    reader = import_module(f"tracker.imports.formats.{form}")
    refused = read = 0

    for kind, content in hostile:
        for zone in (None, "Europe/Berlin"):
            file = ForeignFile(name, content)
            began = time.process_time()
            reader.recognises(file)
            try:
                given = reader.read_foreign(file, Wishes(AS_OF, zone))
            except Unreadable:
                refused += 1
                continue
            finally:
                assert time.process_time() - began < 5, kind
            read += 1
            for number, event in enumerate(given.events):
                assert as_in_a_file(event, number)[1] == [], (kind, event)
            assert len({event.foreign_id for event in given.events}) == len(given.events), kind

    assert len(hostile) >= 50
    assert refused > 10
    assert read > 50


@pytest.mark.parametrize(
    ("form", "name", "content"),
    [
        ("endoflife", "python.json", b'[{"cycle":"1","eol":false},' + b"[[],[]]," * 1_500_000),
        (
            "taskwarrior",
            "t.json",
            b'[{"uuid":"1","status":"","description":"","entry":""}' + b",{}" * 3_000_000,
        ),
        ("vikunja", "v.json", b'[{"due_date":1,"repeat_after":1,"done":' + b"[" * 5_000_000),
        ("conferences", "c.yml", b"- title: x\n  year: 2027\n  deadline: x\n" * 500_000),
    ],
)
def test_what_is_too_much_is_refused_in_bounded_time_and_memory(
    form: str, name: str, content: bytes
) -> None:
    reader = import_module(f"tracker.imports.formats.{form}")
    tracemalloc.start()
    began = time.process_time()

    with pytest.raises(Unreadable):
        reader.read_foreign(ForeignFile(name, content), Wishes(AS_OF, "UTC"))

    took, (_, most) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < 20
    assert most < 300_000_000


_SHARED = (
    b"- &a\n  title: A\n  year: 2027\n  timezone: AoE\n  deadline: &d\n"
    + b"  - 2027-01-02 23:59\n" * 90
    + b"".join(b"  k%d: 1\n" % number for number in range(2000))
)


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ("conferences", _SHARED + b"- title: B\n  year: 2027\n  <<: *a\n" * 3000),
        ("conferences", _SHARED + b"- title: B\n  year: 2027\n  deadline: *d\n" * 3000),
        ("conferences", _SHARED + b"- title: B\n  confs: [" + b"*a," * 3000 + b"]\n"),
        # within what it names, which has an anchor of a name that was used before
        (
            "conferences",
            _SHARED + b"- &a\n" + _SHARED[6:] + b"  x: [" + b"{<<: *a}," * 3000 + b"]\n",
        ),
        ("conferences", b"- &n " + b"x" * 200_000 + b"\n" + b"- title: A\n  note: *n\n" * 3000),
        ("endoflife", b'[{"eol":"2027-01-02","cycle":"' + b'\\"' * 200_000 + b'\x01"}]'),
        ("endoflife", b'[{"cycle":"1","eol":"2027-01-02"' + b',"a":1' * 200_000 + b"}]"),
        (
            "vikunja",
            b"[{" + b",".join(b'"k%d":1' % (number // 2) for number in range(200_000)) + b"}]",
        ),
    ],
    ids=["merged", "listed", "years", "own", "text", "open text", "one key", "many keys"],
)
def test_what_a_file_says_again_and_again_costs_no_square_of_its_size(
    form: str, content: bytes
) -> None:
    reader = import_module(f"tracker.imports.formats.{form}")
    began = time.process_time()

    with contextlib.suppress(Unreadable):
        reader.read_foreign(ForeignFile("python", content), Wishes(AS_OF, "UTC"))

    assert time.process_time() - began < 8


def test_defaults_that_entries_share_are_read() -> None:
    reader = import_module("tracker.imports.formats.conferences")
    text = b"- &site\n  title: A\n  year: 2027\n  timezone: AoE\n  deadline: 2027-01-02 23:59\n"
    text += b"".join(b"- {<<: *site, title: B%d}\n" % number for number in range(1500))

    events = reader.read_foreign(ForeignFile("c.yml", text), Wishes(AS_OF, "UTC")).events

    assert len(events) == 1501
    assert dict(events[-1].fields)["when"] == "2027-01-02 AoE"


def test_of_a_long_list_of_deadlines_each_is_read() -> None:
    reader = import_module("tracker.imports.formats.conferences")
    text = b"- title: A\n  year: 2027\n  timezone: AoE\n  deadline:\n"
    text += b"  - 2027-01-02 23:59\n" * 150

    events = reader.read_foreign(ForeignFile("c.yml", text), Wishes(AS_OF, "UTC")).events

    assert events[-1].title == "A 2027: paper deadline 150"


def test_nothing_is_made_of_a_tag() -> None:
    from tracker.imports.yaml_tables import read_yaml

    text = b"- !!python/object/apply:os.getcwd []\n- !!int '7'\n- plain\n"

    assert read_yaml(ForeignFile("x.yml", text)).value == [[], "7", "plain"]


def test_what_yaml_reads_as_something_else_stays_what_stands_there() -> None:
    from tracker.imports.yaml_tables import read_yaml

    text = b"{a: no, b: 23:59, c: 2027-01-02, d: 1_000, e: ~, f: on, g: 010, h: NaN}"

    value = read_yaml(ForeignFile("x.yml", text)).value

    assert isinstance(value, dict)
    assert list(value.values()) == [
        "no", "23:59", "2027-01-02", "1_000", None, "on", "010", "NaN",
    ]  # fmt: skip
