"""Alerts beside reminders: changes, nudges and digests, each rule by its name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import chain

import pytest

from tests.reminders.scene import HEAD, LEGAL, NOTICE, Make, at, composed, kinds
from tests.timeline.scene import event, timeline
from tracker.alerts.message import Message
from tracker.dates.recurrence_parser import parse_rule
from tracker.reminders.digests import digest_of
from tracker.reminders.recipients import PointFilter
from tracker.timeline.filters import Where

# -- changes

OPEN = '[[event]]\nid = "verified"\ntitle = "Verified"\nwhen = "open"\n'
HANGING = (
    HEAD
    + OPEN
    + '[[event]]\nid = "rights"\ntitle = "Rights"\nwhen = "earliest of verified, through 2030"\n'
)


@pytest.mark.parametrize(
    ("before", "after", "subject"),
    [
        (NOTICE, NOTICE.replace("2030-12-31", "2031-01-02"), "moves 2 days later"),
        (NOTICE, NOTICE + "occurred = 2030-10-30\n", "has happened: Wednesday, 30 October 2030"),
        (NOTICE, NOTICE + "withdrawn = 2030-10-30\n", "is withdrawn"),
        (NOTICE + "occurred = 2030-10-30\n", NOTICE, "its record was taken back"),
        (NOTICE, NOTICE + NOTICE.replace("notice", "more"), "is new: Tuesday, 31 December 2030"),
        (OPEN + NOTICE, OPEN, "is no longer there"),
        (
            OPEN + NOTICE,
            OPEN + NOTICE.replace("2030-12-31", '"30 days after verified"'),
            "no longer stands at Tue 31 Dec 2030: it waits for verified",
        ),
    ],
)
def test_a_change_is_alerted_with_what_it_is(
    scene: Make, before: str, after: str, subject: str
) -> None:
    here = scene(text=HEAD + before)
    here.look("2030-11-01 12:00")
    here.text = HEAD + after

    (row,) = here.look("2030-11-01 13:00")

    assert row.key.kind == "change"
    assert subject in here.messages([row])[0]
    assert here.look("2030-11-01 13:01") == []


def test_an_amendment_is_alerted_with_its_title(scene: Make) -> None:
    here = scene()
    here.look("2030-11-01 12:00")
    here.text += (
        '[[amendment]]\nid = "first"\ntitle = "First amendment"\non = 2030-11-02\n'
        '[[amendment.event]]\nid = "notice"\nwhen = "2031-03-31"\n'
    )

    (row,) = here.look("2030-11-02 12:00")

    assert "because of First amendment [first]" in row.content["blocks"][0][1]


def test_what_merely_follows_from_a_later_day_is_no_change(scene: Make) -> None:
    here = scene(text=HANGING)
    here.look("2030-11-01 12:00")

    assert here.look("2030-11-20 12:00") == []


@pytest.mark.parametrize(
    ("before", "looked_on", "sentence"),
    [
        ("2027-01-15", "2027-01-01", "moves 2 months later: from Friday, 15 January 2027 to Monday, 15 March 2027"),
        ("not after 2027-01-15", "2027-01-01", "moves to Monday, 15 March 2027"),
        ("not after 2027-01-05", "2027-01-08", "had lapsed, and can be used again through Mon 15 Mar"),
    ],
)  # fmt: skip
def test_an_extension_that_is_seen_after_its_last_day_is_alerted_as_what_it_was(
    scene: Make, before: str, looked_on: str, sentence: str
) -> None:
    text = f'{HEAD}[[event]]\nid = "x"\ntitle = "X"\nwhen = "{before}"\n'
    here = scene(text=text)
    here.look(f"{looked_on} 12:00")
    here.text += '[[amendment]]\nid = "ext"\non = 2027-01-10\n[[amendment.event]]\nid = "x"\n'
    here.text += 'when = "2027-03-15"\n'.replace("2027", before[:-10] + "2027")

    rows = [row for row in here.look("2027-03-20 12:00") if row.key.kind == "change"]

    (message,) = (str(here.messages([row])[0]) for row in rows)
    assert sentence in message
    assert "has lapsed" not in message
    assert "no longer waits" not in message


def test_one_record_that_moves_many_points_is_one_message_that_begins_with_it(
    scene: Make,
) -> None:
    here = scene(text=HANGING.replace(OPEN, "") + OPEN)
    here.look("2030-11-01 12:00")
    here.text += "occurred = 2030-11-01\n"

    (row,) = here.look("2030-11-01 13:00")

    lines = [text for kind, text in row.content["blocks"] if kind == "item"]
    assert [line.split(":")[0] for line in lines] == ["Verified", "Rights"]
    assert here.messages([row]) == [
        "Verified: has happened: Friday, 1 November 2030; and one more change"
    ]


def test_the_same_change_twice_with_its_reverse_between_is_alerted_each_time(scene: Make) -> None:
    here = scene()
    here.look("2030-11-01 12:00")
    moved = HEAD + NOTICE.replace("2030-12-31", "2031-01-31")
    found = []
    for hour, text in enumerate((moved, HEAD + NOTICE, moved), 13):
        here.text = text
        found += here.look(f"2030-11-01 {hour}:00")

    assert kinds(found) == ["change"] * 3


def test_a_change_during_an_outage_is_alerted_when_it_is_up_again(scene: Make) -> None:
    here = scene()
    here.look("2030-11-01 12:00")
    here.begin()
    here.text = HEAD + NOTICE.replace("2030-12-31", "2031-01-31")

    assert kinds(here.look("2030-11-20 12:00")) == ["change"]


@pytest.mark.parametrize(
    ("changes", "count"), [(None, 1), (frozenset(), 0), (("moved",), 1), (("added",), 0)]
)
def test_a_recipient_is_told_of_the_changes_that_it_wants(
    scene: Make, changes: frozenset[str] | None, count: int
) -> None:
    wanted = None if changes is None else frozenset(changes)
    here = scene(replace(LEGAL, changes=wanted))
    here.look("2030-11-01 12:00")
    here.text = HEAD + NOTICE.replace("2030-12-31", "2031-01-31")

    assert len(here.look("2030-11-01 13:00")) == count


def test_a_recipient_is_alerted_only_of_what_it_wants(scene: Make) -> None:
    tagged = NOTICE.replace("notice", "other") + 'tags = ["ip"]\n'
    of_ip = replace(LEGAL, filter=PointFilter(Where(tags=("ip",))))
    here = scene(of_ip, text=HEAD + NOTICE + tagged)
    here.look("2030-11-01 12:00")

    assert [row.key.event for row in here.look("2030-12-01 09:00")] == ["a/other"]


def test_an_import_of_5000_events_is_one_message(scene: Make) -> None:
    here = scene(replace(LEGAL, channels=("mailto:legal@example.org",)))
    here.look("2030-12-30 12:00")
    here.text += "".join(NOTICE.replace("notice", f"n{at}") for at in range(5_000))

    (row,) = here.look("2030-12-30 13:00")

    assert here.messages([row]) == ["a: 5000 changes"]
    assert row.content["blocks"][-1][1] == "and 4960 more"


def test_what_an_edit_moves_stands_by_day_with_what_follows_from_it_behind(scene: Make) -> None:
    days = {"late": "2031-03-01", "early": "2030-12-20", "later": "2031-02-01"}
    text = HEAD + "".join(
        f'[[event]]\nid = "{name}"\ntitle = "{name}"\nwhen = {day}\n' for name, day in days.items()
    )
    text += '[[event]]\nid = "soon"\ntitle = "soon"\nwhen = "10 days before early"\n'
    here = scene(replace(LEGAL, reminders=()), text=text)
    here.look("2030-11-01 12:00")

    here.text = text.replace("-01\n", "-02\n").replace("-20\n", "-21\n")
    (row,) = here.look("2030-11-01 12:01")

    items = [block.text for block in composed(here, row).blocks if block.kind == "item"]
    assert [text.partition(":")[0] for text in items] == ["early", "later", "late", "soon"]


# -- nudges and digests


def test_what_passed_and_what_comes_stand_by_day_and_the_question_by_what_hangs_on_it(
    scene: Make,
) -> None:
    days = ("2030-12-27", "2030-11-15", "2030-12-10", "2030-11-03", "2030-12-20", "2030-11-10")
    text = HEAD + "".join(
        f'[[event]]\nid = "d{at}"\ntitle = "{day}"\nwhen = {day}\n' for at, day in enumerate(days)
    )
    for name, hanging in (("one", 1), ("none", 0), ("three", 3)):
        text += f'[[event]]\nid = "{name}"\ntitle = "{name}"\nwhen = "not before 2030-01-01"\n'
        text += "".join(
            f'[[event]]\nid = "{name}-{at}"\ntitle = "x"\nwhen = "1 day after {name}"\n'
            for at in range(hanging)
        )
    weekly = parse_rule("FREQ=WEEKLY;BYDAY=MO")
    here = scene(replace(LEGAL, digest=weekly, reminders=(), changes=frozenset()), text=text)
    here.look("2030-11-01 12:00")

    (digest,) = here.look("2030-12-02 09:00")
    (nudge,) = (row for row in here.look("2031-01-06 09:00") if row.key.kind == "nudge")
    here.now = at("2030-12-02 09:00")

    items = [block.text for block in composed(here, digest).blocks if block.kind == "item"]
    listed = [item.rpartition(": ")[2] for item in items]
    assert listed[:3] == sorted(day for day in days if day < "2030-12")
    assert listed[3:-2] == sorted(day for day in days if day > "2030-12")
    assert items[-2:] == [  # what waits, below what it waits for
        "If this happens: one. It sets or moves: x",
        "If this happens: three. It sets or moves: x; x; x",
    ]
    asked = [block.text for block in composed(here, nudge).blocks if block.kind == "item"]
    assert [item.partition(" ")[0] for item in asked] == ["three", "one", "none"]


def test_what_is_open_is_asked_about_once_a_quarter(scene: Make) -> None:
    here = scene(replace(LEGAL, reminders=()), text=HANGING)
    here.look("2030-11-01 12:00")

    (row,) = here.look("2031-01-06 09:00")

    assert here.messages([row]) == ["Still open? 1 point waits for nothing but its record"]
    assert here.look("2031-01-07 09:00") == []
    assert kinds(here.look("2031-04-07 09:00")) == ["nudge"]


def test_nobody_is_asked_about_what_became_open_within_a_month(scene: Make) -> None:
    here = scene(replace(LEGAL, reminders=()))
    here.look("2030-12-20 12:00")
    here.text = HANGING
    here.look("2030-12-21 12:00")

    assert here.look("2031-01-06 09:00") == []


def test_a_forecast_stays_in_the_digest_through_the_last_of_its_days() -> None:
    window = event("x", when="between 2026-11-20 and 2026-11-30")

    def coming(day: date) -> list[str]:
        digest = digest_of(timeline(window, as_of=day), LEGAL, day, at(f"{day} 09:00"))
        return [point.event.id for point in digest.coming]

    assert coming(date(2026, 11, 19)) == ["x"]
    assert coming(date(2026, 11, 30)) == ["x"]
    assert coming(date(2026, 12, 1)) == []


def test_a_new_recipient_is_sent_no_digest_of_a_day_before(scene: Make) -> None:
    here = scene(replace(LEGAL, digest=parse_rule("FREQ=DAILY"), reminders=()))

    assert here.look("2030-11-01 12:00") == []
    assert kinds(here.look("2030-11-02 09:00")) == ["digest"]


def test_who_is_told_of_one_agreement_by_one_process_is_told_of_the_other_by_another(
    scene: Make,
) -> None:
    """One serves an agreement alone, the other beside a second one, a minute later each day."""
    daily = replace(LEGAL, digest=parse_rule("FREQ=DAILY"), reminders=())
    still_open = '[[event]]\nid = "verified"\ntitle = "Open of {0}"\nwhen = "open"\n'
    here = scene(daily, text=HEAD + NOTICE + still_open.format("a"))
    other = HEAD.replace('"a"', '"b"') + NOTICE.replace("Notice", "Rent")
    other += still_open.format("b")
    told = []
    for day in ("2030-11-02", "2030-11-03", "2031-01-06"):  # a Monday that asks what is open
        for minute, beside in (("00", ()), ("01", (other,))):
            here.beside = beside
            rows = here.look(f"{day} 09:{minute}")
            told.append([_texts(composed(here, row)) for row in rows if row.key.kind != "change"])

    assert [len(texts) for texts in told] == [0, 0, 1, 1, 2, 2]
    by_a, by_b = "".join(chain(*told[::2])), "".join(chain(*told[1::2]))
    assert ("Notice is due" in by_a, "Open of a" in by_a) == (True, True)
    assert ("Rent is due" in by_b, "Open of b" in by_b) == (True, True)
    assert ("Rent" in by_a, "Open of b" in by_a) == (False, False)
    assert ("Notice" in by_b, "Open of a" in by_b) == (False, False)


def _texts(message: Message) -> str:
    return "\n".join((message.subject, *(block.text for block in message.blocks)))


def test_a_digest_goes_out_on_its_days_and_after_an_outage_once(scene: Make) -> None:
    weekly = parse_rule("FREQ=WEEKLY;BYDAY=MO")
    here = scene(replace(LEGAL, digest=weekly, reminders=()))
    here.look("2030-11-01 12:00")

    assert here.subjects("2030-11-04 09:00") == ["Digest: a, until Wednesday, 4 December 2030"]
    assert here.look("2030-11-05 09:00") == []
    (row,) = here.look("2030-12-05 09:00")
    assert row.key.counts_to == "2030-12-02"


def test_of_a_day_that_was_corrected_the_two_days_say_all(scene: Make) -> None:
    here = scene(replace(LEGAL, reminders=()), text=HEAD + NOTICE)
    here.look("2030-11-01 12:00")

    here.text = HEAD + NOTICE.replace("2030-12-31", "2031-01-02")
    (row,) = here.look("2030-11-01 12:01")
    (text,) = (block.text for block in composed(here, row).blocks if block.kind == "item")
    assert text == (
        "Notice is due: moves 2 days later: from Tuesday, 31 December 2030"
        " to Thursday, 2 January 2031"
    )

    here.text = HEAD + NOTICE.replace("2030-12-31", '"90 days after 2030-11-01"')
    (row,) = here.look("2030-11-01 12:02")
    (text,) = (block.text for block in composed(here, row).blocks if block.kind == "item")
    assert "is stated as “90 days after 2030-11-01”" in text
