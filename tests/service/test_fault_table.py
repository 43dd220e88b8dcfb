"""The tables of faults in docs/alert-faults.md: each row is tried, and what it says is so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.alerts.scripted_mail import ScriptedMail
from tests.alerts.servers import HookSink
from tests.service.fault_scenarios import SCENARIOS
from tests.service.office import DUE, LOOKS, Office
from tests.shipped import ROOT

_ROW = re.compile(r"\|(.+)\|(.+)\|\s*(200|503)\s*\|\s*([0-2])\s*\|(.*)\|")
#: Once it is mended, somebody looks again.
AFTERWARDS = [timedelta(hours=hours) for hours in (3, 3.01, 3.02, 4, 8, 32)]


class Row(NamedTuple):
    """What a table says of a fault."""

    fault: str
    healthz: int
    doctor: int
    may_repeat: bool  #: the same message, with the same identity
    words: list[str]  #: that are said while it lasts, or once it is over


def _rows() -> dict[str, Row]:
    page = (ROOT / "docs" / "alert-faults.md").read_text(encoding="utf-8")
    section = page.partition("\n## What can go wrong\n")[2].partition("\n## ")[0]
    rows = [row for line in section.splitlines() if (row := _ROW.fullmatch(line))]
    return {
        row[1].strip(): Row(
            row[1].strip(), int(row[3]), int(row[4]), "have it twice" in row[2], _quoted(row[5])
        )
        for row in rows
    }


def _quoted(cell: str) -> list[str]:
    """What stands there between “ and ”, which may stand within once more."""
    return re.findall(r"“((?:[^“”]|“[^“”]*”)*)”", cell)


ROWS = _rows()


@pytest.fixture
def office(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Office]:
    with ScriptedMail("") as mail, HookSink() as hooks:
        office = Office(tmp_path, (mail, hooks), monkeypatch, capsys)
        yield office
        office.close()


def test_each_fault_that_is_told_of_is_tried_and_each_that_is_tried_is_told_of() -> None:
    assert ROWS.keys() == SCENARIOS.keys()


@pytest.mark.parametrize("name", SCENARIOS)
def test_of_a_fault_nothing_is_lost_nothing_is_silent_and_nothing_nags(
    office: Office, name: str
) -> None:
    row, scenario = ROWS[name], SCENARIOS[name](office)
    next(scenario)
    office.pass_time(DUE + wait for wait in LOOKS)
    while_it_lasts = office.signs()
    next(scenario, None)
    office.pass_time(DUE + wait for wait in AFTERWARDS)
    afterwards = office.signs()

    assert (while_it_lasts.healthz, while_it_lasts.doctor.code) == (row.healthz, row.doctor)
    said = f"{while_it_lasts.log}\n{while_it_lasts.doctor.out}\n{afterwards.log}"
    for words in row.words:
        assert words in said
    lines = while_it_lasts.log.splitlines()
    assert (len(lines) <= 4, len(lines)) == (True, len(set(lines)))
    received = set(office.received) if row.may_repeat else office.received
    assert len(received) == office.expected
    open_or_sent = {name: count for name, count in office.statuses().items() if name != "lapsed"}
    assert open_or_sent == {"sent": office.expected}
    assert (afterwards.healthz, afterwards.doctor.code) == (200, 0)
