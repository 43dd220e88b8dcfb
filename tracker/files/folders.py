"""Files as they are named, each by itself or all of a folder, and what they hold."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

#: It says who is reminded, and is no events file.
SETTINGS = "tracker.toml"


def files_in(named: Iterable[Path]) -> tuple[Path, ...]:
    """The files; of a folder its `*.toml`, by name, without tracker.toml and what is hidden.

    Raises FileNotFoundError for a folder without any.
    """
    return tuple(file for path in named for file in (_of(path) if path.is_dir() else (path,)))


def read_file(file: Path) -> bytes:
    """What a file holds. Raises OSError, in which the file is named whatever went wrong."""
    try:
        return file.read_bytes()
    except OSError as error:
        error.filename = error.filename or str(file)
        raise


def _of(folder: Path) -> list[Path]:
    files = sorted(
        file
        for file in folder.glob("*.toml")
        if file.name != SETTINGS and not file.name.startswith(".") and file.is_file()
    )
    if not files:
        raise FileNotFoundError(2, "no events file", str(folder / "*.toml"))
    return files
