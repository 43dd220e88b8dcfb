"""A small agreement as tracker run would see it, day after day, with a clock that tests move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeAlias

from tracker.alerts.composer import Composer
from tracker.alerts.message import Message
from tracker.alerts.signed_links import Signer
from tracker.config import Config
from tracker.dates.lead_times import parse_lead
from tracker.files.loading import read
from tracker.reminders.recipients import Recipient
from tracker.service.change_planner import ChangePlanner
from tracker.service.planner import Planner
from tracker.service.publisher import Publisher
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.database import Database
from tracker.store.feed_history import FeedHistory
from tracker.store.ledger import Ledger, StoredAlert
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve

HEAD = 'id = "a"\ntimezone = "UTC"\nreminders = ["30 days", "7 days", "1 day", "0 days"]\n'
NOTICE = '[[event]]\nid = "notice"\ntitle = "Notice is due"\nwhen = 2030-12-31\n'


def at(text: str) -> datetime:
    """`2030-12-31 09:00` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def leads(*texts: str) -> tuple[Any, ...]:
    return tuple(map(parse_lead, texts))


LEGAL = Recipient("legal", "UTC")


class Scene:
    """tracker's alerting on a real ledger: one look after another, each at an instant."""

    def __init__(
        self,
        folder: Path,
        *recipients: Recipient,
        text: str = HEAD + NOTICE,
        url: str | None = None,
    ) -> None:
        self.database = Database(url or f"sqlite:///{folder / 'ledger.sqlite3'}")
        self.ledger = Ledger(self.database)
        self.acknowledgements = Acknowledgements(self.database)
        self.config = Config("", recipients or (LEGAL,), None, frozenset())
        self.text = text
        self.beside: tuple[str, ...] = ()  #: of other agreements that are loaded
        self.now = at("2030-11-01 12:00")
        self.agreements: list[str] = []
        self._seen: set[tuple[int, datetime]] = set()  #: what is planned again is new
        self.begin()

    def begin(self) -> None:
        """A process that begins: it knows what the ledger knows."""
        recipients, url = self.config.recipients, self.config.url
        self.signer = None if url is None else Signer(self.acknowledgements.signing_key(), url)
        self.planner = Planner(recipients, self.ledger, self.acknowledgements, self.signer)
        changes = ChangePlanner(recipients, self.ledger, self.acknowledgements)
        self.publisher = Publisher(FeedHistory(self.database), lambda: self.now, changes)

    def change(self, *recipients: Recipient) -> None:
        """tracker.toml was edited, and tracker begun again."""
        self.config = replace(self.config, recipients=recipients)
        self.begin()

    def look(self, instant: str | datetime, day: date | None = None) -> list[StoredAlert]:
        """What is written down by a look at that instant, and was not before."""
        self.planner.write_due(self.take_up(instant, day), self.now)
        return self.new()

    def take_up(self, instant: str | datetime, day: date | None = None) -> Timeline:
        """The files are taken up at that instant; nothing is planned yet."""
        self.now = at(instant) if isinstance(instant, str) else instant
        contents = [text.encode() for text in (self.text, *self.beside) if text]
        agreements, _ = read([f"{number}.toml" for number in range(len(contents))], contents)
        self.agreements = [agreement.id for agreement in agreements]
        timeline = resolve(agreements, day or self.now.date())
        self.publisher.publish(timeline, contents)
        self.planner.take_up(timeline, self.now)
        return timeline

    def new(self) -> list[StoredAlert]:
        rows = self.ledger.history(self.agreements, at("2000-01-01"), at("2100-01-01"), 100_000)
        new = [row for row in rows if (row.id, row.written_at) not in self._seen]
        self._seen |= {(row.id, row.written_at) for row in new}
        return [row for row in new if row.status != "named"]

    def messages(self, rows: Iterable[StoredAlert]) -> list[str]:
        """The subjects of those alerts, as they would go out now."""
        composer = self.planner.composer()
        assert isinstance(composer, Composer)
        messages = [composer.message(row.as_claimed, self.now) for row in rows]
        return [message.subject for message in messages if message is not None]

    def subjects(self, instant: str) -> list[str]:
        return self.messages(self.look(instant))


def composed(here: Scene, row: StoredAlert) -> Message:
    """The message of that alert, as it would go out now."""
    composer = here.planner.composer()
    assert isinstance(composer, Composer)
    message = composer.message(row.as_claimed, here.now)
    assert message is not None
    return message


def kinds(rows: Sequence[StoredAlert]) -> list[str]:
    return [row.key.kind for row in rows]


Make: TypeAlias = Callable[..., Scene]
