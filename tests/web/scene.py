"""A scene whose messages have links, and the site that they lead to."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.testclient import TestClient

from tests.reminders.scene import Scene
from tests.web.sites import FixedSource, client_of
from tracker.alerts.message import MessageLinks
from tracker.config import Config
from tracker.files.loading import read
from tracker.service.acknowledgements import AcknowledgementDesk
from tracker.store.ledger import StoredAlert
from tracker.timeline.resolver import resolve

HOST = "deadlines.example.org"
URL = f"https://{HOST}"


class LinkScene(Scene):
    """A scene whose messages have links, and the site that they lead to."""

    def begin(self) -> None:
        config = self.config
        self.config = Config("", config.recipients, None, frozenset((HOST,)), URL)
        super().begin()

    def source(self) -> FixedSource:
        agreements, _ = read(["events.toml"], [self.text.encode()])
        source = FixedSource(resolve(agreements, self.now.date()))
        source.now = self.now
        return source

    def desk(self) -> AcknowledgementDesk:
        assert self.signer is not None
        recipients = self.config.recipients
        return AcknowledgementDesk(
            recipients, self.ledger, self.acknowledgements, self.signer, lambda: self.agreements
        )

    def client(self, public: bool = True) -> TestClient:
        return client_of(self.source(), HOST, desk=self.desk(), public=public)

    def links(self, row: StoredAlert) -> MessageLinks:
        composer = self.planner.composer()
        assert composer is not None
        message = composer.message(row.as_claimed, self.now)
        assert message is not None
        assert message.links is not None
        paths = [urlsplit(link).path for link in message.links]
        return MessageLinks(*paths)
