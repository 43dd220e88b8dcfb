"""A line cut into tokens, each with its place: one table says what a piece of text can be."""

from __future__ import annotations

import re
from typing import NamedTuple

from tracker.dates.expressions import Span
from tracker.dates.periods import SHAPE

#: Ids: lower case, digits, and single separators between them.
ID = re.compile(r"[a-z][a-z0-9]*(?:[-._][a-z0-9]+)*")

#: Every word of the whole grammar; none of them can be an id.
KEYWORDS = frozenset(
    "open after not before through in between and within of earliest latest start end each due day"
    " days or if unless hour hours business week weeks month months quarter quarters half-year"
    " year years".split()
)

#: What a number can count; `business` stands before day or days.
UNITS = {
    "hour": "hour", "hours": "hour", "day": "day", "days": "day", "week": "week", "weeks": "week",
    "month": "month", "months": "month", "quarter": "quarter", "quarters": "quarter",
    "year": "year", "years": "year",
}  # fmt: skip

#: What has a start and an end of its own in the calendar.
EDGE_UNITS = ("week", "month", "quarter", "half-year", "year")

#: What a piece can be, the first that fits. A four-digit number is a period and a number alike.
TABLE = (
    ("mark", re.compile(r"[(),]")),
    ("period", SHAPE),
    ("number", re.compile(r"[0-9]+")),
    ("time", re.compile(r"[0-9]{2}:[0-9]{2}")),
    ("word", re.compile(rf"{ID.pattern}(?:/{ID.pattern})?")),
    ("zone", re.compile(r"UTC|AoE|[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)+")),
    ("other", re.compile(r".+", re.DOTALL)),
)

_PIECE = re.compile(r"[(),]|[^ \t\n(),]+")
_RUN = re.compile(r"[ \t\n]+")


class Token(NamedTuple):
    """A piece of the line, what it can be, and where it stands."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        return self.start, self.end

    @property
    def is_number(self) -> bool:
        """Whether it can count units: ASCII digits and nothing else."""
        return self.text.isascii() and self.text.isdigit()

    def is_word(self, *words: str) -> bool:
        return self.kind == "word" and self.text in words


def tokens_of(line: str) -> list[Token]:
    """The line's tokens, closed by one of kind `end`; white space only separates."""
    found = []
    for piece in _PIECE.finditer(line):
        kind = next(kind for kind, shape in TABLE if shape.fullmatch(piece[0]))
        found.append(Token(kind, piece[0], *piece.span()))
    found.append(Token("end", "", len(line), len(line)))
    return found


def collapse_spaces(line: str) -> str:
    """The line with each run of spaces, tabs and newlines as one space, none at its ends.

    >>> collapse_spaces("  through   2030 ")
    'through 2030'
    """
    return _RUN.sub(" ", line).strip(" ")
