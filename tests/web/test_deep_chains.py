"""What hangs on very much is explained as far as anybody reads, in text, in JSON and on its page."""

from __future__ import annotations

import json

import pytest

from tests.web.reading import timeline_of_files
from tests.web.sites import client_of
from tracker.feeds.json import why_json
from tracker.i18n.explanation import explanation_lines
from tracker.timeline.explanation import MOST_POINTS

LINKS = 40
NESTED = "(earliest of 2030-01-01, " * 45


def _event(number: int, *fields: str) -> str:
    return "\n".join((f'[[event]]\nid = "e{number}"\ntitle = "E{number}"', *fields, ""))


def _chain(first: str, line: str) -> str:
    events = [_event(0, first)]
    events += [
        _event(number, line.replace("{before}", f"e{number - 1}")) for number in range(1, LINKS)
    ]
    return 'id = "a"\n' + "".join(events)


DEEP = {
    "chain": _chain('when = "2030-01-01"', 'when = "1 day after {before}"'),
    "open": _chain('when = "open"', 'when = "1 day after {before}"'),
    "terms": _chain('starts = "2030-01-01"\nlasts = "1 day"', 'starts = "1 day after end of {before}"\nlasts = "1 day"'),
    "brackets": _chain('when = "open"', f'when = "{NESTED}1 day after {{before}}{")" * 45}"'),
    "deadlines": _chain('when = "open"', 'when = "earliest of 1 day after {before}, 2 days after {before}"'),
    "conditions": _chain('when = "open"', 'when = "2030-01-01, or 2031-01-01 if {before}"'),
}  # fmt: skip


@pytest.mark.parametrize("name", DEEP)
def test_a_chain_without_an_end_is_explained_as_far_as_anybody_reads(name: str) -> None:
    timeline = timeline_of_files(DEEP[name])
    point = [point for point in timeline.points if point.event.id == f"e{LINKS - 1}"][-1]

    lines = explanation_lines(point, timeline, "en")
    written = json.dumps(why_json(point, timeline, "en"))
    with client_of(timeline) as client:
        page = client.get(f"/events/a/e{LINKS - 1}")

    assert page.status_code == 200
    assert "It is explained at its own place: " in "".join(lines)
    assert len("".join(lines)) < 300_000
    assert "told-elsewhere" in written
    assert max(map(_margin, lines)) < 400


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def test_where_an_explanation_ends_it_names_the_point_to_go_on_with() -> None:
    timeline = timeline_of_files(DEEP["chain"])

    text = "\n".join(explanation_lines(timeline.points[LINKS - 1], timeline, "en"))

    assert text.count("1 day after e") == MOST_POINTS
    assert f"It is explained at its own place: a/e{LINKS - 1 - MOST_POINTS}." in text
