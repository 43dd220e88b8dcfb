"""The commands that a message prints can be pasted into a shell, and do what they say."""

from __future__ import annotations

import re
import shlex
from contextlib import closing
from datetime import time, timedelta

import pytest

from tests.alerts.samples import claimed_alert
from tests.cli.calls import Caller
from tracker import clock
from tracker.alerts.composer import Composer
from tracker.dates.lead_times import parse_lead
from tracker.files.loading import load
from tracker.reminders.plan import Plan
from tracker.reminders.recipients import Recipient
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.database import Database
from tracker.timeline.resolver import resolve

SOON = clock.today("UTC") + timedelta(days=20)
FIRST_END = SOON - timedelta(days=1)
EVENTS = f"""
[[event]]
id = "plain"
title = "Plain"
when = {SOON}
[[event]]
id = "call"
title = "Call"
when = "{SOON} 17:00 America/New_York"
[[event]]
id = "lasting"
title = "Lasting"
starts = {SOON}
lasts = "3 days"
[[event]]
id = "renewing"
title = "Renewing"
starts = 2020-01-01
ends = {FIRST_END}
renews = "1 year unless refusal"
[[event]]
id = "refusal"
title = "Refusal"
when = "5 days before each end of renewing"
[[event]]
id = "rent"
title = "Rent"
when = {SOON}
repeats = "1 month"
[[event]]
id = "check"
title = "Check"
when = {SOON}
repeats = "1 year after done"
[[event]]
id = "breach"
title = "Breach"
when = "open"
repeats = "as it happens"
occurred = {{ laptop = {SOON - timedelta(days=40)} }}
[[event]]
id = "report"
title = "Report"
when = "60 days after each breach"
[[event]]
id = "option"
title = "Option"
when = "not after {SOON}"
[[event]]
id = "window"
title = "Window"
when = "between {SOON} and {SOON + timedelta(days=9)}"
"""
POINTS = (
    "plain", "call", "start of lasting", "end of lasting", f"end of renewing@{FIRST_END}",
    f"refusal@{FIRST_END}", f"rent@{SOON}", "check@1", "report@laptop", "option", "window",
)  # fmt: skip


def head(agreement: str) -> str:
    return f'id = "{agreement}"\ntimezone = "UTC"\nreminders = ["1 day"]\n'


@pytest.mark.parametrize("name", POINTS)
def test_the_command_printed_acknowledges_that_point_and_the_other_shows_it(
    call: Caller, name: str
) -> None:
    side, _, rest = name.rpartition(" of ")
    full_name = f"{side} of lease-7/{rest}" if side else f"lease-7/{rest}"
    files = [call.write(f"{id_}.toml", head(id_) + EVENTS) for id_ in ("lease-6", "lease-7")]
    ledger = f"sqlite:///{call.folder / 'ledger.sqlite3'}"
    call.write("tracker.toml", f'database = "{ledger}"\n[[recipient]]\nname = "legal"\n')
    shown = resolve(load(files), clock.today("UTC"))
    legal = Recipient("legal", "UTC", time(9), "en", (parse_lead("1 day"),))
    span = clock.now(), clock.now() + timedelta(days=60)
    (planned,) = (
        planned for planned in Plan(shown, [legal]).between(*span)
        if planned.key.event.startswith("lease-7/") and planned.lead is not None
        and str(planned.point.key) == full_name
    )  # fmt: skip
    alert = claimed_alert(planned.key._replace(channel="terminal"), planned.due)
    message = Composer(shown, [legal]).message(alert, planned.due)
    assert message is not None

    show, ack = re.findall(r"(tracker (?:show|alerts ack) .*)$", message.text, re.MULTILINE)
    options = [part for file in files for part in ("-f", file.name)]
    showed = call(*options, *shlex.split(show)[1:])
    acknowledged = call(*options, *shlex.split(ack)[1:])

    assert (showed.code, acknowledged.code) == (0, 0), showed.err + acknowledged.err
    assert shlex.split(ack)[3] == full_name
    assert planned.point.event.title[0][1] in showed.out
    with closing(Database(ledger)) as database:
        acknowledgements = Acknowledgements(database).all(["lease-6", "lease-7"])
    assert Composer(shown, [legal], acknowledgements).message(alert, planned.due) is None
    beside = alert._replace(key=alert.key._replace(event=alert.key.event.replace("-7", "-6")))
    assert Composer(shown, [legal], acknowledgements).message(beside, planned.due) is not None
