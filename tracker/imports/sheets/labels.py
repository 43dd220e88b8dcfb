"""Names and tags of a cell: where one ends and the next begins, as its column shows."""

from __future__ import annotations

import re
from collections.abc import Collection

from tracker.imports.texts import one_line

_SURE = re.compile(r"[;\n|、]|(?<=\S) & (?=\S)")
_MOST = 50


class LabelColumn:
    """A column of names.

    "Ann, Ben" are two where Ann stands alone somewhere; "Miller, Hans" is one where neither does.

    >>> (
    ...     LabelColumn(["Ann, Ben", "Ben"]).labels("Ann, Ben"),
    ...     LabelColumn(["Miller, Hans"]).labels("Miller, Hans"),
    ... )
    (['Ann', 'Ben'], ['Miller, Hans'])
    """

    def __init__(self, texts: Collection[str], splits_always: bool = False) -> None:
        self._known: dict[str, list[str]] = {"": []}
        self._at_commas = splits_always or self._is_list(texts)

    def labels(self, text: str) -> list[str]:
        """The names in a cell, each once."""
        if text not in self._known:
            self._known[text] = self._split(text)
        return self._known[text]

    def _split(self, text: str) -> list[str]:
        pieces = _SURE.split(text)
        if self._at_commas:
            pieces = [part for piece in pieces for part in re.split(r"[,，]", piece)]
        names = (one_line(piece, 100) for piece in pieces)
        return list(dict.fromkeys(name for name in names if name))[:_MOST]

    @staticmethod
    def _is_list(texts: Collection[str]) -> bool:
        alone = {text.strip() for text in texts if "," not in text}
        lists = [[part.strip() for part in text.split(",")] for text in texts if "," in text]
        return any(
            len(parts) > 2 or set(parts) & alone or any("@" in p for p in parts) for parts in lists
        )
