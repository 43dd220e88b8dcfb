"""What is said where a file is not there: the nearest that is, and how to begin one."""

from __future__ import annotations

import re
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from tracker.files.folders import SETTINGS
from tracker.i18n.shell_words import shell_word

#: What a shell takes as it is.
_PLAIN = re.compile(r"[A-Za-z0-9./_-]+")
#: Of a folder so many names are looked at.
_MOST_NAMES = 10_000


def absence(name: str) -> tuple[str, dict[str, str]]:
    """The sentence for a file, or all of a folder, that is not there, and its values."""
    file = Path(name)
    of_folder = file.name == "*.toml" and file.parent.is_dir()
    begun = _word(file.parent / "events.toml" if of_folder else file)
    near = None if of_folder else nearest_file(file)
    if near is None and (file.parent / SETTINGS).exists():  # beside which `init` writes nothing
        return "call.no-file.settings", {"file": name, "settings": SETTINGS, "begun": begun}
    if of_folder:
        return "call.no-file.folder", {"file": name, "begun": begun}
    if near is None:
        return "call.no-file", {"file": name}
    return "call.no-file.near", {"file": name, "near": _word(near)}


def nearest_file(file: Path) -> Path | None:
    """The events file that may be meant by the name of one that is not there.

    Each part of the path that is not there is taken for the one most like it.
    """
    place = Path(file.anchor)
    *folders, last = file.relative_to(file.anchor).parts or ("",)
    for part in folders:
        near = part if (place / part).is_dir() else _nearest(part, _names(place, folders=True))
        if near is None:
            return None
        place /= near
    names = _names(place, folders=False)
    if place != file.parent and last in names:
        return place / last
    near = _nearest(last, names) or (names[0] if len(names) == 1 else None)
    return place / near if near is not None else None


def _nearest(name: str, names: list[str]) -> str | None:
    same = [known for known in names if known.casefold() in (name.casefold(), f"{name}.toml")]
    return next(iter(same or get_close_matches(name[:200], names, n=1, cutoff=0.6)), None)


def _names(folder: Path, *, folders: bool) -> list[str]:
    try:
        entries = list(islice(folder.iterdir(), _MOST_NAMES))
        return sorted(
            entry.name
            for entry in entries
            if not entry.name.startswith(".")
            and (entry.is_dir() if folders else _is_events_file(entry))
        )
    except OSError:
        return []


def _is_events_file(file: Path) -> bool:
    return file.suffix == ".toml" and file.name != SETTINGS and file.is_file()


def _word(file: Path) -> str:
    return str(file) if _PLAIN.fullmatch(str(file)) else shell_word(str(file))
