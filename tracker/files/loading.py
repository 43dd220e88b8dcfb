"""Events files, from their bytes to agreements.

What is wrong anywhere in them is told all at once (FileFaults); a cache spares the parsing of
files that were sound when they were last read with the same content.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.files.cache import Cache, key_of
from tracker.timeline.events import Agreement

if TYPE_CHECKING:
    from tracker.files.assembly import Origins


def load(files: Sequence[Path], cache: Cache | None = None) -> tuple[Agreement, ...]:
    """The agreements of those files, loaded together in that order.

    Raises FileFaults with everything that is wrong, OSError where a file cannot be read.
    """
    contents = tuple(file.read_bytes() for file in files)
    key = key_of(contents)
    agreements = cache.get(key) if cache is not None else None
    if agreements is None:
        agreements = read([str(file) for file in files], contents)[0]
        if cache is not None:
            cache.put(key, agreements)
    return agreements


def read(names: Sequence[str], contents: Sequence[bytes]) -> tuple[tuple[Agreement, ...], Origins]:
    """The agreements that those contents state, and where each event stands.

    Raises FileFaults with everything that is wrong.
    """
    # Parsing and checking are loaded only where something is parsed or checked.
    from tracker.files.assembly import assembled

    return assembled(names, contents)
