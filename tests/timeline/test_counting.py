"""Each `why` of what is counted by a law names the law and its article, and what closed a day."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.files.loading import read
from tracker.i18n.explanation import explanation_lines
from tracker.timeline.resolver import resolve


def why(counting: str, calendar: str, line: str, language: str, more: str = "") -> str:
    text = (
        f'id = "a"\ncalendar = "{calendar}"\ncounting = "{counting}"\nclosed = ["2027-04-06"]\n'
        f'[[event]]\nid = "x"\ntitle = "X"\nwhen = "{line}"\n{more}'
    )
    agreements, _ = read(["a.toml"], [text.encode()])
    timeline = resolve(agreements, date(2026, 11, 25))
    return "\n".join(explanation_lines(timeline.points[0], timeline, language))


@pytest.mark.parametrize(
    ("counting", "calendar", "line", "articles"),
    [
        ("jp-civil", "JP", "10 days after 2027-01-05", ["140"]),
        ("jp-civil", "JP", "1 month after 2027-02-28", ["140", "143"]),
        ("jp-civil", "JP", "10 days after 2027-04-21", ["140", "142"]),
        ("jp-civil", "JP", "within 10 days after 2027-04-21", ["140", "142"]),
        ("jp-civil", "JP", "2 weeks before 2027-05-15", ["140", "142"]),
        ("jp-civil", "JP", "72 hours after 2027-04-28 12:00 Asia/Tokyo", ["139"]),
        ("jp-civil", "JP", "earliest of 10 days after 2027-04-21, 2028-01-01", ["140", "142"]),
        ("de-bgb", "DE", "10 days after 2027-01-05", ["187"]),
        ("de-bgb", "DE", "2 weeks after 2027-03-12", ["187", "193"]),
        ("de-bgb", "DE", "2 weeks before 2027-04-12", ["187", "193"]),
        ("eu-1182", "ECB", "10 days after 2027-01-05", ["3(1)", "3条1項"]),
        ("eu-1182", "ECB", "1 day after 2027-03-25", ["3(4)", "3条4項"]),
        ("eu-1182", "ECB", "3 days after 2027-03-05", ["3(5)", "3条5項"]),
        ("us-frcp", "US", "10 days after 2027-01-05", ["6(a)(1)(A)"]),
        ("us-frcp", "US", "30 days after 2027-01-16", ["6(a)(1)(C)"]),
        ("us-frcp", "US", "7 days before 2027-02-22", ["6(a)(5)"]),
        ("us-frcp", "US", "72 hours after 2027-02-12 15:00 America/New_York",
         ["6(a)(2)", "6(a)(2)(C)"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_why_of_a_count_names_the_article_that_decides(
    counting: str, calendar: str, line: str, articles: list[str], language: str
) -> None:
    told = why(counting, calendar, line, language)

    in_language = [article for article in articles if ("条" in article) == (language == "ja")]
    assert all(article in told for article in (in_language if "条" in str(articles) else articles))


@pytest.mark.parametrize(
    ("line", "articles"),
    [
        ("30 days after y", ["140"]),
        ("30 days before (earliest of y, 2027-05-31)", ["140", "142"]),
        ("10 days after (earliest of y, 2027-04-21)", ["140", "142"]),
        ("within 10 days after in 2027-04", ["140"]),
        ("not after (10 days after y)", ["140"]),
    ],
)
def test_what_is_counted_from_an_unknown_day_names_its_law_too(
    line: str, articles: list[str]
) -> None:
    told = why("jp-civil", "JP", line, "en", '[[event]]\nid = "y"\ntitle = "Y"\nwhen = "open"\n')

    assert [article for article in ("140", "142") if article in told] == articles


def test_what_closed_the_day_is_said_a_holiday_a_weekend_or_the_file_itself() -> None:
    assert "(Labor Day)" in why("us-frcp", "US", "5 days after 2027-09-01", "en")
    assert "(a weekend)" in why("us-frcp", "US", "5 days after 2027-02-01", "en")
    assert "(closed in the file)" in why("us-frcp", "US", "5 days after 2027-04-01", "en")


def test_where_the_events_own_roll_decides_that_is_said() -> None:
    told = why("us-frcp", "US", "30 days after 2027-01-16", "en", 'roll = "none"\n')

    assert "15 February 2027" in told.splitlines()[0]
    assert "the event's own `roll` says" in told


def test_a_stated_day_is_not_said_to_be_counted_by_a_law() -> None:
    assert "140" not in why("jp-civil", "JP", "2027-05-01", "ja")
