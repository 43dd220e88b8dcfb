"""Characters that look right and are not ASCII: full-width digits, Cyrillic letters, odd spaces."""

from __future__ import annotations

import re
import unicodedata

from tracker.dates.diagnostics import Diagnostic, LineError, Suggestion
from tracker.dates.tokens import collapse_spaces

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u30fc"
_LOOKS_LIKE = str.maketrans(
    {
        **dict.fromkeys(_DASHES, "-"),
        "≤": "<=", "≥": ">=",
        "\u2019": "'", "\u2018": "'", "、": ",", "，": ",", "。": ".", "（": "(", "）": ")",
        "а": "a", "с": "c", "е": "e", "һ": "h", "і": "i", "ј": "j", "ո": "n", "о": "o", "ο": "o",
        "р": "p", "ѕ": "s", "у": "y", "х": "x", "Н": "H", "Ԛ": "Q", "Ԝ": "W", "ı": "i", "ɡ": "g",
    }
)  # fmt: skip
_ODD_SPACE = re.compile(r"[^\S \t\n]|[\u200b-\u200f\u2060\ufeff]")


def refuse_look_alikes(line: str) -> None:
    """Raises LineError at the first character that is not plain ASCII text or white space."""
    if line.isascii() and line.isprintable():
        return
    # What documents write is loaded only to refuse it: a line that is read does not pay for it.
    from tracker.dates.suggestions.anchors import tolerance
    from tracker.dates.suggestions.japanese import japanese
    from tracker.dates.suggestions.languages import other_language
    from tracker.dates.suggestions.notations import other_notation
    from tracker.dates.suggestions.other_edges import edge_in_other_language
    from tracker.dates.suggestions.parse_state import ParseState
    from tracker.dates.suggestions.parts import range_of_days

    state = ParseState(line, (), 0, "end")
    for rule in (
        edge_in_other_language, tolerance, range_of_days, other_notation, other_language
    ):  # fmt: skip
        if diagnostic := japanese(line) or rule(state):
            raise LineError(diagnostic)
    for at, character in enumerate(line):
        if character in " \t\n" or (character.isascii() and character.isprintable()):
            continue
        spelt = _ODD_SPACE.sub(" ", line).translate(_LOOKS_LIKE)
        spelt = collapse_spaces(unicodedata.normalize("NFKC", spelt)).rstrip(".")
        plain = spelt.isascii() and spelt.isprintable()
        name = unicodedata.name(character, f"U+{ord(character):04X}")
        raise LineError(
            Diagnostic(
                "look-alike" if plain else "foreign-character",
                (at, at + 1),
                (("name", name),),
                (Suggestion(spelt),) if plain else (),
            )
        )
