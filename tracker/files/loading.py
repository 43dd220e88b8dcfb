"""Events files, from their bytes to agreements.

What is wrong anywhere in them is reported all at once (FileErrors); a cache spares the parsing of
files that were sound when they were last read with the same content.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.agreements.model import Agreement
from tracker.files.cache import Cache, ParsedAgreement, cache_key
from tracker.files.reading import read_file
from tracker.i18n.progress import Progress, unseen

if TYPE_CHECKING:
    from tracker.files.origins import Origins


def load(
    files: Sequence[Path], cache: Cache | None = None, progress: Progress = unseen
) -> tuple[Agreement, ...]:
    """The agreements of those files, loaded together in that order.

    Raises FileErrors with everything that is wrong, OSError where a file cannot be read.
    """
    contents = tuple(map(read_file, files))
    parts = load_parsed([str(file) for file in files], contents, cache, progress=progress)
    return tuple(part.agreement for part in parts)


def load_parsed(
    names: Sequence[str],
    contents: Sequence[bytes],
    cache: Cache | None = None,
    before: Sequence[ParsedAgreement] = (),
    progress: Progress = unseen,
) -> tuple[ParsedAgreement, ...]:
    """What those contents state; what was read before of the same files is not read again.

    Raises FileErrors with everything that is wrong.
    """
    key = cache_key(contents)
    if cache is not None and (parts := cache.get(key)) is not None:
        return parts
    from tracker.files.incremental import read_parsed

    before = before or (cache.last(names) if cache is not None else ())
    parts = read_parsed(names, contents, before, progress)
    if cache is not None:
        cache.put(key, names, parts)
    return parts


def read(
    names: Sequence[str], contents: Sequence[bytes], progress: Progress = unseen
) -> tuple[tuple[Agreement, ...], Origins]:
    """The agreements that those contents state, and where each event stands.

    Raises FileErrors with everything that is wrong.
    """
    # Parsing and checking are loaded only where something is parsed or checked.
    from tracker.files.reader import assemble

    files = assemble(names, contents, progress=progress)
    return files.agreements, files.origins
