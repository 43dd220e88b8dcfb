"""Calendars as people name them: `Germany`, `UK`, `US-California`, `London`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

_USUAL = {
    "uk": "GB", "greatbritain": "GB", "england": "GB-ENG", "scotland": "GB-SCT",
    "wales": "GB-WLS", "northernireland": "GB-NIR", "london": "GB-ENG", "america": "US",
    "eu": "ECB", "target": "ECB", "target2": "ECB", "t2": "ECB", "eurozone": "ECB",
    "europe": "ECB", "europeanunion": "ECB", "euro": "ECB", "en": "GB", "tokyo": "JP",
    "nippon": "JP", "deutschland": "DE", "bayern": "DE-BY", "bavaria": "DE-BY",
    "frankfurt": "DE-HE", "berlin": "DE-BE", "munich": "DE-BY", "paris": "FR",
    "zurich": "CH-ZH", "switzerland": "CH", "korea": "KR", "southkorea": "KR",
    "newyorkcity": "US-NY", "wallstreet": "NYSE", "newyorkstockexchange": "NYSE",
    "holland": "NL", "czechia": "CZ", "usfederal": "US", "federal": "US", "mofri": "weekdays",
    "monfri": "weekdays", "none": "weekdays", "weekday": "weekdays", "noholidays": "weekdays",
}  # fmt: skip


def calendars_meant(
    name: str, countries: Mapping[str, Sequence[str]], markets: Sequence[str]
) -> tuple[str, ...]:
    """The calendars that a name can mean, which is none of them; the nearest first.

    `countries` have the codes of their parts, `markets` are codes.
    """
    name = name.strip()
    head, _, part = name.partition("-")
    plain = _plain(head)
    if known := _USUAL.get(_plain(name)) or _USUAL.get(plain):
        return (known,)
    country = head.upper() if head.upper() in countries else _countries_by_name().get(plain)
    if country is not None:
        return _parts_meant(country, part, countries[country]) if part else (country,)
    if name.upper() in markets:
        return (name.upper(),)
    for place in ("US", "DE", "CA", "GB", "AU", "CH"):  # a part, without its country
        if near := _parts_meant(place, name, countries[place], cutoff=0.9):
            return near
    # Two letters are like two others by chance: only longer names are looked for.
    slips = get_close_matches(plain, _countries_by_name(), n=1, cutoff=0.8)
    slips += get_close_matches(name.upper(), [market for market in markets if len(market) > 3], n=1)
    slips += get_close_matches(name.lower(), ["weekdays"], n=1)
    return tuple(_countries_by_name().get(slip, slip) for slip in slips) if len(plain) > 3 else ()


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _countries_by_name() -> dict[str, str]:
    """The code of each country, by its name and by its code of three letters."""
    from holidays import registry

    codes = {}
    for names in registry.COUNTRIES.values():
        codes[names[0].lower()] = names[1]
        codes[names[2].lower()] = names[1]
    return codes


def _parts_meant(
    country: str, part: str, parts: Sequence[str], cutoff: float = 0.6
) -> tuple[str, ...]:
    """Parts of the country by name, or by the nearest code."""
    import holidays

    if part.upper() in parts:
        return (f"{country}-{part.upper()}",)
    names = getattr(getattr(holidays, country), "subdivisions_aliases", {})
    by_name = {_plain(name): code for name, code in names.items()}
    near = get_close_matches(_plain(part), by_name, n=1, cutoff=max(cutoff, 0.75))
    if near:
        return (f"{country}-{by_name[near[0]]}",)
    if cutoff > 0.6:
        return ()
    codes = get_close_matches(part.upper(), parts, n=2, cutoff=0.3)
    return (*(f"{country}-{code}" for code in codes), country)
