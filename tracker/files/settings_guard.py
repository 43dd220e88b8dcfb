"""tracker.toml where an events file should be: it is named, and nothing of it is quoted.

It holds passwords, and each of its lines would be wrong in an events file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tracker.dates.diagnostics import Diagnostic
from tracker.files.folders import SETTINGS
from tracker.files.problems import FileErrors, Problem

#: What stands at the beginning of a line there, and of none in an events file.
_TABLES = "smtp|webhook|heartbeat|fallback"
_OF_SETTINGS = re.compile(
    r"^[ \t]*(?:\[\[[ \t]*recipient[ \t]*\]\]"
    rf"|\[[ \t]*(?:{_TABLES}|health|web)[ \t]*\]|(?:database|{_TABLES})[ \t]*[.=])",
    re.MULTILINE,
)


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
    return _OF_SETTINGS.search(text) is not None
