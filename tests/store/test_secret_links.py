"""Secret links: what opens one, and what closes it."""

from __future__ import annotations

from datetime import UTC, datetime

from tracker.store.database import Database
from tracker.store.secret_links import LinkRegistry, link_for

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


def test_a_link_is_known_by_its_secret_alone_and_its_name_can_be_used_again(
    database: Database,
) -> None:
    links = LinkRegistry(database)
    secret = links.add("firm", (("tag", "ip"),), NOW)
    assert secret is not None
    assert links.add("firm", (), NOW) is None

    opened = link_for(secret, links.open())
    assert opened is not None
    assert (opened.name, opened.filter) == ("firm", (("tag", "ip"),))
    assert link_for(opened.hash, links.open()) is None
    assert link_for(secret[:-1], links.open()) is None

    assert [links.revoke("firm", NOW), links.revoke("firm", NOW)] == [True, False]
    assert link_for(secret, links.open()) is None
    assert links.add("firm", (), NOW) is not None
    assert [link.revoked for link in links.all()] == [NOW, None]
