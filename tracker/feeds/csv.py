"""Points as CSV (RFC 4180), safe to open in a spreadsheet.

A cell that begins with = + - @, a tab or a line end is a formula to a spreadsheet: it gets an
apostrophe before it (OWASP, "CSV Injection"), also where white space stands before the sign. The
file begins with a byte order mark, without which Excel takes UTF-8 for something else.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable

from tracker.feeds.json import point_json
from tracker.i18n.translate import Language
from tracker.timeline.points import Point, Timeline

COLUMNS = (
    "agreement", "id", "point", "occurrence", "title", "status", "state", "counts_to", "earliest",
    "latest", "stands_earliest", "stands_latest", "waits_for", "as_stated", "parties", "tags",
    "source", "quote", "group",
)  # fmt: skip
_FORMULA = re.compile(r"\s*[=+\-@\t\r\n|%＝＋－＠]")


def points_csv(points: Iterable[Point], timeline: Timeline, language: Language) -> bytes:
    """One row a point, in the order given; lists are joined with a semicolon."""
    agreements = {agreement.id: agreement for agreement in timeline.agreements}
    lines = _Lines()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for point in points:
        row = point_json(point, agreements[point.event.agreement], language)
        stands = row.pop("stands") or {}
        row["stands_earliest"] = stands.get("earliest")
        row["stands_latest"] = stands.get("latest")
        writer.writerow([_cell(row[name]) for name in COLUMNS])
    return b"\xef\xbb\xbf" + "".join(lines).encode()


class _Lines(list[str]):
    """Where a csv.writer writes to."""

    def write(self, line: str) -> None:
        self.append(line)


def _cell(value: object) -> str:
    """A value as a cell that is only ever text."""
    if value is None:
        return ""
    text = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"'{text}" if _FORMULA.match(text) else text
