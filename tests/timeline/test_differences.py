"""What changed, by how much, and because of what: worked by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.rows import rows
from tests.shipped import AMENDMENT, EVENTS, ROOT
from tracker.agreements.model import Agreement
from tracker.files.loading import load, read
from tracker.i18n.changes import causes_text, sentences_on
from tracker.i18n.points import name_of
from tracker.timeline.comparison import changes
from tracker.timeline.differences import (
    Changes,
    Difference,
    group_alike,
    passing,
    reportable,
    what_if,
)
from tracker.timeline.point_names import parse_suppositions

RENEWAL = ROOT / "examples" / "renewal.toml"


def said(found: tuple[Difference, ...]) -> dict[str, tuple[str, ...]]:
    """The kinds of each difference of which something is said."""
    return {name_of(one.point): one.kinds for one in found if one.kinds}


def one(found: Changes, name: str) -> Difference:
    return next(each for each in found.changed if name_of(each.point) == name)


def days(first: str, last: str, *files: Path) -> Changes:
    found = load(files)
    return changes(found, found, date.fromisoformat(first), date.fromisoformat(last))


def texts(*toml: str) -> tuple[Agreement, ...]:
    return read([f"{n}.toml" for n in range(len(toml))], [text.encode() for text in toml])[0]


def test_the_amendment_is_seen_from_its_own_day_and_not_before_it() -> None:
    before = days("2026-04-01", "2026-04-26", EVENTS, AMENDMENT)
    after = days("2026-04-26", "2026-04-27", EVENTS, AMENDMENT)

    assert said(before.changed) == {}
    assert said(after.changed) == {
        "start of model-ip": ("retold",),
        "end of ip-exclusivity": ("has-day", "waits-for-less", "restated", "retold"),
        "end of azure-api-exclusivity": ("has-day", "waits-for-less", "restated", "retold"),
        "end of revenue-share": ("has-day", "waits-for-less", "restated", "retold"),
        "start of third-party-products": ("retold",),
        "end of third-party-products": ("listed",),
        "start of microsoft-pays-none": ("added",),
        "start of any-cloud": ("added",),
        "start of azure-first": ("added",),
    }
    assert {cause.what for each in after.changed for cause in each.causes} == {
        "amendment-2026-04-27"
    }


def test_what_follows_from_the_later_day_alone_is_no_change() -> None:
    found = days("2028-10-02", "2028-10-03", RENEWAL)

    assert said(found.changed) == {}
    assert said(found.passing)["end of lease@2029-12-31"] == ("settled", "waits-for-less")


def test_a_supposed_verification_moves_what_hangs_on_it_and_nothing_else() -> None:
    agreements = load([EVENTS])
    suppose = parse_suppositions(["agi-verified=2029-05-01"], agreements, date(2026, 11, 25))

    found = what_if(agreements, date(2026, 11, 25), suppose)

    assert set(said(found.changed)) == {
        "agi-verified",
        "end of research-ip",
        "end of ip-exclusivity",
        "end of azure-api-exclusivity",
        "end of revenue-share",
    }
    assert one(found, "end of research-ip").days == -609


@rows(
    "old, new, expected",
    [
        ("when = 2027-03-31", "when = 2027-04-30", "moves 1 month later"),
        ("when = 2027-03-31", "when = 2027-03-01", "moves 30 days sooner"),
        ("when = 2027-03-31", 'when = "open"', "no longer stands at 31 March 2027"),
        ('when = "open"', "when = 2027-03-31", "no longer waits: it stands at 31 March 2027"),
        ("when = 2027-03-31", "when = 2027-03-31\noccurred = 2026-11-01", "has happened"),
        ("when = 2027-03-31\noccurred = 2026-11-01", "when = 2027-03-31", "record was taken back"),
        ("when = 2027-03-31", "when = 2027-03-31\nwithdrawn = 2026-11-01", "is withdrawn"),
        ("when = 2027-03-31", 'when = "earliest of z, 2027-03-31"', "stays at 31 March 2027, and may"),
        ('when = "earliest of z, 2027-03-31"', "when = 2027-03-31", "can no longer move"),
        ('when = "in 2027"', 'when = "between 2027-01-01 and 2028"', "within other bounds"),
        (
            'when = "in 2027"',
            'when = "in 2028"',
            ("moves 1 year later: any day from 1 January 2028 to 31 December 2028,"
            " before that any day from 1 January 2027 to 31 December 2027"),
        ),
        (
            'when = "in 2027-Q1"',
            'when = "2026-12-31"',
            ("moves 1 day sooner: 31 December 2026,"
            " before that any day from 1 January 2027 to 31 March 2027"),
        ),
        (
            'when = "open"',
            'when = "in 2027-Q1"',
            "no longer waits: any day from 1 January 2027 to 31 March 2027",
        ),
        (
            'when = "in 2027-Q1"',
            'when = "open"',
            "no day is known, and it was any day from 1 January 2027 to 31 March 2027",
        ),
        (
            'when = "in 2027-Q1"',
            'when = "after z"',
            "waits for z, and was any day from 1 January 2027 to 31 March 2027",
        ),
        (
            'when = "in 2027-Q1"',
            'when = "earliest of z, in 2027-Q1"',
            "may now move: any day from 1 January 2027 to 31 March 2027",
        ),
        (
            'when = "earliest of z, in 2027-Q1"',
            'when = "in 2027-Q1"',
            "can no longer move: any day from 1 January 2027 to 31 March 2027",
        ),
        ('when = "after z"', 'when = "after y"', "now waits for y"),
        ("when = 2027-03-31", 'when = "2027-03-31 17:00"', "17:00"),
        ("when = 2027-03-31", 'when = 2027-03-31\nnote = "n"', "what is said of it was changed"),
        ("starts = 2026-01-01", "starts = 2027-01-01", "moves 1 year later"),
        ("starts = 2027-01-01", "starts = 2026-01-01", "takes effect"),
        ("ends = 2027-01-01", "ends = 2026-01-01", "is over"),
    ],
)  # fmt: skip
def test_each_kind_of_edit_is_said_in_words(old: str, new: str, expected: str) -> None:
    others = "".join(
        f'[[event]]\nid = "{name}"\ntitle = "{name}"\nwhen = "open"\n' for name in ("y", "z")
    )
    head = f'id = "a"\ntimezone = "UTC"\n{others}[[event]]\nid = "x"\ntitle = "X"\n'
    day = date(2026, 11, 25)

    found = changes(texts(head + old), texts(head + new), day, day)

    sentences = [
        text for each in found.changed for text in sentences_on(each, found.timeline_of(each), "en")
    ]
    assert any(expected in text for text in sentences), sentences
    because = [causes_text(each.causes, found.after.agreements, "en") for each in found.changed]
    assert all((text and "x was" in text) or "the record of x" in (text or "") for text in because)


@pytest.mark.parametrize(
    ("case", "event", "amendment", "changed", "passes"),
    [
        ("recorded in between", 'when = 2027-01-10\noccurred = 2027-01-09', "",
         {"x": ["has happened: 9 January 2027 (1 day early)"]}, {}),
        ("recorded late", 'when = 2027-01-10\noccurred = 2027-01-12', "",
         {"x": ["has happened: 12 January 2027 (2 days late)"]}, {}),
        ("nothing recorded", "when = 2027-01-10", "",
         {}, {"x": ["has passed, with nothing recorded"]}),
        ("moved beyond the later day", "when = 2027-01-10", "when = 2027-03-10",
         {"x": ["moves 2 months later: from 10 January 2027 to 10 March 2027",
                "is stated as “2027-03-10”, before that “2027-01-10”"]}, {}),
        ("moved, and passed all the same", "when = 2027-01-10", "when = 2027-01-12",
         {"x": ["moves 2 days later: from 10 January 2027 to 12 January 2027",
                "is stated as “2027-01-12”, before that “2027-01-10”"]},
         {"x": ["has passed, with nothing recorded"]}),
        ("moved before the later day", "when = 2027-03-10", "when = 2027-01-12",
         {"x": ["moves 1 month 26 days sooner: from 10 March 2027 to 12 January 2027",
                "is stated as “2027-01-12”, before that “2027-03-10”"]},
         {"x": ["has passed, with nothing recorded"]}),
        ("a start put off", "starts = 2027-01-10", "starts = 2027-03-10",
         {"start of x": ["moves 2 months later: from 10 January 2027 to 10 March 2027",
                         "is stated as “2027-03-10”, before that “2027-01-10”"]}, {}),
        ("an end put off", "starts = 2026-01-01\nends = 2027-01-10", "ends = 2027-03-10",
         {"end of x": ["moves 2 months later: from 10 January 2027 to 10 March 2027",
                       "is stated as “2027-03-10”, before that “2027-01-10”"]}, {}),
        ("an option extended in time", 'when = "not after 2027-01-10"', 'when = "not after 2027-03-10"',
         {"x": ["moves 2 months later: from 10 January 2027 to 10 March 2027",
                "is stated as “not after 2027-03-10”, before that “not after 2027-01-10”"]}, {}),
        ("an option extended, and lapsed all the same", 'when = "not after 2027-01-10"',
         'when = "not after 2027-01-20"',
         {"x": ["moves 10 days later: from 10 January 2027 to 20 January 2027",
                "is stated as “not after 2027-01-20”, before that “not after 2027-01-10”"]},
         {"x": ["has lapsed: its last day, 20 January 2027, passed with nothing recorded"]}),
        ("an option cut short", 'when = "not after 2027-03-10"', 'when = "not after 2027-01-10"',
         {"x": ["moves 2 months sooner: from 10 March 2027 to 10 January 2027",
                "is stated as “not after 2027-01-10”, before that “not after 2027-03-10”"]},
         {"x": ["has lapsed: its last day, 10 January 2027, passed with nothing recorded"]}),
        ("withdrawn in between", "when = 2027-01-10\nwithdrawn = 2027-01-05", "",
         {"x": ["is withdrawn; it stood at 10 January 2027"]}, {}),
    ],
)  # fmt: skip
def test_what_was_changed_in_between_is_not_told_as_if_days_had_merely_passed(
    case: str,
    event: str,
    amendment: str,
    changed: dict[str, list[str]],
    passes: dict[str, list[str]],
) -> None:
    text = f'id = "a"\ntimezone = "UTC"\n[[event]]\nid = "x"\ntitle = "X"\n{event}\n'
    if amendment:
        text += '[[amendment]]\nid = "am"\non = 2027-01-05\n[[amendment.event]]\nid = "x"\n'
        text += amendment
    read_once = texts(text)

    found = changes(read_once, read_once, date(2027, 1, 1), date(2027, 2, 1))

    def sentences(told: list[Difference]) -> dict[str, list[str]]:
        return {name_of(d.point): sentences_on(d, found.timeline_of(d), "en") for d in told}

    assert sentences(reportable(found.changed)) == changed, case
    assert sentences(passing(found)) == passes, case


def test_each_record_of_what_repeats_is_told_with_its_own_day() -> None:
    series = 'id = "a"\n[[event]]\nid = "x"\ntitle = "X"\nwhen = 2026-01-31\nrepeats = "1 month"\n'
    recorded = 'occurred = { "2026-01-31" = 2026-01-31, "2026-02-28" = 2026-03-05 }\n'
    day = date(2026, 3, 10)

    found = changes(texts(series), texts(series + recorded), day, day)

    told = [
        (sentences_on(difference, found.after, "en"), len(alike))
        for difference, alike in group_alike(reportable(found.changed))
        if "occurred" in difference.kinds
    ]
    assert told == [
        (["has happened: 31 January 2026"], 0),
        (["has happened: 5 March 2026 (5 days late)"], 0),
    ]


@pytest.mark.parametrize(
    ("line", "new", "gone"),
    [
        ("in 2028", "is new: any day from 1 January 2028 to 31 December 2028",
         "is no longer there; it was any day from 1 January 2028 to 31 December 2028"),
        ("between 2026-12-10 and 2026-12-20",
         "is new: any day from 10 December 2026 to 20 December 2026",
         "is no longer there; it was any day from 10 December 2026 to 20 December 2026"),
        ("through 2028", "is new: 31 December 2028",
         "is no longer there; it stood at 31 December 2028"),
        ("within 30 days after 2028-12-01", "is new: 31 December 2028",
         "is no longer there; it stood at 31 December 2028"),
    ],
)  # fmt: skip
def test_a_forecast_that_comes_or_goes_is_told_with_all_of_its_days(
    line: str, new: str, gone: str
) -> None:
    rest = 'id = "a"\n[[event]]\nid = "y"\ntitle = "Y"\nwhen = "open"\n'
    text = rest + f'[[event]]\nid = "x"\ntitle = "X"\nwhen = "{line}"\n'
    day = date(2026, 11, 25)

    comes = changes(texts(rest), texts(text), day, day)
    goes = changes(texts(text), texts(rest), day, day)

    assert [sentences_on(d, comes.after, "en") for d in comes.changed] == [[new]]
    assert [sentences_on(d, goes.before, "en") for d in goes.changed] == [[gone]]


def test_a_record_of_another_agreement_is_the_cause_across_the_border() -> None:
    law = 'id = "law"\n[[event]]\nid = "in-force"\ntitle = "In force"\nwhen = "open"\n'
    deal = (
        'id = "deal"\n[[event]]\nid = "report"\ntitle = "Report"\n'
        'when = "30 days after law/in-force"\n'
        '[[event]]\nid = "right"\ntitle = "Right"\nstarts = "law/in-force"\nlasts = "1 year"\n'
        '[[event]]\nid = "fee"\ntitle = "Fee"\nwhen = "each end of quarter"\nduring = "right"\n'
    )
    recorded = law + "occurred = 2026-11-01\n"
    day = date(2026, 11, 25)

    found = changes(texts(law, deal), texts(recorded, deal), day, day)

    report = one(found, "report")
    assert "has-day" in report.kinds
    assert [(cause.kind, *cause.key.event_key) for cause in report.causes] == [
        ("recorded", "law", "in-force")
    ]
    assert "fee@2026-12-31" in said(found.changed)


def test_an_amendment_of_the_renewal_is_seen_in_every_view() -> None:
    text = RENEWAL.read_text(encoding="utf-8") + (
        '\n[[amendment]]\nid = "shorter"\non = 2028-06-01\n'
        '[[amendment.event]]\nid = "lease"\nrenews = "6 months, at most 2 times unless lease-notice"\n'
    )
    found = texts(text)

    between = changes(found, found, date(2028, 5, 31), date(2028, 6, 1))

    assert "cut-off" in said(between.changed)["end of lease@2030-12-31"]
    assert "listed" in said(between.changed)["end of lease@2029-06-30"]
    assert one(between, "end of lease").after is not None
    good = one(between, "end of lease").after
    assert good is not None
    assert (good.status, str(good.latest)) == ("may-move", "2029-12-31")


RENAMED = """id = "a"
[[event]]
id = "{id}"
{was}title = "X"
when = "{when}"
[[event]]
id = "y"
title = "Y"
when = "30 days after {id}"
"""


def test_an_event_that_was_only_renamed_has_not_changed() -> None:
    old = texts(RENAMED.format(id="old", was="", when="open"))
    new = texts(RENAMED.format(id="new", was='was = ["old"]\n', when="open"))

    found = changes(old, new, date(2026, 11, 25), date(2026, 11, 25))

    assert said(found.changed) == {"y": ("restated",)}  # its line names another id now


def test_an_event_that_was_renamed_and_moved_has_moved() -> None:
    old = texts(RENAMED.format(id="old", was="", when="2030-01-01"))
    new = texts(RENAMED.format(id="new", was='was = ["old"]\n', when="2030-02-01"))

    found = changes(old, new, date(2026, 11, 25), date(2026, 11, 25))

    assert said(found.changed) == {"new": ("moved", "restated"), "y": ("moved", "restated")}
    assert one(found, "new").days == 31
    assert causes_text(one(found, "new").causes, new, "en") == "because new was edited: when"


@pytest.mark.parametrize("side", ["start", "end"])
def test_a_side_that_was_only_recorded_is_not_there_before_and_then_has_happened(side: str) -> None:
    """What names it waits for nothing until then: seen from before, it never comes."""
    found = texts(
        f'id = "a"\n[[event]]\nid = "lease"\ntitle = "Lease"\n{side}ed = 2028-05-01\n'
        f'[[event]]\nid = "notice"\ntitle = "Notice"\nwhen = "30 days after {side} of lease"\n'
        f'[[event]]\nid = "first"\ntitle = "First"\nwhen = "earliest of {side} of lease, 2028-09-01"\n'
    )

    before = changes(found, found, date(2028, 3, 1), date(2028, 4, 1))
    between = changes(found, found, date(2028, 3, 1), date(2028, 6, 1))

    assert (said(before.changed), said(before.passing)) == ({}, {})
    assert {point.event.id: point.status for point in before.before.points} == {
        "notice": "never",
        "first": "exact",
    }
    kinds = said(between.changed)
    assert kinds[f"{side} of lease"] == ("occurred",)
    assert kinds["notice"] == ("possible-again",)
    assert kinds["first"] == ("moved",)
    assert one(between, "first").days == -123
