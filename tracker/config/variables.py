"""Values that stand in the environment: `env:NAME`."""

from __future__ import annotations

import os

from tracker.dates.diagnostics import Diagnostic
from tracker.files.problems import KeyPath
from tracker.files.values import Reader

PREFIX = "env:"


def from_environment(
    value: object, path: KeyPath, reader: Reader, needed: bool = True
) -> tuple[str | None, str | None]:
    """The text, and the name of the variable that it was read from, where it was.

    One that is not there is a diagnostic where it is needed, and else None.
    """
    text = reader.text(value, path)
    if text is None or not text.startswith(PREFIX):
        return text, None
    name = text.removeprefix(PREFIX)
    text = os.environ.get(name) or None
    if text is None and needed:
        reader.report(Diagnostic("not-in-environment", values=(("variable", name),)), path)
    return text, name


def absent_variables(value: object) -> tuple[str, ...]:
    """The variables that a text, or the texts of a list, stand in, and that are not there."""
    texts = value if isinstance(value, list) else [value]
    names = [text[len(PREFIX) :] for text in map(str, texts) if text.startswith(PREFIX)]
    return tuple(name for name in names if not os.environ.get(name))
