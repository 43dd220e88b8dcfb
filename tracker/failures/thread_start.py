"""Threads that die before they have begun, as where no memory is left, hang nobody.

`Thread.start` waits without end until the new thread says that it has begun. One that finds no
memory for its first step never does, and whoever began it, with all locks that it holds, waits for
ever: CPython before 3.13 has no cure, and libraries begin threads too. Here it is an exception.
"""

from __future__ import annotations

import _thread
import mmap
import threading
import weakref
from collections.abc import Callable
from threading import Thread

from tracker.i18n.reasons import Reason

#: So often, in seconds, it is looked whether a thread that has not begun yet is still there.
_LOOK = 0.05
#: Bytes that Python takes from the system for the first step of a thread, and some more.
_FIRST_STEP = 65_536


class ThreadDied(RuntimeError):
    """A thread ended before it had begun."""

    reason = Reason("no-memory")


class Interruption(BaseException):
    """Ends work in a thread at whichever step it is: where Python cannot let it through, as in the
    end of a value, it is raised again soon, and nobody need be told.
    """


class _Life:
    """Held by a new thread alone, from before its first step until its end."""


def guard_thread_starts() -> None:
    """From now on `start` of every thread raises ThreadDied where it would wait for ever."""
    if hasattr(threading, "_start_new_thread"):  # until 3.12; later threading sees to it itself
        setattr(threading, "_start_new_thread", _start)  # noqa: B010 - mypy knows no such name


def _start(bootstrap: Callable[[], None], _arguments: tuple[()]) -> int:
    """What `Thread.start` calls, and gives up where this raises anything."""
    thread: Thread = bootstrap.__self__  # type: ignore[attr-defined]
    try:  # without that room it would die with words of Python's own
        mmap.mmap(-1, _FIRST_STEP).close()
    except (OSError, MemoryError):
        raise ThreadDied("can't start new thread") from None
    life = _Life()
    is_there = weakref.ref(life)
    number = _thread.start_new_thread(_run, (life, bootstrap))
    del life
    has_begun: threading.Event = thread._started  # type: ignore[attr-defined]
    while not has_begun.wait(_LOOK):
        if is_there() is None and not has_begun.is_set():
            raise ThreadDied("can't start new thread")
    return number


def _run(_life: _Life, bootstrap: Callable[[], None]) -> None:
    bootstrap()
