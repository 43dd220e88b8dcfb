"""What is known of a key of a file: how it is read, what it may hold, and an example.

Reader, schema, the page of keys and the options of commands take it from the one row of a key.
What it means is the sentence `key.TABLE.NAME` of each catalogue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

from tracker.files.problems import KeyPath
from tracker.files.values import Reader

Read: TypeAlias = Callable[[Reader, object, KeyPath], Any]
#: A part of a JSON Schema.
Shape: TypeAlias = Mapping[str, Any]

ONE_LINE: Shape = {"type": "string", "minLength": 1, "pattern": "^[^\\u0000-\\u001f\\u007f]*$"}
ANY_LINES: Shape = {"type": "string", "minLength": 1}


class Kind(NamedTuple):
    """A kind of value; the sentence `kind.NAME` says what is written."""

    name: str
    shape: Shape
    read: Read | None = None  #: None: what it is read by needs more than the value
    metavar: str = "NAME"  #: what a command's help calls it


class Key(NamedTuple):
    """A key of a table."""

    name: str
    kind: Kind
    example: str  #: lines of the table, of which the last states the key
    required: bool = False
    default: str = ""  #: what holds where it does not stand there, as the file would write it


def key_names(keys: Iterable[Key]) -> tuple[str, ...]:
    """The names, as a reader wants them."""
    return tuple(key.name for key in keys)


def readers_of(keys: Iterable[Key]) -> dict[str, Read]:
    """How each of the keys is read, by its name."""
    return {key.name: key.kind.read for key in keys if key.kind.read is not None}


def list_of(shape: Shape) -> Shape:
    """A list of such values."""
    return {"type": "array", "items": dict(shape)}


def either(*shapes: Shape) -> Shape:
    """A value of one of those shapes."""
    return {"anyOf": [dict(shape) for shape in shapes]}
