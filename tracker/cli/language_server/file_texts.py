"""Texts of files as the editor has them, else as they are on the disk; which belong together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from tracker.files.folders import SETTINGS, is_events_name
from tracker.files.reading import read_regular_file

_USUAL = "events.toml"
_OURS = re.compile(r"^[ \t]*(?:\[+[ \t]*(?:event|amendment)\b|amends[ \t]*=)", re.MULTILINE)
#: Time, size and inode: what is the same while a file is.
_Seen = tuple[int, int, int]


class FileTexts:
    """The texts by path. `together`: files that belong together wherever they are, as named."""

    def __init__(self, together: Sequence[Path]) -> None:
        self.open: dict[str, str] = {}  #: as an editor has them
        self._together = tuple(sorted(str(file.absolute()) for file in together))
        self._on_disk: dict[str, tuple[_Seen, str]] = {}

    def group_of(self, path: Path) -> tuple[str, list[str]]:
        """What a file belongs to, and the files of that: those named together, or its folder's."""
        if path.name == SETTINGS:
            return str(path), [str(path)] if self.text(str(path)) is not None else []
        if str(path) in self._together:
            return "", [name for name in self._together if self.text(name) is not None]
        files = set(path.parent.glob("*.toml"))
        files |= {file for file in map(Path, self.open) if file.parent == path.parent}
        names = [str(file) for file in files if is_events_name(file.name)]
        alone = [name for name in names if name not in self._together]
        return str(path.parent), sorted(filter(self._states_events, alone))

    def _states_events(self, name: str) -> bool:
        """Whether it is there, and no other program's: pyproject.toml may lie beside it."""
        text = self.text(name)
        return text is not None and (Path(name).name == _USUAL or bool(_OURS.search(text)))

    def text(self, name: str) -> str | None:
        """The text of a file; None where there is none. What is no UTF-8 stays so in it."""
        if name in self.open:
            return self.open[name]
        try:
            status = Path(name).stat()
            seen = status.st_mtime_ns, status.st_size, status.st_ino
            known = self._on_disk.get(name)
            if known is not None and known[0] == seen:
                return known[1]
            text = read_regular_file(Path(name)).decode("utf-8-sig", "surrogateescape")
        except (OSError, ValueError):
            self._on_disk.pop(name, None)
            return None
        self._on_disk[name] = seen, text
        return text
