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
    ids = names_of_rows(keys, titles)
    turns: Counter[str] = Counter()
    counts = Counter(ids)
    for n in sorted((n for n, name in enumerate(ids) if counts[name] > 1), key=lambda n: lines[n]):
        name = ids[n]
        turns[name] += 1
        ids[n] = name if turns[name] == 1 else f"{name}-{turns[name]}"
    return ids


def names_of_rows(keys: Sequence[str], titles: Sequence[str]) -> list[str]:
    """By what each row is known, before equal ones are told apart.

    >>> names_of_rows(["", "", "K-1"], ["Pay", "pay", "Pay"])
    ['pay-9350872d', 'pay-9350872d', 'K-1']
    """
    counts = Counter(key for key in keys if key)
    return [
        key if counts[key] == 1 else _name(f"{key}\n{title}" if key else title)
        for key, title in zip(keys, titles, strict=True)
    ]


def _name(text: str) -> str:
    """A name that says a little, and a mark that tells it from all others."""
    folded = " ".join(text.casefold().split())
    mark = sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    words = "".join(c if c.isalnum() else "-" for c in folded[:20]).strip("-")
    return f"{words}-{mark}" if words else mark
