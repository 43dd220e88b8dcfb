"""Each line comes to the answer beside it, and each suggestion can be pasted back.

The answers are those that were worked by hand, and those that the reference page shows.
"""

from __future__ import annotations

from datetime import date

import pytest

from tests.cases.table import Case, by_hand, of_docs
from tests.rows import rows
from tracker.agreements.keys import PointKey
from tracker.dates.bounds import Window
from tracker.dates.expressions import Place
from tracker.dates.instants import Instant, Moment
from tracker.dates.parser import parse
from tracker.files.loading import read
from tracker.files.problems import FileErrors
from tracker.timeline.points import Point
from tracker.timeline.resolver import resolve

CASES = [*by_hand(), *of_docs()]
ANSWERED = [case for case in CASES if not case.answer.startswith("refused")]
REFUSED = [case for case in CASES if case.answer.startswith("refused")]


def test_there_are_as_many_cases_as_there_should_be() -> None:
    assert len(list(by_hand())) >= 300
    assert len(list(of_docs())) >= 90


def _name(case: Case) -> str:
    return f"{case.number}: {case.line}"


def _moment(text: str) -> Moment:
    found = parse(text).bounds(Place(date(2026, 11, 25), lambda ref: pytest.fail(str(ref))))
    assert found.earliest is not None
    return found.earliest


def _shown(moment: Moment | None) -> str:
    if moment is None:
        return ""
    if isinstance(moment, Instant):
        return moment.local.isoformat(timespec="minutes")
    return moment.isoformat()


def _window(window: Window | None) -> str:
    if window is None:
        return "waits"
    first, last = _shown(window.earliest), _shown(window.latest)
    return first if first == last else f"{first}..{last}"


def _bounds(point: Point) -> str:
    if point.earliest is None:
        return "never"
    first, last = _shown(point.earliest), _shown(point.latest)
    return first if first == last else f"{first}..{last}"


def _answered(case: Case) -> Point:
    supposed = {
        PointKey("a", event): None if value == "never" else _moment(value)
        for event, value in case.of("supposed").items()
    }
    as_of = date.fromisoformat(case.of("as_of").get("", "2026-11-25"))
    agreements, _ = read(["case.toml"], [case.toml().encode()])
    timeline = resolve(agreements, as_of, supposed)
    return [point for point in timeline.points if point.event.id == "case"][-1]


@rows("case", ANSWERED, ids=_name)
def test_a_line_comes_to_the_answer_worked_by_hand(case: Case) -> None:
    point = _answered(case)

    assert _bounds(point) == case.answer, case.sentence
    if ".." in case.answer and not case.answer.endswith(".."):
        stands = case.checks.get("stands", case.answer)
    else:
        stands = case.checks.get("stands", _window(point.stands))
    assert _window(point.stands) == stands
    shown = {
        "counts": _shown(point.counts_to) or "waits",
        "status": point.status,
        "waits": ",".join(point.waits_for_names),
    }
    asked = {key: value for key, value in case.checks.items() if key != "stands"}
    assert {key: shown[key] for key in asked} == asked


@rows("case", REFUSED, ids=_name)
def test_a_line_is_refused_with_what_to_write(case: Case) -> None:
    with pytest.raises(FileErrors) as refused:
        read(["case.toml"], [case.toml().encode()])

    assert len(refused.value.problems) == 1
    suggestions = refused.value.problems[0].diagnostic.suggestions
    offered = " | ".join(f"{o.key} = {o.write}" if o.key else o.write for o in suggestions)
    assert offered == case.answer.removeprefix("refused").removeprefix(":").strip()


@rows("case", REFUSED, ids=_name)
def test_what_is_offered_passes_when_it_is_pasted_in(case: Case) -> None:
    for suggestion in case.answer.removeprefix("refused").removeprefix(":").split("|"):
        if suggestion.strip():
            content = case.toml(suggestion.strip())
            if "business" in content and "calendar =" not in content:
                content = f'calendar = "US"\n{content}'
            read(["case.toml"], [content.encode()])


@rows("case", ANSWERED, ids=_name)
def test_a_line_is_printed_as_it_was_written(case: Case) -> None:
    if not case.line.startswith(("starts ", "not before (")):
        assert parse(case.line).text() == case.line
