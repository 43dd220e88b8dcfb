"""A lead time by another name is refused with what is meant, in units that a reminder can have."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.rows import rows
from tracker.dates.diagnostics import LineError
from tracker.dates.lead_times import Lead, parse_lead
from tracker.files.excerpts import reports
from tracker.files.loading import read
from tracker.files.problems import FileErrors
from tracker.i18n.translate import LANGUAGES, catalogue

DAY = date(2027, 6, 15)
NOON = datetime(2027, 6, 15, 12, tzinfo=UTC)
#: What is written, and what is offered.
MEANT = {
    # of each unit
    "2h": "2 hours", "2 hrs before": "2 hours", "-24h": "24 hours", "an hour": "1 hour",
    "7d": "7 days", "-7d": "7 days", "+7d": "7 days after", "2w": "2 weeks", "3 wks": "3 weeks",
    "a week before": "1 week", "2mo": "2 months", "1M": "1 month", "one month": "1 month",
    "1q": "1 quarter", "2 yrs": "2 years", "1 fortnight": "2 weeks", "a fortnight": "2 weeks",
    "two fortnights": "4 weeks", "half-year": "6 months", "half a year": "6 months",
    "1 semester": "6 months", "1 decade": "10 years", "half a day": "12 hours | 1 day",
    # shorter than an hour, and between two whole ones: never later than was asked for
    "30 minutes": "1 hour | 0 days", "15 mins before": "1 hour | 0 days",
    "90min": "2 hours | 1 day", "120 minutes": "2 hours | 1 day", "30 seconds": "1 hour | 0 days",
    "half an hour": "1 hour | 0 days", "1.5 hours": "2 hours | 1 day",
    "30 minutes after": "1 hour after", "1/2 day": "12 hours | 1 day", "3.5 days": "84 hours | 4 days",
    "one and a half years": "18 months", "1.5 weeks": "252 hours | 11 days", "0.5 months": "16 days",
    "15m": "1 hour | 15 months",
    # of several units
    "1 year and 6 months": "18 months", "1w3d": "10 days", "1 week 3 days": "10 days",
    "1d12h": "36 hours | 2 days", "1 month and 3 days": "34 days",
    # ISO 8601 and iCalendar
    "P7D": "7 days", "-P7D": "7 days", "P1W": "1 week", "P1M": "1 month", "PT2H": "2 hours",
    "-PT15M": "1 hour | 0 days", "P1DT12H": "36 hours | 2 days", "P1Y6M": "18 months",
    # days of a calendar: a reminder goes out on any day
    "1 business day": "3 days", "2 business days before": "4 days", "5 working days": "7 days",
    "3 bd": "5 days",
    # misspelt
    "30 dyas": "30 days", "30 dys": "30 days", "2 wekes": "2 weeks", "1 moth": "1 month",
    "2 huors": "2 hours", "30 Days": "30 days", "30days": "30 days", "10 minuets": "1 hour | 0 days",
    # in words
    "the day before": "1 day", "the day after": "1 day after", "on the eve": "1 day",
    "2 weeks prior": "2 weeks", "3 days later": "3 days after", "1 day overdue": "1 day after",
    "ninety (90) days before": "90 days", "14 days' notice": "14 days", "on the day": "0 days",
    "same day": "0 days", "at once": "0 days", "on time": "0 hours | 0 days", "30": "30 days",
    "T-7": "7 days", "D-30": "30 days", "7 days before the deadline": "7 days",
    "1 day before at 09:00": "1 day", "at 9:00": "0 days",
    # several in one text
    "7 days, 1 day": "7 days | 1 day", "30, 7, 1 days": "30 days | 7 days | 1 day",
    "2 weeks; 1 day after": "2 weeks | 1 day after",
    # in other languages
    "5 Tage": "5 days", "2 Wochen vorher": "2 weeks", "un mois avant": "1 month",
    "1週間前": "1 week", "３日前": "3 days", "30分前": "1 hour | 0 days", "2時間前": "2 hours",
    "1か月前": "1 month", "3日後": "3 days after", "5営業日前": "7 days", "前日": "1 day", "当日": "0 days",
    # what is no length
    "soon": "", "monthly": "", "every day": "", "1 sprint": "", "99999999 days": "", "99999 decades": "",
    "never": "", "the Friday before": "", "前の金曜日": "",
}  # fmt: skip


def _offers(written: str) -> list[str]:
    with pytest.raises(LineError) as refused:
        parse_lead(written)
    suggestions = refused.value.diagnostic.suggestions
    for offer in suggestions:
        assert len(suggestions) == 1 or offer.reason, "each of several says why"
        for language in LANGUAGES:
            assert not offer.reason or f"suggestion.{offer.reason}" in catalogue(language)
    return [offer.write for offer in suggestions]


@rows("written", MEANT)
def test_a_lead_time_is_refused_with_what_its_writer_meant(written: str) -> None:
    offers = _offers(written)

    assert " | ".join(offers) == MEANT[written]
    for offer in offers:
        parse_lead(offer)


def _goes_out(lead: Lead) -> datetime:
    """When it does, for what is due at noon of the day; a day's reminder at its beginning."""
    if lead.unit == "hour":
        return lead.instant(NOON)
    return datetime.combine(lead.day(DAY), time(), UTC)


@pytest.mark.parametrize("unit", ["seconds", "minutes", "hours", "days", "weeks", "business days"])
@pytest.mark.parametrize("number", ["1.5", "2", "7.25", "90", "1500"])
def test_no_lead_that_is_offered_is_later_than_was_asked_for(number: str, unit: str) -> None:
    hours = {"seconds": 1 / 3600, "minutes": 1 / 60, "hours": 1, "weeks": 168}.get(unit, 24)
    asked = NOON - timedelta(hours=float(number) * hours)
    try:
        offers = [str(parse_lead(f"{number} {unit}"))]
    except LineError:
        offers = _offers(f"{number} {unit}")

    assert offers
    assert all(_goes_out(parse_lead(offer)) <= asked for offer in offers)


def test_a_lead_of_minutes_in_a_file_is_told_of_hours() -> None:
    content = 'id = "a"\nreminders = ["7 days", "30 minutes"]\n[[event]]\nid = "e"\ntitle = "E"\n'

    with pytest.raises(FileErrors) as refused:
        read(["a.toml"], [f'{content}when = "2027-06-15"\n'.encode()])

    (said,) = reports(refused.value.problems, refused.value.texts, "en")
    assert "a whole number of hours, days, weeks" in said
    assert "1 hour" in said
    assert "30 days" not in said
