"""Chance: odd texts, days, zones and lines, and files in which something has been turned round."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.property.agreements import agreements
from tests.property.grammar import sentences

Value = TypeVar("Value")
ROOT = Path(__file__).parents[2]

#: What a text may hold that some place or other takes for more than text.
MARKUP = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'><svg/onload=alert(1)>",
    "]]>", "<!--", "-->", "&#x3c;b&#62;", "&amp;lt;", "</title>", "{{7*7}}", "{0}", "{count:# day|# days}",
    "%s%n", "${x}", "javascript:alert(1)", "[bank](https://evil.example)", "**b** _i_ `c` ~s~ > q",
    "<https://evil.example|bank>", "<@U1>", "@everyone", "=cmd|' /C calc'!A1", "+1", "-1", "@SUM(1)",
    "a\\nBEGIN:VEVENT", "a;b,c\\d", "END:VCALENDAR", "x\\", "=?utf-8?q?x?=", "Bcc: x@y.example",
    "\\u202e", "'; DROP TABLE alert; --", "$(reboot)", "`id`", "a|b", "-rf", "../../etc/passwd", "#", "\\",
)  # fmt: skip
#: Signs that are seen otherwise than they are, or not at all.
SIGNS = (
    "\u202e", "\u2066", "\u2069", "\u200b", "\u200d", "\u00ad", "\ufeff", "\u2028", "\u0085", "\u00a0",
    "\u3000", "\u0301" * 9, "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\ufffe", "\uffff",
    "\U0010ffff", "\U000e0041", "\u0600", "ﷺ", "契約", "עברית", "ａ１", "١٢", "Ａ", "ß", "İ", "ﬁ", "\t",
)  # fmt: skip
#: What no text of a file may hold, and what none can.
CONTROLS = ("\x00", "\x07", "\x1b[2J", "\x7f", "\r", "\n", "\x0b", "\x9b", "\r\n\r\n")
ZONES = (
    "UTC", "Europe/Berlin", "Asia/Tokyo", "Pacific/Apia", "Africa/Monrovia", "Australia/Lord_Howe",
    "America/St_Johns", "Pacific/Kiritimati", "Etc/GMT+12", "Antarctica/Troll", "AoE", "GMT", "CET",
    "EST5EDT", "../../etc/passwd", "/etc/localtime", "Europe/berlin", "", "posixrules", "Mars/Base",
    "Europe", "right/UTC", "Europe/Berlin\\u0000", "localtime", "a" * 300,
)  # fmt: skip
DAYS = (
    "0001-01-01", "9999-12-31", "2024-02-29", "2023-02-29", "1582-10-10", "2011-12-30", "1900-02-28",
    "2026-11-25", "2100-02-28", "2101-01-01", "9999-01-01", "0099-12-31", "2026-03-29", "2026-13-01",
    "10000-01-01", "-001-01-01", "2026-1-1", "00:30:00", "2026-01-01T00:00:00Z",
    "2026-03-29T02:30:00+25:00", "2026-01-01 24:00", "2026-12-31T23:59:60Z",
)  # fmt: skip
NUMBERS = (
    "0", "1", "-1", "400", "10000", "99999", "3652059", "2147483648", "9999999999", "1" * 30,
    "1" * 5000, "1.5", "1e9", "nan", "-inf", "0x7fffffffffffffff", "９", "1_000",
)  # fmt: skip
RULES = (
    "1 day", "1 month", "1 year", "1 quarter, 5 in all", "2 weeks, 9 in all", "as it happens",
    "1 year after done", "6 months after done, 3 in all", "FREQ=YEARLY;BYDAY=53MO",
    "FREQ=YEARLY;BYDAY=-53SU", "FREQ=MONTHLY;BYDAY=5MO;BYMONTH=2", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=DAILY;INTERVAL=99999", "FREQ=YEARLY;BYYEARDAY=366", "FREQ=WEEKLY;BYDAY=MO,TU;WKST=SU",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=DAILY;COUNT=999999999", "FREQ=SECONDLY",
    "FREQ=YEARLY;UNTIL=99991231", "FREQ=YEARLY;INTERVAL=0", "0 days", "1 month, 0 in all",
    "FREQ=DAILY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12;BYMONTHDAY=31,-31", "9999 years", "100 years",
)  # fmt: skip
IDS = (
    "x", "e0", "e1", "e2", "e3", "end", "open", "a.b-c", "a" * 500, "con", "x/y", "X", "é", "", "a--b",
    "report", "lease", "start", "each", "of", "a/e1", "ja", "0", "x@2026-01-01", "..", "%00",
)  # fmt: skip


def draw_with(chance: Random, strategy: st.SearchStrategy[Value], size: int = 4096) -> Value:
    """A value of that strategy, by that chance alone."""
    values: list[Value] = []

    @settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def keep(value: Value) -> None:
        values.append(value)

    while not values:  # too few bytes for what was begun, or something that was assumed away
        keep.hypothesis.fuzz_one_input(chance.randbytes(size))  # type: ignore[attr-defined]
    return values[0]


def odd_line(chance: Random) -> str:
    """A line of the date language, as its grammar has it, or nearly."""
    match chance.randrange(10):
        case 0:
            return chance.choice(DAYS)
        case 1:
            return f"{chance.choice(NUMBERS)} {chance.choice(UNITS)} after {chance.choice(IDS)}"
        case 2:
            return deep_line(chance)
        case 3:
            operands = [chance.choice((*IDS, *DAYS)) for _ in range(chance.choice((2, 5, 60, 700)))]
            return f"{chance.choice(('earliest', 'latest'))} of {', '.join(operands)}"
        case 4:
            return turned(chance, draw_with(chance, sentences()).encode()).decode(
                "utf-8", "replace"
            )
        case _:
            return draw_with(chance, sentences())


UNITS = (
    "days", "weeks", "months", "years", "business days", "clear days", "hours", "quarters", "Tage",
    "minutes", "日", "fortnights",
)  # fmt: skip


def deep_line(chance: Random) -> str:
    """Something within something, many times."""
    depth = chance.choice((2, 50, 99, 100, 101, 2000))
    begin, end = chance.choice(
        (("(", ")"), ("1 day after (", ")"), ("earliest of (", "), 2030"), ("end of month of (", ")"),
         ("between (", ") and 2030"), ("not before (", ")"), ("latest of x, (", ")"))
    )  # fmt: skip
    return begin * depth + chance.choice(IDS) + end * depth


def odd_text(chance: Random, controls: bool = False) -> str:
    """A text of one line that somebody may have meant, or not."""
    pools = (MARKUP, SIGNS, ("Rent", "Miete ", "家賃", " "), *((CONTROLS,) if controls else ()))
    text = "".join(chance.choice(chance.choice(pools)) for _ in range(chance.randrange(1, 5)))
    return text * chance.choice((1, 1, 1, 1, 30, 2000)) if chance.random() < 0.1 else text


def quoted(text: str) -> str:
    """As TOML has it, whatever stands in it.

    >>> quoted('a"b\\u202e')
    '"a\\\\"b\\\\u202e"'
    """
    signs = (
        f"\\{sign}" if sign in '"\\' else sign if " " <= sign < "\x7f" else f"\\U{ord(sign):08x}"
        for sign in text
    )
    return '"' + "".join(sign.replace("U0000", "u") for sign in signs) + '"'


@cache
def shipped_files() -> tuple[bytes, ...]:
    """The events files that come with tracker."""
    folders = (ROOT, ROOT / "examples", *(ROOT / "examples").iterdir())
    files = [file for folder in folders if folder.is_dir() for file in folder.glob("*.toml")]
    names = ("pyproject.toml", "tracker.toml")
    return tuple(file.read_bytes() for file in sorted(files) if file.name not in names)


def random_agreement(chance: Random) -> bytes:
    """An agreement that is sound, with all that agreements have."""
    return draw_with(chance, agreements(), 16384).encode()


def turned(chance: Random, text: bytes) -> bytes:
    """A text in which a few bytes or lines have been turned round, lost, doubled or replaced."""
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        text = chance.choice(_TURNS)(chance, text)
    return text


def _flip(chance: Random, text: bytes) -> bytes:
    at = chance.randrange(len(text) + 1)
    return text[:at] + bytes([chance.randrange(256)]) + text[at + 1 :]


def _cut(chance: Random, text: bytes) -> bytes:
    first, last = sorted(chance.randrange(len(text) + 1) for _ in range(2))
    return text[:first] + text[last if chance.random() < 0.3 else first + 1 :]


def _insert(chance: Random, text: bytes) -> bytes:
    at = chance.randrange(len(text) + 1)
    pool = chance.choice(
        (MARKUP, SIGNS, CONTROLS, NUMBERS, DAYS, ("[", "]", "{", '"', "'''", "\n", "="))
    )
    return text[:at] + chance.choice(pool).encode() + text[at:]


def _move_line(chance: Random, text: bytes) -> bytes:
    lines = text.splitlines(keepends=True) or [b""]
    line = chance.choice(lines)
    if chance.random() < 0.5:
        lines.remove(line)
    lines.insert(chance.randrange(len(lines) + 1), line)
    return b"".join(lines)


def _give_value(chance: Random, text: bytes) -> bytes:
    lines = text.splitlines(keepends=True)
    places = [at for at, line in enumerate(lines) if b"=" in line]
    if not places:
        return text
    at = chance.choice(places)
    lines[at] = lines[at].partition(b"=")[0] + f"= {odd_value(chance)}\n".encode("utf-8", "replace")
    return b"".join(lines)


def odd_value(chance: Random) -> str:
    """The value of a key, as TOML has it."""
    makers: tuple[Callable[[], Any], ...] = (
        lambda: quoted(odd_line(chance)),
        lambda: quoted(odd_line(chance)),
        lambda: quoted(odd_text(chance, controls=True)),
        lambda: quoted(chance.choice(ZONES)),
        lambda: quoted(chance.choice(RULES)),
        lambda: quoted(chance.choice(IDS)),
        lambda: chance.choice(DAYS),
        lambda: chance.choice(NUMBERS),
        lambda: chance.choice(
            ("true", "[]", "{}", '["a", 1]', "[[1]]", "{ en = 1 }", '""', "[{}]")
        ),
        lambda: "[" * chance.choice((5, 90, 900)),
        lambda: f"{{ {chance.choice(DAYS)} = {chance.choice(DAYS)} }}",
        lambda: f'{{ "{chance.choice(DAYS)}" = {chance.choice(DAYS)}, a = {chance.choice(DAYS)} }}',
        lambda: (
            "["
            + ", ".join(quoted(odd_text(chance)) for _ in range(chance.choice((1, 3, 300))))
            + "]"
        ),
    )
    return str(chance.choice(makers)())


_TURNS = (_flip, _cut, _insert, _move_line, _give_value, _give_value, _give_value)
