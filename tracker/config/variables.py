"""Values that stand in the environment: `env:NAME`."""

from __future__ import annotations

import os
import re

from tracker.dates.diagnostics import Diagnostic
from tracker.files.problems import KeyPath
from tracker.files.values import Reader

PREFIX = "env:"
#: As variables are named, and no token is: with capitals, or without digits.
_NAME = re.compile(r"[A-Z_][A-Z0-9_]*|[A-Za-z_]+")


def from_environment(
    value: object, path: KeyPath, reader: Reader, needed: bool = True
) -> tuple[str | None, str | None]:
    """The text, and the name of the variable that it was read from, where it was.

    One that is not there is a diagnostic where it is needed, and else None.
    """
    text = reader.text(value, path)
    name = None if text is None else variable_in(text)
    if text is None or name is None:
        return text, None
    value = os.environ.get(name) or None
    if value is None and needed:
        reader.report(Diagnostic("not-in-environment", values=(("variable", name),)), path)
    try:
        return None if value is None else os.fsencode(value).decode(), name
    except UnicodeDecodeError:  # no server and no receiver could be told it
        reader.report(Diagnostic("variable-not-utf8", values=(("variable", name),)), path)
        return None, name


def variable_in(text: str) -> str | None:
    """The name of the variable that a text stands in; None: it stands for itself."""
    return text.removeprefix(PREFIX) if text.startswith(PREFIX) else None


def is_name_of_variable(name: str) -> bool:
    """Whether it is surely a name, and not the secret itself written in its place.

    >>> is_name_of_variable("SMTP_URL"), is_name_of_variable("smtp://bob:s3cr3t@example.org")
    (True, False)
    """
    return _NAME.fullmatch(name) is not None


def absent_variables(value: object) -> tuple[str, ...]:
    """The variables that a text, or the texts of a list, stand in, and that are not there."""
    texts = value if isinstance(value, list) else [value]
    names = [name for text in map(str, texts) if (name := variable_in(text)) is not None]
    return tuple(name for name in names if not os.environ.get(name))
