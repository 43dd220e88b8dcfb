"""What texts name, kept between keystrokes: only an event that was edited is read again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from tracker.files.glance import names_at_a_glance, without_long_texts

_EVENT = "\n[[event]]"
_Piece: TypeAlias = tuple[tuple[str, str, str], ...]  #: kind, name, title


class KeptNames:
    """The names of each text as it was last, and of what they were put together.

    >>> kept = KeptNames()
    >>> kept.names("a.toml", '[[event]]\\nid = "report"\\n')["event"]
    {'report': ''}
    """

    def __init__(self) -> None:
        self._last: dict[str, tuple[str, dict[str, dict[str, str]]]] = {}
        self._pieces: dict[str, dict[str, _Piece]] = {}

    def prepare(self, texts: Mapping[str, str]) -> None:
        """Reads those that were never read, so that no keystroke waits for a whole file."""
        for file, text in texts.items():
            if file not in self._last:
                self.names(file, text)

    def names(self, file: str, text: str) -> dict[str, dict[str, str]]:
        """What `names_at_a_glance` says of a text."""
        last = self._last.get(file)
        if last is not None and last[0] == text:
            return last[1]
        known = self._pieces.get(file, {})
        head, *events = without_long_texts(text).split(_EVENT)
        pieces: dict[str, _Piece] = {}
        rows: list[_Piece] = []
        for piece in (head, *(_EVENT + event for event in events)):
            if piece not in pieces:
                pieces[piece] = known[piece] if piece in known else _piece(piece)
            rows.append(pieces[piece])
        names = names_at_a_glance("")
        for kind, name, title in (row for piece_rows in rows for row in piece_rows):
            there = names[kind]
            if not there.get(name):
                there[name] = title
        self._last[file], self._pieces[file] = (text, names), pieces
        return names


def _piece(text: str) -> _Piece:
    return tuple(
        (kind, name, title)
        for kind, names in names_at_a_glance(text).items()
        for name, title in names.items()
    )
