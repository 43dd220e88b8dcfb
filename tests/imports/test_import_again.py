"""What was imported is imported again: it follows its source, and people's edits stay."""

from __future__ import annotations

from tests.imports.desk import ImportDesk, desk, event

__all__ = ["desk"]

RENT = event("rent@x", "Rent", "DTSTART;VALUE=DATE:20270301")
CALL = event("call@x", "Call", "DTSTART:20270302T090000Z", "URL:https://example.org/a")


def test_a_file_is_begun_with_what_a_calendar_has_and_the_agenda_shows_it(desk: ImportDesk) -> None:
    desk.calendar(RENT, CALL, header="X-WR-CALNAME:Lease X-WR-TIMEZONE:Europe/Berlin")

    called = desk.bring("work.ics")

    assert called.code == 0, called.err
    assert desk.text.startswith('id = "lease"\ntitle = "Lease"\ntimezone = "Europe/Berlin"\n')
    assert {name: known["when"] for name, known in desk.events.items()} == {
        "rent": "2027-03-01",
        "call": "2027-03-02 10:00 Europe/Berlin",
    }
    assert "1 Mar 2027" in desk("--as-of", "2026-12-01").out


def test_nothing_is_written_where_nobody_says_yes(desk: ImportDesk) -> None:
    desk.calendar(RENT)

    called = desk("import", "work.ics", "--as-of", "2026-12-01")

    assert called.code == 2
    assert "rent  Rent" in called.out
    assert "--yes" in called.err
    assert not (desk.folder / "events.toml").exists()


def test_the_same_again_changes_no_byte(desk: ImportDesk) -> None:
    desk.calendar(RENT, CALL)
    desk.bring("work.ics")
    before = desk.text

    called = desk.bring("work.ics")

    assert (called.code, desk.text) == (0, before)
    assert "2 events are as before" in called.out


def test_what_changed_in_the_source_is_changed_in_its_place_and_the_id_stays(
    desk: ImportDesk,
) -> None:
    desk.calendar(RENT, CALL)
    desk.bring("work.ics")
    desk.edit('when = "2027-03-01"\n', 'when   = "2027-03-01"  # agreed by phone\n')
    moved = RENT.replace("20270301", "20270401").replace("SUMMARY:Rent", "SUMMARY:Rent and heat")
    desk.calendar(moved, CALL.replace("URL:https://example.org/a\n", ""))

    called = desk.bring("work.ics")

    assert 'when   = "2027-04-01"  # agreed by phone\n' in desk.text
    assert desk.events["rent"]["title"] == "Rent and heat"
    assert "url" not in desk.events["call"]
    assert '"2027-03-01" becomes "2027-04-01"' in called.out
    assert len(desk.events) == 2


def test_what_was_edited_by_hand_stays_and_is_told(desk: ImportDesk) -> None:
    desk.calendar(RENT)
    desk.bring("work.ics")
    desk.edit('title = "Rent"', 'title = "Rent of the flat"')
    desk.calendar(RENT.replace("20270301", "20270401").replace("SUMMARY:Rent", "SUMMARY:Miete"))

    called = desk.bring("work.ics")

    assert desk.events["rent"]["title"] == "Rent of the flat"
    assert desk.events["rent"]["when"] == "2027-04-01"
    assert 'stays "Rent of the flat", the source has "Miete"' in called.out


def test_a_day_that_was_edited_by_hand_stays_whole(desk: ImportDesk) -> None:
    desk.calendar(RENT)
    desk.bring("work.ics")
    desk.edit('when = "2027-03-01"', 'starts = "2027-03-01"\nends = "2027-03-05"')
    desk.calendar(RENT.replace("20270301", "20270401"))

    called = desk.bring("work.ics")

    assert called.code == 0
    assert "when" not in desk.events["rent"]
    assert desk.events["rent"]["starts"] == "2027-03-01"


def test_a_record_that_was_made_since_stays(desk: ImportDesk) -> None:
    desk.calendar(RENT)
    desk.bring("work.ics")
    desk("occurred", "rent", "2027-03-02", "--yes", "--as-of", "2027-03-03")
    desk.calendar(RENT.replace("20270301", "20270401"))

    desk.bring("work.ics")

    assert str(desk.events["rent"]["occurred"]) == "2027-03-02"
    assert desk.events["rent"]["when"] == "2027-04-01"


def test_what_is_gone_from_the_source_is_told_and_stays(desk: ImportDesk) -> None:
    desk.calendar(RENT, CALL)
    desk.bring("work.ics")
    desk.calendar(CALL)

    called = desk.bring("work.ics")

    assert "rent  Rent" in called.out
    assert "tracker withdraw" in called.out
    assert set(desk.events) == {"rent", "call"}


def test_what_is_called_off_is_withdrawn(desk: ImportDesk) -> None:
    desk.calendar(RENT)
    desk.bring("work.ics")
    off = RENT.replace("END:VEVENT", "STATUS:CANCELLED\nLAST-MODIFIED:20261120T080000Z\nEND:VEVENT")
    desk.calendar(off)

    desk.bring("work.ics")

    assert str(desk.events["rent"]["withdrawn"]) == "2026-11-20"


def test_it_is_taken_back_by_undo(desk: ImportDesk) -> None:
    desk.calendar(RENT)
    desk.write(
        "events.toml", '# ours\nid = "lease"\n\n[[event]]\nid = "a"\ntitle = "A"\nwhen = "open"\n'
    )
    before = desk.text
    desk.bring("work.ics")
    assert desk.text.startswith(before)

    called = desk("import", "--undo", "--yes")

    assert (called.code, desk.text) == (0, before)


