"""What a reader finds in a message."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.alerts.samples import DUE, SIGNER, URL, reminder
from tests.feeds.readers import read_by_all
from tests.timeline.scene import event
from tests.timeline.scene import timeline as timeline_of
from tracker.alerts.mime import html_of
from tracker.alerts.service_notation import harmless
from tracker.files.loading import read
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve


def hostile() -> Timeline:
    title = "<script>alert(1)</script> & “@everyone” <!channel>"
    return timeline_of(event("x", when="2030-12-31")._replace(title=(("en", title),)))


def test_the_subject_says_what_and_when_and_what_may_move_it() -> None:
    assert reminder().subject == (
        "Microsoft's rights to research IP: end in 30 days, Tue 31 Dec 2030; may move"
    )


def test_the_subject_is_as_complete_in_japanese() -> None:
    assert reminder(language="ja").subject == (
        "研究用の知的財産に対するマイクロソフトの権利:終了:30日後、2030年12月31日(火)。"
        "「独立した専門家パネルによるAGI達成の検証」の場合は早まります"
    )


def test_the_body_says_why_with_the_quote_and_its_source_and_how_to_acknowledge_it() -> None:
    message = reminder()

    text = message.text

    assert "As stated: “earliest of agi-verified, through 2030”" in text
    assert "What would move it:\n- An independent panel of experts verifies" in text
    assert "AGIの検証が完了するまで、または2030年まで保持する”" in text
    assert "Source: ABMedia, news article in Japanese" in text
    assert message.links is not None
    assert f"Acknowledge it, or be reminded later\n{message.links.acknowledge}" in text
    assert text.endswith(f"start them again\n{message.links.unsubscribe}")


def test_of_a_window_between_two_instants_no_message_tells_the_first_as_its_time() -> None:
    shown = timeline_of(
        event("x", when="between 2030-12-31 09:00 Asia/Tokyo and 2031-01-05 09:00 America/New_York")
    )

    text = reminder(shown, event="a/x").text

    assert "at 31 December 2030, 09:00 (Asia/Tokyo)" not in text
    assert text.startswith(
        "“X” in “A” comes on some day from Tuesday, 31 December 2030, 01:00 (Europe/Berlin) "
        "(in 30 days) to Sunday, 5 January 2031, 15:00 (Europe/Berlin)."
    )


@pytest.mark.parametrize("day", ["2027-01-15 AoE", "2027-01-15 23:59 Pacific/Honolulu"])
def test_an_option_is_not_said_to_begin_after_its_last_day(day: str) -> None:
    option = event("x", when=f"not before 2026-12-01, not after {day}")

    for as_of in (date(2027, 1, 14), date(2027, 1, 15), date(2027, 1, 16)):
        now = datetime(2027, 1, 14, 9, tzinfo=UTC)
        text = reminder(timeline_of(option, as_of=as_of), event="a/x", now=now).text
        assert text.startswith("The last day for “X” in “A” is Saturday, 16 January 2027")


def test_without_a_page_the_body_names_the_command() -> None:
    text = reminder(signer=None).text

    assert text.endswith(
        'To be reminded of it no more: tracker alerts ack "end of microsoft-openai/research-ip"'
    )


def test_the_body_names_the_amendment_that_set_the_day_its_source_and_the_line_it_replaced() -> (
    None
):
    text = """id = "a"
[sources.letter]
title = "Letter of 1 March"
[[event]]
id = "x"
title = "X"
when = "through 2029"
[[amendment]]
id = "am1"
on = 2026-03-01
title = { en = "First amendment", ja = "第一変更契約" }
source = "letter"
[[amendment.event]]
id = "x"
when = "through 2030"
"""
    amended = resolve(read(["events.toml"], [text.encode()])[0], date(2026, 11, 25))

    english = reminder(amended, event="a/x").text
    japanese = reminder(amended, "ja", event="a/x").text

    assert (
        "As amended on Sunday, 1 March 2026: First amendment [am1]; before that “through 2029”"
        in english
    )
    assert "Source of the amendment: Letter of 1 March" in english
    assert "2026年3月1日(日)の第一変更契約 [am1]により変更(以前は「through 2029」)" in japanese


@pytest.mark.parametrize(("hours", "late"), [(1, False), (3, True)])
def test_a_message_that_was_refused_for_hours_says_that_it_is_late(hours: int, late: bool) -> None:
    message = reminder(now=DUE + timedelta(hours=hours))

    assert any("This reminder is late" in remark for remark in message.remarks) == late


def test_a_late_message_says_when_it_was_due_and_what_else_it_stands_for() -> None:
    message = reminder(late=True, leads=["90 days", "60 days"])

    assert message.remarks == [
        "This reminder is late: it was due on Sunday, 1 December 2030 at 09:00.",
        "It stands for these as well: 90 days before, 60 days before.",
    ]


def test_the_event_is_attached_as_a_calendar_that_others_read() -> None:
    message = reminder()

    assert message.calendar is not None
    (entry,) = read_by_all(message.calendar).values()
    assert entry.summary.startswith("Microsoft's rights to research IP: end")


def test_what_is_said_of_a_point_is_there_for_programs() -> None:
    message = reminder()

    assert message.point is not None
    assert message.point["counts_to"] == "2030-12-31"


def test_html_in_a_title_is_text() -> None:
    html = html_of(reminder(hostile(), event="a/x"))

    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; “@everyone” &lt;!channel&gt;" in html
    assert not re.search(r"<(img|link|iframe|script)\b", html)


def test_nobody_is_mentioned_by_a_title() -> None:
    text = harmless(reminder(hostile(), event="a/x").subject)

    assert "@everyone" not in text
    assert "<!channel>" not in text
    assert text.replace("\u200b", "") == reminder(hostile(), event="a/x").subject


def test_links_are_signed_each_for_its_purpose() -> None:
    message = reminder()
    assert message.links is not None

    answer, unsubscribe = (link.rsplit("/", 1)[1] for link in message.links)

    assert message.links.acknowledge.startswith(f"{URL}/alert/{message.id}/")
    assert answer != unsubscribe
    assert SIGNER.is_ours("alert", message.id, answer)
    assert not SIGNER.is_ours("unsubscribe", message.id, answer)
    assert not SIGNER.is_ours("alert", message.id[:-1] + "0", answer)
    assert not SIGNER.is_ours("alert", message.id, "é")


def test_a_title_in_the_files_language_stands_where_the_readers_is_missing() -> None:
    found = timeline_of(event("x", when="2030-12-31")._replace(title=(("en", "Notice"),)))

    assert reminder(found, "ja", event="a/x").subject == "Notice:30日後、2030年12月31日(火)"
