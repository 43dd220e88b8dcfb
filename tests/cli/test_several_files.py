"""Of several files, each record is written into the one in which its event stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.calls import Caller

RENT = '[[event]]\nid = "rent"\ntitle = "The rent"\nwhen = 2030-01-31\n'
FILES = {
    "alpha.toml": f'id = "alpha"\n{RENT}',
    "mill-street-amendment.toml": (
        'amends = "mill-street"\n[[event]]\nid = "keys"\ntitle = "Keys"\nwhen = "open"\n'
        '[[amendment]]\nid = "later"\non = 2026-01-01\n'
        '[[amendment.event]]\nid = "deposit"\nwhen = 2030-02-28\n'
        '[[amendment.event]]\nid = "garage"\ntitle = "Garage"\nwhen = "open"\n'
    ),
    "mill-street.toml": (
        f'id = "mill-street"\n{RENT}[[event]]\nid = "deposit"\ntitle = "Deposit"\n'
        "when = 2030-01-31\n"
    ),
}
AMENDMENT, STREET = "mill-street-amendment.toml", "mill-street.toml"


def _write(call: Caller, **others: str) -> None:
    for name, text in {**FILES, **others}.items():
        call.write(f"all/{name}", text)


def _changed(call: Caller) -> dict[str, str]:
    """The lines that the files have more than they had."""
    lines = {}
    for name, text in FILES.items():
        now = (call.folder / "all" / name).read_text(encoding="utf-8")
        more = [line for line in now.splitlines() if line and line not in text.splitlines()]
        if more:
            lines[name] = "; ".join(more)
    return lines


@pytest.mark.parametrize(
    ("arguments", "file", "added"),
    [
        (("occurred", "alpha/rent", "2030-01-30"), "alpha.toml", "occurred = 2030-01-30"),
        (("occurred", "mill-street/rent", "2030-01-30"), STREET, "occurred = 2030-01-30"),
        (("withdraw", "mill-street/rent", "2029-01-30"), STREET, "withdrawn = 2029-01-30"),
        (("occurred", "keys", "2026-01-30"), AMENDMENT, "occurred = 2026-01-30"),
        (("occurred", "garage", "2026-01-30"), AMENDMENT, "occurred = 2026-01-30"),
        (("occurred", "deposit", "2030-01-30"), STREET, "occurred = 2030-01-30"),
        (("add", "mill-street/sale", "Sale", "--when", "open"), STREET, 'id = "sale"'),
        (("add", "sale", "Sale", "--agreement", "alpha", "--when", "open"), "alpha.toml", "sale"),
        (("amend", "later", "mill-street/rent", "--when", "open"), AMENDMENT, 'id = "rent"'),
        (("amend", "next", "mill-street/rent", "--when", "open"), STREET, 'id = "next"'),
        (("amend", "later", "alpha/rent", "--when", "open"), "alpha.toml", 'id = "later"'),
    ],
)
def test_a_record_is_written_where_its_event_stands(
    call: Caller, arguments: tuple[str, ...], file: str, added: str
) -> None:
    _write(call)

    called = call("-f", "all", *arguments, "--yes")

    assert called.code == 0, called.err
    changed = _changed(call)
    assert list(changed) == [file]
    assert added in changed[file]
    assert call("-f", "all", "check").code == 0
    assert call("-f", "all", "occurred", "--undo", "--yes").code == 0
    assert _changed(call) == {}


def test_what_an_amendment_changes_of_an_event_is_said_in_one_place(call: Caller) -> None:
    _write(call)

    called = call("-f", "all", "amend", "later", "deposit", "--note", "n", "--yes")

    assert called.code == 2
    assert "the amendment later changes deposit already: what else" in called.err
    assert called.err.endswith(f"in all/{AMENDMENT}\n")
    assert _changed(call) == {}


@pytest.mark.parametrize(
    "rent",
    [
        RENT.replace('"', "'"),
        RENT.replace("[[event]]", "[[ 'event' ]]"),
        'event = [{ id = "rent", title = "The rent", when = 2030-01-31 }]\n',
        RENT.replace('id = "rent"', 'id = """rent"""'),
    ],
)
def test_an_event_of_another_agreement_that_reads_the_same_is_left_alone(
    call: Caller, rent: str
) -> None:
    """However it is written: in the other file it stands as every event does."""
    before = FILES["alpha.toml"]
    call.write("all/alpha.toml", before)
    street = call.write("all/mill-street.toml", f'id = "mill-street"\n{rent}')

    called = call("-f", "all", "occurred", "mill-street/rent", "2030-01-30", "--yes")

    assert called.code == 0, called.err
    assert Path("all/alpha.toml").read_text(encoding="utf-8") == before
    assert "occurred = 2030-01-30" in street.read_text(encoding="utf-8")
