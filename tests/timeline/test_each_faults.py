"""`each` in the wrong place is refused with the line to write."""

from __future__ import annotations

import pytest

from tests.rows import rows
from tests.timeline.scene import agreement, event
from tracker.dates.diagnostics import LineError
from tracker.dates.expressions import Ref
from tracker.dates.parser import parse
from tracker.dates.recurrence_parser import parse_recurrence
from tracker.dates.renewals import parse_renewal
from tracker.timeline.validation.checks import check

MONTHLY = parse_recurrence("1 month, 4 in all")
#: x and w repeat, y and z are there for each x, o happens once, t renews with its notice n.
EVENTS = (
    event("x", when="2027-01-01", repeats=MONTHLY),
    event("w", when="2027-05-01", repeats=MONTHLY),
    event("y", when="not before each x"),
    event("z", when="5 days after each y"),
    event("o", when="open"),
    event("t", starts="2027-01-01", ends="2029-12-31", renews=parse_renewal("1 year unless n")),
    event("n", when="9 days before each end of t"),
)


def _offers(when: str) -> tuple[str, list[str]]:
    """What a line is refused for, and what is offered in its place."""
    try:
        parse(when)
    except LineError as refused:
        return refused.diagnostic.case, [offer.write for offer in refused.diagnostic.suggestions]
    found = check([agreement(*EVENTS, event("case", when=when))])
    offers = [offer.write for located in found for offer in located.diagnostic.suggestions]
    return (found[0].diagnostic.case if found else ""), offers


@pytest.mark.parametrize(
    "when",
    [
        "earliest of each x, 30 days after each x",
        "1 month after each x, or 3 months after each x if y",
        "1 month after each x, or 3 months after each x if y, or 1 year after each x if z",
        "earliest of 5 days after y, 1 month after each x",
        "earliest of 5 days after each z, 1 month after y, 40 days after x",
        "between each x and y",
        "not before each x, not after (1 month after each x)",
        "latest of 9 days before each end of t, end of t, n",
        "within 5 days after (latest of each x, z)",
    ],
)
def test_each_may_stand_several_times_and_beside_what_is_repeated_for_the_same(when: str) -> None:
    assert _offers(when) == ("", [])


@rows(
    "when, case, offers",
    [
        # Repeated for one another: `each` stands with what the others are repeated for.
        ("earliest of each x, each y", "each-beside", ["earliest of each x, y"]),
        ("earliest of each y, 9 days after each x", "each-beside",
         ["earliest of y, 9 days after each x"]),
        ("latest of 9 days after each n, each end of t", "each-beside",
         ["latest of 9 days after n, each end of t"]),
        ("latest of x, 30 days after x", "repeats-needs-each",
         ["latest of each x, 30 days after each x"]),
        ("1 month after x, or 3 months after x if y", "repeats-needs-each",
         ["1 month after each x, or 3 months after each x if y"]),
        ("latest of each x, 30 days after x", "repeats-needs-each",
         ["latest of each x, 30 days after each x"]),
        ("5 days after y", "repeats-needs-each", ["5 days after each y"]),
        # What happens again and again has no end either, and is named with `each`.
        ("end of x", "edge-of-moment", ["each x"]),
        ("30 days after first end of y", "edge-of-moment", ["30 days after each y"]),
        # Two things: each wants an event of its own, or an edge of the unit that holds the other.
        ("earliest of 5 days after each x, 3 days after each w", "each-of-two",
         ["5 days after each x", "3 days after each w"]),
        ("latest of 5 days after each x, w", "each-of-two", ["5 days after each x", "each w"]),
        ("earliest of each x, y, (latest of w, 2027-03-01)", "each-of-two",
         ["each x", "each y", "latest of each w, 2027-03-01"]),
        ("1 month after each x, or 3 months after each x if w", "each-of-two", []),
        ("earliest of each x, each end of t", "each-of-two", ["each x", "each end of t"]),
        ("earliest of each end of quarter, 3 days after each x", "each-of-two",
         ["earliest of end of quarter of each x, 3 days after each x"]),
        # A clause asks for an event by its bare name.
        ("1 month after each x, or 3 months after each x if each y", "each-for-a-name",
         ["1 month after each x, or 3 months after each x if y"]),
        ("after each x", "each-for-a-name", ["not before each x"]),
        ("1 month after o, or 3 months after o if y", "repeats-needs-each", []),
        ("earliest of each o, 5 days after o", "each-of-one", ["earliest of o, 5 days after o"]),
    ],
)  # fmt: skip
def test_each_of_another_thing_is_refused_with_the_line_to_write(
    when: str, case: str, offers: list[str]
) -> None:
    assert _offers(when) == (case, offers)
    if case in ("each-beside", "repeats-needs-each", "edge-of-moment"):
        assert [_offers(offer) for offer in offers] == [("", []) for _ in offers]


def test_two_units_of_the_calendar_are_said_by_the_shorter() -> None:
    when, during = "latest of each end of month, each start of quarter", Ref(None, "t", "when")
    found = check([agreement(*EVENTS, event("case", when=when, during=during))])

    assert [offer.write for located in found for offer in located.diagnostic.suggestions] == [
        "latest of each end of month, start of quarter of each end of month"
    ]
