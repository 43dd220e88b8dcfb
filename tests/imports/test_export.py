"""What is exported comes back unchanged, and what was edited there meanwhile is what changes."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from tests.cli.calls import Caller
from tests.imports.reading import AS_OF
from tests.property.agreements import agreements
from tests.property.examples import examples
from tracker.agreements.model import Agreement, Event
from tracker.files.loading import read as load_texts
from tracker.files.problems import FileErrors
from tracker.files.schema import read_event
from tracker.files.values import Reader
from tracker.imports.cells import cell_of, value_in
from tracker.imports.export_values import export_of
from tracker.imports.exports import EXPORT_FORMS
from tracker.imports.foreign import ForeignFile, Wishes
from tracker.imports.formats.exported import read_foreign, recognises
from tracker.timeline.resolver import resolve

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = [*sorted(EXAMPLES.glob("*.toml")), EXAMPLES.parent / "events.toml"]
OFFICE = """id = "office"
timezone = "Europe/Berlin"

[[event]]
id = "rent"
title = "=Rent"
when = "2027-01-04"
tags = ["a; b", "c"]

[[event]]
id = "term"
title = "Term"
starts = "2027-01-01"
ends = "2027-12-31"
note = "Two\\nlines, \\"quoted\\""

[[event]]
id = "call"
title = "Call"
when = "2027-02-01 10:00"
occurred = "2027-02-01 10:30 Europe/Berlin"
"""


@pytest.mark.parametrize("name", ["dates.ods", "dates.xls", "dates.tsv", "dates.txt", "dates.toml"])
def test_nothing_is_written_under_a_name_that_promises_another_form(
    call: Caller, name: str
) -> None:
    call.write("events.toml", OFFICE)

    refused = call("export", "-o", name)

    assert (refused.code, refused.out) == (2, "")
    assert "--form says what to write into it" in refused.err
    assert not (call.folder / name).exists()
    assert call("export", "-o", name, "--form", "csv").code == 0
    assert (call.folder / name).read_bytes().startswith(b"\xef\xbb\xbfid,")


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("f.ics", "BEGIN:VCALENDAR"),
        ("f.JSON", "["),
        ("f.csv", "\ufeff"),
        ("f.atom", "<?xml"),
        ("f", "BEGIN:VCALENDAR"),
    ],
)
def test_a_feed_is_what_the_name_of_its_file_says(call: Caller, name: str, begins: str) -> None:
    call.write("events.toml", OFFICE)

    assert call("feed", "-o", name).code == 0
    assert (call.folder / name).read_text("utf-8").startswith(begins)


@pytest.fixture
def tracker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Caller:
    """Calls commands beside a file of three events."""
    caller = Caller(tmp_path, monkeypatch, capsys)
    caller.write("events.toml", OFFICE)
    return caller


def _back(form: str, agreement: Agreement, agreements_all: tuple[Agreement, ...]) -> list[Event]:
    """The events as they are read back from what was exported of them."""
    export = export_of(resolve(agreements_all, AS_OF), agreement, "en")
    file = ForeignFile(f"x.{form}", EXPORT_FORMS[form](export))
    assert recognises(file)
    content = read_foreign(file, Wishes(AS_OF))
    assert content.left_out == ()
    events = []
    for exported in content.events:
        reader = Reader("events.toml", agreement.language)
        reader.timezone = agreement.timezone
        table = {"title": exported.title} | dict(exported.fields)
        event = read_event(table, ("event", 0), reader, agreement.id)
        assert reader.problems == []
        assert event is not None
        events.append(event)
    return events


@pytest.mark.parametrize("form", EXPORT_FORMS)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_examples_come_back_as_the_same_events(form: str, file: Path) -> None:
    if file.stem.startswith("amendment"):
        texts = [(EXAMPLES.parent / "events.toml").read_text(), file.read_text()]
    else:
        texts = [file.read_text()]
    names = [f"{number}.toml" for number in range(len(texts))]
    loaded, _ = load_texts(names, [text.encode() for text in texts])

    agreement = loaded[0]
    stated = [event for event in resolve(loaded, AS_OF).events if event.agreement == agreement.id]
    assert _back(form, agreement, loaded) == [event._replace(imported=None) for event in stated]


@examples(15)
@given(agreements(), st.sampled_from(sorted(EXPORT_FORMS)))
def test_any_agreement_comes_back_as_the_same_events(text: str, form: str) -> None:
    try:
        loaded, _ = load_texts(["a.toml"], [text.encode()])
    except FileErrors:  # a rare one is not sound
        reject()

    assert _back(form, loaded[0], loaded) == list(resolve(loaded, AS_OF).events)


@examples(60)
@given(
    st.sampled_from(["title", "note", "tags", "occurred", "when"]),
    st.one_of(
        st.text(st.characters(blacklist_categories=("Cs", "Cc"))),
        st.text("=+-@'\"[]{};, \n\t％|", min_size=1),
    ),
)
def test_any_text_in_a_cell_comes_back_and_is_no_formula(key: str, text: str) -> None:
    value: str | list[str] = [text, "b"] if key == "tags" else text

    cell = cell_of(key, value)

    assert not re.match(r"\s*[=+\-@\t\r\n|%＝＋－＠]", cell)
    if text.strip() or key in ("title", "note", "tags"):
        assert value_in(key, cell) == value


@pytest.mark.parametrize("form", EXPORT_FORMS)
def test_over_the_same_file_it_changes_nothing(tracker: Caller, form: str) -> None:
    file = tracker.folder / "events.toml"
    assert tracker("export", "-o", f"x.{form}").code == 0

    imported = tracker("import", f"x.{form}", "--yes")

    assert (imported.code, file.read_text()) == (0, OFFICE)
    assert "3 events are as before" in imported.out


@pytest.mark.parametrize("form", EXPORT_FORMS)
def test_in_an_empty_folder_it_gives_the_same_answers(tracker: Caller, form: str) -> None:
    tracker("export", "-o", f"x.{form}")
    before = tracker("list", "--all", "--json").out
    (tracker.folder / "events.toml").unlink()

    assert tracker("import", f"x.{form}", "--agreement", "office", "--yes").code == 0

    assert tracker("list", "--all", "--json").out == before


def _rows(tracker: Caller) -> list[list[str]]:
    tracker("export", "-o", "x.csv")
    text = (tracker.folder / "x.csv").read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def _save(
    tracker: Caller, rows: list[list[str]], delimiter: str = ",", encoding: str = "utf-8"
) -> None:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    tracker.write("x.csv", stream.getvalue().encode(encoding))


def test_a_cell_that_was_edited_is_the_change(tracker: Caller) -> None:
    rows = _rows(tracker)
    rows[1][rows[0].index("when")] = "2027-01-11"
    rows[2][rows[0].index("note")] = ""
    _save(tracker, rows)

    tracker("import", "x.csv", "--yes")

    text = (tracker.folder / "events.toml").read_text()
    assert text == OFFICE.replace("2027-01-04", "2027-01-11").replace(
        'note = "Two\\nlines, \\"quoted\\""\n', ""
    )


def test_what_was_edited_in_the_file_meanwhile_stays(tracker: Caller) -> None:
    rows = _rows(tracker)
    rows[1][rows[0].index("when")] = "2027-01-11"
    _save(tracker, rows)
    edited = OFFICE.replace("2027-01-04", "2027-03-01")
    tracker.write("events.toml", edited)

    imported = tracker("import", "x.csv", "--yes")

    assert (tracker.folder / "events.toml").read_text() == edited
    assert "2027-01-11" in imported.out


def test_the_worked_out_days_are_passed_over(tracker: Caller) -> None:
    rows = _rows(tracker)
    for key in ("day", "until", "status"):
        rows[1][rows[0].index(key)] = "nonsense"
    _save(tracker, rows)

    assert "3 events are as before" in tracker("import", "x.csv", "--yes").out


def test_a_row_that_was_added_is_a_new_event_and_stays_one(tracker: Caller) -> None:
    rows = _rows(tracker)
    added = dict.fromkeys(rows[0], "") | {"id": "fair", "title": "Fair", "when": "2027-05-05"}
    _save(tracker, [*rows, list(added.values())])

    tracker("import", "x.csv", "--yes")
    again = tracker("import", "x.csv", "--yes")

    assert (tracker.folder / "events.toml").read_text().count('id = "fair"') == 1
    assert "4 events are as before" in again.out


def test_saved_by_a_spreadsheet_with_semicolons_it_is_the_same(tracker: Caller) -> None:
    _save(tracker, _rows(tracker), ";", "utf-16")

    assert "3 events are as before" in tracker("import", "x.csv", "--yes").out


def _as_settings_write_days(text: str, form: str) -> str:
    """The cell as Excel and LibreOffice save it, who take for a day what looks like one."""
    clock = "(?: (?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}))?"
    day = re.fullmatch(rf"(?P<y>[0-9]{{4}})-(?P<m>[0-9]{{2}})-(?P<d>[0-9]{{2}}){clock}", text)
    if day is None:
        return text
    parts = {name: int(part or 0) for name, part in day.groupdict().items()}
    hour = " {hour:02}:{minute:02}" if day["hour"] else ""
    return f"{form}{hour}".format(**parts, short=parts["y"] % 100)


@pytest.mark.parametrize(
    ("form", "separator"),
    [
        ("{d:02}.{m:02}.{y}", ";"),  # German
        ("{m}/{d}/{y}", ","),  # of the United States
        ("{d:02}/{m:02}/{y}", ","),  # British, French
        ("{m:02}/{d:02}/{short:02}", ","),  # of LibreOffice in English
        ("{d:02}-{m:02}-{y}", ";"),  # Dutch
        ("{y}/{m}/{d}", "\t"),  # Japanese
    ],
)
def test_days_that_a_spreadsheet_wrote_by_its_settings_are_the_same_and_an_edited_one_is_read_so(
    tracker: Caller, form: str, separator: str
) -> None:
    rows = _rows(tracker)
    rows[2][rows[0].index("ends")] = "2028-04-03"
    _save(
        tracker, [[_as_settings_write_days(cell, form) for cell in row] for row in rows], separator
    )

    imported = tracker("import", "x.csv", "--yes")

    assert "2 events are as before" in imported.out
    assert (tracker.folder / "events.toml").read_text() == OFFICE.replace(
        "2027-12-31", "2028-04-03"
    )


def test_rows_may_be_sorted_and_their_texts_keep_their_language(tracker: Caller) -> None:
    german = OFFICE.replace('id = "office"', 'id = "office"\nlanguage = "de"').replace(
        'title = "Term"', 'title = { de = "Laufzeit", en = "Term" }'
    )
    tracker.write("events.toml", german)
    rows = _rows(tracker)
    _save(tracker, [rows[0], *reversed(rows[1:])])

    assert "3 events are as before" in tracker("import", "x.csv", "--yes").out


def test_a_workbook_saved_by_another_program_is_the_same_and_a_date_in_it_is_one(
    tracker: Caller,
) -> None:
    tracker("export", "-o", "x.xlsx")
    workbook = openpyxl.load_workbook(tracker.folder / "x.xlsx")
    sheet = workbook.active
    headings = [cell.value for cell in sheet[1]]
    sheet.cell(2, headings.index("when") + 1).value = date(2027, 1, 12)
    sheet.cell(4, headings.index("when") + 1).value = datetime(2027, 2, 1, 10, 20)  # noqa: DTZ001
    workbook.save(tracker.folder / "x.xlsx")

    tracker("import", "x.xlsx", "--yes")

    text = (tracker.folder / "events.toml").read_text()
    assert text == OFFICE.replace("2027-01-04", "2027-01-12").replace("01 10:00", "01 10:20")


def test_what_a_calendar_moves_or_renames_is_the_change(tracker: Caller) -> None:
    tracker("export", "-o", "x.ics")
    text = (tracker.folder / "x.ics").read_text()
    text = text.replace("DATE:20270104", "DATE:20270105").replace(
        "SUMMARY:Term", "SUMMARY:Our term"
    )
    text = text.replace("DATE:20280101", "DATE:20280201").replace(
        "20270201T090000Z", "20270201T100000Z"
    )
    tracker.write("x.ics", text)

    tracker("import", "x.ics", "--yes")

    assert (tracker.folder / "events.toml").read_text() == (
        OFFICE.replace("2027-01-04", "2027-01-05")
        .replace('"Term"', '"Our term"')
        .replace("2027-12-31", "2028-01-31")
        .replace('when = "2027-02-01 10:00"', 'when = "2027-02-01 10:00 UTC"')
    )


def test_only_what_was_chosen_is_exported(tracker: Caller) -> None:
    exported = tracker("export", "--form", "json", "--tag", "c")

    assert '"id": "rent"' in exported.out
    assert '"id": "term"' not in exported.out
    assert tracker("export", "--tag", "zzz").code == 2


def test_what_an_export_cannot_hold_is_said_and_nothing_where_it_holds_all(tracker: Caller) -> None:
    assert tracker("export", "--form", "json").err == "3 events exported\n"
    more = """
