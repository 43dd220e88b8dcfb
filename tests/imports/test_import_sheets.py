"""`tracker import` of sheets, as people call it."""

from __future__ import annotations

import json
import os
import struct

import pytest

from tests.cli.test_init import terminal
from tests.imports.desk import ImportDesk, desk
from tests.imports.reading import SAMPLES
from tracker.failures.panics import panics_unseen

__all__ = ["desk"]

_TASKS = "Aufgabe;Fällig am;Wer\nMiete;31.03.2027;Ann\nBericht;Q3 2027;Ben\n"


def test_a_sheet_becomes_events_and_says_which_column_became_what(desk: ImportDesk) -> None:
    desk.write("plan.csv", _TASKS)

    said = desk.bring("plan.csv")

    assert said.code == 0
    assert "due is column B, “Fällig am”: 31.03.2027 | Q3 2027" in said.out
    assert {name: event["when"] for name, event in desk.events.items()} == {
        "miete": "2027-03-31",
        "bericht": "through 2027-Q3",
    }
    assert desk("check").code == 0


def test_a_sheet_imported_again_updates_what_was_corrected_and_duplicates_nothing(
    desk: ImportDesk,
) -> None:
    desk.write("plan.csv", _TASKS)
    desk.bring("plan.csv")
    rows = _TASKS.replace("31.03.2027", "30.04.2027").splitlines()
    desk.write("plan.csv", "\n".join([rows[0], rows[2], rows[1], "Neu;1.1.2028;"]))

    said = desk.bring("plan.csv")

    assert said.code == 0
    assert {name: event["when"] for name, event in desk.events.items()} == {
        "miete": "2027-04-30",
        "bericht": "through 2027-Q3",
        "neu": "2028-01-01",
    }


_OPEN = "Task,Due\nA,03/04/2027\nB,2027-05-01\nC,Q3 2027\nPay,2027-06-01\nPay,04/05/2027\n"


def test_a_question_holds_up_its_rows_alone(desk: ImportDesk) -> None:
    desk.write("plan.csv", _OPEN)

    said = desk.bring("plan.csv")

    assert said.code == 1
    assert {name: event["when"] for name, event in desk.events.items()} == {
        "b": "2027-05-01",
        "c": "through 2027-Q3",
    }
    assert "say: --map due=day-first" in said.err
    assert (
        "Due, 2 times, line 2, line 6: left out until it is said:"
        " --map due=day-first | --map due=month-first"
    ) in said.out
    # which of both is the first, shows with the answer
    assert "Pay, line 5: a row of the same title waits" in said.out


def test_the_rows_that_waited_come_with_the_answer_and_nothing_was_gone(desk: ImportDesk) -> None:
    desk.write("plan.csv", _OPEN)
    desk.bring("plan.csv", "--map", "due=month-first")
    every = desk.text
    asked_again = desk.bring("plan.csv")
    answered = desk.bring("plan.csv", "--map", "due=month-first")

    assert (desk.text, asked_again.code, answered.code) == (every, 1, 0)
    assert "no longer in the source" not in asked_again.out
    assert [event["when"] for event in desk.events.values()] == [
        "2027-03-04",
        "2027-05-01",
        "through 2027-Q3",
        "2027-06-01",
        "2027-04-05",
    ]


def test_a_source_with_a_question_holds_up_no_other(desk: ImportDesk) -> None:
    desk.write("open.csv", "Task,Due,Deadline\nA,2027-03-31,2027-04-30\n")
    desk.write("plan.csv", _TASKS)

    said = desk.bring("open.csv", "plan.csv")

    assert said.code == 1
    assert 'say: --map "due=Deadline"' in said.err
    assert "no day is stated" not in said.out
    assert sorted(desk.events) == ["bericht", "miete"]


def test_what_is_asked_stands_in_the_json(desk: ImportDesk) -> None:
    desk.write("plan.csv", _OPEN)

    said = desk("import", "plan.csv", "--json", "--as-of", "2026-12-01")

    (question,) = json.loads(said.out)["sources"][0]["questions"]
    assert question["answers"] == ["--map due=day-first", "--map due=month-first"]
    assert [place["number"] for place in question["places"]] == [2, 6]


