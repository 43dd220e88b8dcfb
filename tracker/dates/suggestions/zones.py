"""Zones by other names: `CET`, `GMT+9`, `Berlin`, `Germany`, `W. Europe Standard Time`, `AoE`.

A name that several zones go by gets each of them. What is suggested for a file's zone, or for a
recipient's, is an IANA name or UTC, for a bare day has to begin and end somewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice

from tracker.dates.diagnostics import Suggestion
from tracker.dates.instants import is_zone, zone_names, zone_of

#: Abbreviations are those of several zones, and of one half of the year: the zones meant by most.
_ABBREVIATIONS = {
    "UTC": "z utc zulu uct ut universal greenwich",
    "UTC Europe/London": "gmt",
    "Europe/London Asia/Dhaka Pacific/Bougainville": "bst",
    "Europe/London": "gb",
    "Europe/Dublin": "eire",
    "Europe/Lisbon": "wet west",
    "Europe/Berlin": "cet cest met mez mesz",
    "Europe/Helsinki": "eet eest",
    "Europe/Moscow": "msk w-su",
    "Europe/Istanbul": "trt",
    "Asia/Tokyo": "jst",
    "Asia/Seoul": "kst rok",
    "Asia/Kolkata Europe/Dublin Asia/Jerusalem": "ist",
    "Asia/Jerusalem": "idt",
    "Asia/Hong_Kong": "hkt",
    "Asia/Singapore": "sgt",
    "Pacific/Pago_Pago Asia/Singapore": "sst",
    "Asia/Manila": "pht phst",
    "Asia/Kuala_Lumpur": "myt",
    "Asia/Jakarta": "wib",
    "Asia/Bangkok": "ict",
    "Asia/Karachi": "pkt",
    "Asia/Kathmandu": "npt",
    "Asia/Dubai Atlantic/South_Georgia": "gst",
    "Asia/Tehran": "irst",
    "Asia/Shanghai": "prc",
    "Asia/Taipei": "roc",
    "Australia/Sydney": "aest aedt",
    "Australia/Adelaide Australia/Darwin": "acst acdt",
    "Australia/Perth": "awst",
    "Pacific/Auckland": "nzst nzdt nz",
    "America/New_York": "et est edt est5edt",
    "America/Chicago Asia/Shanghai America/Havana": "cst",
    "America/Chicago": "ct cst6cdt",
    "America/Chicago America/Havana": "cdt",
    "America/Denver America/Phoenix": "mst",
    "America/Denver": "mt mdt mst7mdt",
    "America/Los_Angeles Asia/Manila": "pst",
    "America/Los_Angeles": "pt pdt pst8pdt",
    "America/Anchorage": "akst akdt",
    "Pacific/Honolulu": "hst",
    "America/Halifax Asia/Riyadh": "ast",
    "America/Halifax": "adt",
    "America/St_Johns": "nst ndt",
    "America/Manaus Asia/Yerevan": "amt",
    "America/Sao_Paulo": "brt brst",
    "America/Argentina/Buenos_Aires": "art",
    "America/Santiago": "clt",
    "America/Bogota": "cot",
    "America/Lima": "pet",
    "Africa/Lagos": "wat",
    "Africa/Maputo": "cat",
    "Africa/Nairobi": "eat",
    "Africa/Johannesburg": "sast",
}  # fmt: skip
#: What stands before "time" or "standard time"; and places that have no zone of their own name, or
#: of whose name the database has another place as well.
_PLACES = {
    "America/New_York": "eastern;us eastern;boston;washington;washington dc;miami;atlanta"
    ";philadelphia;new jersey;massachusetts;pennsylvania;florida;virginia;ohio;north carolina",
    "America/Chicago": "central;us central;houston;dallas;austin;texas;illinois;minnesota"
    ";wisconsin",
    "America/Denver": "mountain;us mountain;colorado;utah;new mexico;salt lake city",
    "America/Phoenix": "arizona",
    "America/Los_Angeles": "pacific;us pacific;san francisco;seattle;san diego;silicon valley"
    ";california;oregon;nevada;las vegas;portland;washington state",
    "Pacific/Honolulu": "hawaii",
    "America/Anchorage": "alaska",
    "America/Toronto": "ottawa;ontario;quebec;montreal",
    "America/Vancouver": "british columbia",
    "America/Edmonton": "alberta;calgary",
    "America/St_Johns": "newfoundland",
    "America/Sao_Paulo": "rio;rio de janeiro;brasilia;brazil",
    "America/Guayaquil": "quito",
    "America/La_Paz": "sucre",
    "Europe/London": "british;england;scotland;wales;uk;united kingdom;great britain;edinburgh"
    ";manchester;cardiff;glasgow;birmingham",
    "Europe/Berlin": "central european;germany;munich;münchen;frankfurt;hamburg"
    ";cologne;köln;stuttgart;düsseldorf;bavaria;bayern",
    "Europe/Helsinki": "eastern european",
    "Europe/Lisbon": "western european;porto",
    "Europe/Moscow": "moscow;russia",
    "Europe/Rome": "milan;milano;turin;roma;naples",
    "Europe/Zurich": "geneva;genève;genf;basel;bern;berne;lausanne",
    "Europe/Madrid": "barcelona",
    "Europe/Paris": "lyon;marseille",
    "Europe/Vienna": "wien;salzburg;graz",
    "Europe/Amsterdam": "the hague;den haag;rotterdam",
    "Europe/Warsaw": "krakow;warszawa",
    "Europe/Prague": "praha",
    "Europe/Copenhagen": "københavn",
    "Europe/Stockholm": "gothenburg;göteborg",
    "Europe/Kyiv": "kiew",
    "Europe/Istanbul": "ankara;izmir",
    "Africa/Johannesburg": "pretoria;cape town;durban",
    "Africa/Lagos": "abuja",
    "Africa/Casablanca": "rabat",
    "Asia/Tokyo": "japan;osaka;kyoto;nagoya;日本;東京;大阪;日本標準;jst 日本",
    "Asia/Shanghai": "china;beijing;peking;shenzhen;guangzhou;中国;中国標準;北京;上海",
    "Asia/Seoul": "korea;south korea;busan;韓国;韓国標準;ソウル",
    "Asia/Kolkata": "india;indian;mumbai;bombay;delhi;new delhi;bangalore;bengaluru"
    ";chennai;hyderabad",
    "Asia/Karachi": "islamabad;lahore",
    "Asia/Dubai": "abu dhabi",
    "Asia/Ho_Chi_Minh": "hanoi",
    "Asia/Yangon": "naypyidaw",
    "Asia/Jerusalem": "tel aviv",
    "Asia/Tbilisi America/New_York": "georgia",
    "Australia/Sydney": "canberra;new south wales",
    "Pacific/Auckland": "wellington;christchurch",
    "Pacific/Apia Pacific/Pago_Pago": "samoa",
    "Pacific/Apia": "western samoa;independent samoa",
    "Pacific/Pago_Pago": "american samoa",
    "UTC": "greenwich mean;coordinated universal;universal;協定世界;世界標準;グリニッジ標準",
}  # fmt: skip
_BY_ABBREVIATION = {
    name: zones.split() for zones, names in _ABBREVIATIONS.items() for name in names.split()
}
_BY_PLACE = {name: zones.split() for zones, names in _PLACES.items() for name in names.split(";")}
_BY_NAME = _BY_ABBREVIATION | _BY_PLACE
_TIME = re.compile(r"(?: (?:standard|daylight|summer|winter))?[ _]time$|(?:標準)?時間?$|夏時間$")
_OFFSET = re.compile(
    r"(?:utc|gmt|z|etc/utc)? ?(?P<sign>[+\u2212-])(?P<hours>[0-9]{1,2})(?::?(?P<minutes>[0-9]{2}))?"
    r"(?: ?h(?:ours?)?)?"
)
#: Places with no summer time, by hours from UTC.
_PLACES_BY_HOURS = {
    -10: "Pacific/Honolulu", -7: "America/Phoenix", -6: "America/Costa_Rica", -5: "America/Bogota",
    -4: "America/Puerto_Rico", -3: "America/Sao_Paulo", 1: "Africa/Lagos",
    2: "Africa/Johannesburg", 3: "Europe/Istanbul", 3.5: "Asia/Tehran", 4: "Asia/Dubai",
    4.5: "Asia/Kabul", 5: "Asia/Karachi", 5.5: "Asia/Kolkata", 5.75: "Asia/Kathmandu",
    6: "Asia/Dhaka", 6.5: "Asia/Yangon", 7: "Asia/Bangkok", 8: "Asia/Singapore", 9: "Asia/Tokyo",
    9.5: "Australia/Darwin", 10: "Australia/Brisbane", 13: "Pacific/Tongatapu",
    14: "Pacific/Kiritimati", -9.5: "Pacific/Marquesas", 8.75: "Australia/Eucla",
}  # fmt: skip
_LAST, _FIRST = 14, -12  # hours from UTC that zones have
_MOST = 4
MIDWINTER, MIDSUMMER = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)


def abbreviated_zones(text: str) -> tuple[str, ...]:
    """The zones that an abbreviation, or AoE in other letters, is used for; none of all else.

    >>> abbreviated_zones("CST")
    ('America/Chicago', 'Asia/Shanghai', 'America/Havana')
    """
    name = text.lower()
    if name in ("aoe", "anywhere"):
        return ("AoE",)
    return tuple(_BY_NAME.get(name, ())) if re.fullmatch("[a-z]{1,4}", name) else ()


def zones_meant(text: str) -> tuple[Suggestion, ...]:
    """The zones that a text can mean; of several, each says how far from UTC its clocks are.

    >>> (
    ...     [zone.write for zone in zones_meant("JST")],
    ...     [zone.write for zone in zones_meant("new york")],
    ... )
    (['Asia/Tokyo'], ['America/New_York'])
    >>> [zone.write for zone in zones_meant("GMT+9")]
    ['Etc/GMT-9', 'Asia/Tokyo']
    """
    name = " ".join(unicodedata.normalize("NFKC", text[:80]).casefold().split()).strip(" .()")
    if name in ("aoe", "anywhere on earth"):
        return (Suggestion("Etc/GMT+12", "anywhere-on-earth"),)
    return each_zone(tuple(dict.fromkeys(_zones(name, _WAYS)))[:_MOST])


def zones_named(text: str) -> tuple[str, ...]:
    """The zones that a text names as it stands; none of what is spelt otherwise.

    >>> zones_named("Berlin"), zones_named("Europe/Berln")
    (('Europe/Berlin',), ())
    """
    name = " ".join(unicodedata.normalize("NFKC", text[:80]).casefold().split()).strip(" .()")
    return tuple(dict.fromkeys(_zones(name, _WAYS[:-1])))[:_MOST]


def each_zone(zones: tuple[str, ...]) -> tuple[Suggestion, ...]:
    """Each as it is written; of several, with how far from UTC its clocks are."""
    if len(zones) == 1:
        return (Suggestion(zones[0]),)
    return tuple(Suggestion(zone, *_clocks(zone)) for zone in zones)


def _zones(name: str, ways: tuple[Callable[[str], Iterator[str]], ...]) -> Iterator[str]:
    """The first way of naming that leads to any."""
    for find in ways:
        if zones := [zone for zone in find(name) if is_zone(zone)]:
            yield from zones
            return


def _at_offset(name: str) -> Iterator[str]:
    """GMT+9: the zones named Etc/GMT have their sign the other way round (POSIX)."""
    match = _OFFSET.fullmatch(name)
    if match is None:
        return
    minutes = 60 * int(match["hours"]) + int(match["minutes"] or 0)
    hours = minutes / 60 * (1 if match["sign"] == "+" else -1)
    if not hours:
        yield "UTC"
    elif _FIRST <= hours <= _LAST:
        if hours.is_integer():
            yield f"Etc/GMT{-int(hours):+}"
        yield _PLACES_BY_HOURS.get(hours, "")


def _by_table(name: str) -> Iterator[str]:
    plain = _without_accents(name)
    for known in (name, _TIME.sub("", name), *_halves(name), plain, _TIME.sub("", plain)):
        if known in _BY_NAME:
            yield from _BY_NAME[known]
            return
    yield from _BY_PLACE.get(plain.rpartition("/")[2].replace("_", " "), ())  # Asia/Beijing


def _halves(name: str) -> tuple[str, ...]:
    """CET/CEST is one zone in winter and in summer."""
    winter, _, summer = name.partition("/")
    return (winter,) if {winter, summer} <= _BY_ABBREVIATION.keys() else ()


def _of_windows(name: str) -> Iterator[str]:
    """The zones of Windows and of Outlook: `W. Europe Standard Time`."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    for windows, zone in WINDOWS_TO_OLSON.items():
        if windows.casefold().strip(" .") == name:
            yield zone
    cities = re.fullmatch(r"utc[^)]*\) ?(?P<cities>.+)", name)  # (UTC+01:00) Amsterdam, Berlin
    for city in cities["cities"].split(",") if cities else ():
        yield from _of_city(city.strip())


