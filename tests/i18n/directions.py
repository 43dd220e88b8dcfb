"""Titles that run from right to left, or hold signs that turn what stands beside them."""

from __future__ import annotations

from datetime import date

from tracker.files.loading import read
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve

HEBREW, ARABIC = "דיון בבקשה!", "جلسة الاستماع (1)"
#: An override that is left open, one behind the end of an isolate that none began, and the like.
HOSTILE = [
    "A\u202eB", "A\u2069\u202eB", "A\u2067B", "\u2066\u2069\u2069\u202bB", "A\u202c\u202d1",
    f"{HEBREW}\u2069\u202e", "A\u2068\u2067\u202eB",
]  # fmt: skip
FILE = """id = "a"
title = "TITLE"
reminders = ["30 days"]
[[event]]
id = "hearing"
title = "TITLE"
when = "open"
parties = ["TITLE"]
[[event]]
id = "report"
title = "TITLE"
when = 2030-06-30
parties = ["TITLE"]
tags = ["t TITLE"]
quote = "TITLE"
note = "TITLE"
[[event]]
id = "lease"
title = "TITLE"
starts = 2026-01-01
ends = "earliest of hearing, 2030-12-31"
[[amendment]]
id = "second"
on = 2026-06-01
title = "TITLE"
[[amendment.event]]
id = "report"
when = "earliest of 30 days after hearing, 2030-12-31"
"""


def file_with(title: str) -> bytes:
    spelt = "".join(f"\\u{ord(sign):04x}" for sign in title)
    return FILE.replace("TITLE", spelt).encode()


def view(title: str) -> Timeline:
    agreements, _ = read(["f"], [file_with(title)])
    return resolve(agreements, date(2026, 11, 25))


def ends_open(line: str) -> bool:
    """Whether something that a line sets is still set at its end (UAX 9, rules X1 to X8)."""
    stack: list[str] = []
    for sign in line:
        if sign in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068":
            stack.append(sign)
        elif sign == "\u202c" and stack and stack[-1] in "\u202a\u202b\u202d\u202e":
            stack.pop()
        elif sign == "\u2069" and any(open_ in "\u2066\u2067\u2068" for open_ in stack):
            while stack.pop() not in "\u2066\u2067\u2068":
                pass
    return bool(stack)
