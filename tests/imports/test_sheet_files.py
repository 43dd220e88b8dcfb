"""Sheets as programs write them: read with no word said where they leave nothing open."""

from __future__ import annotations

import io
from datetime import date, datetime, time

import pytest

from tests.imports.hostile_sheets import good_ods, good_xlsx
from tests.imports.reading import as_in_a_file, left_out, lines, read, sample
from tracker.imports.foreign import ForeignContent, ForeignFile, Unreadable

_SAMPLES: dict[str, dict[str, str]] = {
    "excel-german.csv": {
        "Kündigungsfrist prüfen": "2027-03-31",
        "Übergabe der Schlüssel": "2027-04-01",
    },
    "excel-japanese.csv": {"賃料改定の通知": "2027-03-31", "更新契約書の提出": "2027-06-30"},
    "excel-unicode.txt": {"Renew the lease": "2027-03-31", "File the report": "2027-05-04"},
    "google-sheets.csv": {"Handover": "2027-01-15", "Final report": "2027-06-30"},
    "asana.csv": {"Sign the annex": "2027-01-31", "Send the draft": "2026-11-14"},
    "trello.csv": {
        "Submit the tax return": "2027-04-15 16:00 UTC",
        "Book the audit": "2027-02-01 09:00 UTC",
    },
    "jira.csv": {"Rotate the certificates": "2027-03-31", "Close the old account": "2026-11-30"},
    "smartsheet.csv": {
        "Design phase": "2027-01-04..2027-03-29",
        "Review": "2027-03-30..2027-04-05",
    },
    "notion.csv": {"Renew the domain": "2027-03-31", "Grant report": "2027-06-30 17:00"},
    "airtable.csv": {"Expense report": "2027-03-31", "Board meeting": "2027-04-02"},
    "project.csv": {
        "Planning": "2027-01-04..2027-01-29",
        "Kick-off": "2027-01-04",
        "Build": "2027-02-01..2027-04-23",
    },
    "outlook.csv": {"Court hearing": "2027-03-31 09:30", "Trade fair": "2027-04-13..2027-04-15"},
}


@pytest.mark.parametrize("name", _SAMPLES)
def test_the_file_of_a_program_is_read_with_no_word_said(name: str) -> None:
    content = read("separated", sample(name))

    assert lines(content) == _SAMPLES[name]
    assert content.questions == ()
    for event in content.events:
        assert as_in_a_file(event)[1] == [], event


def test_years_of_two_digits_are_asked_about_once_for_all_columns() -> None:
    content = read("separated", sample("libreoffice.csv"))

    assert [question.answers for question in content.questions] == [
        ("--map dates=day-first", "--map dates=year-first")
    ]
    answered = read("separated", sample("libreoffice.csv"), dates="day-first")
    assert lines(answered) == {
        "Mietvertrag": "2027-01-01..2029-12-31",
        "Wartung": "2027-03-15..2027-03-31",
    }


def test_what_is_done_is_recorded_where_a_day_says_when_and_told_where_none_does() -> None:
    jira = read("separated", sample("jira.csv"))
    german = read("separated", sample("excel-german.csv"))

    assert dict(jira.events[1].fields)["occurred"] == "2026-11-12 14:30"
    assert left_out(german)["row-done"] == ["Aufgabe"]


def test_every_column_is_shown_and_those_that_became_nothing_are_told() -> None:
    content = read("separated", sample("trello.csv"))

    keys = {column.heading: column.key for column in content.columns}
    assert keys["Due Date"] == "due"
    assert keys["Card Name"] == "title"
    untaken = {column.heading for column in content.columns if column.key is None}
    empty = {"Attachment Links", "Start Date"}
    told = left_out(content)
    assert untaken - empty == {*told["column"], *told["own-column"]}


@pytest.mark.parametrize(
    ("encoding", "mark", "name"),
    [
        ("utf-8", b"", None),
        ("utf-8", b"\xef\xbb\xbf", None),
        ("utf-16-le", b"\xff\xfe", None),
        ("utf-16-be", b"\xfe\xff", None),
        ("utf-16-le", b"", "UTF-16"),
        ("utf-16-be", b"", "UTF-16"),
        ("cp932", b"", "Shift_JIS"),
        ("euc_jp", b"", "EUC-JP"),
        ("iso2022_jp", b"", "ISO-2022-JP"),
    ],
)
def test_japanese_is_read_in_whatever_letters(encoding: str, mark: bytes, name: str | None) -> None:
    text = "件名,期限,備考\n報告書の提出,2027/3/31,二部ずつ\nテスト,2027/4/1,ﾃｽﾄ\n"
    if encoding == "iso2022_jp":  # has no half-width kana
        text = text.replace("ﾃｽﾄ", "")

    content = read("separated", ForeignFile("a.csv", mark + text.encode(encoding)))

    assert lines(content) == {"報告書の提出": "2027-03-31", "テスト": "2027-04-01"}
    told = [dict(remark.values)["name"] for remark in content.remarks if remark.name == "letters"]
    assert told == ([name] if name else [])


