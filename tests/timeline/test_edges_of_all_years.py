"""What is recorded on the first or the last day that there is: the null dates of many programs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from tests.property.test_every_view import explained, fed, planned, tell
from tracker.files.loading import read
from tracker.timeline.comparison import changes
from tracker.timeline.resolver import resolve

#: An event of each kind, and what can be recorded of it.
EVENTS = {
    'starts = 2026-01-01\nlasts = "1 year"\nrenews = "1 year unless asked"': (
        "started", "ended", "withdrawn",
    ),
    'starts = 2026-01-01\nends = "open"': ("started", "ended", "withdrawn"),
    'when = "open"': ("occurred", "withdrawn"),
    'when = 2027-01-01\nrepeats = "1 month"': ("withdrawn",),
    'when = "open"\nrepeats = "as it happens"': ("occurred", "withdrawn"),
}  # fmt: skip
EDGES = ("0001-01-01", "0001-01-02", "9999-12-30", "9999-12-31")
FILE = """
id = "a"
title = "A"
calendar = "weekdays"

[[event]]
id = "notice"
title = "Notice"
when = "open"

[[event]]
id = "asked"
title = "Asked"
when = "{asked}"

[[event]]
id = "first"
title = "First"
{lines}

[[event]]
id = "second"
title = "Second"
when = "{hanging}"
"""


@pytest.mark.parametrize("day", EDGES)
@pytest.mark.parametrize(
    ("lines", "key"), [(lines, key) for lines, keys in EVENTS.items() for key in keys]
)
def test_a_record_there_is_seen_in_every_view(lines: str, key: str, day: str) -> None:
    recorded = f'{{ "one" = {day} }}' if "as it happens" in lines and key == "occurred" else day
    hanging = "5 business days after start of first" if "starts" in lines else "2 days after notice"
    asked = "1 month before each end of first" if "renews" in lines else "open"
    text = FILE.format(asked=asked, lines=f"{lines}\n{key} = {recorded}", hanging=hanging)
    agreements = read(["a.toml"], [text.encode()])[0]

    views = [resolve(agreements, seen) for seen in (date.min, date(2027, 3, 1), date.max)]
    assert explained(views[1], "en")
    assert fed(views[1], "ja", datetime(2027, 3, 1, tzinfo=UTC))
    planned(views[1])
    for earlier, later in pairwise(views):
        tell(changes(agreements, agreements, earlier.as_of, later.as_of))
