"""A format is known by what a file is: not by its name, its letters, its layout, or what stands before it."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator

import openpyxl
import pytest
import yaml

from tests.imports.desk import event
from tests.imports.reading import AS_OF, SAMPLES
from tracker.files.loading import read as load_texts
from tracker.imports.export_values import export_of
from tracker.imports.exports import EXPORT_FORMS
from tracker.imports.foreign import ForeignFile, Unreadable, Wishes
from tracker.imports.reading import all_formats, read_foreign_file
from tracker.timeline.resolver import resolve

_TEXT = 'id = "office"\n\n[[event]]\nid = "rent"\ntitle = "Rent"\nwhen = "2027-01-04"\n'
_CALENDAR = (
    "\r\n".join(
        (
            "BEGIN:VCALENDAR",
            event("rent@x", "Rent", "DTSTART;VALUE=DATE:20270301").replace("\n", "\r\n"),
            "END:VCALENDAR",
            "",
        )
    )
).encode()


def _workbook() -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in (("Title", "Due"), ("Rent", "2027-03-01"), ("Term", "2027-04-02")):
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


def _exported(form: str) -> bytes:
    loaded, _ = load_texts(["a.toml"], [_TEXT.encode()])
    return EXPORT_FORMS[form](export_of(resolve(loaded, AS_OF), loaded[0], "en"))


_PRODUCT = b"""title: Tool
permalink: /tool
releases:
- releaseCycle: "3.10"
  releaseDate: 2026-10-04
  eol: 2027-10-31
"""


def _files() -> Iterator[tuple[str, str, bytes]]:
    """The format, a name and a file of each format and each form of it."""
    for sample in sorted(SAMPLES.iterdir()):
        if sample.suffix == ".json" or sample.stem.startswith("endoflife"):
            form = sample.stem.partition("-")[0]
        elif sample.suffix == ".yml":
            form = "conferences"
        elif sample.name in ("google-sheets.csv", "notion.csv"):
            form = "separated"
        else:
            continue
        yield form, sample.name, sample.read_bytes()
    yield (
        "endoflife",
        "tool.md",
        b"---\n" + _PRODUCT + b"---\n\n> [Tool](https://example.org): a tool\n",
    )
    yield "icalendar", "basic.ics", _CALENDAR
    yield "workbook", "plan.xlsx", _workbook()
    yield from (("exported", f"office.{form}", _exported(form)) for form in EXPORT_FORMS)


def _odd_beginnings(content: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    """The same text, as editors, shells and servers hand it on."""
    ending = name.rpartition(".")[2]
    yield "packed", gzip.compress(content, mtime=0)
    if ending == "xlsx":
        return
    text = content.decode("utf-8-sig")
    yield "a mark", b"\xef\xbb\xbf" + text.encode()
    yield "UTF-16 with a mark", text.encode("utf-16")
    yield "blank lines", b"\r\n \n\n" + text.encode()
    yield "Unix lines", text.replace("\r\n", "\n").encode()
    yield "Windows lines", text.replace("\r\n", "\n").replace("\n", "\r\n").encode()
    if ending == "json":
        yield "UTF-16 without a mark", text.encode("utf-16-le")
        yield "one line", json.dumps(json.loads(text), separators=(",", ":")).encode()
        yield "indented", json.dumps(json.loads(text), indent="\t").encode()
        yield "behind blank lines and a mark", b"\xef\xbb\xbf\n\n" + text.encode()
    if ending == "ics":
        yield "UTF-16 without a mark", text.encode("utf-16-le")
    if ending == "yml":
        text = text.removeprefix("---\n").lstrip()
        yield "a comment", b"# year: of what\n\n" + text.encode()
        yield "a document", b"---\n" + text.encode()
        yield "a directive", b"%YAML 1.2\n# here it begins\n---\n" + text.encode()
        value = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  # gives texts alone
        for width in (80, 10_000):
            flow = yaml.dump(value, default_flow_style=True, width=width, sort_keys=False)
            yield f"in flow form, {width} wide", flow.encode()
        if isinstance(value, list):
            entries = (
                yaml.dump(part, default_flow_style=True, width=9999, sort_keys=False)
                for part in value
            )
            yield "an entry a line", "".join(f"- {entry}" for entry in entries).encode()
        if not name.startswith("endoflife"):  # its flags would be texts
            yield "as JSON", json.dumps(value).encode()


def _odd_names(name: str) -> Iterator[str]:
    stem, _, ending = name.rpartition(".")
    yield f"{stem}.{ending.upper()}"
    yield f"/home/ann/My files.old/{name}"
    yield f"https://example.org/{name}?token=a.b/c&x=1#top"
    yield f"{name}.gz"
    if ending != "ics" or "tracker" not in name:
        yield stem
        yield f"{stem}.txt"
        yield "-"


def _read_as(name: str, content: bytes) -> tuple[str, list[tuple[str, dict[str, object]]]]:
    """The format, and what is stated: the titles and ids of endoflife have the file's name in them."""
    wishes = Wishes(AS_OF, "Europe/Berlin", (("CST", "America/Chicago"),), None)
    form, read = read_foreign_file(ForeignFile(name, content), wishes)
    stated = [
        (
            event.title.rpartition(": ")[2],
            {key: value for key, value in event.fields if key not in ("id", "url")},
        )
        for event in read.events
    ]
    return form, stated


