"""What libraries of Rust print when they panic: it is raised as well, and helps nobody."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def panics_unseen() -> Iterator[None]:
    """Nothing that a library writes to the standard error of the process is seen within.

    A panic is printed by its own runtime, past Python's `sys.stderr`: only its descriptor helps.
    """
    try:
        kept = os.dup(2)
    except OSError:  # there is none: nothing is seen anyhow
        yield
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
