"""By what a row is known again: its key column, else its title and its turn among equals.

Moving rows changes neither; a day that is corrected stays the same event's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256


def foreign_ids(keys: Sequence[str], titles: Sequence[str], lines: Sequence[str]) -> list[str]:
    """An id for each row. Those of equal titles are told apart by the order of their days.

    >>> foreign_ids(["", "", "K-1"], ["Pay", "Pay", "Pay"], ["2027-02-01", "2027-01-01", "2028"])
    ['pay-9350872d-2', 'pay-9350872d', 'K-1']
    """
    counts = Counter(key for key in keys if key)
    ids = [key if counts[key] == 1 else "" for key in keys]
    left = sorted((n for n, known in enumerate(ids) if not known), key=lambda n: (lines[n], n))
    turns: Counter[str] = Counter()
    for n in left:
        name = _name(f"{keys[n]}\n{titles[n]}" if keys[n] else titles[n])
        turns[name] += 1
        ids[n] = name if turns[name] == 1 else f"{name}-{turns[name]}"
    return ids


def _name(text: str) -> str:
    """A name that says a little, and a mark that tells it from all others."""
    folded = " ".join(text.casefold().split())
    mark = sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    words = "".join(c if c.isalnum() else "-" for c in folded[:20]).strip("-")
    return f"{words}-{mark}" if words else mark
