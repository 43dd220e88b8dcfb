"""The grammar of the words for dates; and a line cut into its tokens, each with its place."""

from __future__ import annotations

import re
from typing import NamedTuple

from tracker.dates.expressions import Span
from tracker.dates.periods import SHAPE

#: Ids: lower case, digits, and single separators between them.
ID = re.compile(r"[a-z][a-z0-9]*(?:[-._][a-z0-9]+)*")

#: A rule a line; ID may be agreement/id; TIME is HH:MM; ZONE is an IANA name with "/", or UTC, or
#: AoE. It is read by grammar.py and the words in words/, and tests draw sentences from it.
GRAMMAR = """\
line     = "open" | "after" ref | "not before" operand ["," "not after" operand]
         | "not after" operand | point ("," "or" point "if" ref)*
point    = exact | window | choice | offset | operand
exact    = DAY [TIME [ZONE] | "AoE"] | "through" PERIOD | "before" PERIOD
window   = "in" PERIOD | "between" bound "and" bound
         | "within" DURATION ("after" | "before") operand
choice   = ("earliest" | "latest") "of" item ("," item)+
offset   = DURATION ("before" | "after") operand
item     = operand | offset
bound    = PERIOD | item
operand  = ref | exact | window | edge | day | each | "(" point ")"
day      = "day of" operand
edge     = ("start" | "end") "of" UNIT "of" operand
each     = "each" (ref | ("start" | "end") "of" UNIT)
ref      = ID | ("start" | "end" | "first end") "of" ID | "due day of" ID
PERIOD   = YYYY | YYYY-Hn | YYYY-Qn | YYYY-MM | YYYY-Www | DAY
DAY      = YYYY-MM-DD
UNIT     = "week" | "month" | "quarter" | "half-year" | "year"
DURATION = N MEASURE ("and" N MEASURE)* | (N LENGTH "and")* N "clear day"["s"]
MEASURE  = LENGTH | ("hour" | "business day")["s"]
LENGTH   = ("day" | "week" | "month" | "quarter" | "year")["s"]
"""

#: Every word of it, and those of `renews` and `repeats`; none of them can be an id.
#: (`first` can: it is a word only before `end of`, and files have amendments of that name.)
KEYWORDS = (
    frozenset(
        word
        for quoted in re.findall(r'"([^"]+)"', GRAMMAR)
        for word in re.findall(r"[a-z-]{2,}", quoted)
    )
    | frozenset("days hours months quarters unless weeks years".split())
) - {"first"}

#: What a number can count; `business` or `clear` stands before day or days.
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
    tokens = []
    for piece in _PIECE.finditer(line):
        kind = next(kind for kind, shape in TABLE if shape.fullmatch(piece[0]))
        tokens.append(Token(kind, piece[0], *piece.span()))
    tokens.append(Token("end", "", len(line), len(line)))
    return tokens


def collapse_spaces(line: str) -> str:
    """The line with each run of spaces, tabs and newlines as one space, none at its ends.

    >>> collapse_spaces("  through   2030 ")
    'through 2030'
    """
    return _RUN.sub(" ", line).strip(" ")
