"""tracker from Python, as docs/python.md has it."""

from __future__ import annotations

import io
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import tracker

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "python.md").read_text("utf-8")

OFFICE = """\
id = "office"
title = { en = "Office", ja = "事務所" }
timezone = "Europe/Berlin"

[[event]]
id = "lease"
title = { en = "Lease", ja = "賃貸借" }
starts = "2027-01-01"
lasts = "3 years"
tags = ["rent"]

[[event]]
id = "hearing"
title = "Hearing <b>&"
when = "2027-03-01 09:30 Europe/Berlin"

[[event]]
id = "rent"
title = "Rent"
when = "2027-01-31"
repeats = "1 month"
"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    file = tmp_path / "office.toml"
    file.write_text(OFFICE, "utf-8")
    return file


def test_the_page_prints_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", PAGE, re.DOTALL)
    names: dict[str, object] = {}

    assert len(blocks) == 5
    for code, printed in blocks:
        out = io.StringIO()
        with redirect_stdout(out):
            exec(code, names)  # noqa: S102 - the page's own examples
        assert out.getvalue() == printed


def test_days_are_dates_and_hours_are_aware(office: Path) -> None:
    view = tracker.load(office).on("2026-12-01")

    assert view["end of lease"].counts_to == date(2029, 12, 31)
    hearing = view["hearing"].counts_to
    assert isinstance(hearing, datetime)
    assert hearing == datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
    assert hearing.utcoffset() == timedelta(hours=1)


def test_each_occurrence_is_a_point_by_its_day(office: Path) -> None:
    view = tracker.load(office).on(date(2027, 2, 1))

    assert view["rent@2027-02-28"].counts_to == date(2027, 2, 28)
    with pytest.raises(KeyError, match="office/rent@"):
        view["rent"]


def test_a_view_without_a_day_is_of_today_there(office: Path) -> None:
    view = tracker.load(office).on()

    zone = tracker.load(office).on("today").as_of
    assert view.as_of == zone


def test_titles_are_in_the_language_that_was_asked_for(office: Path) -> None:
    assert tracker.load(office, language="ja").on("2026-12-01")["start of lease"].title == "賃貸借"
    with pytest.raises(ValueError, match="'fr' is none of en, ja"):
        tracker.load(office, language="fr")


def test_values_cannot_be_changed(office: Path) -> None:
    point = tracker.load(office).on("2026-12-01").points[0]

    with pytest.raises(FrozenInstanceError):
        point.title = "x"  # type: ignore[misc]


def test_all_that_is_wrong_is_told_at_once(office: Path) -> None:
    office.write_text(OFFICE.replace("2027-03-01 09:30", "1 March").replace("1 month", "sometimes"))

    with pytest.raises(tracker.FilesRefused) as refused:
        tracker.load(office)

    assert [problem["line"] for problem in refused.value.problems] == [15, 21]
    assert f"{office}:15" in str(refused.value)


@pytest.mark.parametrize("suppose", [{"leese": None}, {"lease": "2027-13-01"}, {"": None}])
def test_what_is_not_there_is_not_understood(office: Path, suppose: dict[str, str | None]) -> None:
    view = tracker.load(office).on("2026-12-01")

    with pytest.raises(tracker.NotUnderstood):
        view.what_if(suppose)


def test_what_is_supposed_of_a_view_goes_on_in_what_is_asked_of_it(office: Path) -> None:
    view = tracker.load(office).on("2026-12-01", suppose={"end of lease": "2028-05-01"})

    changes = view.what_if({"hearing": "2027-04-01"})

    assert [change.name for change in changes] == ["hearing"]


def test_nothing_supposed_changes_nothing_at_any_hour(office: Path) -> None:
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    stated = an_hour_ago.strftime("%Y-%m-%d %H:%M UTC")
    office.write_text(OFFICE.replace("2027-03-01 09:30 Europe/Berlin", stated), "utf-8")

    assert tracker.load(office).on().what_if({}) == ()


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2027, 4, 1, 12, 0),  # noqa: DTZ001 -- by the clocks of the file
        datetime(2027, 4, 1, 10, 0, tzinfo=UTC),
        datetime(2027, 4, 1, 19, 0, tzinfo=timezone(timedelta(hours=9))),
        "2027-04-01 12:00",
    ],
)
def test_an_hour_can_be_supposed_as_python_has_it(office: Path, moment: datetime | str) -> None:
    view = tracker.load(office).on("2026-12-01", suppose={"hearing": moment})

    assert view["hearing"].counts_to == datetime(2027, 4, 1, 10, 0, tzinfo=UTC)


def test_an_hour_with_a_zone_is_the_day_that_it_is_there(office: Path) -> None:
    evening = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)

    assert tracker.load(office).on(evening).as_of == date(2027, 1, 1)


@pytest.mark.parametrize("name", ["lease", "end of lease", "office/hearing", "rent@2027-02-28"])
def test_whether_a_point_is_there_is_asked_by_its_name(office: Path, name: str) -> None:
    view = tracker.load(office).on("2026-12-01")

    assert name in view
    assert name + "x" not in view
    assert view.points[0] in view


def test_a_name_that_is_not_there_is_told_with_the_nearest(office: Path) -> None:
    with pytest.raises(KeyError, match="did you mean hearing"):
        tracker.load(office).on("2026-12-01")["haering"]


def test_values_go_to_other_processes_and_into_sets(office: Path) -> None:
    files = tracker.load(office)
    view = files.on("2026-12-01")

    again = pickle.loads(pickle.dumps(view))  # noqa: S301 -- our own

    assert {again, view} == {files.on("2026-12-01")}
    assert view != files.on("2026-12-02")
    assert again.what_if({"hearing": None}) == view.what_if({"hearing": None})
    office.write_text("id =", "utf-8")
    with pytest.raises(tracker.FilesRefused) as refused:
        tracker.load(office)
    same = pickle.loads(pickle.dumps(refused.value))  # noqa: S301 -- our own
    assert (str(same), same.problems) == (str(refused.value), refused.value.problems)


def test_what_is_no_day_at_all_is_told_as_python_tells_it(office: Path) -> None:
    files = tracker.load(office)
    view = files.on("2026-12-01")
    wrong: list[Callable[[Any], object]] = [
        files.on,
        view.what_if,
        view.changes_to,
        view.__getitem__,
        lambda value: files.on(suppose={"hearing": value}),
    ]

    for call in wrong:
        with pytest.raises(TypeError, match="20270101"):
            call(20270101)


def test_a_notebook_completes_what_is_offered() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import tracker; print(*dir(tracker))"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert {*tracker.__all__} <= {*done.stdout.split()}


def test_a_folder_is_loaded_as_commands_load_it(tmp_path: Path, office: Path) -> None:
    (tmp_path / "lab.toml").write_text(OFFICE.replace('"office"', '"lab"'), "utf-8")

    files = tracker.load(tmp_path)

    assert sorted(files.agreements) == ["lab", "office"]
    assert files.on("2026-12-01")["lab/hearing"].agreement == "lab"


def test_views_of_two_days_differ_by_what_they_say(office: Path) -> None:
    before = tracker.load(office).on("2026-12-01")
    office.write_text(OFFICE.replace("3 years", "4 years"), "utf-8")

    (change,) = before.changes_to(tracker.load(office).on("2026-12-01"))

    assert change.name == "end of lease"
    assert change.after is not None
    assert change.after.counts_to == date(2030, 12, 31)


def test_a_notebook_shows_a_picture_and_a_table_in_which_nothing_is_markup(office: Path) -> None:
    view = tracker.load(office).on("2026-12-01")

    html = view._repr_html_()

    assert html.count("<svg") == 1
    assert "Hearing &lt;b&gt;&amp;" in html
    assert "<b>" not in html
    assert len(set(re.findall(r'id="([^"]+)"', html + view._repr_html_()))) == len(
        re.findall(r'id="([^"]+)"', html + view._repr_html_())
    )


def test_a_table_has_a_row_for_each_point(office: Path) -> None:
    view = tracker.load(office).on("2026-12-01")

    table = view.to_pandas()

    assert len(table) == len(view)
    assert list(table[table["id"] == "hearing"]["status"]) == ["exact"]
    assert "_inner" not in table.columns


def test_without_pandas_it_is_said_what_to_install(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)

    with pytest.raises(ImportError, match="pip install pandas"):
        tracker.load(office).on("2026-12-01").to_pandas()


def test_importing_tracker_loads_no_room() -> None:
    code = (
        "import sys, tracker; print([name for name in sys.modules if name.startswith('tracker.')])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def test_a_program_of_somebody_else_is_checked_by_the_types(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import tracker\n"
        "view = tracker.load('events.toml').on()\n"
        "reveal_type(view.points[0].counts_to)\n"
        "view.points[0].title = 'x'\n",
    )

    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", "", str(program)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)

    assert '"datetime.date | datetime.datetime | None"' in done.stdout
    assert 'Property "title" defined in "PointView" is read-only' in done.stdout
    assert "Found 1 error" in done.stdout
