"""tracker.toml where an events file should be: it is named, and nothing of it is quoted.

It holds passwords, and each of its lines would be wrong in an events file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence, Set

from tracker.dates.diagnostics import Diagnostic
from tracker.files.folders import SETTINGS
from tracker.files.problems import FileErrors, Problem
from tracker.files.toml_guards import LITERAL_LINES, TEXT_LINES, find_hazards

#: Keys of tracker.toml that no events file has: what may hold secrets, and the rest.
_SECRET_KEYS = frozenset(("database", "smtp", "webhook", "heartbeat", "recipient", "fallback"))
_OTHER_KEYS = frozenset(("web", "health"))
_EVENTS_KEYS = frozenset(("id", "amends", "title", "event", "amendment"))
#: Where the text cannot be read: what stands at the beginning of a line there, and of none here.
_TABLES = "smtp|webhook|heartbeat|fallback"
_OF_SETTINGS = re.compile(
    r"^[ \t]*(?:\[\[[ \t]*recipient[ \t]*\]\]"
    rf"|\[[ \t]*(?:{_TABLES})[ \t]*\]|(?:database|{_TABLES})[ \t]*[.=])",
    re.MULTILINE,
)
#: Texts of several lines, whose lines are none of the file's own.
_SEVERAL_LINES = re.compile(rf"{TEXT_LINES}|{LITERAL_LINES}")


def file_errors(problems: Sequence[Problem], texts: Mapping[str, str]) -> FileErrors:
    """What is wrong with events files; of what is tracker.toml, that it is no events file."""
    settings = {
        problem.file for problem in problems if _is_settings(texts.get(problem.file, ""))
    }  # fmt: skip
    told = [problem for problem in problems if problem.file not in settings]
    named = [
        Problem(file, Diagnostic("settings-as-events", values=(("name", SETTINGS),)))
        for file in sorted(settings)
    ]
    kept = {file: text for file, text in texts.items() if file not in settings}
    return FileErrors((*named, *told), kept)


def _is_settings(text: str) -> bool:
    keys = _keys(text)
    if keys is None:
        return _OF_SETTINGS.search(_SEVERAL_LINES.sub("", text)) is not None
    is_other = bool(keys & _OTHER_KEYS) and not keys & _EVENTS_KEYS
    return is_other or bool(keys & _SECRET_KEYS)


def _keys(text: str) -> Set[str] | None:
    """The keys of a text; None where it cannot be read, or would cost too much to read."""
    if find_hazards(text):
        return None
    try:
        return tomllib.loads(text).keys()
    except (ValueError, RecursionError):
        return None
