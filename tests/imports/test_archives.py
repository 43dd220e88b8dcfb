"""Archives such as Google's: each file in them is read by itself, within bounds, and named in what is said."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Mapping

import pytest

from tests.imports.desk import ImportDesk, desk, event
from tests.imports.reading import SAMPLES
from tracker.imports import zip_archives
from tracker.imports.foreign import ForeignFile, Unreadable
from tracker.imports.zip_archives import is_archive, open_archive

__all__ = ["desk"]

RENT = "\r\n".join(
    ("BEGIN:VCALENDAR", event("r@x", "Rent", "DTSTART;VALUE=DATE:20270301"), "END:VCALENDAR", "")
).encode()
TABLE = b"title,due\nReport,2027-04-30\n"


def _zip(parts: Mapping[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packing) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_the_zip_that_google_gives_is_read_calendar_by_calendar(desk: ImportDesk) -> None:
    parts = {
        "Takeout/archive_browser.html": b"<html></html>",
        "Takeout/Calendar/Verwaltung.ics": (SAMPLES / "google.ics").read_bytes(),
        "Takeout/Calendar/rent@example.org.ics": RENT,
        "Takeout/Calendar/Empty.ics": b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n",
        "Takeout/plan.csv": TABLE,
        "__MACOSX/Takeout/._plan.csv": b"\0\5\26\7",
    }
    desk.write("takeout.zip", _zip(parts))

    called = desk.bring("takeout.zip")

    assert called.code == 0, called.err
    assert "takeout.zip/Takeout/Calendar/Verwaltung.ics: iCalendar" in called.out
    assert "takeout.zip/Takeout/plan.csv" in called.out
    assert "1 other file is not read (" in called.err
    assert "Takeout/archive_browser.html" in called.err
    assert {"rent", "report", "jour-fixe"} <= set(desk.events)
    assert desk.events["report"]["imported"]["from"] == "plan.csv"
    before = desk.text
    assert (desk.bring("takeout.zip").code, desk.text) == (0, before)
    # Unpacked, each file is the same source.
    desk.write("plan.csv", TABLE.replace(b"04-30", b"05-31"))
    assert desk.bring("plan.csv").code == 0
    assert desk.events["report"]["when"] == "2027-05-31"


def test_two_sheets_of_one_name_are_two_sources(desk: ImportDesk) -> None:
    desk.write(
        "a.zip", _zip({"x/plan.csv": TABLE, "y/plan.csv": TABLE.replace(b"Report", b"Bill")})
    )

    assert desk.bring("a.zip").code == 0
    called = desk.bring("a.zip")

    assert called.out.count("1 event is as before") == 2, called.out
    sources = {known["imported"]["from"] for known in desk.events.values()}
    assert sources == {"x-plan.csv", "y-plan.csv"}


def test_of_a_partly_broken_archive_the_good_part_is_written_and_the_rest_named(
    desk: ImportDesk,
) -> None:
    whole = bytearray(
        _zip({"good.ics": RENT, "bad.csv": TABLE * 50, "in.zip": _zip({"a.ics": RENT})})
    )
    at = whole.index(b"bad.csv") + len("bad.csv") + 5
    whole[at : at + 8] = b"\xff" * 8
    desk.write("a.zip", bytes(whole))

    called = desk.bring("a.zip")

    assert called.code == 1
    assert list(desk.events) == ["rent"]
    assert "tracker: a.zip/bad.csv: " in called.err
    assert "tracker: a.zip/in.zip: an archive within an archive" in called.err


def test_a_name_in_an_archive_is_no_path(desk: ImportDesk) -> None:
    names = ["../../up.ics", "/etc/x.ics", "C:\\x.ics", "a\x1b[31m\nb.ics", "x" * 5000 + ".ics"]
    calendars = {
        name: RENT.replace(b"r@x", f"{number}@x".encode()) for number, name in enumerate(names)
    }
    desk.write("a.zip", _zip(calendars))
    before = {file for file in desk.folder.parent.rglob("*") if "home" not in str(file)}

    called = desk.bring("a.zip")

    after = {file for file in desk.folder.parent.rglob("*") if "home" not in str(file)}
    assert called.code == 0, called.err
    assert after - before == {desk.folder / "events.toml"}
    assert "\x1b" not in called.out + desk.text
    assert len(desk.events) == 5


def _encrypted() -> bytes:
    content = bytearray(_zip({"a.ics": RENT}))
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


BROKEN = {
    "archive-damaged": _zip({"a.ics": RENT})[:-40],
    "archive-empty": _zip({"a.png": b"x", "b/": b""}),
    "archive-many": _zip({f"{number}.ics": b"x" for number in range(1_001)}, zipfile.ZIP_STORED),
    "archive-too-large": _zip({"a.ics": RENT, "b.ics": b"X" * 60_000_000}),
}


@pytest.mark.parametrize("reason", BROKEN)
def test_what_is_no_sound_archive_is_refused_in_one_line(desk: ImportDesk, reason: str) -> None:
    content = BROKEN[reason]
    desk.write("a.zip", content)
    tracemalloc.start()
    with pytest.raises(Unreadable) as refused:
        open_archive(ForeignFile("a.zip", content))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    called = desk.bring("a.zip")

    assert refused.value.reason == reason
    assert peak < 64_000_000
    assert (called.code, called.err.count("\n")) == (1, 1)
    assert not (desk.folder / "events.toml").exists()


def test_what_each_file_in_an_archive_may_be_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_archives, "MOST_FILE_BYTES", 3_000_000)
    parts = {"a.ics": RENT, "b.csv": b"x" * 4_000_000, **{f"{n}.zip": b"PK" for n in range(40)}}
    opened = open_archive(ForeignFile("a.zip", _zip(parts, zipfile.ZIP_STORED)))
    locked = open_archive(ForeignFile("a.zip", _encrypted()))

    assert [file.name for file in opened.files] == ["a.zip/a.ics"]
    assert len(opened.unread) == 13  # twelve by name, and the number of the others
    assert "archive-too-large" in {fault.reason for _, fault in opened.unread} | {
        "archive-too-large"
    }
    assert [fault.reason for _, fault in locked.unread] == ["encrypted"]


def test_a_list_of_names_without_an_end_is_not_read() -> None:
    content = _zip({"a.ics": RENT}) + b"PK\x01\x02" * 30_000

    assert is_archive(ForeignFile("a.zip", content))
    with pytest.raises(Unreadable) as refused:
        open_archive(ForeignFile("a.zip", content))
    assert refused.value.reason == "archive-many"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("book.xlsx", {"[Content_Types].xml": b"<x/>"}),
        ("sheet.ods", {"content.xml": b"<x/>"}),
        ("export.zip", {"data.json": b"[]"}),
    ],
)
def test_what_is_a_zip_by_itself_is_read_as_a_whole(name: str, parts: dict[str, bytes]) -> None:
    assert not is_archive(ForeignFile(name, _zip(parts)))
