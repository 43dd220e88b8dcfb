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

from tracker.dates.diagnostics import Diagnostic

MOST_KEY_PARTS = 16
MOST_DEPTH = 100
MOST_DIGITS = 1000  #: with their underscores

# Python before 3.11.5 goes wrong where the last, failing turn of a possessive group had already
# read something (gh-106052). So each such group, here and in toml_positions.py, begins with a
# character that decides it; where none does, the group is not possessive.
TEXT = r'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"'
LITERAL = r"'[^'\n]*+'"
_TO_QUOTE = r'[^"\\]*+(?:(?s:\\.)[^"\\]*+)*+'
TEXT_LINES = rf'"""{_TO_QUOTE}(?:"{{1,2}}(?!"){_TO_QUOTE})*"{{3,5}}'
LITERAL_LINES = r"'''[^']*+(?:'{1,2}(?!')[^']*+)*'{3,5}"

KEY_PART = rf"(?:[A-Za-z0-9_-]++|{TEXT}|{LITERAL})"
DOT = r"[ \t]*+\.[ \t]*+"
_KEY = rf"{KEY_PART}(?:{DOT}{KEY_PART}){{0,{MOST_KEY_PARTS - 1}}}[ \t]*+"
_BARE = r"[A-Za-z0-9_+-][A-Za-z0-9_.:+-]*+"

#: Only groups with a name are looked at. A key takes its value along where that is plain, or a list
#: of plain texts: in an ordinary file a line is one token.
_TOKEN = re.compile(
    rf"""
    (?: {TEXT_LINES} | {LITERAL_LINES} | (?:"{{3}}|'{{3}})(?s:.)*+ | \#[^\n]*+
      | (?P<header> ^[ \t]*+ \[(?P<twice>\[)? [ \t]*+ {_KEY} \](?(twice)\]) )
      | (?P<open> [\[{{] ) | (?P<close> [\]}}] )
      | (?P<key> {_KEY} = )
            (?:[ \t]*+ (?: {TEXT}(?!") | \[{TEXT}(?:,[ ]?{TEXT})*\] | (?P<value>{_BARE}) ))?
      | (?P<long> {KEY_PART}(?:{DOT}{KEY_PART}){{{MOST_KEY_PARTS}}}
            (?:[A-Za-z0-9_. \t-]++ | {TEXT} | {LITERAL})* )
      | {TEXT} | {LITERAL} | ["'][^\n]*+
      | (?P<bare> {_BARE} )
    ) [,\r\n]*+
    """,
    re.VERBOSE | re.MULTILINE,
)
_PART = re.compile(KEY_PART)
_DIGITS = rf"{{{MOST_DIGITS},}}"
_HUGE = re.compile(rf"[+-]?(?:0[xob][0-9A-Fa-f_]{_DIGITS}|[0-9][0-9_]{_DIGITS})")
_AROUND = " \t[]="
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?![^Tt])")


@dataclass(frozen=True, slots=True)
class Hazard:
    """What tomllib must not be given, and where it stands."""

    case: str
    start: int
    end: int


def decode(content: bytes) -> tuple[str, Diagnostic | None]:
    r"""A file's text, and what is wrong where it is not UTF-8, as TOML has to be.

    >>> text, problem = decode("title = 'Zürich'".encode("cp1252"))
    >>> problem.case, problem.span
    ('not-utf8', (10, 11))
    """
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        at = len(content[: error.start].decode("utf-8-sig", errors="replace"))
        byte = (("byte", f"0x{content[error.start]:02X}"),)
        shown = content.decode("utf-8-sig", errors="replace")
        return shown, Diagnostic("not-utf8", (at, at + 1), byte)


def find_hazards(text: str) -> list[Hazard]:
    """What tomllib must not be given; empty for an ordinary file.

    A dotted key in an inline table nests as deep as it has parts. Of the brackets that are too deep
    the first is given.
    """
    hazards: list[Hazard] = []
    levels: list[int] = []  # how many each open bracket adds
    depth = deepest = further = 0
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind in ("key", "value"):
            further = len(_PART.findall(token["key"])) - 1 if levels else 0
            if levels and _HUGE.match(token["key"]):  # in a list tomllib takes it for a number
                hazards.append(_hazard("number-too-large", token, "key"))
        elif kind == "open":
            levels.append(1 + further)
            depth += 1 + further
            if depth > MOST_DEPTH >= deepest:
                hazards.append(Hazard("nested-too-deep", *token.span("open")))
            deepest, further = max(deepest, depth), 0
        elif kind == "close":
            depth -= levels.pop() if levels else 0
            further = 0
        elif kind == "long":
            hazards.append(_hazard("key-too-long", token, "long"))
        if kind in ("value", "bare") or (kind == "header" and levels):
            case = _case_of(token[kind])
            if case is not None:
                hazards.append(_hazard(case, token, kind))
    return hazards


def _hazard(case: str, token: re.Match[str], group: str) -> Hazard:
    """Without what stands around it: [2029-02-29] on a line of a list is taken for a header."""
    written = token[group].strip(_AROUND)
    start = token.start(group) + token[group].index(written)
    return Hazard(case, start, start + len(written))


def _case_of(bare: str) -> str | None:
    """A number that no one can mean, or a day that is in no calendar.

    What follows the digits is no matter: tomllib takes them for a number before it looks further.
    Of a day that is in no calendar it names only the beginning, of month 13 not even that.
    """
    if len(bare) < 10:
        return None
    bare = bare.strip(_AROUND)
    if _HUGE.match(bare):
        return "number-too-large"
    day = _DAY.match(bare)
    if day is not None:
        try:
            date(*map(int, day.groups()))
        except ValueError:
            return "impossible-date"
    return None


_PLACE = re.compile(r"\(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)$")


def decode_error_position(error: tomllib.TOMLDecodeError, text: str) -> int:
    """The offset in the text at which tomllib stopped; of the end, where the last line ends.

    Taken from the message, which all versions have: the attributes lineno and colno came with 3.14.
    """
    match = _PLACE.search(str(error))
    if match is None or match[1] is None:
        return len(text.rstrip())
    # tomllib counts in a text whose line ends are all "\n", which leaves lines and columns alone.
    line, column = int(match[1]), int(match[2])
    start = sum(len(before) + 1 for before in text.split("\n", line - 1)[: line - 1])
    return min(start + column - 1, len(text))
