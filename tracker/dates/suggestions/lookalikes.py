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
        "、": ",", "，": ",", "。": ".", "（": "(", "）": ")",
        "а": "a", "с": "c", "е": "e", "һ": "h", "і": "i", "ј": "j", "ո": "n", "о": "o", "ο": "o",
        "р": "p", "ѕ": "s", "у": "y", "х": "x", "Н": "H", "Ԛ": "Q", "Ԝ": "W", "ı": "i", "ɡ": "g",
    }
)  # fmt: skip
_ODD_SPACE = re.compile(r"[^\S \t\n]|[\u200b-\u200f\u2060\ufeff]")


_KANJI_DAY = re.compile(
    r"(?P<year>[0-9]{4})年(?:(?P<month>[0-9]{1,2})月(?:(?P<day>[0-9]{1,2})日)?)?(?P<through>末)?(?:まで)?"
)


def _in_digits(match: re.Match[str]) -> str:
    """2028年3月15日 as 2028-03-15, 2028年末 as the deadline that it is."""
    numbers = [int(part) for part in (match["month"], match["day"]) if part]
    name = "-".join([match["year"], *(f"{number:02}" for number in numbers)])
    return f"through {name}" if match["through"] else name


def refuse_look_alikes(line: str) -> None:
    """Raises LineError at the first character that is not plain ASCII text or white space."""
    if line.isascii() and line.isprintable():
        return
    if match := _KANJI_DAY.search(line):
        spelt = collapse_spaces(f"{line[: match.start()]}{_in_digits(match)}{line[match.end() :]}")
        raise LineError(
            Diagnostic("other-notation", match.span(), (("words", match[0]),), (Suggestion(spelt),))
        )
    for at, character in enumerate(line):
        if character in " \t\n" or (character.isascii() and character.isprintable()):
            continue
        spelt = _ODD_SPACE.sub(" ", line).translate(_LOOKS_LIKE)
        spelt = collapse_spaces(unicodedata.normalize("NFKC", spelt))
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