@pytest.mark.parametrize(("form", "name", "content"), [*_files()], ids=lambda part: str(part)[:30])
def test_each_format_is_known_and_read_however_its_file_begins_and_is_called(
    form: str, name: str, content: bytes
) -> None:
    plain = _read_as(name, content)
    assert plain[0] == form
    assert plain[1]

    for kind, odd in _odd_beginnings(content, name):
        assert _read_as(name, odd) == plain, kind
    for odd_name in _odd_names(name):
        assert _read_as(odd_name, content) == plain, odd_name


def test_the_table_has_a_file_of_each_format() -> None:
    assert {form for form, _, _ in _files()} == {known.name for known in all_formats()}


@pytest.mark.parametrize(
    "line",
    [
        "BEGIN:VCALENDAR\nBEGIN:VEVENT", "X-TRACKER-FILE", "year: 2027\ncfp: 2027-01-02",
        '{"uuid": 1, "status": 2, "description": 3, "entry": 4}', "schema_version: 1\nresult: 2",
        '{"due_date": 1, "repeat_after": 2, "done": 3}', "releases:\n- releaseCycle: 1", "eol: x\ncycle: y",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["plan.csv", "plan", "https://example.org/plan?x=1"])
def test_what_stands_in_the_cells_of_a_sheet_makes_it_no_other_format(name: str, line: str) -> None:
    stream = io.StringIO()
    csv.writer(stream).writerows([("Title", "Due", "Note"), ("Rent", "2027-03-01", line)])

    form, stated = _read_as(name, stream.getvalue().encode())

    assert (form, stated[0][1]["when"]) == ("separated", "2027-03-01")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.yml", b"- {title: Meeting, with: Ann, about: 'rent, flat'}\n"),
        ("package.json", b'{"name": "x", "version": "1.0", "keywords": ["a", "b"]}'),
        ("notes", b"[{a: 1, b: 2}]\n"),
        ("x.ics.gz", gzip.compress(_CALENDAR, mtime=0)[:-20]),
        ("x.ics.gz", b"\x1f\x8b\x08\0\0\0\0\0" + b"x" * 50),
    ],
)
def test_what_is_of_no_format_is_refused_as_such_and_not_read_as_a_sheet(
    name: str, content: bytes
) -> None:
    with pytest.raises(Unreadable) as unreadable:
        read_foreign_file(ForeignFile(name, content), Wishes(AS_OF))

    assert unreadable.value.reason in ("unknown-format", "zip")


def test_a_small_archive_that_unpacks_to_a_disk_full_is_refused() -> None:
    bomb = gzip.compress(bytes(60 * 1024 * 1024))

    with pytest.raises(Unreadable, match="zip"):
        read_foreign_file(ForeignFile("a.ics.gz", bomb), Wishes(AS_OF))
