"""Messages as somebody with forty matters reads them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

import pytest

from tests.alerts.samples import SIGNER, URL, claimed_alert
from tracker.agreements.model import Agreement
from tracker.alerts.change_content import change_contents
from tracker.alerts.composer import Composer
from tracker.alerts.message import Message
from tracker.alerts.mime import html_of
from tracker.alerts.signed_links import Signer
from tracker.files.loading import read
from tracker.reminders.acknowledgements import counts_to_text
from tracker.reminders.plan import AlertKey
from tracker.reminders.recipients import Recipient
from tracker.timeline.comparison import changes
from tracker.timeline.differences import reportable
from tracker.timeline.resolver import resolve

LEASE = """
[[event]]
id = "term"
title = "Lease of the office"
starts = 2026-01-01
lasts = "3 years"
renews = "1 year unless notice"
parties = ["Landlord", "Tenant"]
[[event]]
id = "notice"
title = "Notice not to renew"
when = "90 days before each end of term"
[[event]]
id = "licence"
title = "Licence"
starts = 2026-01-01
lasts = "3 years"
renews = "1 year if renewal"
[[event]]
id = "renewal"
title = "Renewal fee"
when = "30 days before each end of licence"
[[event]]
id = "break"
title = "Break notice"
when = 2028-10-01
[[event]]
id = "call"
title = "Conference call"
when = "2028-10-01 17:00 America/New_York"
[[event]]
id = "option"
title = "Option to buy"
when = "not after 2028-10-01"
[[event]]
id = "delivery"
title = "Delivery"
when = "between 2028-10-01 and 2028-10-20"
"""
HANGING = """
[[event]]
id = "works"
title = "Works"
when = "30 days after break"
[[event]]
id = "price"
title = "Price"
when = "10 days after option"
"""


def leases(count: int, text: str = LEASE) -> list[Agreement]:
    """So many leases that have all their events alike."""
    heads = [
        f'id = "lease-{number}"\ntitle = {{ en = "Lease {number}", ja = "賃貸借契約{number}" }}\n'
        f'timezone = "Europe/Berlin"\n{text}'
        for number in range(1, count + 1)
    ]
    names = [f"{number}.toml" for number in range(count)]
    return list(read(names, [head.encode() for head in heads])[0])


FORTY = leases(40)
TWO = leases(2)
TWO_WITH_MORE = leases(2, LEASE + HANGING)


def recipient(language: str = "en") -> Recipient:
    return Recipient("legal", "Europe/Berlin", time(9), language)


def told(day: str, name: str, kind: str = "reminder", language: str = "en") -> Message:
    """What is told at nine on that day of that point of the second lease."""
    as_of = date.fromisoformat(day)
    shown = resolve(TWO_WITH_MORE, as_of)
    point = next(
        point for point in shown.points
        if point.event.agreement == "lease-2" and point.key.name_in("lease-2") == name
    )  # fmt: skip
    columns = point.first_key.columns
    key = AlertKey("legal", "terminal", kind, *columns, counts_to_text(point), "")
    now = datetime.combine(as_of, time(8), UTC)
    message = Composer(shown, [recipient(language)], (), SIGNER).message(
        claimed_alert(key, now), now
    )
    assert message is not None
    return message


@pytest.mark.parametrize(
    ("day", "name", "kind", "subject"),
    [
        ("2028-09-24", "break", "reminder",
         "Lease 2 – Break notice: in 7 days, Sunday, 1 October 2028"),
        ("2028-10-04", "break", "reminder",
         "Lease 2 – Break notice: was due 3 days ago, Sunday, 1 October 2028"),
        ("2028-09-24", "call", "reminder",
         "Lease 2 – Conference call: in 7 days, Sunday, 1 October 2028, 23:00"),
        ("2028-09-24", "option", "reminder",
         "Lease 2 – Last day for “Option to buy”: in 7 days, Sunday, 1 October 2028"),
        ("2028-10-02", "option", "lapsed",
         "Lease 2 – Option to buy: lapsed; its last day was Sunday, 1 October 2028"),
        ("2028-09-24", "delivery", "reminder",
         "Lease 2 – Delivery: any day from Sun 1 Oct 2028 (in 7 days) to Fri 20 Oct 2028"),
        ("2028-10-20", "delivery", "last-call",
         "Lease 2 – Last call for “Delivery”: today, Friday, 20 October 2028"),
        ("2028-12-24", "end of term@2028-12-31", "reminder",
         "Lease 2 – Lease of the office: renews in 7 days, Sunday, 31 December 2028"),
        ("2029-01-02", "end of term@2028-12-31", "passed",
         "Lease 2 – Lease of the office: renewed until Monday, 31 December 2029"),
    ],
)  # fmt: skip
def test_the_subject_names_the_matter_first_and_the_weekday(
    day: str, name: str, kind: str, subject: str
) -> None:
    assert told(day, name, kind).subject == subject


@pytest.mark.parametrize(
    ("day", "name", "kind", "sentence"),
    [
        ("2028-09-24", "notice@2028-12-31", "reminder",
         ("If it is not given by then, “Lease of the office” does not end on Sunday, 31 December 2028,"
         " but goes on until Monday, 31 December 2029.")),
        ("2028-10-05", "notice@2028-12-31", "passed",
         ("With nothing recorded, “Lease of the office” does not end on Sunday, 31 December 2028,"
         " but goes on until Monday, 31 December 2029.")),
        ("2028-09-24", "end of term@2028-12-31", "reminder",
         ("It goes on until Monday, 31 December 2029, unless “Notice not to renew” is given by Monday,"
         " 2 October 2028.")),
        ("2029-01-02", "end of term@2028-12-31", "passed",
         ("A term of “Lease of the office” in “Lease 2” ended 2 days ago, on Sunday, 31 December 2028,"
         " and it is renewed until Monday, 31 December 2029.")),
        ("2028-11-24", "renewal@2028-12-31", "reminder",
         "Without it, “Licence” ends on Sunday, 31 December 2028 for good."),
        ("2028-12-05", "renewal@2028-12-31", "passed",
         "With nothing recorded, “Licence” ends on Sunday, 31 December 2028 for good."),
        ("2028-09-24", "call", "reminder",
         "By the clock of the agreement, that is Sunday, 1 October 2028, 17:00 (America/New_York)."),
        ("2028-12-24", "end of term@2028-12-31", "reminder", "Parties: Landlord, Tenant"),
    ],
)  # fmt: skip
def test_the_body_says_what_follows_from_it(day: str, name: str, kind: str, sentence: str) -> None:
    assert sentence in told(day, name, kind).text


def test_the_body_begins_with_a_sentence_and_says_a_plain_day_once() -> None:
    text = told("2028-09-24", "break").text

    assert text.startswith(
        "“Break notice” in “Lease 2” falls on Sunday, 1 October 2028, which is in 7 days.\n\n"
        f"All about it: {URL}/events/lease-2/break\n"
    )


def test_of_what_has_passed_or_lapsed_it_says_what_hangs_on_it() -> None:
    passed, lapsed = told("2028-10-04", "break").text, told("2028-10-02", "option", "lapsed").text

    assert "What hangs on it:\n- Tuesday, 31 October 2028, in 27 days: Lease 2 – Works\n" in passed
    assert "What hangs on it:\n- Price: never\n" in lapsed
    assert "What hangs on it" not in told("2028-09-24", "break").text


def test_in_japanese_too() -> None:
    message = told("2028-10-05", "notice@2028-12-31", "passed", "ja")

    assert message.subject == "【賃貸借契約2】Notice not to renew:3日前に経過、2028年10月2日(月)"
    assert message.text.startswith(
        "「賃貸借契約2」の「Notice not to renew」の期日(2028年10月2日(月))は3日前に過ぎましたが、"
        "記録がありません。\n\n"
        "記録がないため、「Lease of the office」は2028年12月31日(日)に終了せず、"
        "2029年12月31日(月)まで更新されます。"
    )


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_digest_of_forty_names_the_first_and_links_to_each_event(language: str) -> None:
    shown = resolve(FORTY, date(2028, 9, 24))
    now = datetime(2028, 9, 24, 8, tzinfo=UTC)
    key = AlertKey("legal", "terminal", "digest", "", "", "", "2028-09-24", "")
    message = Composer(shown, [recipient(language)], (), SIGNER).message(
        claimed_alert(key, now), now
    )
    assert message is not None

    expected = {
        "en": r"Digest: Lease 1, Lease 2, .* and \d\d more, until Tuesday, 24 October 2028",
        "ja": r"【予定一覧】賃貸借契約1、賃貸借契約2、.*ほか\d\d件、2028年10月24日\(火\)まで",
    }
    assert re.fullmatch(expected[language], message.subject)
    assert len(message.subject) <= 78
    html = html_of(message)
    for agreement in FORTY:
        assert f'<a href="{URL}/events/{agreement.id}/break">' in html


@pytest.mark.parametrize(
    ("edit", "subject", "opening"),
    [
        (("when = 2028-10-01", "when = 2028-11-15"),
         "Lease 1 – Break notice: moves to Wednesday, 15 November 2028",
         "“Break notice” in “Lease 1” has changed."),
        (("when = 2028-10-01", "when = 2028-10-01\nwithdrawn = 2028-08-01"),
         "Lease 1 – Break notice: is withdrawn; it stood at Sunday, 1 October 2028",
         "“Break notice” in “Lease 1” is withdrawn."),
        (("when = 2028-10-01", "when = 2028-10-01\noccurred = 2028-08-01"),
         "Lease 1 – Break notice: has happened: Tuesday, 1 August 2028 (61 days early)",
         "“Break notice” in “Lease 1” has happened."),
        (('id = "break"\ntitle = "Break notice"', 'id = "new"\ntitle = "Other notice"'),
         "Lease 1 – Other notice: is new: Sunday, 1 October 2028; and 3 more changes",
         "There are 4 changes in Lease 1, Lease 2."),
    ],
)  # fmt: skip
def test_a_change_says_of_which_matter_it_is(
    edit: tuple[str, str], subject: str, opening: str
) -> None:
    after = leases(2, LEASE.replace(*edit))
    if "and" not in subject.rpartition(";")[2]:
        after = [after[0], TWO[1]]
    as_of = date(2028, 8, 2)
    seen = changes(TWO, after, as_of, as_of)
    contents = change_contents(seen, reportable(seen.changed), "en", "Europe/Berlin", {None})
    now = datetime.combine(as_of, time(8), UTC)
    key = AlertKey("legal", "terminal", "change", "lease-1/break", "when", "", "", "edition")
    message = Composer(seen.after, [recipient()], (), SIGNER).message(
        claimed_alert(key, now, **contents[None]), now
    )
    assert message is not None

    assert message.subject == subject
    assert message.text.startswith(f"{opening}\n\n- ")


@pytest.mark.parametrize("signer", [SIGNER, None])
def test_of_what_is_gone_nobody_is_sent_to_a_page_or_command_that_has_it_no_more(
    signer: Signer | None,
) -> None:
    """Nor by a process that has not yet seen that it is gone."""
    as_of = date(2028, 8, 2)
    seen = changes(TWO, TWO[1:], as_of, as_of)
    (gone, *_) = reportable(seen.changed)
    contents = change_contents(seen, [gone], "en", "Europe/Berlin", {None})
    now = datetime.combine(as_of, time(8), UTC)
    key = AlertKey("legal", "terminal", "change", gone.point.event.name, "when", "", "", "edition")
    message = Composer(seen.before, [recipient()], (), signer).message(
        claimed_alert(key, now, **contents[None]), now
    )

    assert message is not None
    assert "is no longer there" in message.text
    assert f"{gone.point.event.name}" not in message.text + html_of(message)
