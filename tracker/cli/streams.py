"""The standard streams: set up once, when the process begins, for whatever is behind them."""

from __future__ import annotations

import io
import os
import sys

from tracker.i18n.encodings import SPELL_OUT


def prepare_streams() -> None:
    """From here on every text can be printed: what an encoding lacks is spelled out.

    A stream that the caller has closed is there all the same. What is printed into it is refused,
    as by a full disk; what is said on standard error is dropped, and nobody answers questions.
    """
    _fill_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=SPELL_OUT)
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    # Who has both in one pipe reads them in the order in which they were said.
    if isinstance(sys.stdout, io.TextIOWrapper) and os.path.sameopenfile(1, 2):
        sys.stdout.reconfigure(line_buffering=True)


def _fill_closed() -> None:
    """Opens what is closed of the numbers 0, 1 and 2, which the next file would get otherwise."""
    for number, mode in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # gets the lowest number that is free
    sys.stdin = sys.stdin or os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = sys.stdout or os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", encoding="utf-8", closefd=False)


def write_bytes(content: bytes) -> None:
    """Writes what has an encoding of its own to standard output, whatever that one's is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
