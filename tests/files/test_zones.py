"""A zone by another name is refused with the zones that are meant, in files, lines and recipients."""

from __future__ import annotations

import errno
import os
import resource
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.rows import rows
from tracker.config import read_config
from tracker.config.recipients import Defaults
from tracker.dates.diagnostics import LineError, Suggestion
from tracker.dates.instants import is_zone, zone_of
from tracker.dates.parser import parse
from tracker.files.loading import read
from tracker.files.problems import FileErrors
from tracker.i18n.diagnostics import report
from tracker.i18n.translate import LANGUAGES

WINTER = datetime(2027, 1, 15, tzinfo=UTC)
#: What is written, and the zones that are offered.
MEANT = {
    "AoE": "Etc/GMT+12",
    "aoe": "Etc/GMT+12",
    "Anywhere on Earth": "Etc/GMT+12",
    "CET": "Europe/Berlin",
    "CEST": "Europe/Berlin",
    "CET/CEST": "Europe/Berlin",
    "EST": "America/New_York",
    "PST": "America/Los_Angeles Asia/Manila",
    "JST": "Asia/Tokyo",
    "BST": "Europe/London Asia/Dhaka Pacific/Bougainville",
    "IST": "Asia/Kolkata Europe/Dublin Asia/Jerusalem",
    "CST": "America/Chicago Asia/Shanghai America/Havana",
    "GMT": "UTC Europe/London",
    "utc": "UTC",
    "Z": "UTC",
    "EST5EDT": "America/New_York",
    "NZST": "Pacific/Auckland",
    "W. Europe Standard Time": "Europe/Berlin",
    "Tokyo Standard Time": "Asia/Tokyo",
    "Eastern Standard Time": "America/New_York",
    "Romance Standard Time": "Europe/Paris",
    "(UTC+01:00) Amsterdam, Berlin, Rome": "Europe/Amsterdam Europe/Berlin Europe/Rome",
    "Eastern Time": "America/New_York",
    "Central European Summer Time": "Europe/Berlin",
    "Japan Standard Time": "Asia/Tokyo",
    "London time": "Europe/London",
    "Berlin": "Europe/Berlin",
    "new york": "America/New_York",
    "Osaka": "Asia/Tokyo",
    "San Francisco": "America/Los_Angeles",
    "Germany": "Europe/Berlin",
    "Japan": "Asia/Tokyo",
    "Switzerland": "Europe/Zurich",
    "日本": "Asia/Tokyo",
    "日本時間": "Asia/Tokyo",
    "ＪＳＴ": "Asia/Tokyo",
    "Europe/Berln": "Europe/Berlin",
    "europe/berlin": "Europe/Berlin",
    "Asia/Tokio": "Asia/Tokyo",
    "Samoa": "Pacific/Apia Pacific/Pago_Pago",
    "American Samoa": "Pacific/Pago_Pago",
    "Georgia": "Asia/Tbilisi America/New_York",
    "America/Argentina": "America/Argentina/Buenos_Aires",
    "America/Indiana/": "America/Indiana/Indianapolis",
    "America/": "",
    "California": "America/Los_Angeles",
    "California time": "America/Los_Angeles",
    "Zürich": "Europe/Zurich",
    "ZÜRICH": "Europe/Zurich",
    "São Paulo": "America/Sao_Paulo",
    "Bogotá": "America/Bogota",
    "Kraków": "Europe/Warsaw",
    "Québec": "America/Toronto",
    "Ankara": "Europe/Istanbul",
    "Wellington": "Pacific/Auckland",
    "Rio de Janeiro": "America/Sao_Paulo",
    "Asia/Beijing": "Asia/Shanghai",
    "America/San_Francisco": "America/Los_Angeles",
    "Pacific/Hawaii": "Pacific/Honolulu",
    "posix/UTC": "UTC",
    "posix/Europe/Berlin": "Europe/Berlin",
    "Mars": "",
    "local": "",
    "UTC+25": "",
}
#: What is written, and how many hours from UTC all that is offered for it is.
OFFSETS = {
    "GMT+9": 9, "UTC+2": 2, "UTC+02:00": 2, "+09:00": 9, "-5": -5, "UTC-12": -12, "GMT-3": -3,
    "UTC+14": 14, "UTC+5:30": 5.5, "UTC+0530": 5.5, "GMT+05:45": 5.75, "UTC−8": -8, "utc +0": 0,
}  # fmt: skip


def _offers(zone: str) -> tuple[Suggestion, ...]:
    with pytest.raises(FileErrors) as refused:
        _load(zone)
    (problem,) = refused.value.problems
    for language in LANGUAGES:
        assert "{" not in report(problem.diagnostic, "a.toml:1:1", None, "timezone", language)
    return problem.diagnostic.suggestions


def _load(zone: str) -> None:
    content = (
        f'id = "a"\ntimezone = "{zone}"\n[[event]]\nid = "e"\ntitle = "E"\nwhen = "2027-01-01"'
    )
    read(["a.toml"], [content.encode()])


