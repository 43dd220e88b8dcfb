"""What is refused before tomllib sees it, because it would be slow, or stop with a traceback.

A key of 40,000 dotted parts keeps tomllib busy for 22 s; brackets nested 10,000 deep exhaust its
stack; a number of more than 4,300 digits is no ValueError of TOML's. One pass over the text, in
time linear in its length, finds them outside of strings and comments.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date

MOST_KEY_PARTS = 16
MOST_DEPTH = 100
MOST_DIGITS = 1000

_PART = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""

#: Strings and comments are passed over whole; what is left is keys, numbers and brackets.
_TOKEN = re.compile(
    rf"""
      (?P<skip> \"\"\"(?:[^\\"]|\\.|"(?!""))*+(?:"{{3,5}}|\Z)
              | \'\'\'(?:[^']|'(?!''))*+(?:'{{3,5}}|\Z)
              | \#[^\n]*+ )
    | (?P<key> {_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{MOST_KEY_PARTS},}}+ )
    | (?P<string> "(?:[^"\\\n]|\\.)*+"? | '[^'\n]*+'? )
    | (?P<bare> [A-Za-z0-9_+-][A-Za-z0-9_.:+-]*+ )
    | (?P<open> [\[{{] )
    | (?P<close> [\]}}] )
    """,
    re.VERBOSE | re.DOTALL,
)
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


@dataclass(frozen=True, slots=True)
class Guarded:
    """What was found, and where."""

    case: str
    start: int
    end: int


def guard(text: str) -> list[Guarded]:
    """All that tomllib must not be given; empty for an ordinary file."""
    found = []
    depth = 0
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "bare":
            if token.end() - token.start() > 9 and (case := _of_bare(token[0])):
                found.append(Guarded(case, *token.span()))
        elif kind == "open":
            depth += 1
            if depth == MOST_DEPTH + 1:
                found.append(Guarded("nested-too-deep", *token.span()))
        elif kind == "close":
            depth = max(depth - 1, 0)
        elif kind == "key" and not _is_numbers(token[0]):
            found.append(Guarded("key-too-long", *token.span()))
    return found


def _is_numbers(text: str) -> bool:
    return text.replace(".", "").isdigit()


def _of_bare(text: str) -> str | None:
    """A number that no one can mean, or a day that is in no calendar."""
    digits = text.replace("_", "").lstrip("+-")
    if len(digits) > MOST_DIGITS and (digits.isdigit() or digits[:2] in ("0x", "0o", "0b")):
        return "number-too-large"
    if (match := _DAY.match(text)) and (match.end() == len(text) or text[match.end()] in "Tt"):
        year, month, day = map(int, match.groups())
        try:
            date(year, month, day)
        except ValueError:
            return "impossible-date"
    return None


_PLACE = re.compile(r"\(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)$")


def decode_error_position(error: tomllib.TOMLDecodeError, text: str) -> int:
    """The offset in the text at which tomllib stopped."""
    match = _PLACE.search(str(error))
    if match is None or match[1] is None:
        return len(text.rstrip())
    # tomllib counts in a text whose line ends are all "\n".
    lines = text.split("\n", int(match[1]))
    before = sum(len(line) + 1 for line in lines[: int(match[1]) - 1])
    return min(before + int(match[2]) - 1, len(text))
