"""Months of corrections in any order, by a person whose servers refuse by turns: each reminder arrives.

Addresses are corrected, added and taken away, the recipient is renamed, tracker is down for days.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.service.settings_desk import Desk, recipient
from tracker.store.ledger import StoredAlert
from tracker.store.stray_alerts import OPEN

MAILBOXES = [f"mailto:m{number}@example.org" for number in range(4)]
LEADS = {"20 days": 20, "10 days": 10, "5 days": 5, "1 day": 1, "0 days": 0}
FIRST_DAY = datetime(2030, 12, 10, 9, tzinfo=UTC)
EVENTS = f'id = "a"\ntimezone = "UTC"\nreminders = {list(LEADS)}\n'.replace("'", '"')
EVENTS += "".join(
    f'[[event]]\nid = "e{number}"\ntitle = "E{number}"\nwhen = 2030-12-{10 + 3 * number}\n'
    for number in range(4)
)


class Person:
    """Who edits tracker.toml again and again."""

    def __init__(self, desk: Desk, random: Random) -> None:
        self.desk, self.random = desk, random
        self.names, self.to = ["n0"], [MAILBOXES[0]]
        self.quiet = random.choice(["", 'quiet = "20:00-07:00"'])
        self.began = self.now = datetime(2030, 11, 18, 12, tzinfo=UTC)
        desk.events = EVENTS
        desk.post.unknown = set()
        self._arrived: dict[tuple[str, str], int] = {}
        self.run()

    def run(self, *hours: int) -> None:
        """Begins anew, and looks again after so many hours each time."""
        was = f"was = {self.names[:-1]}".replace("'", '"') if self.names[1:] else ""
        moments = [self.now]
        for number in hours:
            self.now += timedelta(hours=number)
            moments.append(self.now)
        texts = [f"{moment:%Y-%m-%d %H:%M}" for moment in moments]
        self.desk.run(recipient(self.names[-1], *self.to, more=f"{was}\n{self.quiet}"), *texts)

    def correct(self) -> None:
        """Some of the servers refuse; then one edit or two."""
        random, desk = self.random, self.desk
        refused = [address for address in MAILBOXES if random.random() < 0.6]
        desk.post.unknown = {address.removeprefix("mailto:") for address in refused}
        desk.hook.judge = (lambda _body: "no") if random.random() < 0.6 else None
        if random.random() < 0.7:
            self.to = random.sample([*MAILBOXES, "HOOK"], random.choice([1, 1, 2]))
        if random.random() < 0.25:
            self.names.append(f"n{len(self.names)}")
        self.now += timedelta(hours=random.choice([0, 1, 12, 60, 120]))
        self.run(*(random.choice([1, 5, 24, 50]) for _ in range(random.randint(0, 2))))

    def mend_all(self) -> None:
        self.desk.post.unknown, self.desk.hook.judge = set(), None
        self.run(2, 13, 13)

    def check_none_came_twice(self) -> None:
        """Nothing through one channel twice; nothing again that all channels of a time have had."""
        for key, rows in self.reminders().items():
            channels = [row.key.channel for row in rows if row.status == "sent"]
            assert len(channels) == len(set(channels)), (key, rows)
            assert len(channels) <= self._arrived.get(key, len(channels)), (key, rows)
            if channels and not any(row.status in OPEN for row in rows):
                self._arrived[key] = len(channels)

    def reminders(self) -> dict[tuple[str, str], list[StoredAlert]]:
        """By what they say: the alerts in the ledger."""
        rows: dict[tuple[str, str], list[StoredAlert]] = defaultdict(list)
        for row in self.desk.alerts():
            rows[row.key.event, row.key.lead].append(row)
        return rows


def _messages_of(row: StoredAlert) -> list[str]:
    """Its identity, and those of the reminders that it holds."""
    return [row.message, *(entry["message"] for entry in row.content.get("reminders", ()))]


@pytest.mark.parametrize("seed", [2, 3, 4, 5])
def test_each_reminder_arrives_and_none_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    with Desk(tmp_path, f"sqlite:///{tmp_path / 'ledger.sqlite3'}", monkeypatch) as desk:
        person = Person(desk, Random(seed))
        for _ in range(7):
            person.correct()
            person.check_none_came_twice()
        person.mend_all()
        person.check_none_came_twice()

        rows = person.reminders()
        sent = {name for row in desk.alerts("sent") for name in _messages_of(row)}
        due = [
            (f"a/e{number}", lead)
            for number in range(4)
            for lead, days in LEADS.items()
            if person.began < FIRST_DAY + timedelta(days=3 * number - days) <= person.now
        ]
        # What was given up is named where it is: what goes on at the same address waits for retry.
        done = {
            key
            for key in due
            for row in rows[key]
            if row.status in ("sent", "failed") or (row.status == "named" and row.message in sent)
        }
        assert due
        assert set(due) == done
        assert desk.alerts("written", "sending") == []
