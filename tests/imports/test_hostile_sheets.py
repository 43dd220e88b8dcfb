"""Whatever a sheet holds: what is good of it is offered, the rest is told, in bounded time and memory.

And what is offered may stand in events.toml as it is: its own checks refuse none of it.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterator
from importlib import import_module

import pytest

from tests.imports.hostile_sheets import good_xlsx, hostile_csv, hostile_workbooks, with_part
from tests.imports.reading import AS_OF, as_in_a_file
from tracker.imports.foreign import ForeignContent, ForeignFile, Unreadable, Wishes

#: What would cost too much, or is no sheet, and for what it is refused.
_REASONS = {
    "a bomb": "too-large-inside",
    "a bomb of rows": "too-large-inside",
    "far cells": "too-many-cells",
    "xl/workbook.xml laughs": "entities",
    "ods laughs": "entities",
    "repeated columns": "too-many-cells",
    "repeated rows": "too-many-cells",
    "repeated both": "too-many-cells",
    "a password": "encrypted",
    "OLE of noise": "broken-workbook",
    "no days": "no-day-column",
    "many empty rows": "",
    "a long cell": "no-day-column",
}
_MOST_MEMORY = 700_000_000


def tried(form: str, files: Iterator[tuple[str, bytes]]) -> tuple[int, int]:
    """How many were refused, and how many read."""
    reader = import_module(f"tracker.imports.formats.{form}")
    reasons: dict[str, str] = {}
    offered = 0
    for kind, content in files:
        file = ForeignFile(f"a.{form}", content)
        if kind in _REASONS:
            tracemalloc.start()
        began = time.process_time()
        reader.recognises(file)
        try:
            given: ForeignContent = reader.read_foreign(file, Wishes(AS_OF))
        except Unreadable as refusal:
            reasons[kind] = refusal.reason
            continue
        finally:
            assert time.process_time() - began < 8, kind
            if tracemalloc.is_tracing():
                assert tracemalloc.get_traced_memory()[1] < _MOST_MEMORY, kind
                tracemalloc.stop()
        assert not _REASONS.get(kind), kind
        offered += 1
        for number, event in enumerate(given.events):
            assert as_in_a_file(event, number)[1] == [], (kind, event)
        assert len({event.foreign_id for event in given.events}) == len(given.events), kind
        assert len(given.questions) <= 30, kind
    expected = {kind: reason for kind, reason in _REASONS.items() if kind in reasons}
    assert {kind: reasons[kind] for kind in expected} == expected
    return len(reasons), offered


def test_of_any_text_the_good_is_offered_and_the_rest_is_told() -> None:
    refused, offered = tried("separated", hostile_csv())

    assert refused > 20
    assert offered > 150


def test_of_any_workbook_the_good_is_offered_and_the_rest_is_told(
    capfd: pytest.CaptureFixture[str],
) -> None:
    refused, offered = tried("workbook", hostile_workbooks())

    assert refused > 60
    assert offered > 25
    assert capfd.readouterr().err == ""


def test_a_formula_is_a_text_and_never_runs() -> None:
    reader = import_module("tracker.imports.formats.separated")
    text = 'Task,Due\n"=HYPERLINK(""http://evil"")",2027-03-31\n=cmd|\' /C calc\'!A0,2027-04-30\n'

    content = reader.read_foreign(ForeignFile("a.csv", text.encode()), Wishes(AS_OF))

    titles = [event.title for event in content.events]
    assert titles == ['=HYPERLINK("http://evil")', "=cmd|' /C calc'!A0"]


def test_the_rows_before_a_quote_that_nothing_closes_are_offered() -> None:
    reader = import_module("tracker.imports.formats.separated")
    text = 'Task,Due\nRent,2027-03-31\n"Report,2027-04-30\nAudit,2027-05-31\n'

    content = reader.read_foreign(ForeignFile("a.csv", text.encode()), Wishes(AS_OF))

    assert [event.title for event in content.events] == ["Rent"]
    assert [(left.reason, left.places[0].number) for left in content.left_out] == [
        ("quote-not-closed", 3)
    ]


def test_a_mark_of_inches_opens_no_quote() -> None:
    reader = import_module("tracker.imports.formats.separated")
    text = 'Task,Due\nPipe of 5",2027-03-31\nAudit,2027-05-31\n'

    content = reader.read_foreign(ForeignFile("a.csv", text.encode()), Wishes(AS_OF))

    assert [event.title for event in content.events] == ['Pipe of 5"', "Audit"]


def test_cells_that_say_nothing_readable_are_told_with_their_rows() -> None:
    reader = import_module("tracker.imports.formats.workbook")
    cells = (
        b'<row r="9"><c r="A9" t="e"><v>#REF!</v></c></row>'
        b'<row r="10"><c r="A10" t="inlineStr"><is><t>Sum</t></is></c><c r="B10"><f>A1+1</f></c></row>'
    )
    content = with_part(
        good_xlsx(), "xl/worksheets/sheet1.xml",
        lambda part: part.replace(b"</sheetData>", cells + b"</sheetData>"),
    )  # fmt: skip

    given = reader.read_foreign(ForeignFile("a.xlsx", content), Wishes(AS_OF))

    told = {left.reason: [place.number for place in left.places] for left in given.left_out}
    assert told == {"error-cell": [9], "formula-without-value": [10], "row-without-day": [10]}
    assert len(given.events) == 3
