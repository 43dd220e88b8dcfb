"""Zones that cells name: an abbreviation behind a time, or a column of its own.

EST is New York's clocks to one, and five hours behind UTC all year to another: what goes by more
than one clock is asked about once for the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, NamedTuple, TypeAlias

from tracker.dates.instants import is_zone, zone_of
from tracker.dates.suggestions.zones import MIDSUMMER, MIDWINTER, zones_meant, zones_named
from tracker.imports.findings import Findings
from tracker.imports.foreign import ForeignPlace
from tracker.imports.foreign_times import ForeignZone, argument, fixed_zone, line_at, moment_in

State: TypeAlias = Literal["known", "asked", "unknown", "twice"]
#: They name a zone's clocks the whole year round, and no half of it.
_ALL_YEAR = ("ET", "CT", "MT", "PT")
_IN_ENGLISH = {"MEZ": "CET", "MESZ": "CEST", "MET": "CET", "MEST": "CEST"}
_LONGEST = 60


class NamedZone(NamedTuple):
    """What a name of a zone comes to."""

    state: State
    zone: ForeignZone | None = None
    write: tuple[str, ...] = ()  #: what to add to the call; of an unknown one, the nearest


class ZonedLine(NamedTuple):
    """A line by the clocks of a zone; as it was, where that cannot be."""

    line: str
    state: State
    write: tuple[str, ...] = ()  #: what to write instead


@dataclass
class ZoneNames:
    """Settles each name once."""

    meanings: dict[str, str]  #: what the call says that names mean
    findings: Findings
    _known: dict[str, NamedZone] = field(default_factory=dict)

    def line(self, line: str, name: str, place: ForeignPlace) -> ZonedLine:
        """A day or a time by the clocks of a zone of that name.

        A name of several meanings is asked about where there is a time; a day is the same in each.
        """
        name = " ".join(name.split())[:_LONGEST]
        named = self._known.get(name)
        if named is None:
            named = self._known[name] = self._settle(name)
        moment = moment_in(line)
        if moment is None or moment.clock is None:
            is_unknown = named.state == "unknown"
            dated = f"{line} AoE" if named.zone and named.zone.name == "AoE" else line
            return ZonedLine(dated, "unknown" if is_unknown else "known", named.write)
        if named.state == "asked":
            self.findings.ask("zone-name", (("zone", name),), named.write, place)
        if named.zone is None:
            return ZonedLine(line, named.state, named.write)
        timed = line_at(moment, named.zone)
        if isinstance(timed, tuple):
            return ZonedLine(line, "twice", timed)
        return ZonedLine(timed, "known")

    def _settle(self, name: str) -> NamedZone:
        said = self.meanings.get(name)
        if said is not None and (is_zone(said) or fixed_zone(said)):
            return NamedZone("known", fixed_zone(said) or ForeignZone(said))
        if fixed := fixed_zone(name) if name.upper() != "GMT" else None:
            return NamedZone("known", fixed)
        if is_zone(name) and "/" in name:
            return NamedZone("known", ForeignZone(name))
        zones = zones_named(name)
        if len(zones) == 1 and (name.upper() in _ALL_YEAR or _is_sure(name, zones[0])):
            return NamedZone("known", ForeignZone(zones[0]))
        if zones:
            return NamedZone("asked", write=_answers(name, (*zones[:4], *_fixed(name, zones[0]))))
        near = tuple(zone.write for zone in zones_meant(name)) or ("Europe/Berlin",)
        return NamedZone("unknown", write=_answers(name, near[:3]))


def _is_sure(name: str, zone: str) -> bool:
    """Whether a name says no half of the year: a place does not, nor what has no summer time."""
    return len(name) > 4 or not name.isalpha() or _offset(zone, 0) == _offset(zone, 1)


def _offset(zone: str, half: int) -> timedelta:
    moment = (MIDWINTER, MIDSUMMER)[half].astimezone(zone_of(zone))
    return moment.utcoffset() or timedelta()


def _fixed(name: str, zone: str) -> tuple[str, ...]:
    """The zone that is so far from UTC all year as the name says."""
    name = _IN_ENGLISH.get(name.upper(), name.upper())
    for half, moment in enumerate((MIDWINTER, MIDSUMMER)):
        if moment.astimezone(zone_of(zone)).tzname() == name:
            hours = _offset(zone, half) / timedelta(hours=1)
            if hours.is_integer() and hours:
                return (f"Etc/GMT{-int(hours):+}",)
    return ()


def _answers(name: str, zones: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"--map {argument(f'{name}={zone}')}" for zone in dict.fromkeys(zones))
