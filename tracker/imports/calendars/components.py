"""The components of a calendar file: what stands between BEGIN and END, and its properties."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

#: RFC 5545 nests three deep; what is deeper is read as if it were not there.
_DEEPEST = 8
_NAME = re.compile(r"[A-Za-z0-9-]+")
_PARAMETERS = re.compile(r'((?:;[^":;]*(?:"[^"]*"[^":;]*)*)*):')
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";])*)')
_ESCAPES = re.compile(r"\\(.)", re.DOTALL)


class Property(NamedTuple):
    """One property of a component."""

    parameters: str  #: as they stand: `;TZID=Europe/Berlin`
    value: str

    def parameter(self, name: str) -> str:
        """The value of a parameter, without its quotes; empty: there is none.

        >>> Property(';TZID="W. Europe Standard Time"', "").parameter("TZID")
        'W. Europe Standard Time'
        """
        if not self.parameters:
            return ""
        for key, value in _PARAMETER.findall(self.parameters):
            if key.upper() == name:
                return str(value).strip().strip('"')
        return ""

    @property
    def text(self) -> str:
        """The value as a text (RFC 5545, section 3.3.11)."""
        return unescape(self.value)


@dataclass(slots=True)
class Component:
    """A component, such as a VEVENT."""

    name: str
    line: int  #: on which it begins
    number: int  #: which of the entries of its file it is, from 1; 0: it is none
    properties: dict[str, list[Property]] = field(default_factory=dict)
    parts: list[Component] = field(default_factory=list)
    broken: int = 0  #: the first line that is none
    is_closed: bool = False

    def first(self, name: str) -> Property | None:
        """The first property of that name."""
        values = self.properties.get(name)
        return values[0] if values else None

    def value(self, name: str) -> str:
        """The value of the first property of that name; empty: there is none."""
        values = self.properties.get(name)
        return values[0].value.strip() if values else ""

    def text(self, name: str) -> str:
        """The same as a text."""
        values = self.properties.get(name)
        return values[0].text if values else ""


class Calendar(NamedTuple):
    """What a calendar file holds."""

    header: dict[str, list[Property]]  #: of all its calendars
    entries: list[Component]
    zones: list[Component]
    is_cut: bool  #: whether it ends in the midst of a component


ENTRIES = ("VEVENT", "VTODO", "VJOURNAL")


def unescape(text: str) -> str:
    r"""A text without its escapes.

    >>> unescape("a\\, b\\nc")
    'a, b\nc'
    """
    if "\\" not in text:
        return text
    return _ESCAPES.sub(lambda match: "\n" if match[1] in "nN" else match[1], text)


def comma_parts(text: str) -> list[str]:
    r"""The texts of a list, each without its escapes.

    >>> comma_parts("a\\, b,c")
    ['a, b', 'c']
    """
    return [unescape(part) for part in re.split(r"(?<!\\),", text)]


def parse_components(text: str) -> Calendar:
    """The entries of a calendar file, and its zones."""
    reading = _Reading()
    for number, line in _unfold(text):
        reading.take(number, line)
    is_cut = any(part.name != "VCALENDAR" for part in reading.open)
    return Calendar(reading.header, reading.entries, reading.zones, is_cut)


def _unfold(text: str) -> list[tuple[int, str]]:
    """The lines, each with the number that it begins on (RFC 5545, section 3.1)."""
    lines: list[tuple[int, str]] = []
    pieces: list[str] = []
    begin = 0
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if line[:1] in (" ", "\t") and pieces:
            pieces.append(line[1:])
        elif line:
            if pieces:
                lines.append((begin, pieces[0] if len(pieces) == 1 else "".join(pieces)))
            pieces, begin = [line], number
    if pieces:
        lines.append((begin, "".join(pieces)))
    return lines


class _Reading:
    """The components while their lines are read."""

    def __init__(self) -> None:
        self.header: dict[str, list[Property]] = {}
        self.entries: list[Component] = []
        self.zones: list[Component] = []
        self.open: list[Component] = []
        self.depth = 0  #: of what is open, also of what is too deep to be kept

    def take(self, number: int, line: str) -> None:
        """The next line."""
        colon = line.find(":")
        name, parameters, value = line[:colon], "", line[colon + 1 :]
        semicolon = name.find(";")
        if semicolon >= 0:
            match = _PARAMETERS.match(line, semicolon)
            name = line[:semicolon]
            if match is not None:
                parameters, value = match[1], line[match.end() :]
        name = name.upper()
        if name == "BEGIN":
            self._begin(value.strip().upper(), number)
        elif name == "END":
            self._end(value.strip().upper())
        elif self.depth > len(self.open):
            return
        elif colon < 0 or not _NAME.fullmatch(name):
            if self.open and not self.open[-1].broken:
                self.open[-1].broken = number
        elif not self.open or self.open[-1].name == "VCALENDAR":
            self.header.setdefault(name, []).append(Property(parameters, value))
        else:
            properties = self.open[-1].properties
            there = properties.get(name)
            if there is None:
                properties[name] = [Property(parameters, value)]
            else:
                there.append(Property(parameters, value))

    def _begin(self, name: str, line: int) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            return
        is_entry = name in ENTRIES
        component = Component(name, line, len(self.entries) + 1 if is_entry else 0)
        if is_entry:
            # One begins within another: the other was cut off.
            while self.open and self.open[-1].name != "VCALENDAR":
                self.open.pop()
            self.depth = len(self.open) + 1
            self.entries.append(component)
        elif name == "VTIMEZONE":
            self.zones.append(component)
        elif self.open:
            self.open[-1].parts.append(component)
        self.open.append(component)

    def _end(self, name: str) -> None:
        if self.depth > len(self.open):
            self.depth -= 1
            return
        names = [component.name for component in self.open]
        if name not in names:
            return
        at = len(names) - 1 - names[::-1].index(name)
        self.open[at].is_closed = True
        del self.open[at:]
        self.depth = len(self.open)
