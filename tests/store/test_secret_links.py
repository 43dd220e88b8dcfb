"""Secret links: what opens one, and what closes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tracker.reminders.due import CoverageKey
from tracker.store.database import Database
from tracker.store.ledger import Ledger
from tracker.store.secret_links import LinkParameters, LinkRegistry, hash_of, link_for

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
IP: LinkParameters = (("tag", "ip"),)


def test_a_link_is_known_by_its_secret_alone_and_its_name_can_be_used_again(
    database: Database,
) -> None:
    links = LinkRegistry(database)
    secret = links.add("firm", (("tag", "ip"),), ["a"], NOW)
    assert secret is not None
    assert links.add("firm", (), ["a"], NOW) is None

    opened = link_for(hash_of(secret), links.open(["a"]))
    assert opened is not None
    assert (opened.name, opened.filter) == ("firm", (("tag", "ip"),))
    assert link_for(hash_of(opened.hash), links.open(["a"])) is None
    assert link_for(hash_of(secret[:-1]), links.open(["a"])) is None

    (closed,) = links.revoke("firm", ["a"], NOW)
    assert (closed.hash, links.revoke("firm", ["a"], NOW)) == (opened.hash, [])
    assert link_for(hash_of(secret), links.open(["a"])) is None
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
    assert links.revoke("firm", ["c"], NOW) == []
    assert len(links.revoke("firm", ["b"], NOW)) == 1
    assert names("a", "b") == [["a", "a-b"]]
    assert len(links.revoke("firm", [], NOW)) == 1  # the files are broken, and it is urgent


@pytest.mark.parametrize(
    ("made_for", "loaded", "new"),
    [
        ("a", "ab", "b"),
        ("ac", "ab", "b"),
        ("ab", "a", ""),
        ("a", "a", ""),
        ("a", "b", ""),  # it is not of what is loaded
    ],
)
def test_a_link_takes_in_further_agreements(
    database: Database, made_for: str, loaded: str, new: str
) -> None:
    links = LinkRegistry(database)
    secret = links.add("firm", IP, [*made_for], NOW)
    assert secret is not None

    assert links.widen("firm", [*loaded]) == {*new}

    link = link_for(hash_of(secret), links.open([*made_for]))
    assert link is not None
    assert link.agreements == {*made_for, *new}


def test_of_two_links_of_one_name_none_is_widened(database: Database) -> None:
    links = LinkRegistry(database)
    for agreement in ("a", "b"):
        links.add("firm", (), [agreement], NOW)

    assert links.widen("firm", ["a", "b", "c"]) == set()
    assert [link.agreements for link in links.open(["a", "b"])] == [{"a"}, {"b"}]


def test_a_link_of_an_earlier_version_shows_what_the_ledger_knew_when_it_was_made(
    database: Database,
) -> None:
    ledger, links = Ledger(database), LinkRegistry(database)
    for agreement, days in (("a", 0), ("b", 1), ("c", 3)):
        key = CoverageKey("r", "terminal", agreement)
        ledger.begin_coverage([key], NOW + timedelta(days=days))
    links.add("firm", (), [], NOW + timedelta(days=2))  # it knew of no agreements

    assert links.open(["c"]) == []
    assert [link.agreements for link in links.open(["a", "c"])] == [{"a", "b"}]


def test_a_link_of_which_nobody_knows_whose_it_is_belongs_to_who_looks_first(
    database: Database,
) -> None:
    links = LinkRegistry(database)
    links.add("firm", (), [], NOW)

    assert links.open([]) == []
    assert [link.agreements for link in links.open(["a", "b"])] == [{"a", "b"}]
    assert links.open(["c"]) == []


def test_a_link_lets_write_only_where_it_was_made_so(database: Database) -> None:
    links = LinkRegistry(database)
    links.add("reader", IP, ["a"], NOW)
    links.add("clerk", (), ["a"], NOW, "write")

    assert [(link.name, link.filter, link.may) for link in links.all(["a"])] == [
        ("reader", IP, "read"),
        ("clerk", (), "write"),
    ]
