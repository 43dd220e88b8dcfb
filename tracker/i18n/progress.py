"""How far long work is, as the rooms that do it tell it; how it is shown is the command's."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TypeAlias, TypeVar

_T = TypeVar("_T")

#: Is told which step is under way (the sentence `progress.STEP`), how much of it is done, and of how
#: much.
Progress: TypeAlias = Callable[[str, int, int], None]


def unseen(_step: str, _done: int, _total: int) -> None:
    """Where nobody watches."""


def each(progress: Progress, step: str, parts: Collection[_T]) -> Iterator[_T]:
    """The parts of a step, one after the other, each told of once it is done.

    >>> for name in each(lambda *state: print(*state), "files", ["a", "b"]):
    ...     pass
    files 0 2
    files 1 2
    files 2 2
    """
    total = len(parts)
    progress(step, 0, total)
    for done, part in enumerate(parts, 1):
        yield part
        progress(step, done, total)
