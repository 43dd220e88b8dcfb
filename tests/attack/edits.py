"""Edits in sequence, of a folder of agreements and of tracker.toml, while a ledger lives.

Files are saved at once or in two steps, taken away and put back, renamed, amended, broken and mended;
the clock goes on, the process begins anew, the receiver refuses for a while. A recipient who reads
every message knows each day at the end, by messages that each go on from the last; no reminder is
missing or comes twice; and /healthz says what is so.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from tests.alerts.servers import HookSink
from tests.attack.houses import BEGUN, House, house_in
from tests.attack.kind import STEPS, Desk, Fault, Kind, listed
from tests.service.settings_desk import SECRET
from tracker.store.ledger import StoredAlert

#: Of each file its points by their first ids, and what they are called.
_POINTS = {"a": {"hearing": "Hearing", "report": "Report"}, "b": {"hearing": "Hearing"}, "c": {}}
#: Follows the hearing of a, which has to be there.
_FOLLOWS, _AFTER = "c", timedelta(days=30)
_FIRST = date(2030, 3, 5)
_LEADS = {"30 days": 30, "0 days": 0}
_BROKEN = (b"[[event]", b"\xff\xfe", b"", b'id = "x"\nid = "y"\n', b'id = "a"\nwhen = 5\n')
_WRONG_SETTINGS = ("to = 5\n", "[[recipient]", '[web]\nurl = "x"\n', "\x00")
#: Together at most, so that a day is at least as far off as its last reminder is before it.
_MOST_DAYS = 40
#: An alert that was refused is tried again within a day; what is missing is waited for half a minute.
_SETTLED = (1.0, 1.0, 1.0, 32.0, 1.0)
_MESSAGE = re.compile(
    r"(?P<title>\w+ of \w): (?:moves .*?from (?P<was>\d+ \w+ \d{4}) to (?P<to>\d+ \w+ \d{4})"
    r"|is there again: (?P<again>\d+ \w+ \d{4})|(?P<gone>is no longer there))"
)


def draw_edits(chance: Random) -> bytes:
    """Some edits, and after how many seconds somebody looks who does not wait."""
    return listed([_step(chance) for _ in range(chance.choice((2, 4, 7, 12)))])


def _step(chance: Random) -> list[Any]:
    name = chance.choice(tuple(_POINTS))
    event = chance.choice(tuple(_POINTS[name]) or ("",))
    waits = chance.choice((0, 1, 2, 3, 40, 40))
    way = chance.choice(("in place", "replaced", "in two steps", "in two steps"))
    edit = ["edit", name, event, chance.randrange(25), way]
    amend = ["amend", name, event, chance.randrange(25), chance.randrange(-3, 8)]
    step: list[Any] = chance.choice(
        (
            edit, edit, edit, amend, ["unamend", name], ["remove", name], ["put back", name],
            ["put back", name], ["rename file", name], ["rename event", name],
            ["break", name, chance.randrange(len(_BROKEN))], ["mend", name], ["mend", name],
            ["break settings", chance.randrange(len(_WRONG_SETTINGS))], ["mend settings"],
            ["rename recipient"], ["second address"], ["refuse"], ["accept"], ["restart"],
            ["restart"], ["clock", chance.choice((60, 3600, 86_400, 3 * 86_400))],
            ["clock", chance.choice((3600, 86_400, 7 * 86_400))],
        )
    )  # fmt: skip
    return [waits, *step]


@dataclass
class _File:
    """One agreement, as people have it."""

    days: dict[str, date]
    name: str
    is_there: bool = True
    broken: bytes | None = None
    renamed: bool = False
    amendment: tuple[str, date, date] | None = None  #: which event moves where, and from when on

    def text(self, agreement: str) -> bytes:
        lines = [f'id = "{agreement}"\ntitle = "Deal {agreement}"\ntimezone = "UTC"\n']
        lines.append(f"reminders = {json.dumps([*_LEADS])}\n")
        for event, title in _POINTS[agreement].items():
            was, name = ("", event)
            if self.renamed and (agreement, event) != ("a", "hearing"):
                was, name = f'was = ["{event}"]\n', f"{event}-2"
            lines.append(f'[[event]]\nid = "{name}"\n{was}title = "{title} of {agreement}"\n')
            lines.append(f"when = {self.days[event]}\n")
        if agreement == _FOLLOWS:
            lines.append('[[event]]\nid = "report"\ntitle = "Report of c"\n')
            lines.append('when = "30 days after a/hearing"\n')
        if self.amendment is not None:
            event, day, since = self.amendment
            if self.renamed and (agreement, event) != ("a", "hearing"):
                event = f"{event}-2"
            lines.append(f'[[amendment]]\nid = "m"\non = {since}\n')
            lines.append(f'[[amendment.event]]\nid = "{event}"\nwhen = {day}\n')
        return "".join(lines).encode()

    def day(self, event: str, today: date) -> date:
        """As of today."""
        if self.amendment is not None:
            amended, day, since = self.amendment
            if amended == event and since <= today:
                return day
        return self.days[event]


@dataclass
class _World:
    """What is on the disk, what people know, and what is to come."""

    house: House
    hook: HookSink
    files: dict[str, _File] = field(default_factory=dict)
    recipients: list[str] = field(default_factory=lambda: ["n0"])
    has_second: bool = False
    wrong_settings: str = ""
    was_refused: bool = False
    stable: tuple[datetime, dict[str, date]] | None = None
    due: set[tuple[str, str, str]] = field(default_factory=set)
    numbers: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        for name, points in _POINTS.items():
            self.files[name] = _File(dict.fromkeys(points, _FIRST), f"{name}.toml")
            self.save(name)
        self.save_settings()
        self.house.pass_time(0)
        self.known: dict[str, date | None] = dict(self.points())

    # -- what is on the disk

    def path(self, name: str) -> Path:
        folder = self.house.agreements if self.files[name].is_there else self.house.away
        return folder / self.files[name].name

    def save(self, name: str, way: str = "in place") -> None:
        file = self.files[name]
        text = file.text(name) if file.broken is None else file.broken
        if way == "in two steps":
            self.house.write(self.path(name), text[: len(text) * 2 // 3])
            self.house.pass_time(1)
        self.house.write(self.path(name), text, way != "replaced")

    def save_settings(self) -> None:
        url = self.hook.url
        to = [url, url + "/second"] if self.has_second else [url]
        text = f'database = "{self.house.url}"\n[webhook]\nsecret = "{SECRET}"\n[[recipient]]\n'
        text += f'name = "{self.recipients[-1]}"\nto = {json.dumps(to)}\n'
        if self.recipients[1:]:
            text += f"was = {json.dumps(self.recipients[:-1])}\n"
        self.house.write(self.house.folder / "tracker.toml", (self.wrong_settings + text).encode())

    @property
    def is_sound(self) -> bool:
        """Whether the files as they are can be used."""
        there = [name for name, file in self.files.items() if file.is_there]
        return (
            bool(there)
            and all(self.files[name].broken is None for name in there)
            and (_FOLLOWS not in there or "a" in there)
        )

    def points(self) -> dict[str, date]:
        """The day of each point that there is, as of today."""
        today = self.house.now.date()
        points: dict[str, date] = {}
        for name, file in self.files.items():
            if file.is_there:
                points |= {f"{name}/{event}": file.day(event, today) for event in _POINTS[name]}
        if self.files[_FOLLOWS].is_there and self.files["a"].is_there:
            points[f"{_FOLLOWS}/report"] = points["a/hearing"] + _AFTER
        return points

    # -- what is looked at

    def settle(self) -> None:
        """Nobody does anything for a while; then every sign is looked at."""
        self.house.pass_time(*_SETTLED)
        status, words = self.house.health()
        if status == 0:
            if self.is_sound and not self.wrong_settings:
                raise Fault("it does not begin")
            return
        if not self.is_sound and status == 200:
            raise Fault(f"its files cannot be used, and it says {words}")
        if self.is_sound and not self.was_refused and status != 200:
            raise Fault(f"all is well, and it says {words}")
        if self.is_sound:
            self.note_due()

    def note_due(self) -> None:
        """What has fallen due since the days were as they are."""
        now, points = self.house.now, self.points()
        if self.stable is not None:
            since, before = self.stable
            for point, day in points.items():
                for lead, days in _LEADS.items():
                    moment = datetime.combine(day - timedelta(days), time(9), now.tzinfo)
                    if before.get(point) == day and since < moment <= now:
                        self.due.add((point, lead, str(day)))
        if self.stable is None or self.stable[1] != points:
            self.stable = now, points


class _Edits:
    def __init__(self, folder: Path, hook: HookSink) -> None:
        self._folder, self._hook = folder / "house", hook

    def attempt(self, case: bytes) -> None:
        self._hook.requests.clear()
        self._hook.judge = None
        self._hook.refusal = 503
        with house_in(self._folder) as house:
            world = _World(house, self._hook)
            for waits, what, *values in json.loads(case):
                _STEPS[what](world, *values)
                if waits == 40:
                    world.settle()
                else:
                    house.pass_time(*(1.0 for _ in range(waits)))
            _mend_all(world)
            _check_changes(world)
            _go_through_days(world)
            _check_reminders(world)


# -- the steps


def _edit(world: _World, name: str, event: str, days: int, way: str) -> None:
    if event:
        world.files[name].days[event] = _FIRST + timedelta(days)
    _change(world, name, way)


def _amend(world: _World, name: str, event: str, days: int, since: int) -> None:
    if event:
        today = world.house.now.date()
        world.files[name].amendment = event, _FIRST + timedelta(days), today + timedelta(since)
    _change(world, name)


def _unamend(world: _World, name: str) -> None:
    world.files[name].amendment = None
    _change(world, name)


def _change(world: _World, name: str, way: str = "in place") -> None:
    world.stable = None
    world.save(name, way)


def _move(world: _World, name: str, is_there: bool, new_name: str = "") -> None:
    """It is moved within the folder, away from it or back; it is the same file."""
    world.stable, file, before = None, world.files[name], world.path(name)
    file.is_there, file.name = is_there, new_name or file.name
    before.replace(world.path(name))


def _rename_event(world: _World, name: str) -> None:
    world.files[name].renamed = True
    _change(world, name)


def _break(world: _World, name: str, number: int) -> None:
    world.files[name].broken = _BROKEN[number]
    _change(world, name)


def _mend(world: _World, name: str) -> None:
    world.files[name].broken = None
    _change(world, name)


def _set_settings(world: _World, wrong: str) -> None:
    world.wrong_settings = wrong
    world.save_settings()


def _rename_recipient(world: _World) -> None:
    world.recipients.append(f"n{len(world.recipients)}")
    world.save_settings()


def _add_second(world: _World) -> None:
    world.has_second = not world.has_second
    world.save_settings()


def _refuse(world: _World) -> None:
    world.was_refused = True
    world.hook.judge = lambda _body: "not now"


def _accept(world: _World) -> None:
    world.hook.judge = None


def _restart(world: _World) -> None:
    world.house.end()
    world.house.begin()


def _clock(world: _World, seconds: int) -> None:
    if world.house.now + timedelta(seconds=seconds) < BEGUN + timedelta(_MOST_DAYS):
        world.house.pass_time(seconds)


_STEPS: dict[str, Callable[..., None]] = {
    "edit": _edit, "amend": _amend, "unamend": _unamend,
    "remove": lambda world, name: _move(world, name, False),
    "put back": lambda world, name: _move(world, name, True),
    "rename file": lambda world, name: _move(
        world, name, world.files[name].is_there, f"{name}{next(world.numbers)}.toml"
    ),
    "rename event": _rename_event, "break": _break, "mend": _mend,
    "break settings": lambda world, number: _set_settings(world, _WRONG_SETTINGS[number]),
    "mend settings": lambda world: _set_settings(world, ""),
    "rename recipient": _rename_recipient, "second address": _add_second,
    "refuse": _refuse, "accept": _accept, "restart": _restart, "clock": _clock,
}  # fmt: skip


# -- the end


def _mend_all(world: _World) -> None:
    """All is as it should be; after a while every sign says so."""
    _accept(world)
    for name, file in world.files.items():
        _move(world, name, True)
        if file.broken is not None:
            _mend(world, name)
    _set_settings(world, "")
    world.settle()
    if world.house.process is None:
        raise Fault("it does not begin")
    _restart(world)  # by the settings as they are
    for hours in (3, 24, 12 * 24):  # an amendment takes effect, what was refused is tried again
        world.house.pass_time(3600 * hours, 1)
        world.note_due()
    status, words = world.house.health()
    if status != 200:
        raise Fault(f"all is well again, and it says {words}")


def _go_through_days(world: _World) -> None:
    """Every instant comes at which something is due."""
    points = world.points()
    moments = {
        datetime.combine(day - timedelta(days), time(9, 0, 30), BEGUN.tzinfo)
        for day in points.values()
        for days in _LEADS.values()
    }
    for moment in sorted(moments):
        if moment > world.house.now:
            world.house.pass_time((moment - world.house.now).total_seconds())
            world.note_due()


def _check_changes(world: _World) -> None:
    """By what was told, each day is known; nothing was told that was known."""
    changes = [row for row in _rows(world) if row.key.kind == "change"]
    known: dict[str, date | None] = dict(world.known)
    for row in changes:
        if row.status != "sent":
            raise Fault(f"a change is {row.status}: {row.content['subject']}")
        for text in (text for block, text in row.content["blocks"] if block == "item"):
            message = _MESSAGE.search(text)
            if message is None:
                raise Fault(f"what is that: {text}")
            event, _, agreement = message["title"].partition(" of ")
            point = f"{agreement}/{event.lower()}"
            day = _day_of(message["to"] or message["again"])
            if known[point] == day:
                raise Fault(f"it was known, and is told: {text}")
            known[point] = day
    if known != world.points():
        raise Fault(f"known: {_plain(known)}, and so it is: {_plain(world.points())}")


def _day_of(text: str | None) -> date | None:
    return None if text is None else datetime.strptime(text, "%d %B %Y").date()  # noqa: DTZ007


def _plain(days: dict[str, Any]) -> dict[str, str]:
    return {point: str(day) for point, day in sorted(days.items())}


def _check_reminders(world: _World) -> None:
    """Each that fell due while nothing else happened was sent, and none twice."""
    reminders = [row for row in _rows(world) if row.key.kind == "reminder"]
    times = Counter(
        (row.key.event, row.key.lead, row.key.counts_to)
        for row in reminders
        if row.status == "sent"
    )
    if twice := [key for key, number in times.items() if number > 1]:
        raise Fault(f"sent twice: {twice}")
    if missing := world.due - set(times):
        raise Fault(f"never sent: {sorted(missing)}, but {sorted(times)}")
    names = [headers["webhook-id"] for headers, _ in world.hook.requests]
    if len(names) != len(set(names)):
        raise Fault("a message arrived twice")


def _rows(world: _World) -> list[StoredAlert]:
    """What was written for the address that was there all the time."""
    rows = world.house.alerts(*_POINTS)
    first = next((row.key.channel for row in rows), "")
    return [row for row in rows if row.key.channel == first]


@contextmanager
def _desk(folder: Path) -> Iterator[Desk]:
    with HookSink() as hook:
        yield Desk(_Edits(folder, hook).attempt)


EDITS = Kind("edits", draw_edits, _desk, STEPS, seconds=20.0, share=0.1)