@rows("zone", MEANT)
def test_a_file_s_zone_by_another_name_is_offered_under_its_own(zone: str) -> None:
    offers = _offers(zone)

    assert [offer.write for offer in offers] == MEANT[zone].split()
    assert len(offers) < 2 or all(offer.reason for offer in offers), "several say what they are"
    for offer in offers:
        _load(offer.write)


@pytest.mark.parametrize("zone", OFFSETS)
def test_a_zone_by_its_hours_is_offered_with_those_hours_and_not_turned_round(zone: str) -> None:
    offers = _offers(zone)

    assert offers
    for offer in offers:
        _load(offer.write)
        apart = WINTER.astimezone(ZoneInfo(offer.write)).utcoffset()
        assert apart == timedelta(hours=OFFSETS[zone])


@pytest.mark.parametrize("zone", ["AoE", "CET", "GMT+9", "W. Europe Standard Time", "Berlin"])
def test_a_recipient_s_zone_is_offered_as_a_file_s_is(tmp_path: Path, zone: str) -> None:
    file = tmp_path / "tracker.toml"
    file.write_text(f'[[recipient]]\nname = "me"\nto = ["terminal"]\ntimezone = "{zone}"\n')

    with pytest.raises(FileErrors) as refused:
        read_config(file, [], Defaults("UTC", "en"), sends=False)

    (problem,) = refused.value.problems
    assert [offer.write for offer in problem.diagnostic.suggestions] == [
        offer.write for offer in _offers(zone)
    ]


@rows(
    "line, offers",
    [
        ("2028-03-15 UTC-12", ["2028-03-15 AoE"]),
        ("2028-03-15 JST", ["2028-03-15 23:59 Asia/Tokyo"]),
        ("2028-03-15 (Tokyo)", ["2028-03-15 23:59 Asia/Tokyo"]),
        ("2028-03-15 Europe/Berlin", ["2028-03-15 23:59 Europe/Berlin"]),
        ("2028-03-15 17:00 W. Europe Standard Time", ["2028-03-15 17:00 Europe/Berlin"]),
        ("2028-03-15 17:00 (JST)", ["2028-03-15 17:00 Asia/Tokyo"]),
        ("2028-03-15 17:00 UTC+5:30", ["2028-03-15 11:30 UTC"]),
        ("2028-03-15 17:00 CET/CEST", ["2028-03-15 17:00 Europe/Berlin"]),
        ("2028-03-15 17:00 BST",
         ["2028-03-15 17:00 Europe/London", "2028-03-15 17:00 Asia/Dhaka",
          "2028-03-15 17:00 Pacific/Bougainville"]),
        ("by 2028-03-15 17:00 CET", ["2028-03-15 17:00 Europe/Berlin"]),
        ("2027-10-31 02:30 CEST", ["2027-10-31 00:30 UTC"]),
        ("2027-10-31 02:30 CET", ["2027-10-31 01:30 UTC"]),
        ("no later than 2:30 am CET on 31 October 2027", ["2027-10-31 01:30 UTC"]),
        ("31 October 2027, 2:30 MESZ", ["2027-10-31 00:30 UTC"]),
        ("5 days after 2027-11-07 01:30 EST", ["5 days after 2027-11-07 06:30 UTC"]),
        ("5 days after 2027-11-07 01:30 EDT", ["5 days after 2027-11-07 05:30 UTC"]),
        ("2027-03-28 02:30 CET", ["2027-03-28 03:30 Europe/Berlin"]),
        ("2027-11-07 01:30 ET", ["2027-11-07 05:30 UTC", "2027-11-07 06:30 UTC"]),
        ("2028-03-15 est.", ["2028-03-15"]),
    ],
)  # fmt: skip
def test_a_zone_in_a_line_is_offered_behind_its_time(line: str, offers: list[str]) -> None:
    with pytest.raises(LineError) as refused:
        parse(line)

    assert [offer.write for offer in refused.value.diagnostic.suggestions] == offers
    for offer in offers:
        parse(offer)


def test_a_zone_that_cannot_be_looked_up_now_is_not_said_to_be_none() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    ZoneInfo("Europe/Paris")  # what is imported for it is there
    zone_of.cache_clear()
    ZoneInfo.clear_cache()
    free = os.dup(0)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, before[1]))
    try:
        with pytest.raises(OSError, match=os.strerror(errno.EMFILE)):
            is_zone("Europe/Vaduz")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)

    assert is_zone("Europe/Vaduz")


@pytest.mark.parametrize("name", ["America/", "Europe/..", "Europe/" + "x" * 300, "a/b\0c", "zone/tab", "Etc/UTC/x"])  # fmt: skip
def test_what_is_no_file_of_a_zone_is_no_zone(name: str) -> None:
    assert not is_zone(name)