def test_what_has_two_readings_is_refused_with_both_lines_and_nothing_is_written(
    desk: ImportDesk,
) -> None:
    desk.write("plan.csv", "Task,Due\nA,03/04/2027\n")

    said = desk.bring("plan.csv")

    assert said.code == 1
    assert "say: --map due=day-first" in said.err
    assert "say: --map due=month-first" in said.err
    assert not (desk.folder / "events.toml").exists()
    assert desk.bring("plan.csv", "--map", "due=month-first").code == 0
    assert desk.events["a"]["when"] == "2027-03-04"


@pytest.mark.parametrize(
    ("typed", "day"), [("1\n", "2027-04-03"), ("２\n", "2027-03-04"), ("9\n1\n", "2027-04-03")]
)
def test_on_a_terminal_it_is_asked_once_for_the_column(
    desk: ImportDesk, monkeypatch: pytest.MonkeyPatch, typed: str, day: str
) -> None:
    desk.write("plan.csv", "Task,Due\nA,03/04/2027\nB,04/05/2027\n")

    with terminal(monkeypatch, typed):
        assert desk.bring("plan.csv").code == 0

    assert desk.events["a"]["when"] == day


def test_who_answers_nothing_has_nothing_written(
    desk: ImportDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write("plan.csv", "Task,Due\nA,03/04/2027\n")

    with terminal(monkeypatch, "\n"):
        assert desk.bring("plan.csv").code == 1

    assert not (desk.folder / "events.toml").exists()


def test_the_start_of_a_project_is_asked_for_and_its_months_hang_on_it(
    desk: ImportDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write("plan.csv", "Deliverable,Due\nD1 Report,M18\nD2 Model,M6\n")

    with terminal(monkeypatch, "1\n2026-10-01\n"):
        assert desk.bring("plan.csv").code == 0

    assert {name: event["when"] for name, event in desk.events.items()} == {
        "project-start": "2026-10-01",
        "d1-report": "18 months after project-start",
        "d2-model": "6 months after project-start",
    }


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_broken_sheet_is_one_line_and_the_others_are_brought_in(
    desk: ImportDesk, language: str
) -> None:
    desk.write("plan.csv", _TASKS)
    (desk.folder / "broken.xlsx").write_bytes(b"PK\x03\x04xl/")

    said = desk.bring("broken.xlsx", "plan.csv", "--lang", language)

    assert said.code == 1
    assert len([line for line in said.err.splitlines() if "broken.xlsx" in line]) == 1
    assert len(desk.events) == 2


def test_an_xls_is_brought_in_and_the_agenda_has_its_days(desk: ImportDesk) -> None:
    (desk.folder / "plan.xls").write_bytes((SAMPLES / "excel-97.xls").read_bytes())

    said = desk.bring("plan.xls")
    agenda = desk("--as-of", "2026-12-01").out

    assert said.code == 0, said.err
    assert desk.events["bericht"]["parties"] == ["Ann", "Ben"]
    assert [day in agenda for day in ("31 Mar 2027", "30 Sep 2027")] == [True, True]


def test_cells_far_apart_in_an_xls_are_refused_before_they_cost_anything(desk: ImportDesk) -> None:
    content = (SAMPLES / "excel-97.xls").read_bytes()
    cell, far = struct.pack("<4H", 0xFD, 10, 3, 3), struct.pack("<4H", 0xFD, 10, 65535, 255)
    assert cell in content
    (desk.folder / "far.xls").write_bytes(content.replace(cell, far))

    said = desk.bring("far.xls")

    assert said.code == 1
    assert "the number of cells between its first and its last is above 4000000" in said.err


def test_what_a_library_prints_when_it_panics_is_not_seen(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def panic() -> None:
        with panics_unseen():
            os.write(2, b"thread '<unnamed>' panicked at src/lib.rs")
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        panic()
    os.write(2, b"seen again")

    assert capfd.readouterr().err == "seen again"