def _without_accents(name: str) -> str:
    """`zürich` as the database has it: Zurich; of other scripts nothing is taken away."""
    letters = unicodedata.normalize("NFD", name)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return plain if plain.isascii() else name


def _of_city(name: str) -> Iterator[str]:
    bare = name.removeprefix("posix/").removeprefix("right/")
    city = _without_accents(_TIME.sub("", name)).replace(" ", "_")
    yield from (zone for zone in zone_names() if zone.casefold() == bare)
    yield from (zone for zone in zone_names() if zone.casefold().rpartition("/")[2] == city)


def _of_country(name: str) -> Iterator[str]:
    code = {country.casefold(): code for code, country in _rows("iso3166.tab")}.get(
        _TIME.sub("", name)
    )
    if code:
        yield from (row[2] for row in _rows("zone.tab") if row[0] == code)


def _of_region(name: str) -> Iterator[str]:
    """`America/Argentina` holds several: the one that its country's list begins with."""
    region = name.removesuffix("/").replace(" ", "_")
    if "/" in region:
        listed = (row[2] for row in _rows("zone.tab"))
        yield from islice((zone for zone in listed if zone.casefold().startswith(f"{region}/")), 1)


@lru_cache(maxsize=2)
def _rows(table: str) -> tuple[tuple[str, ...], ...]:
    """A table of the database of zones, without its comments."""
    from importlib.resources import files

    text = (files("tzdata.zoneinfo") / table).read_text(encoding="utf-8")
    return tuple(
        tuple(line.split("\t")) for line in text.splitlines() if line and not line.startswith("#")
    )