@pytest.mark.parametrize(
    "word",
    ["Fällig", "Straße", "Übergabe", "été", "coûts", "niño", "señor", "£5", "“Lease”", "tenant’s",
     "10 €", "–", "Ärzte & Köche", "ÄÖÜ", "àéîõü", "Æøå"],
)  # fmt: skip
def test_western_words_are_never_taken_for_japanese(word: str) -> None:
    text = f"Task,Due\n{word},2027-03-31\nplain,2027-04-01\n"

    content = read("separated", ForeignFile("a.csv", text.encode("cp1252")))

    assert content.events[0].title == word


def test_the_call_says_in_which_letters() -> None:
    text = "Zadanie,Due\nŹródło,2027-03-31\n".encode("cp1250")

    content = read("separated", ForeignFile("a.csv", text), encoding="cp1250")

    assert content.events[0].title == "Źródło"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Task,Due\nA,2027-01-01\n", ("encoding", "klingon", "no-such-letters")),
        ("Task,Due\nA,2027-01-01\n", ("encoding", "hex", "no-such-letters")),
        ("Task,Due\nÄ,2027-01-01\n", ("encoding", "ascii", "not-in-letters")),
        ("Task,Due\nA,2027-01-01\n", ("due", "Fällig", "no-column-like")),
        ("Aufgabe,Fällig am\nA,2027-01-01\n", ("due", "Falig am", "no-such-column")),
        ("Aufgabe,Wann genau\nA,2027-01-01\n", ("deu", "Wann genau", "no-such-key")),
        ("Task,Due\nA,2027-01-01\n", ("header", "77", "no-such-row")),
    ],
)
def test_what_the_call_names_and_is_not_there_is_refused(
    text: str, reason: tuple[str, str, str]
) -> None:
    name, value, case = reason

    with pytest.raises(Unreadable) as refusal:
        read("separated", ForeignFile("a.csv", text.encode()), **{name: value})

    assert refusal.value.reason == case


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_that_parts_the_rows_alike(separator: str) -> None:
    rows = [("Task", "Due", "Note"), ("A", "31.3.2027", "x, y; z"), ("B", "1.4.2027", "1,5")]
    text = "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)

    content = read("separated", ForeignFile("a.csv", text.encode()))

    assert lines(content) == {"A": "2027-03-31", "B": "2027-04-01"}


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\nTask;Due\nA;2027-03-31\n",
        "\n\nTask,Due\nA,2027-03-31\n",
        "Deadlines of 2027,\nas of 1 Dec,\n,\nTask,Due\nA,2027-03-31\n",
        "# made by hand\n# twice\nTask,Due\nA,2027-03-31\n",
        ",,,\n,Task,,Due\n,A,,2027-03-31\n",
        "A,2027-03-31\n",
        "Task,Due\nA,2027-03-31\nTask,Due\n",
        'Was zu tun ist,Wann genau\n"A",31.3.2027\n',
        "Task,Due\rA,2027-03-31\r",
    ],
)
def test_the_headings_are_found_wherever_they_stand(text: str) -> None:
    assert lines(read("separated", ForeignFile("a.csv", text.encode()))) == {"A": "2027-03-31"}


def test_columns_are_named_by_heading_letter_or_number() -> None:
    text = "Thing,First,Second\nA,2027-01-01,2028-01-01\n"

    for column in ("Second", "second", "C", "3"):
        content = read("separated", ForeignFile("a.csv", text.encode()), due=column)
        assert lines(content) == {"A": "2028-01-01"}
    asked = read("separated", ForeignFile("a.csv", text.encode()))
    assert [question.answers for question in asked.questions] == [
        ('--map "due=First"', '--map "due=Second"')
    ]


def test_an_event_keeps_its_identity_when_rows_move_and_days_are_corrected() -> None:
    def ids(*rows: str) -> dict[str, str]:
        text = "Task,Due\n" + "".join(f"{row}\n" for row in rows)
        content = read("separated", ForeignFile("a.csv", text.encode()))
        return {str(dict(event.fields)["when"]): event.foreign_id for event in content.events}

    before = ids("Pay,2027-01-31", "Pay,2027-02-28", "Audit,2027-03-01")
    after = ids("Audit,2027-03-02", "Pay,2027-02-27", "Pay,2027-01-31")

    assert after["2027-01-31"] == before["2027-01-31"]
    assert after["2027-02-27"] == before["2027-02-28"]
    assert after["2027-03-02"] == before["2027-03-01"]


def test_signs_that_turn_the_direction_of_a_text_are_taken_out_of_titles() -> None:
    text = "Task,Due\n\u202eevil\u202c \u2066x\u2069,2027-03-31\n"

    content = read("separated", ForeignFile("a.csv", text.encode()))

    assert content.events[0].title == "evil x"


def test_a_task_that_has_a_start_and_no_last_day_is_no_term() -> None:
    text = "Task,Start,Due\nA,2027-01-01,\nB,2027-01-01,2027-02-01\n"

    content = read("separated", ForeignFile("a.csv", text.encode()))

    assert lines(content) == {"A": "not before 2027-01-01", "B": "2027-02-01"}


