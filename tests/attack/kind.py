"""What a kind of attack is: cases drawn from chance, and a desk at which they are tried.

A fault is whatever a user must never meet: an exception that is no refusal, a refusal that does not
say where or what, a crash, a 500, more time or memory than an input of its size may take, something
written that no reader can read, two languages that disagree, a thing confirmed and lost.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from random import Random
from typing import Any, NamedTuple


class Fault(AssertionError):
    """Something that a user must never meet."""


class Desk(NamedTuple):
    """Where the cases of a kind are tried, one after another."""

    attempt: Callable[[bytes], None]  #: raises Fault, or whatever came through
    process: int = 0  #: whose time and memory count, beside this one's own; 0: none


class CaseForm(NamedTuple):
    """How a case is taken apart and put together again, in order to find its smallest form."""

    split: Callable[[bytes], list[bytes]]
    join: Callable[[Sequence[bytes]], bytes]
    ending: str


class Kind(NamedTuple):
    """A kind of attack."""

    name: str
    draw: Callable[[Random], bytes]
    open_desk: Callable[[Path], AbstractContextManager[Desk]]  #: in an empty folder
    form: CaseForm
    seconds: float = 3.0  #: of the processor that a small case may take
    seconds_per_kilobyte: float = 0.1  #: and for what it has beyond the first ten
    megabytes: float = 200.0  #: by which memory may grow while it is tried
    share: float = 1.0  #: how many cases of it go for one of the cheap kinds

    def allowance(self, case: bytes) -> float:
        """The seconds that a case may take."""
        return self.seconds + self.seconds_per_kilobyte * max(len(case) - 10_000, 0) / 1000


def _lines(case: bytes) -> list[bytes]:
    return case.splitlines(keepends=True)


def _items(case: bytes) -> list[bytes]:
    return [json.dumps(part).encode() for part in json.loads(case)]


def _list_of(parts: Sequence[bytes]) -> bytes:
    return b"[" + b",\n ".join(parts) + b"]\n"


def listed(parts: Sequence[Any]) -> bytes:
    """A case that is a list of steps.

    >>> listed([["check"], ["list"]])
    b'[["check"],\\n ["list"]]\\n'
    """
    return _list_of([json.dumps(part).encode() for part in parts])


#: A file, whatever stands in it.
TEXT = CaseForm(_lines, b"".join, "toml")
#: Steps, of which any may be left out.
STEPS = CaseForm(_items, _list_of, "json")
