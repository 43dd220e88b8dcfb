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
    secret = links.add("firm", (("tag", "ip"),), ["a"], NOW)
    assert secret is not None
    assert links.add("firm", (), ["a"], NOW) is None

    opened = link_for(secret, links.open(["a"]))
    assert opened is not None
    assert (opened.name, opened.filter) == ("firm", (("tag", "ip"),))
    assert link_for(opened.hash, links.open(["a"])) is None
    assert link_for(secret[:-1], links.open(["a"])) is None

    assert [links.revoke("firm", ["a"], NOW), links.revoke("firm", ["a"], NOW)] == [True, False]
    assert link_for(secret, links.open(["a"])) is None
    assert links.add("firm", (), ["a"], NOW) is not None
    assert [link.revoked for link in links.all(["a"])] == [NOW, None]


def test_a_link_is_open_to_those_agreements_for_which_it_was_made(database: Database) -> None:
    links = LinkRegistry(database)
    links.add("firm", (), ["a", "a-b"], NOW)
    assert links.add("firm", (), ["b"], NOW) is not None  # nobody learns that there is one of a
    assert links.add("firm", (), ["a-b", "c"], NOW) is None

    def names(*agreements: str) -> list[list[str]]:
        return [sorted(link.agreements) for link in links.open(agreements)]

    assert names("a", "c") == names("a-b") == [["a", "a-b"]]
    assert names("b") == [["b"]]
    assert names("c") == names() == []
    assert links.revoke("firm", ["c"], NOW) is False
    assert links.revoke("firm", ["b"], NOW) is True
    assert names("a", "b") == [["a", "a-b"]]
    assert links.revoke("firm", [], NOW) is True  # the files are broken, and it is urgent


def test_a_link_of_which_nobody_knows_whose_it_is_belongs_to_who_looks_first(
    database: Database,
) -> None:
    links = LinkRegistry(database)
    links.add("firm", (), [], NOW)

    assert links.open([]) == []
    assert [link.agreements for link in links.open(["a", "b"])] == [{"a", "b"}]
    assert links.open(["c"]) == []
