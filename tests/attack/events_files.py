"""Hostile events files: turned round, made up by the grammar, deep, wide, with odd values.

Each is read as a file that somebody has sent. It is refused, with a place and a reason for each
thing that is wrong, or everything can be made of it on any day.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tests.attack import drawing
from tests.attack.drawing import odd_line, odd_text, odd_value, quoted, turned
from tests.attack.kind import TEXT, Desk, Kind
from tests.attack.outputs import check_agreements, check_refusal
from tracker.files.loading import read
from tracker.files.problems import FileErrors
from tracker.files.schema import AMENDMENT_KEYS, EVENT_KEYS, FILE_KEYS, SOURCE_KEYS

#: How many events stand in a chain, or side by side.
_MANY = (3, 30, 300)
_LINES = ("when", "starts", "ends")


def draw_file(chance: Random) -> bytes:
    """An events file."""
    match chance.randrange(10):
        case 0 | 1:
            return turned(chance, chance.choice(drawing.shipped_files()))
        case 2 | 3:
            return turned(chance, drawing.random_agreement(chance))
        case 4:
            return drawing.random_agreement(chance)
        case 5:
            return _chain(chance)
        case 6:
            return _wide(chance)
        case _:
            return _made_up(chance)


def _made_up(chance: Random) -> bytes:
    """Events of whose keys some hold what they may, and some what nothing may."""
    parts = ['id = "a"\n', f"timezone = {quoted(chance.choice(drawing.ZONES[:8]))}\n"]
    keys = chance.sample(FILE_KEYS[2:-2], chance.choice((0, 0, 1, 2)))
    parts += [f"{key} = {_value(chance, key)}\n" for key in keys]
    parts += [
        f"[[event]]\n{_event(chance, number)}" for number in range(chance.choice((1, 2, 3, 5)))
    ]
    for number in range(chance.choice((0, 0, 1, 2))):
        day = chance.choice(drawing.DAYS[:10])
        parts.append(f'[[amendment]]\nid = "m{number}"\non = {day}\n')
        if chance.random() < 0.2:
            key = chance.choice(AMENDMENT_KEYS)
            parts.append(f"{key} = {odd_value(chance)}\n")
        for _ in range(chance.choice((1, 1, 2))):
            parts.append(f"[[amendment.event]]\n{_event(chance, chance.randrange(6))}")
            if chance.random() < 0.2:
                parts.append(f"remove = [{quoted(chance.choice(tuple(EVENT_KEYS)))}]\n")
    return "".join(parts).encode("utf-8", "replace")


def _event(chance: Random, number: int) -> str:
    stated = chance.choice((("when",), ("when",), ("starts", "ends"), ("starts",), ()))
    more = chance.sample(tuple(EVENT_KEYS)[5:], chance.choice((0, 0, 1, 2, 4)))
    values = {key: _value(chance, key) for key in (*stated, *more)}
    head = f'id = "e{number}"\ntitle = {quoted(odd_text(chance))}\n'
    return head + "".join(f"{key} = {value}\n" for key, value in values.items())


def _value(chance: Random, key: str) -> str:
    """What that key may hold, mostly."""
    if chance.random() < 0.1:
        return odd_value(chance)
    day = chance.choice(drawing.DAYS[:10])
    match key:
        case "when" | "starts" | "ends":
            return quoted(odd_line(chance))
        case "repeats":
            return quoted(chance.choice(drawing.RULES))
        case "lasts":
            return quoted(chance.choice(("1 month", "7 years", "9999 years", "0 days", "1 hour")))
        case "renews":
            more = chance.choice(
                ("", " unless e1", " if e1", ", at most 3 times", ", at most 9999999 times")
            )
            return quoted(chance.choice(("1 year", "1 day", "6 months", "99999 days")) + more)
        case "occurred" | "withdrawn":
            table = f'{{ "{chance.choice(drawing.DAYS)}" = {day}, 1 = {day}, a = {day} }}'
            return chance.choice((day, day, table))
        case "started" | "ended" | "on":
            return day
        case "during" | "was":
            return quoted(chance.choice(drawing.IDS[:6]))
        case "roll":
            return quoted(chance.choice(("next", "previous", "modified-next", "none")))
        case "calendar":
            return quoted(
                chance.choice(
                    ("US", "JP:bank", "weekdays", "US+JP", "NYSE", "IR", "IL+SA", "DE-BY")
                )
            )
        case "counting":
            return quoted(chance.choice(("jp-civil", "de-bgb", "eu-1182", "us-frcp", "none")))
        case "closed" | "announced":
            return f'["{day}..{chance.choice(drawing.DAYS[:10])}"]'
        case "reminders":
            return (
                f'["{chance.choice(drawing.NUMBERS)} days", "1 month", "2 hours", "3 days after"]'
            )
        case "tags" | "parties":
            return f"[{quoted(odd_text(chance))}, {quoted(odd_text(chance))}]"
        case "language":
            return quoted(chance.choice(("en", "ja", "ja-JP", "de", "xx")))
        case "sources":
            return (
                f"{{ s = {{ {chance.choice(tuple(SOURCE_KEYS))} = {quoted(odd_text(chance))} }} }}"
            )
        case "url":
            return quoted(
                chance.choice(
                    ("https://x.example/", "http://[::1", "https://x:99999/", "javascript:x")
                )
            )
        case _:
            return quoted(odd_text(chance))


def _chain(chance: Random) -> bytes:
    """Events of which each waits for the one before it, or for many of those."""
    count = chance.choice(_MANY)
    words = chance.choice(
        ("1 day after e{}", "e{}", "earliest of e{}, through 2030", "latest of e{}, e0", "end of month of e{}",
         "1 month after e{}, or 2 months after e{} if e0", "5 business days after e{}", "each e{}",
         "between e{} and 2090", "not before e{}", "1 day after each e{}", "after e{}")
    )  # fmt: skip
    first = chance.choice(("2026-01-31", "open", "in 2027", "not before 2026-01-01"))
    repeats = chance.choice(("", "", "", f"repeats = {quoted(chance.choice(drawing.RULES[:6]))}\n"))
    parts = ['id = "a"\ntimezone = "UTC"\ncalendar = "US"\n']
    for number in range(count):
        line = first if number == 0 else words.replace("{}", str(number - 1))
        own = repeats if number == 0 else ""
        parts.append(f'[[event]]\nid = "e{number}"\ntitle = "E"\nwhen = "{line}"\n{own}')
    return "".join(parts).encode()


def _wide(chance: Random) -> bytes:
    """Much of one thing: events, tags, operands, leads, amendments, records, names with dots."""
    count = chance.choice((*_MANY, 1000))
    numbers = range(count)
    event = '[[event]]\nid = "e0"\ntitle = "E"\n'
    match chance.randrange(9):
        case 0:
            rule = chance.choice(drawing.RULES)
            more = "".join(
                f'[[event]]\nid = "r{number}"\ntitle = "R"\nwhen = 2026-01-31\nrepeats = "{rule}"\n'
                for number in range(min(count, 40))
            )
        case 1:
            operands = ", ".join(f"e{number}" for number in numbers)
            line = f"{chance.choice(('earliest', 'latest'))} of {operands}"
            more = (
                "".join(
                    f'[[event]]\nid = "e{number}"\ntitle = "E"\nwhen = "open"\n'
                    for number in numbers
                )
                + f'[[event]]\nid = "all"\ntitle = "A"\nwhen = "{line}"\n'
            )
        case 2:
            more = (
                event
                + "when = 2030-01-01\ntags = ["
                + ", ".join(f'"t{n}"' for n in numbers)
                + "]\n"
            )
        case 3:
            more = (
                event
                + "when = 2030-01-01\nreminders = ["
                + ", ".join(f'"{n} days"' for n in numbers)
                + "]\n"
            )
        case 4:
            records = ", ".join(f"n{number} = 2026-0{1 + number % 9}-01" for number in numbers)
            more = event + f'when = "open"\nrepeats = "as it happens"\noccurred = {{ {records} }}\n'
        case 5:
            more = event + "when = 2030-01-01\n" + "".join(
                f'[[amendment]]\nid = "m{number}"\non = 2026-01-{1 + number % 28:02}\n'
                f'[[amendment.event]]\nid = "e0"\nwhen = 20{30 + number % 60}-01-01\n'
                for number in numbers
            )  # fmt: skip
        case 6:
            more = ".".join("k" for _ in numbers) + " = 1\n"
        case 7:
            more = event + f"when = 2030-01-01\nnote = {quoted(odd_text(chance) * count)}\n"
        case _:
            renewal = 'lasts = "1 day"\nrenews = "1 day unless n"\n'
            more = (
                "".join(
                    f'[[event]]\nid = "l{number}"\ntitle = "L"\nstarts = 2026-01-01\n{renewal}'
                    for number in range(min(count, 20))
                )
                + '[[event]]\nid = "n"\ntitle = "N"\nwhen = "open"\n'
            )
    return f'id = "a"\ntimezone = "UTC"\n{more}'.encode("utf-8", "replace")


def check_file(content: bytes) -> None:
    """It is refused as it should be, or all can be made of it."""
    try:
        agreements, origins = read(["events.toml"], [content])
    except FileErrors as errors:
        check_refusal(errors)
        return
    check_agreements(agreements, origins, {"events.toml": content.decode("utf-8-sig")})


@contextmanager
def _desk(_folder: Path) -> Iterator[Desk]:
    yield Desk(check_file)


FILES = Kind("files", draw_file, _desk, TEXT)