def _misspelt(name: str) -> Iterator[str]:
    if name.endswith("/"):  # a continent, of which none is the one
        return
    known = {zone.casefold(): zone for zone in zone_names() if zone != "AoE"}
    cutoff = 0.75 if "/" in name else 0.85
    yield from (known[zone] for zone in get_close_matches(name[:60], known, n=1, cutoff=cutoff))
    cities = {zone.rpartition("/")[2]: known[zone] for zone in known}
    city = name.replace(" ", "_")
    yield from (cities[near] for near in get_close_matches(city[:60], cities, n=1, cutoff=cutoff))


_WAYS = (_at_offset, _by_table, _of_windows, _of_city, _of_country, _of_region, _misspelt)


def _clocks(zone: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """How far its clocks are from UTC: all year, or in winter and in summer."""
    rules = zone_of(zone)
    winter, summer = (_offset(moment.astimezone(rules)) for moment in (MIDWINTER, MIDSUMMER))
    if winter == summer:
        return "clocks-all-year", (("offset", winter),)
    return "clocks-in-winter-and-summer", (("winter", winter), ("summer", summer))


def _offset(moment: datetime) -> str:
    apart = moment.utcoffset() or timedelta()
    sign = "-" if apart < timedelta() else "+"
    hours, minutes = divmod(abs(apart) // timedelta(minutes=1), 60)
    return f"UTC{sign}{hours}{f':{minutes:02}' if minutes else ''}"
