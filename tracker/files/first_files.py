"""The first files of somebody who begins: an agreement, with comments that teach its words.

What each kind holds is a file in `beginnings/`, whose sentences the catalogues have.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import partial
from importlib.resources import files
from typing import NamedTuple

from tracker.dates.calendars import Uncovered
from tracker.dates.months import add_months
from tracker.files.ids import id_like
from tracker.files.problems import FileErrors, Problem
from tracker.files.toml_edits import toml_text
from tracker.i18n.columns import wrap
from tracker.i18n.translate import Language, translate

#: What can be begun with, in the order in which it is asked about.
BEGINNINGS = ("agreement", "lease", "grant", "regulation", "conference", "product")
#: Whose first day is a deadline, which nobody begins to follow on its eve.
_DEADLINES = {"conference": 90}
_WIDTH = 96
_COMMENT = re.compile(r"^#: (.+)$", re.MULTILINE)
_SENTENCE = re.compile(r"\{: ([a-z0-9.-]+)\}")
#: A record of the first day, where that has come.
_RECORD = re.compile(r"^(occurred = )\{first\}\n", re.MULTILINE)
_DAY = re.compile(r"\{first([+-]\d+)?(?:\.(month|quarter))?\}")


class Beginning(NamedTuple):
    """What is asked of who begins."""

    template: str
    title: str
    timezone: str
    first: date  #: its first day: of a lease its start, of a conference the day for papers
    as_of: date
    language: Language


class FirstFile(NamedTuple):
    """The text of an events file, and what did not get into it."""

    text: str
    events: int
    left_out: tuple[str, ...]  #: ids of events whose days have passed, and of what hangs on them


class TooLongAgo(ValueError):
    """By that first day nothing of it is ahead, or it is no day that can be counted from."""


def usual_first_day(template: str, as_of: date) -> date:
    """The first day of the next month; of deadlines a day that leaves time.

    >>> (
    ...     usual_first_day("lease", date(2026, 12, 1)),
    ...     usual_first_day("conference", date(2026, 12, 1)),
    ... )
    (datetime.date(2027, 1, 1), datetime.date(2027, 3, 1))
    """
    if template in _DEADLINES:
        return as_of + timedelta(_DEADLINES[template])
    return add_months(as_of.replace(day=1), 1)


def first_events(beginning: Beginning, name: str) -> FirstFile:
    """The events file, called `name`: sound, and without what would have passed by its first day.

    Raises TooLongAgo where nothing is left.
    """
    try:
        head = _filled(_template("header"), beginning).strip("\n")
        # Each event with the comment above it.
        blocks = _filled(_template(beginning.template), beginning).strip("\n").split("\n\n")
    except (ValueError, OverflowError):  # days before the first or behind the last that there are
        raise TooLongAgo from None
    kept = blocks
    while kept:
        text = "\n\n".join((head, *kept)) + "\n"
        wrong = _wrong_events(text, name, beginning.as_of)
        if not wrong:
            ids = {block: _id_of(block) for block in blocks}
            left_out = tuple(ids[block] for block in blocks if block not in kept)
            return FirstFile(text, len(kept), left_out)
        kept = [block for at, block in enumerate(kept) if at not in wrong]
    raise TooLongAgo


def first_settings(beginning: Beginning) -> str:
    """A tracker.toml for it: reminders come to the terminal until an address is written there."""
    return _filled(_template("settings"), beginning)


def _template(name: str) -> str:
    return (files("tracker.files") / "beginnings" / f"{name}.toml").read_text(encoding="utf-8")


def _filled(template: str, beginning: Beginning) -> str:
    say = partial(translate, beginning.language)
    text = _COMMENT.sub(
        lambda match: "\n".join(
            f"# {line}" if line else "#"
            for part in say(f"init.comment.{match[1]}").split("\n")
            for line in wrap(part, _WIDTH) or [""]
        ),
        template,
    )
    text = _SENTENCE.sub(lambda match: toml_text(say(f"init.title.{match[1]}")), text)
    has_been = f"{beginning.first}" if beginning.first <= beginning.as_of else ""
    text = _RECORD.sub(lambda match: f"{match[1]}{has_been}\n" if has_been else "", text)
    text = _DAY.sub(lambda match: _day(beginning.first, match), text)
    fields = {
        "id": id_like(beginning.title) or beginning.template,
        "language": beginning.language,
        "timezone": beginning.timezone,
        "monthly": _on_or_after(beginning.as_of, beginning.first, 1),
        "year_ahead": _on_or_after(beginning.as_of, add_months(beginning.first, 12), 12),
        "title": toml_text(beginning.title),
    }
    holes = re.compile("|".join(rf"\{{{name}\}}" for name in fields))
    return holes.sub(lambda match: str(fields[match[0][1:-1]]), text)


def _day(first: date, match: re.Match[str]) -> str:
    day = first + timedelta(int(match[1] or 0))
    if match[2] == "month":
        return f"{day:%Y-%m}"
    return f"{day.year:04}-Q{(day.month + 2) // 3}" if match[2] else str(day)


def _on_or_after(as_of: date, first: date, months: int) -> date:
    """The first of the days, so many months apart, that has not passed."""
    behind = max(0, (as_of.year - first.year) * 12 + as_of.month - first.month)
    steps = behind // months
    day = add_months(first, steps * months)
    return day if day >= as_of else add_months(first, (steps + 1) * months)


def _wrong_events(text: str, name: str, as_of: date) -> set[int]:
    """The numbers of the events of which anything is to be told; raises FileErrors of the rest."""
    from tracker.files.loading import read
    from tracker.timeline.resolver import resolve
    from tracker.timeline.validation.warnings import find_warnings

    content = text.encode()
    problems: tuple[Problem, ...]
    try:
        agreements, origins = read([name], [content])
        timeline = resolve(agreements, as_of)
        problems = tuple(origins.problem(located) for located in find_warnings(timeline))
    except Uncovered:
        raise TooLongAgo from None
    except FileErrors as errors:
        problems = errors.problems
    problems = tuple(problem for problem in problems if problem.diagnostic.severity != "note")
    if any(problem.path[:1] != ("event",) for problem in problems):
        raise FileErrors(problems, {name: text})
    return {int(problem.path[1]) for problem in problems}


def _id_of(block: str) -> str:
    return block.split('id = "', 1)[1].split('"', 1)[0]
