"""JSON that others wrote, or did not write to its end: what is whole of it, within bounds.

Of a text that breaks off, or breaks, all up to there is read: each table that was not whole says
so, and so does each in which a key stands twice (RFC 8259, section 4: what that means is open).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any, NamedTuple

from tracker.imports.foreign import ForeignFile, ForeignPlace, Unreadable
from tracker.imports.texts import file_text

#: More than a program that keeps tasks ever wrote. 10 MB of brackets would take a gigabyte.
MOST_JSON_BYTES = 50_000_000
_MOST_TABLES = 2_000_000
_MOST_DEPTH = 60
#: A text that is not closed runs to where the JSON breaks: to look for others within it, from each
#: of its quotes on, would take the square of its length.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z|\\\Z)|[][{},:]', re.DOTALL)
_CUT = "\0cut"


class WrittenNumber(float):
    """A number with a point, and its digits as they stand there: version 3.10 is not 3.1.

    >>> parse_json("[3.10, 1.0e3]").value == [3.1, 1000], str(parse_json("[3.10]").value[0])
    (True, '3.10')
    """

    def __new__(cls, digits: str) -> WrittenNumber:
        number = super().__new__(cls, digits)
        number.digits = digits
        return number

    digits: str

    def __str__(self) -> str:
        return self.digits


class JsonTable(dict[str, Any]):
    """An object, with what is not sound about it."""

    doubled: tuple[str, ...] = ()  #: keys that stand in it twice
    is_cut: bool = False  #: whether the text ended or broke within it


class JsonText(NamedTuple):
    """What was read of a text."""

    value: Any
    broken: ForeignPlace | None  #: where the rest of it could not be read


def list_in(table: dict[str, Any], key: str) -> list[Any]:
    """The list that stands there; none where something else does."""
    value = table.get(key)
    return value if isinstance(value, list) else []


def read_json(file: ForeignFile) -> JsonText:
    """The value, and where the text breaks if it does. Raises Unreadable where nothing is left.

    >>> read_json(ForeignFile("a.json", b'[{"id": 1},\\n{"id": 2, "na')).value
    [{'id': 1}, {'id': 2}]
    """
    text = file_text(file, MOST_JSON_BYTES)
    return parse_json(text)


def parse_json(text: str) -> JsonText:
    """The same of a text."""
    if sum(map(text.count, "[{")) > _MOST_TABLES or text.count(",") > 5 * _MOST_TABLES:
        raise Unreadable("too-much")
    try:
        return JsonText(_loads(text), None)
    except json.JSONDecodeError as error:
        at, line = error.pos, error.lineno
    except RecursionError:
        raise Unreadable("too-deep") from None
    except ValueError:  # a number of more digits than Python turns into one
        raise Unreadable("number-too-long") from None
    place = ForeignPlace("line", line)
    whole = _close_brackets(text, at)
    if whole is None:
        raise Unreadable("no-json", place=place)
    try:
        return JsonText(_loads(whole), place)
    except (ValueError, RecursionError):
        raise Unreadable("no-json", place=place) from None


def _loads(text: str) -> Any:
    return json.loads(
        text,
        object_pairs_hook=_table,
        parse_constant=str,
        parse_int=_integer,
        parse_float=WrittenNumber,
    )


def _integer(digits: str) -> int | str:
    """A number; one that no program counts to stays a text, and is told where it is looked at."""
    return int(digits) if len(digits) < 20 else digits


def _table(pairs: list[tuple[str, Any]]) -> JsonTable:
    table = JsonTable(pairs)
    if len(table) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        table.doubled = tuple(sorted(key for key, times in counts.items() if times > 1)[:5])
    if _CUT in table:
        del table[_CUT]
        table.is_cut = True
    return table


def _close_brackets(text: str, end: int) -> str | None:
    """The text up to where it breaks, each bracket that is open there closed; None: none is.

    What stands behind the last comma or bracket may be half a value, and goes.
    """
    open_brackets: list[str] = []
    kept, open_there = 0, []
    for token in _TOKEN.finditer(text, 0, end):
        sign = token[0]
        if sign in "[{":
            open_brackets.append(sign)
        elif sign in "]}":
            if not open_brackets:
                return None
            open_brackets.pop()
        if sign in "[{]}":
            kept, open_there = token.end(), open_brackets.copy()
        elif sign == ",":
            kept, open_there = token.start(), open_brackets.copy()
        if len(open_brackets) > _MOST_DEPTH:
            return None
    if not open_there:
        return None
    pieces = [text[:kept]]
    for depth, bracket in enumerate(reversed(open_there)):
        if bracket == "[":
            pieces.append("]")
            continue
        is_empty = depth == 0 and text[:kept].endswith("{")
        pieces.append(f'{"" if is_empty else ","}"\\u0000cut":1}}')
    return "".join(pieces)