[[event]]
id = "answer"
title = "Answer"
when = "10 days after end of term"
imported = { from = "a.ics", id = "1", wrote = "title:b6e0a5c5" }

[[event]]
id = "notice"
title = "Notice"
when = "5 days after other/kickoff"

[[amendment]]
id = "first"
on = 2026-11-01
[[amendment.event]]
id = "rent"
when = "2027-01-05"

[[amendment]]
id = "second"
on = 2027-11-01
[[amendment.event]]
id = "rent"
when = "2027-01-06"
"""
    tracker.write("events.toml", OFFICE + more)
    start = '[[event]]\nid = "kickoff"\ntitle = "S"\nwhen = "2027-01-01"\n'
    tracker.write("other.toml", f'id = "other"\n{start}')
    day = ("--as-of", "2026-12-01", "--agreement", "office", "--form", "csv")

    said = tracker("-f", ".", "export", *day)
    chosen = tracker("-f", ".", "export", *day, "--id", "office/answer")

    assert said.err.splitlines() == [
        "5 events exported",
        "Not in it: what is signed after 2026-12-01 (second)",
        "Not in it, though lines hang on them: other/kickoff",
        "Not in it: where 1 event was imported from",
    ]
    assert "2027-01-05" in said.out
    assert "Not in it, though lines hang on them: term" in chosen.err


def test_of_several_agreements_one_has_to_be_named(tracker: Caller) -> None:
    tracker.write(
        "other.toml", 'id = "other"\n[[event]]\nid = "a"\ntitle = "A"\nwhen = "2027-01-01"\n'
    )

    refused = tracker("-f", ".", "export")
    exported = tracker("-f", ".", "export", "--agreement", "other", "--form", "json")

    assert (refused.code, "--agreement" in refused.err) == (2, True)
    assert '"other/a ' in exported.out


def test_a_file_that_is_read_is_not_written_over(tracker: Caller) -> None:
    assert tracker("export", "--form", "csv", "-o", "events.toml").code == 2
    assert (tracker.folder / "events.toml").read_text() == OFFICE


@pytest.mark.parametrize("form", EXPORT_FORMS)
def test_an_export_that_was_damaged_is_refused_or_gives_what_is_whole(
    tracker: Caller, form: str
) -> None:
    tracker("export", "-o", f"x.{form}")
    whole = (tracker.folder / f"x.{form}").read_bytes()
    for at in range(1, len(whole), max(1, len(whole) // 40)):
        tracker.write(f"y.{form}", whole[:at])

        called = tracker("import", f"y.{form}", "--yes")

        assert called.code in (0, 1)
        assert "Traceback" not in called.err
        assert "fault in tracker" not in called.err
        tracker.write("events.toml", OFFICE)
