"""Which format a file of another program has, and what it states."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import NamedTuple

from tracker.imports import formats
from tracker.imports.archives import unpack_alone
from tracker.imports.foreign import ForeignContent, ForeignFile, Unreadable, Wishes


class Format(NamedTuple):
    """A kind of file that can be read."""

    name: str  #: of its module, and of the sentence `import.format.NAME`
    recognises: Callable[[ForeignFile], bool]
    read_foreign: Callable[[ForeignFile, Wishes], ForeignContent]


def read_foreign_file(file: ForeignFile, wishes: Wishes) -> tuple[str, ForeignContent]:
    """The name of a file's format, and what it states; raises Unreadable."""
    file = unpack_alone(file)
    if not file.content.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise Unreadable("empty")
    for known in all_formats():
        if known.recognises(file):
            return known.name, known.read_foreign(file, wishes)
    raise Unreadable("unknown-format")


def all_formats() -> list[Format]:
    """Every format that there is; last those that would take any text for theirs.

    Nothing but a comma tells a sheet from a letter: everybody else is asked first.
    """
    modules = [
        import_module(f"{formats.__name__}.{module.name}")
        for module in iter_modules(formats.__path__)
    ]
    modules.sort(key=lambda module: getattr(module, "TAKES_ANY_TEXT", False))
    return [
        Format(module.__name__.rpartition(".")[2], module.recognises, module.read_foreign)
        for module in modules
    ]
