"""What is asked on a terminal: on standard error, so that a pipe gets nothing but the answer."""

from __future__ import annotations

import sys
from unicodedata import normalize

_YES, _NO = ("y", "yes", "はい"), ("n", "no", "いいえ", "")


def can_ask() -> bool:
    """Whether somebody is there."""
    return sys.stdin.isatty()


def ask(question: str) -> str | None:
    """What is answered, in small letters; None where the terminal was closed (Ctrl-D)."""
    line = ask_line(question)
    # NFKC: who writes Japanese types full-width letters and digits as well.
    return None if line is None else normalize("NFKC", line).strip().lower()


def ask_line(question: str) -> str | None:
    """What is answered, as it was typed; None where the terminal was closed (Ctrl-D)."""
    print(question, end=" ", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        print(file=sys.stderr)
        return None
    return line.strip()


def agrees(question: str) -> bool:
    """Whether the answer is yes; what is neither yes nor no is asked again."""
    while (answer := ask(f"{question} [y/N]:")) is not None:
        if answer in _YES:
            return True
        if answer in _NO:
            return False
    return False
