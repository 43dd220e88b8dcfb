"""What is said of options between two views: a lapse, and a deadline that becomes one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.timeline.scene import agreement, event, line
from tracker.agreements.keys import PointKey
from tracker.agreements.model import Agreement, Amendment, Change
from tracker.i18n.changes import sentences_on
from tracker.i18n.translate import LANGUAGES
from tracker.timeline.comparison import changes
from tracker.timeline.differences import Changes, Difference, passing, what_if

LEASE = event("lease", starts="2026-03-25", ends="through 2036-03-24, or 2031-03-24 if told")
TOLD = event("told", when="not after 2030-09-24")


def _between(stated: Agreement, first: str, last: str) -> Changes:
    return changes([stated], [stated], date.fromisoformat(first), date.fromisoformat(last))


def _kinds(differences: tuple[Difference, ...] | list[Difference]) -> dict[str, tuple[str, ...]]:
    return {f"{one.point.side} {one.point.event.id}": one.kinds for one in differences if one.kinds}


def test_that_an_option_lapses_follows_from_the_later_day_alone_and_is_not_called_passed() -> None:
    found = _between(agreement(LEASE, TOLD), "2030-09-24", "2030-09-25")

    assert _kinds(found.changed) == {}
    assert _kinds(passing(found)) == {"end lease": ("settled",), "when told": ("lapsed",)}
    told = next(one for one in found.passing if one.point.event.id == "told")
    assert sentences_on(told, found.after, "en") == [
        "has lapsed: its last day, 24 September 2030, passed with nothing recorded"
    ]
    assert sentences_on(told, found.after, "ja") == [
        "最終日の2030年9月24日までに記録がなく、失効しました"
    ]


def test_that_an_option_is_used_or_withdrawn_is_no_lapse() -> None:
    used = agreement(LEASE, TOLD._replace(occurred=date(2030, 9, 24)))
    found = _between(used, "2030-09-23", "2030-09-24")
    much_later = _between(used, "2030-09-23", "2030-10-01")

    assert _kinds(found.changed) == {
        "end lease": ("moved", "waits-for-less"),
        "when told": ("occurred", "bounds"),
    }
    assert _kinds(passing(much_later)) == {}
    assert "occurred" in _kinds(much_later.changed)["when told"]
    gone = agreement(TOLD._replace(withdrawn=date(2030, 9, 24)))
    assert _kinds(_between(gone, "2030-09-23", "2030-09-24").changed) == {
        "when told": ("withdrawn",)
    }


@pytest.mark.parametrize(
    ("before", "after", "kinds", "sentence"),
    [
        (
            "2027-06-30", "not after 2027-06-30", ("option-now", "restated"),
            "is an option now: on any day through 30 June 2027, or not at all",
        ),
        (
            "2027-06-30", "not after 2027-07-31", ("option-now", "restated"),
            "is an option now: on any day through 31 July 2027, or not at all",
        ),
        (
            "open", "not after x", ("option-now", "waits-for-other", "restated"),
            "is an option now: to be used or not, through a day that is not known yet",
        ),
        (
            "not after 2027-06-30", "2027-06-30", ("option-no-more", "restated"),
            "is no longer an option: its day is 30 June 2027",
        ),
        (
            "not after 2027-06-30", "open", ("option-no-more", "restated"),
            "is no longer an option, and has no day yet",
        ),
        (
            "not after 2027-06-30", "not after 2027-05-31", ("moved", "restated"),
            "is 30 days sooner: 31 May 2027 instead of 30 June 2027",
        ),
        ("not after 2027-06-30", "not after 2026-11-30", ("moved", "restated"), None),
    ],
)  # fmt: skip
def test_an_amendment_turns_a_deadline_into_an_option_and_back(
    before: str, after: str, kinds: tuple[str, ...], sentence: str | None
) -> None:
    change = Change("told", (("when", line(after)),), ())
    amendment = Amendment("am", date(2026, 12, 1), None, None, None, (change,))
    events = (event("x", when="open"), event("told", when=before))

    found = _between(agreement(*events, amendments=(amendment,)), "2026-11-30", "2026-12-01")

    assert _kinds(found.changed) == {"when told": kinds}
    told = next(one for one in found.changed if one.kinds)
    assert [cause.kind for cause in told.causes] == ["amendment"]
    for language in LANGUAGES:
        assert sentences_on(told, found.after, language)
    if sentence is not None and "sooner" not in sentence:
        assert sentences_on(told, found.after, "en")[0] == sentence


def test_what_if_an_option_is_used_and_what_if_it_never_is() -> None:
    stated = replace(agreement(LEASE, TOLD))

    used = what_if([stated], date(2026, 11, 25), {PointKey("a", "told"): date(2028, 1, 1)})
    never = what_if([stated], date(2026, 11, 25), {PointKey("a", "told"): None})

    assert _kinds(used.changed) == {
        "end lease": ("moved", "waits-for-less"),
        "when told": ("option-no-more",),
    }
    assert _kinds(never.changed) == {
        "end lease": ("settled", "waits-for-less"),
        "when told": ("never",),
    }