def test_a_file_downloaded_again_is_the_same_source(desk: ImportDesk) -> None:
    desk.calendar(RENT)
    desk.bring("work.ics")
    desk.calendar(RENT.replace("20270301", "20270401"), name="work (1).ics")

    desk.bring("work (1).ics")

    assert [known["when"] for known in desk.events.values()] == ["2027-04-01"]


def test_the_same_entry_of_two_calendars_is_one_event(desk: ImportDesk) -> None:
    desk.calendar(RENT)
    desk.calendar(RENT, CALL, name="family.ics")

    called = desk.bring("work.ics", "family.ics")

    assert called.code == 0
    assert set(desk.events) == {"rent", "call"}
    assert "it is the event rent already" in called.out


def test_ids_are_free_beside_those_that_there_are(desk: ImportDesk) -> None:
    desk.write(
        "events.toml", 'id = "lease"\n\n[[event]]\nid = "rent"\ntitle = "A"\nwhen = "open"\n'
    )
    desk.calendar(RENT, event("2", "Rent", "DTSTART;VALUE=DATE:20270401"))

    desk.bring("work.ics")

    assert set(desk.events) == {"rent", "rent-2", "rent-3"}


def test_what_the_program_would_refuse_is_left_out_and_told_and_the_rest_is_written(
    desk: ImportDesk,
) -> None:
    gap = event("gap@x", "Night", "DTSTART;TZID=Europe/Berlin:20270328T023000")
    desk.calendar(gap, RENT)

    called = desk.bring("work.ics")

    assert set(desk.events) == {"rent"}
    assert "Night, line 4:" in called.out
    assert desk("check").code == 0


def test_a_calendar_that_is_empty_now_tells_what_is_gone_and_is_no_fault(desk: ImportDesk) -> None:
    desk.calendar(RENT)
    desk.bring("work.ics")
    desk.calendar()

    called = desk.bring("work.ics")

    assert called.code == 0, called.err
    assert "The calendar has no entries." in called.out
    assert "rent  Rent" in called.out
    assert list(desk.events) == ["rent"]


# -- an agreement whose events stand in several files

SECOND = """# kept by Ben
amends = "lease"

[[event]]   # from the calendar
id = "rent"
title = "Rent"
when   = "2027-03-01"  # agreed
imported = { from = "work.ics", id = "rent@x", wrote = "WROTE" }
"""


def _in_two_files(desk: ImportDesk) -> None:
    """The events of a calendar, one of which was moved to a second file by hand."""
    desk.calendar(RENT, CALL)
    desk.bring("work.ics")
    wrote = desk.events["rent"]["imported"]["wrote"]
    start = desk.text.index("[[event]]")
    stop = desk.text.index("[[event]]", start + 1)
    desk.write("events.toml", desk.text[:start] + desk.text[stop:])
    desk.write("second.toml", SECOND.replace("WROTE", wrote))


def test_an_event_that_stands_in_a_second_file_is_changed_where_it_stands(desk: ImportDesk) -> None:
    _in_two_files(desk)
    first, second = desk.text, (desk.folder / "second.toml").read_text()
    both = ("-f", "events.toml", "-f", "second.toml")
    moved = RENT.replace("20270301", "20270401")
    desk.calendar(moved, CALL, event("tax@x", "Tax", "DTSTART;VALUE=DATE:20270501"))

    called = desk(*both, "import", "work.ics", "--yes", "--as-of", "2026-12-01")
    again = desk(*both, "import", "work.ics", "--yes", "--as-of", "2026-12-01")

    assert called.code == 0, called.err
    after = (desk.folder / "second.toml").read_text()
    assert after.partition("imported")[0] == second.partition("imported")[0].replace(
        '"2027-03-01"', '"2027-04-01"'
    )
    assert set(desk.events) == {"call", "tax"}
    assert desk.text.startswith(first)
    assert "3 events are as before" in again.out
    assert called.err.count("Written to") == 2

    undone = desk(*both, "import", "--undo", "--yes")

    assert undone.code == 0, undone.err
    assert (desk.text, (desk.folder / "second.toml").read_text()) == (first, second)


def test_what_two_files_would_get_is_written_in_both_or_in_none(desk: ImportDesk) -> None:
    _in_two_files(desk)
    first, second = desk.text, desk.folder / "second.toml"
    second.chmod(0o444)
    desk.calendar(RENT.replace("20270301", "20270401"), CALL.replace("0900", "1000"))
    both = ("-f", "events.toml", "-f", "second.toml")

    called = desk(*both, "import", "work.ics", "--yes", "--as-of", "2026-12-01")

    assert called.code != 0
    assert "second.toml" in called.err
    assert desk.text == first
    second.chmod(0o644)
    desk(*both, "import", "work.ics", "--yes", "--as-of", "2026-12-01")
    alone = desk("import", "--undo", "--yes")
    assert "second.toml" in alone.err
    assert desk.text != first


def test_what_is_refused_in_a_second_file_is_told_and_the_rest_is_written(desk: ImportDesk) -> None:
    _in_two_files(desk)
    second = (desk.folder / "second.toml").read_text()
    skipped = RENT.replace(
        "DTSTART;VALUE=DATE:20270301", "DTSTART;TZID=Europe/Berlin:20270328T023000"
    )
    desk.calendar(skipped, CALL.replace("0900", "1000"))
    both = ("-f", "events.toml", "-f", "second.toml")

    called = desk(*both, "import", "work.ics", "--yes", "--as-of", "2026-12-01")

    assert called.code == 1
    assert "Rent" in called.out
    assert (desk.folder / "second.toml").read_text() == second
    assert "10:00" in desk.events["call"]["when"]
