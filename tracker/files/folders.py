"""Files as they are named, each by itself or all of a folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

#: It says who is reminded, and is no events file.
SETTINGS = "tracker.toml"


def files_in(named: Iterable[Path]) -> tuple[Path, ...]:
    """The files; of a folder its `*.toml`, by name, without tracker.toml and what is hidden.

    Raises FileNotFoundError for a folder without any, OSError where it cannot be looked through.
    """
    return tuple(file for path in named for file in (_of(path) if path.is_dir() else (path,)))


def is_events_name(name: str) -> bool:
    """Whether a file of that name, in a folder, is one of events."""
    return name.endswith(".toml") and name != SETTINGS and not name.startswith(".")


def _of(folder: Path) -> list[Path]:
    # Not Path.glob, for which a folder that may not be read is an empty one.
    named = sorted(file for file in folder.iterdir() if is_events_name(file.name))
    files = [file for file in named if _is_file(file)]
    if not files:
        raise FileNotFoundError(2, "no events file", str(folder / "*.toml"))
    return files


def _is_file(file: Path) -> bool:
    """Also a link to what is not there: an agreement on a share that is away is missed."""
    return file.is_file() or (file.is_symlink() and not file.exists())
