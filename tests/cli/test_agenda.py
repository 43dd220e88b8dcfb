"""The agenda answers "what is next, and why" in one order, on any screen, and drops nothing silently."""

from __future__ import annotations

import json
import re

import pytest

from tests.cli.calls import Caller
from tracker.i18n.columns import width_of

HEAD = 'id = "a"\ntitle = "A"\ntimezone = "UTC"\n'
AS_OF = ("--as-of", "2026-12-01")


def stated(**lines: str) -> str:
    """Events of these lines; of what lasts `start..end`, either of which may be left out."""
    text = HEAD
    for name, line in lines.items():
        text += f'[[event]]\nid = "{name.replace("_", "-")}"\ntitle = "{name.title()} 題名"\n'
        start, lasts, end = line.partition("..")
        if not lasts:
            text += f'when = "{line}"\n'
        text += f'starts = "{start}"\n' if lasts and start else ""
        text += f'ends = "{end}"\n' if end else ""
    return text


EVERYTHING = stated(
    late="2026-11-01",
    told="open",
    checked="after told",
    sold="open",
    paid="30 days after checked",
    both="latest of sold, checked",
    rights="2026-01-01..earliest of checked, through 2030",
    ground="2026-01-01..",
    audit="2027-03-01",
    option="not after 2027-01-31",
    gone="not after 2026-01-31",
    old_term="2025-01-01..2025-12-31",
    meeting="open",
)


def test_what_passed_stands_first_then_what_comes_by_its_day_whatever_its_status(
    call: Caller,
) -> None:
    call.write("events.toml", EVERYTHING)

    lines = call(*AS_OF).out.splitlines()

    headings = [line for line in lines[1:] if line and not line.startswith(" ")]
    assert headings == ["Passed, with nothing recorded", "Upcoming", "Waiting", "In force"]
    upcoming = lines[lines.index("Upcoming") + 1 : lines.index("Waiting") - 1]
    assert [re.findall(r"\[([^]]+)\]", line)[0] for line in upcoming] == [
        "option",
        "audit",
        "end of rights",
    ]
    assert upcoming[-1].endswith("or sooner if this happens: Checked 題名 [checked]")


def test_what_waits_stands_below_what_it_waits_for(call: Caller) -> None:
    call.write("events.toml", EVERYTHING)

    lines = call(*AS_OF).out.splitlines()

    waiting = lines[lines.index("Waiting") + 1 : lines.index("In force") - 1]
    assert waiting == [
        "  If this happens: Checked 題名 [checked]",
        "    before that: Told 題名 [told]",
        "    then  Paid 題名  [paid]",
        "          Rights 題名 — ends  [end of rights]  may come sooner than 31 December 2030",
        "  Depending on these: Checked 題名 [checked]; Sold 題名 [sold]",
        "    before that: Told 題名 [told]",
        "    then  Both 題名  [both]",
        "  May happen, or never",
        "    Meeting 題名  [meeting]",
    ]
    until = "until 31 December 2030, or sooner, if this happens: Checked 題名 [checked]"
    assert lines[-2:] == [
        f"  Rights 題名  [rights]  {until}",
        "  1 standing provision, with no end stated",
    ]


@pytest.mark.parametrize("columns", [None, 40, 80, 120])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_all_of_it_fits_the_screen_and_no_point_is_missing(
    call: Caller, monkeypatch: pytest.MonkeyPatch, language: str, columns: int | None
) -> None:
    if columns is not None:
        monkeypatch.setenv("COLUMNS", str(columns))
    call.write("events.toml", EVERYTHING)

    said = call("agenda", "--all", "--lang", language, *AS_OF).out

    if columns is not None:
        assert [line for line in said.splitlines() if width_of(line) > columns] == []
    names = {
        row["id"] if row["point"] == "when" else f"{row['point']} of {row['id']}"
        for row in json.loads(call("list", "--all", "--json", *AS_OF).out)
        if row["point"] != "start"
        or row["group"] != "past"  # of what is in force the event is told
    }
    assert names <= set(re.findall(r"\[([^]]+)\]", said))


def test_what_is_left_out_is_counted_and_the_command_shows_it(call: Caller) -> None:
    hanging = {f"h{number}": f"{number} days after told" for number in range(1, 31)}
    late = {f"late{number}": f"2026-10-{number:02}" for number in range(1, 10)}
    call.write("events.toml", stated(told="open", **hanging, **late))

    short, whole = call(*AS_OF).out, call("agenda", "--all", *AS_OF).out

    assert "… and 10 more: tracker agenda --all" in short.partition("Waiting")[2]
    assert "… and 4 more: tracker agenda --all" in short.partition("Waiting")[0]
    assert "more: tracker" not in whole
    assert all(f"[{name}]" in whole for name in (*hanging, *late))


def test_months_stand_above_days_where_there_is_room_and_much_comes(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    call.write(
        "events.toml", stated(**{f"d{month}": f"2027-{month:02}-01" for month in range(1, 10)})
    )

    piped = call(*AS_OF).out
    screens = {}
    for columns in (60, 61):
        monkeypatch.setenv("COLUMNS", str(columns))
        screens[columns] = call(*AS_OF).out

    assert "January 2027" in screens[61]
    assert "January 2027" not in screens[60] + piped
