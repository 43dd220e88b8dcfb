"""`renews … if`: said, refused in the wrong place, and what of its records wants a look."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.timeline.scene import TODAY, agreement, event, timeline
from tracker.agreements.keys import PointKey
from tracker.agreements.model import ByOccurrence, Event
from tracker.dates.diagnostics import LineError
from tracker.dates.expressions import Ref
from tracker.dates.renewals import parse_renewal
from tracker.i18n.translate import LANGUAGES
from tracker.i18n.until import until_text
from tracker.timeline.agenda import agenda_of, can_move, ends_of
from tracker.timeline.explanation import explain_point
from tracker.timeline.points import Timeline
from tracker.timeline.validation.checks import check
from tracker.timeline.validation.warnings import find_warnings

WINDOW = (
    "not before (6 months before each end of mark), not after (6 months after each end of mark)"
)
FIRST, SECOND = date(2027, 3, 14), date(2037, 3, 14)


def _mark(renews: str) -> Event:
    return event("mark", starts="2017-03-15", ends="2027-03-14", renews=parse_renewal(renews))


def _view(renewal: str = WINDOW, as_of: date = TODAY, **fields: Any) -> Timeline:
    renewed = event("renewal", when=renewal, **fields)
    return timeline(_mark("10 years if renewal"), renewed, as_of=as_of)


@pytest.mark.parametrize(
    ("renews", "case", "offers"),
    [
        ("10 years only if renewal", "renews-if", ["10 years if renewal"]),
        ("10 years provided that renewal", "renews-if", ["10 years if renewal"]),
        ("10 years, at most 3 times, subject to renewal", "renews-if",
         ["10 years, at most 3 times if renewal"]),
        ("10 years if renewal, at most 3 times", "renews-most",
         ["10 years, at most 3 times if renewal"]),
        ("10 years unless notice, at most 1 time", "renews-most",
         ["10 years, at most 1 time unless notice"]),
        ("10 years, at most 3 times, if renewal", "renews-most",
         ["10 years, at most 3 times if renewal"]),
        ("10 years, if renewal", "renews-most", ["10 years if renewal"]),
        ("10 years if renewal unless notice", "renews-both",
         ["10 years if renewal", "10 years unless notice"]),
        ("10 years if each renewal", "renews-if", ["10 years if renewal"]),
        ("10 years if end of renewal", "renews-if", ["10 years if renewal"]),
        ("10 years if", "renews-if", []),
    ],
)  # fmt: skip
def test_what_else_is_written_behind_a_renewal_is_refused_with_the_words(
    renews: str, case: str, offers: list[str]
) -> None:
    with pytest.raises(LineError) as refused:
        parse_renewal(renews)

    diagnostic = refused.value.diagnostic
    assert diagnostic.case == case
    assert [offer.write for offer in diagnostic.suggestions] == offers
    for offer in offers:
        parse_renewal(offer)


@pytest.mark.parametrize(
    ("renewal", "case", "offers"),
    [
        (WINDOW, None, []),
        ("30 days before each end of mark", None, []),
        ("not before (6 months before each end of mark)", "if-without-last-day",
         ["not before (6 months before each end of mark), not after each end of mark"]),
        ("open", "if-no-renewal", ["not after each end of mark"]),
        ("30 days before end of mark", "if-no-renewal", ["30 days before each end of mark"]),
        ("not after (1 month before end of mark)", "if-no-renewal",
         ["not after (1 month before each end of mark)"]),
        ("6 months before 2027-03-14", "if-no-renewal", ["6 months before each end of mark"]),
    ],
)  # fmt: skip
def test_what_renews_a_term_names_each_of_its_ends_and_has_a_last_day(
    renewal: str, case: str | None, offers: list[str]
) -> None:
    found = check([agreement(_mark("10 years if renewal"), event("renewal", when=renewal))])

    about = [located.diagnostic for located in found if located.field == "renews"]
    assert [diagnostic.case for diagnostic in about] == ([case] if case else [])
    assert [offer.write for diagnostic in about for offer in diagnostic.suggestions] == offers
    for offer in offers:
        renewed = event("renewal", when=offer)
        assert check([agreement(_mark("10 years if renewal"), renewed)]) == []


def test_an_unknown_renewal_is_named_with_the_nearest() -> None:
    found = check([agreement(_mark("10 years if renewl"), event("renewal", when=WINDOW))])

    assert [(p.diagnostic.case, p.field) for p in found] == [("unknown-ref", "renews")]
    assert [offer.write for offer in found[0].diagnostic.suggestions] == ["renewal"]


def test_a_renewal_after_its_last_day_counts_and_is_said_to_be_late() -> None:
    late = ByOccurrence(((FIRST, date(2027, 3, 1)),))

    view = _view("30 days before each end of mark", occurred=late, as_of=date(2027, 4, 1))

    found = [w.diagnostic for w in find_warnings(view)]
    assert [(w.case, dict(w.values)["late"]) for w in found] == [("renewal-late", "17")]
    assert view.bounds_by_key[PointKey("a", "mark", "end")].earliest == SECOND


def test_a_term_of_which_no_renewal_is_recorded_before_one_of_which_it_is_wants_a_look() -> None:
    later = ByOccurrence(((SECOND, date(2037, 1, 1)),))

    found = [w.diagnostic for w in find_warnings(_view(occurred=later, as_of=date(2038, 1, 1)))]

    assert [(w.case, w.values) for w in found] == [
        ("renewal-gap", (("day", "2027-03-14"), ("later", "2037-03-14")))
    ]


def test_the_end_for_good_is_explained_by_what_would_renew_it() -> None:
    for as_of, rule in ((date(2026, 11, 25), "renews.lapses"), (date(2028, 1, 1), "renews.lapsed")):
        view = _view(as_of=as_of)
        good = next(p for p in view.points if p.side == "end" and p.occurrence is None)

        step = explain_point(good, view)

        assert step.rule == rule
        assert step.below[-1].rule == "renews.if"
        assert step.below[-1].stated == "renewal@2027-03-14"


def test_a_deadline_for_renewing_that_passed_unrecorded_is_missed_and_an_option_is_not() -> None:
    deadline = _view("30 days before each end of mark", as_of=date(2027, 3, 1))
    option = _view("not after (30 days before each end of mark)", as_of=date(2027, 3, 1))

    assert [p.key.name_in("a") for p in deadline.points if p.has_passed] == ["renewal@2027-03-14"]
    assert [p for p in option.points if p.has_passed] == []


def test_the_end_is_told_once_and_in_force_is_told_until_the_last_term_that_was_made() -> None:
    renewed = ByOccurrence(((FIRST, date(2027, 2, 1)),))
    before, after = _view(as_of=date(2027, 1, 31)), _view(occurred=renewed, as_of=date(2027, 2, 1))

    upcoming = agenda_of(before).upcoming
    assert [p.key for p in upcoming if can_move(p)] == [PointKey("a", "mark", "end")]
    assert [p.side for p in upcoming if not can_move(p)] == ["when"]
    untils = [
        until_text(ends_of(view)["a/mark"], language, view.as_of)
        for view in (before, after)
        for language in LANGUAGES
    ]
    assert untils == [
        "until 14 March 2027, and no longer unless it is renewed (10 years if renewal)",
        "2027年3月14日まで、更新しなければ終了(10 years if renewal)",
        "until 14 March 2037, and no longer unless it is renewed (10 years if renewal)",
        "2037年3月14日まで、更新しなければ終了(10 years if renewal)",
    ]


def test_a_start_that_hangs_on_an_end_is_no_circle_once_the_lease_is_withdrawn() -> None:
    lease = event(
        "lease", starts="1 day after key", ends="2027-12-31", renews=parse_renewal("1 year"),
        withdrawn=date(2029, 6, 1),
    )  # fmt: skip
    events = (lease, event("key", when="1 year before end of lease"))
    rent = event("rent", when="each end of quarter", during=Ref(None, "lease", "when"))

    assert check([agreement(*events, rent)]) == []
    assert timeline(*events, rent, as_of=date(2030, 1, 1)).points
