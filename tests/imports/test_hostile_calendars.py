"""Broken and hostile calendars: nothing is raised, what is good is read, nothing takes long."""

from __future__ import annotations

from datetime import date
from time import process_time

import pytest

from tests.imports.desk import ImportDesk, desk, event
from tests.imports.reading import as_in_a_file
from tests.rows import rows
from tracker.imports.foreign import ForeignContent, ForeignFile, Unreadable, Wishes
from tracker.imports.reading import read_foreign_file

__all__ = ["desk"]

GOOD = event("good", "Good", "DTSTART;VALUE=DATE:20270301")
AT = "DTSTART:20270101T090000Z"


def _calendar(*parts: str) -> bytes:
    text = "\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *parts, "END:VCALENDAR", ""))
    return text.replace("\n", "\r\n").encode("utf-8", "surrogatepass")


def _with(*lines: str, title: str = "Bad", kind: str = "VEVENT") -> bytes:
    """A good entry, and one with those lines."""
    return _calendar(GOOD, event("bad", title, *lines, kind=kind))


def _many(count: int, line: str) -> list[str]:
    return [line.format(number) for number in range(count)]


def _day(number: int) -> str:
    return f"20{27 + number // 336 % 70}{1 + number % 12:02}{1 + number % 28:02}"


#: A good entry stands in each of them.
WITH_GOOD = {
    "cut in an entry": _with(AT)[:-45],
    "no END": b"BEGIN:VCALENDAR\r\n" + GOOD.encode() + b"\r\nBEGIN:VEVENT\r\nSUMMARY:X",
    "nested": _calendar(GOOD, *["BEGIN:VEVENT"] * 5000),
    "nested in others": _calendar(GOOD, *["BEGIN:X-A"] * 5000),
    "ends that were not begun": _calendar(*["END:VEVENT"] * 100, GOOD, "END:VCALENDAR"),
    "a line that is none": _with(AT, "this is no line"),
    "no colon but a lot": _calendar(GOOD, ";" * 300_000),
    "colons": _calendar(GOOD, ":" * 300_000),
    "parameters without an end": _with("DTSTART" + ';X="a' * 20_000 + ":20270101"),
    "parameters": _with("DTSTART" + ';X="a"' * 20_000 + ":20270101"),
    "folded without an end": _with(AT, "DESCRIPTION:" + ("x" * 70 + "\n ") * 20_000),
    "backslashes": _with(AT, "DESCRIPTION:" + "\\" * 300_001),
    "NUL": _with(AT, title="A\0B"),
    "control characters": _with(AT, title="\x1b[2J\x07\x85"),
    "bidi": _with(AT, title="\u202egnp.exe\u2066"),
    "lone surrogates": _with(AT, title="�"),
    "commas": _with(AT, "CATEGORIES:" + "," * 200_000),
    "categories": _with(AT, "CATEGORIES:" + ",".join(_many(20_000, "c{}"))),
    "properties": _with(AT, *_many(20_000, "P{}:1")),
    "properties of its own": _with(AT, *_many(20_000, "X-{}:1")),
    "alarms": _with(AT, *_many(3000, "BEGIN:VALARM\nTRIGGER:-PT{}H\nEND:VALARM")),
    "alarm of a million weeks": _with(AT, "BEGIN:VALARM\nTRIGGER:-P999999W\nEND:VALARM"),
    "no day": _with(),
    "tomorrow": _with("DTSTART:tomorrow"),
    "an empty day": _with("DTSTART:"),
    "30 February": _with("DTSTART;VALUE=DATE:20270230"),
    "25 o'clock": _with("DTSTART:20270101T250000Z"),
    "year 0": _with("DTSTART;VALUE=DATE:00000101"),
    "year 1": _with("DTSTART:00010101T000000Z"),
    "year 9999": _with("DTSTART:99991231T233000Z", "DURATION:P5D"),
    "year 10000": _with("DTSTART;VALUE=DATE:100000101"),
    "digits of other scripts": _with("DTSTART;VALUE=DATE:２０２７０１０１"),
    "it ends before it begins": _with(AT, "DTEND:20260101T090000Z"),
    "a length of ages": _with(AT, "DURATION:P99999W"),
    "a length that is none": _with(AT, "DURATION:long"),
    "each second": _with(AT, "RRULE:FREQ=SECONDLY"),
    "two billion times": _with(AT, "RRULE:FREQ=DAILY;COUNT=2000000000"),
    "a rule without a day": _with(AT, "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
    "a rule that is none": _with(AT, "RRULE:every day"),
    "an empty rule": _with(AT, "RRULE:"),
    "a rule of a megabyte": _with(AT, "RRULE:FREQ=DAILY;BYMONTHDAY=" + ",".join(["1"] * 200_000)),
    "twenty thousand rules": _with(AT, *["RRULE:FREQ=DAILY"] * 20_000),
    "a rule that ended on no day": _with(AT, "RRULE:FREQ=DAILY;UNTIL=20271332"),
    "a hundred thousand dates": _with(AT, "RDATE:" + ",".join(map(_day, range(100_000)))),
    "dates that are none": _with(AT, "RDATE:x,y,z"),
    "days left out": _with(AT, "RRULE:FREQ=DAILY", *(f"EXDATE:{_day(n)}" for n in range(3000))),
    "an unknown occurrence": _with(AT, "RRULE:FREQ=DAILY", "RECURRENCE-ID:never"),
    "ids that clash": _calendar(GOOD, *(event("same", f"N{n}", AT) for n in range(1500))),
    "no ids": _calendar(GOOD, *(event("", f"N{n}", AT) for n in range(1500))),
    "a long id": _calendar(GOOD, event("x" * 100_000, "Long", AT)),
    "titles that are alike": _calendar(GOOD, *(event(f"u{n}", "Same", AT) for n in range(3000))),
    "a task done on no day": _with(AT, "STATUS:COMPLETED", kind="VTODO"),
    "zones of nowhere": _calendar(
        GOOD, *(event(f"u{n}", "Z", f"DTSTART;TZID=Zone {n}:20270101T090000") for n in range(2000))
    ),
    "a zone that says nothing": _calendar(
        "BEGIN:VTIMEZONE\nTZID:Z\nEND:VTIMEZONE",
        GOOD,
        event("u", "Z", "DTSTART;TZID=Z:20270101T090000"),
    ),
    "a zone that changes daily": _calendar(
        "BEGIN:VTIMEZONE\nTZID:Z\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0100\n"
        "TZOFFSETTO:+0117\nRRULE:FREQ=DAILY\nEND:STANDARD\nEND:VTIMEZONE",
        GOOD,
        event("u", "Z", "DTSTART;TZID=Z:20270101T090000"),
    ),
    "not a link": _with(AT, "URL:javascript:alert(1)"),
}  # fmt: skip
#: Of these nothing can be read.
UNREADABLE = {
    "nothing": b"",
    "white space": b" \r\n \r\n",
    "bytes": b"BEGIN:VCALENDAR" + bytes(range(256)) * 500,
    "cp1252": _calendar(event("1", "Übung", AT)).decode().encode("cp1252"),
    "Shift_JIS": _calendar(event("1", "契約", AT)).decode().encode("shift_jis"),
    "no entries": _calendar().replace(b"END:VCALENDAR", b""),
    "a page": b"<html><body>BEGIN:VCALENDAR",
}


def _read(content: bytes) -> ForeignContent:
    day = date(2026, 12, 1)
    return read_foreign_file(ForeignFile("a.ics", content), Wishes(day, None, (), day))[1]


@rows("name", WITH_GOOD)
def test_what_is_good_is_read_beside_what_is_not(name: str) -> None:
    began = process_time()
    content = _read(WITH_GOOD[name])

    assert [known.title for known in content.events].count("Good") == 1
    assert process_time() - began < 3
    for known in content.events[:50]:
        assert as_in_a_file(known)[1] == []


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_refused(name: str) -> None:
    with pytest.raises(Unreadable):
        _read(UNREADABLE[name])


def test_each_is_told_in_one_line_and_nothing_is_written(desk: ImportDesk) -> None:
    for number, content in enumerate(UNREADABLE.values()):
        desk.write(f"{number}.ics", content)

    called = desk.bring(*(f"{number}.ics" for number in range(len(UNREADABLE))))

    assert called.code == 1
    assert called.err.count("\n") == len(UNREADABLE)
    assert not (desk.folder / "events.toml").exists()


def test_the_letters_of_a_file_can_be_named(desk: ImportDesk) -> None:
    desk.write("a.ics", UNREADABLE["Shift_JIS"])

    called = desk.bring("a.ics", "--map", "encoding=shift_jis")

    assert called.code == 0, called.err
    assert desk.events["contract"]["title"] == "契約"


def test_a_zone_of_nowhere_is_asked_about_and_the_answer_is_taken(desk: ImportDesk) -> None:
    desk.calendar(event("1", "Call", "DTSTART;TZID=Head office:20270101T090000"))

    asked = desk.bring("work.ics")
    answered = desk.bring("work.ics", "--map", "Head office=Asia/Tokyo")

    assert asked.code == 1
    assert "--map" in asked.err
    assert answered.code == 0
    assert desk.events["call"]["when"] == "2027-01-01 09:00 Asia/Tokyo"


def test_a_huge_file_is_refused_before_it_is_read(desk: ImportDesk) -> None:
    with (desk.folder / "huge.ics").open("wb") as file:
        file.truncate(1 << 30)

    called = desk.bring("huge.ics")

    assert called.code == 1
    assert called.err.count("\n") == 1


def test_what_is_broken_in_a_part_is_seen_by_a_script_and_the_rest_is_written(
    desk: ImportDesk,
) -> None:
    whole = event("1", "Rent", "DTSTART;VALUE=DATE:20270301", "X-MICROSOFT-CDO-BUSYSTATUS:BUSY")
    desk.calendar(whole, event("2", "Broken", "DTSTART;VALUE=DATE:20279901"))

    broken = desk.bring("work.ics")
    desk.calendar(whole)
    mended = desk.bring("work.ics")

    assert (broken.code, list(desk.events), mended.code) == (1, ["rent"], 0)
