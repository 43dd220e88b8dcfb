"""Files as they are named: each by itself, or all of a folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

#: It says who is told, and is no events file.
SETTINGS = "tracker.toml"


def files_in(named: Iterable[Path]) -> tuple[Path, ...]:
    """The files; of a folder its `*.toml`, by name, without tracker.toml and what is hidden.

    Raises FileNotFoundError for a folder without any.
    """
    return tuple(file for one in named for file in (_of(one) if one.is_dir() else (one,)))


def _of(folder: Path) -> list[Path]:
    found = sorted(
        file
        for file in folder.glob("*.toml")
        if file.name != SETTINGS and not file.name.startswith(".") and file.is_file()
    )
    if not found:
        raise FileNotFoundError(2, "no events file", str(folder / "*.toml"))
    return found
