"""One ledger for several agreements: the commands show what is of the files that they are given."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.calls import Caller
from tests.rows import rows
from tracker import clock

SETTINGS = '[[recipient]]\nname = "legal"\nto = "terminal"\n'


def text_of(agreement: str, days: int) -> str:
    day = clock.today("UTC") + timedelta(days=days)
    return (
        f'id = "{agreement}"\ntimezone = "UTC"\n[[event]]\nid = "hearing"\ntags = ["{agreement}-ip"]\n'
        f'title = "Hearing of {agreement}"\nwhen = {day}\n'
    )


@pytest.fixture
def ledger_of_a(call: Caller) -> Path:
    """A ledger that has served an agreement whose hearing has moved, and has a link to it."""
    call.write("tracker.toml", SETTINGS)
    file = call.write("a.toml", text_of("alpha", 60))
    call.write("b.toml", text_of("beta", 90))
    assert call("-f", "a.toml", "run", "--until-idle").code == 0
    call.write("a.toml", text_of("alpha", 67))
    assert "Hearing of alpha: moves 7 days later" in call("-f", "a.toml", "run", "--until-idle").out
    assert call("-f", "a.toml", "token", "add", "counsel of alpha", "--tag", "alpha-ip").code == 0
    assert call("-f", "a.toml", "alerts", "ack", "hearing").code == 0
    return file


@pytest.fixture
def ledger_of_both(call: Caller, ledger_of_a: Path) -> None:
    """The same, once it has served another agreement too."""
    assert ledger_of_a.name == "a.toml"
    assert call("-f", "b.toml", "run", "--until-idle").code == 0


@rows(
    "command",
    [
        ("alerts", "list"),
        ("alerts", "list", "--json"),
        ("token", "list"),
        ("token", "list", "--json"),
        ("token", "revoke", "nobody"),
        ("doctor",),
        ("run", "--until-idle"),
        ("feed",),
        ("list",),
        ("agenda",),
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("ledger_of_both")
def test_a_command_given_one_agreement_shows_nothing_of_another_on_the_ledger(
    call: Caller, command: tuple[str, ...]
) -> None:
    called = call("-f", "b.toml", *command)

    said = called.out + called.err
    assert "of alpha" not in said
    assert "1 sent" not in said
    assert "alpha/" not in said


@pytest.mark.usefixtures("ledger_of_a")
def test_what_is_of_an_agreement_is_there_whenever_it_is(call: Caller) -> None:
    call("-f", "b.toml", "run", "--until-idle")
    assert (
        call("-f", "b.toml", "token", "add", "counsel of alpha").code == 0
    )  # of another agreement
    assert call("-f", "b.toml", "alerts", "retry").code == 0

    both = ("-f", "a.toml", "-f", "b.toml")
    listed = json.loads(call(*both, "alerts", "list", "--json").out)
    (told,) = [row["text"] for row in listed if row["kind"] == "change"]
    assert told.startswith("Hearing of alpha: moves 7 days later")
    links = json.loads(call(*both, "token", "list", "--json").out)
    assert [link["name"] for link in links] == ["counsel of alpha"] * 2


BOTH = ("-f", "a.toml", "-f", "b.toml")


@pytest.fixture
def two_files(call: Caller) -> None:
    call.write("tracker.toml", SETTINGS)
    call.write("a.toml", text_of("alpha", 60))
    call.write("b.toml", text_of("beta", 90))


@pytest.mark.usefixtures("two_files")
def test_links_are_told_apart_by_the_agreements_that_they_show(call: Caller) -> None:
    call("-f", "a.toml", "token", "add", "law")
    call("-f", "b.toml", "token", "add", "law", "--tag", "beta-ip")
    call(*BOTH, "token", "add", "board")

    listed = call(*BOTH, "token", "list")
    shown = [line.split("  ")[-1] for line in listed.out.splitlines()]
    assert shown == ["everything of alpha", "tag=beta-ip of beta", "everything"]
    assert "its address stays" in listed.err
    of_beta = call("-f", "b.toml", "token", "list")
    assert "alpha" not in of_beta.out
    assert of_beta.err == ""
    links = json.loads(call("-f", "b.toml", "token", "list", "--json").out)
    assert [link["agreements"] for link in links] == [["beta"], ["beta"]]

    revoked = call(*BOTH, "token", "revoke", "law").err
    assert revoked.splitlines() == [
        "law (everything of alpha) opens nothing any more",
        "law (tag=beta-ip of beta) opens nothing any more",
    ]


@pytest.mark.usefixtures("two_files")
def test_a_link_is_widened_when_that_is_asked_for_and_keeps_its_address(call: Caller) -> None:
    call("-f", "a.toml", "token", "add", "law")
    for again in ((), ("--tag", "beta-ip")):
        refused = call(*BOTH, "token", "add", "law", *again)
        assert (refused.code, "there is a link law already" in refused.err) == (2, True)
    assert "everything of alpha" in call(*BOTH, "token", "list").out

    widened = call(*BOTH, "token", "widen", "law")

    assert (widened.code, widened.out) == (0, "")
    assert widened.err == "law now shows beta as well; its address stays as it is\n"
    assert call(*BOTH, "token", "list").out.endswith("law  everything\n")
    assert "law shows all that is loaded" in call(*BOTH, "token", "widen", "law").err
    assert "no link lw is open" in call(*BOTH, "token", "widen", "lw").err


def test_a_link_is_made_for_what_the_files_state(call: Caller) -> None:
    call.write("a.toml", "id = 3")

    refused = call("-f", "a.toml", "token", "add", "law")

    assert (refused.code, "a.toml" in refused.err) == (1, True)