# -- workbooks


def workbook(*sheets: tuple[str, list[list[object]]], **options: object) -> ForeignFile:
    """A workbook as XlsxWriter writes it."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, options) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        clock = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    form = clock if isinstance(cell, datetime) else day
                    if isinstance(cell, date):
                        sheet.write_datetime(at, column, cell, form)
                    else:
                        sheet.write(at, column, cell)
    return ForeignFile("plan.xlsx", buffer.getvalue())


def test_days_of_a_workbook_are_days_whatever_they_are_kept_as() -> None:
    rows: list[list[object]] = [
        ["Task", "Due"],
        ["a day", date(2027, 3, 31)],
        ["an hour", datetime(2027, 3, 31, 17, 30)],  # noqa: DTZ001 - as cells have it
        ["a text", "31.03.2027"],
        ["a number", 46477],
        ["a number with an hour", 46477.75],
        ["words", "Q3 2027"],
        ["a year", 2027],
    ]

    content = read("workbook", workbook(("Tasks", rows)))

    assert lines(content) == {
        "a day": "2027-03-31",
        "an hour": "2027-03-31 17:30",
        "a text": "2027-03-31",
        "a number": "2027-03-31",
        "a number with an hour": "2027-03-31 18:00",
        "words": "through 2027-Q3",
        "a year": "through 2027",
    }
    assert [remark.name for remark in content.remarks] == ["numbered-days"]


def test_a_workbook_that_counts_from_1904_has_the_same_days() -> None:
    rows: list[list[object]] = [["Task", "Due"], ["day", date(2027, 3, 31)], ["number", 45015]]
    times = {
        f"{hour}:{minute:02}": (hour, minute) for hour in (1, 17, 23) for minute in (5, 20, 59)
    }
    rows += [[name, datetime(2027, 3, 31, *clock)] for name, clock in times.items()]  # noqa: DTZ001

    content = read("workbook", workbook(("Tasks", rows), date_1904=True))

    assert lines(content) == {"day": "2027-03-31", "number": "2027-03-31"} | {
        name: f"2027-03-31 {hour:02}:{minute:02}" for name, (hour, minute) in times.items()
    }


def test_of_several_sheets_the_one_with_days_is_read_and_the_others_are_told() -> None:
    tasks: list[list[object]] = [["Task", "Due"], ["A", date(2027, 3, 31)]]
    prices: list[list[object]] = [["What", "Price"], ["Rent", 5]]

    content = read("workbook", workbook(("Prices", prices), ("Tasks", tasks)))

    assert lines(content) == {"A": "2027-03-31"}
    assert left_out(content) == {"sheet-not-read": ["Prices"]}


def test_of_several_sheets_with_days_it_is_asked_which() -> None:
    tasks: list[list[object]] = [["Task", "Due"], ["A", date(2027, 3, 31)]]
    file = workbook(("Tasks 2027", tasks), ("Tasks 2028", tasks))

    asked: ForeignContent = read("workbook", file)

    assert asked.events == ()
    assert asked.questions[0].answers == ('--map "sheet=Tasks 2027"', '--map "sheet=Tasks 2028"')
    assert lines(read("workbook", file, sheet="tasks 2028")) == {"A": "2027-03-31"}


def test_sheets_of_other_libraries_are_read_alike() -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["", "", ""], ["", "Task", "Due"], ["", "A", date(2027, 3, 31)]):
        sheet.append(row)
    sheet.append(["", "B", datetime(2027, 4, 1, 9, 0)])  # noqa: DTZ001
    sheet.append(["", "C", time(9, 0)])
    buffer = io.BytesIO()
    book.save(buffer)

    content = read("workbook", ForeignFile("a.xlsx", buffer.getvalue()))

    assert lines(content) == {"A": "2027-03-31", "B": "2027-04-01 09:00"}
    assert [event.place.number for event in content.events] == [3, 4]
    assert left_out(content) == {"day-no-day": ["09:00"]}
    assert lines(read("workbook", ForeignFile("a.ods", good_ods()))) == {
        "Rent": "2027-03-31",
        "Report": "2027-06-30",
    }
    assert len(read("workbook", ForeignFile("a.xlsx", good_xlsx())).events) == 3


def test_merged_and_hidden_cells_are_read_and_told() -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Task", "Due"], ["A", date(2027, 3, 31)], ["B", None], ["C", date(2027, 5, 1)]):
        sheet.append(row)
    sheet.merge_cells("B2:B3")
    sheet.row_dimensions[4].hidden = True
    book.create_sheet("Old").sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)

    content = read("workbook", ForeignFile("a.xlsx", buffer.getvalue()))

    assert lines(content) == {"A": "2027-03-31", "B": "2027-03-31", "C": "2027-05-01"}
    assert [remark.name for remark in content.remarks] == ["merged-cells", "hidden-rows"]
    assert left_out(content) == {"hidden-sheet": ["Old"]}
