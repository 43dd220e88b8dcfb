"""Events files of a shape and a size, for tests of what they cost.

Each shape is a function of how many events there are about; what is supposed or compared is its
first event, on which the rest hangs wherever anything does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

HEAD = 'id = "a"\ntitle = "A"\ntimezone = "UTC"\n'
TODAY = date(2026, 11, 25)


def _events(lines: Iterable[str | dict[str, str]]) -> str:
    """An event e0, e1 … for each line, which is its `when` or all that it states."""
    text = HEAD
    for number, line in enumerate(lines):
        fields = {"when": line} if isinstance(line, str) else line
        stated = "".join(f"{key} = {_value(value)}\n" for key, value in fields.items())
        text += f'[[event]]\nid = "e{number}"\ntitle = "Event {number}"\n{stated}'
    return text


def _value(value: str) -> str:
    return value if value[:1] in "[{" else f'"{value}"'


def _day(number: int) -> str:
    return str(TODAY + timedelta(number % 700))


def _linked(line: str, first: str = "open") -> Callable[[int], str]:
    """A chain: each names the one before, and that before it."""
    return lambda count: _events(
        [first, *(line.format(n - 1, max(0, n - 2)) for n in range(1, count))]
    )


def _all_alike(line: str | dict[str, str], first: str = "open") -> Callable[[int], str]:
    return lambda count: _events([first, *([line] * count)])


def open_links(count: int) -> str:
    """A chain whose links each wait for an open event of their own."""
    lines = ["open"]
    for number in range(1, count, 2):
        lines += ["open", f"latest of e{number - 1}, e{number}"]
    return _events(lines)


def _diamonds(count: int) -> str:
    lines = ["open"]
    for top in range(0, count, 3):
        lines += [f"1 day after e{top}", f"2 days after e{top}"]
        lines.append(f"latest of e{top + 1}, e{top + 2}")
    return _events(lines)


def _wide_choice(count: int) -> str:
    lines = [f"{number + 1} days after e0" for number in range(count)]
    return _events(["open", f"earliest of {', '.join(lines)}"])


def _terms_in_a_row(count: int) -> str:
    terms = [
        {"starts": f"1 day after end of e{number - 1}", "lasts": "1 month"}
        for number in range(1, count // 2)
    ]
    return _events([{"starts": "open", "lasts": "1 month"}, *terms])


def _amended(count: int) -> str:
    """One amendment that changes half of the events."""
    changes = "".join(
        f'[[amendment.event]]\nid = "e{number}"\nwhen = "{_day(number + 40)}"\n'
        for number in range(1, count // 2)
    )
    events = _events(["open", *map(_day, range(count // 2))])
    return f'{events}[[amendment]]\nid = "m"\non = 2026-10-15\n{changes}'


def _recorded(count: int) -> str:
    """A chain of which each link has happened."""
    recorded = [
        {
            "when": f"latest of e{number - 1}, {TODAY}",
            "occurred": f'"{date(2026, 10, 15)}"',
        }
        for number in range(1, count)
    ]
    text = _events(["open", *recorded])
    return text.replace('""', '"')


SHAPES: dict[str, Callable[[int], str]] = {
    "days": lambda count: _events(["open", *map(_day, range(count))]),
    "open": _all_alike("open"),
    "chain": _linked("1 day after e{0}"),
    "chain from a day": _linked("1 day after e{0}", "2027-01-01"),
    "chain of choices": _linked("latest of e{0}, e{1}"),
    "chain of clauses": _linked("1 day after e{0}, or 2 days after e{0} if e0"),
    "chain of options": _linked("not after (1 day after e{0})", "not after 2027-06-01"),
    "chain of windows": _linked("within 2 weeks after e{0}"),
    "chain backwards": _linked("1 day before e{0}", "2029-01-01"),
    "terms in a row": _terms_in_a_row,
    "chain that was recorded": _recorded,
    "fan": _all_alike("3 days after e0"),
    "diamonds": _diamonds,
    "one wide choice": _wide_choice,
    "options": _all_alike("not after 2029-01-01"),
    "clauses": _all_alike("2028-01-01, or 2029-01-01 if e0"),
    "repeats": _all_alike({"when": "2026-01-01", "repeats": "1 year"}),
    "renewals": _all_alike({"starts": "2026-01-01", "lasts": "1 year", "renews": "1 year"}),
    "amended": _amended,
}
