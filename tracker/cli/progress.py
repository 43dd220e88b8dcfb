"""How far long work is: a bar on a terminal, lines in a pipe, and nothing of what is done at once.

All of it goes to standard error. What is shown is rich's, which is loaded once it is.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tracker import clock
from tracker.i18n.progress import Progress
from tracker.i18n.translate import Language, translate

if TYPE_CHECKING:
    import rich.progress

#: Work that takes no longer is not spoken of.
_AT_ONCE_SECONDS = 1.0
_BETWEEN_DRAWINGS, _BETWEEN_LINES = 0.1, 5.0


@contextmanager
def shown_progress(
    language: Language, seconds: Callable[[], float] = clock.steady
) -> Iterator[Progress]:
    """While it lasts, what is told of the work is shown; `seconds` only ever grow."""
    display = _Display(language, seconds)
    try:
        yield display.tell
    finally:
        display.close()


class _Display:
    """What is seen of the work: one step at a time."""

    def __init__(self, language: Language, seconds: Callable[[], float]) -> None:
        self._language = language
        self._seconds = seconds
        self._next = seconds() + _AT_ONCE_SECONDS
        self._is_told = False
        self._bar: rich.progress.Progress | None = None
        self._draws = _can_draw()

    def tell(self, step: str, done: int, total: int) -> None:
        """As Progress has it; called for each of many parts, so most calls cost next to nothing."""
        now = self._seconds()
        if now < self._next or (done >= total and not self._is_told):  # nothing is left to wait for
            return
        self._is_told = True
        self._next = now + (_BETWEEN_DRAWINGS if self._draws else _BETWEEN_LINES)
        text = translate(self._language, f"progress.{step}")
        if self._draws:
            self._draw(text, done, total)
        else:
            numbers = translate(self._language, "progress.line", step=text, done=done, total=total)
            print(numbers, file=sys.stderr, flush=True)

    def _draw(self, text: str, done: int, total: int) -> None:
        if self._bar is None:
            self._bar = _new_bar()
            self._bar.start()
            self._bar.add_task(text, total=total)
        task = self._bar.tasks[0]
        self._bar.update(task.id, description=text, total=total, completed=done)
        self._bar.refresh()

    def close(self) -> None:
        """Takes the bar away: what is said afterwards begins on a line of its own."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def _can_draw() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM") not in (None, "", "dumb")


def _new_bar() -> rich.progress.Progress:
    """One that is drawn when it is told to, by no thread, and leaves nothing behind.

    rich honours NO_COLOR, and how wide the terminal is.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    # Its text is ours, and no markup.
    text = TextColumn("{task.description}", markup=False)
    console = Console(stderr=True, highlight=False)
    return Progress(
        text, BarColumn(), MofNCompleteColumn(), console=console, auto_refresh=False, transient=True
    )
