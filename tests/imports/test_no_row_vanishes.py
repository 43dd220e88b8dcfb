"""Each row of a sheet in which something stands is an event, or is told below `Left out:`."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from tests.cli.calls import Caller
from tests.imports.reading import read
from tests.property.examples import examples
from tracker.imports.foreign import ForeignFile

CELLS = ("", "", "x", "Report", "2027-03-01", "no", "yes", "waiting for service", "n/a", "0")
ROWS = st.lists(st.tuples(*[st.sampled_from(CELLS)] * 4), min_size=1, max_size=8)
FIRST = ("Rent", "2027-01-31", "no", "")


@examples(60)
@given(rows=ROWS)
def test_each_row_is_an_event_or_is_told(rows: list[tuple[str, ...]]) -> None:
    sheet = "\n".join(["Task;Due;Done?;Note", *(";".join(row) for row in (FIRST, *rows))]) + "\n"

    content = read("separated", ForeignFile("plan.csv", sheet.encode()))

    told = len(content.events) + sum(
        kind.times for kind in content.left_out if not kind.reason.startswith("column")
    )
    assert told >= 1 + sum(any(row) for row in rows), (sheet, content)


def test_a_row_without_title_and_day_is_told_with_its_line(call: Caller) -> None:
    call.write("plan.csv", "Task;Due;Note\nRent;2027-01-31;\n;;waiting for service\n;;\n")

    called = call("import", "plan.csv", "--json")

    (source,) = json.loads(called.out)["sources"]
    assert [left["text"] for left in source["left_out"]] == [
        "Task, line 3: it has no title and no day"
    ]
