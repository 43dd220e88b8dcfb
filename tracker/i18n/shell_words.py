"""Names as words of a command that is printed, to be pasted into a shell (POSIX sh, 2.2)."""

from __future__ import annotations

import re
import shlex

#: What means something to a shell between double quotes as well; `!` to bash at a prompt.
_SPECIAL = re.compile(r'["$`\\!\n]')


def shell_word(text: str) -> str:
    """The text between double quotes, as commands have it here; between single ones if need be.

    >>> print(shell_word("lease/end of term"), shell_word("$HOME & co"))
    "lease/end of term" '$HOME & co'
    """
    return shlex.quote(text) if _SPECIAL.search(text) else f'"{text}"'
