"""Numbers and ordinals in words: `twenty-one`, `one hundred and twenty`, `twentieth`, `21st`."""

from __future__ import annotations

import re

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NTHS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
    " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
).split()
_TENTHS = [f"{tens[:-1]}ieth" for tens in _TENS]

_VALUES = {word: number for number, word in enumerate(_ONES)}
_VALUES |= {word: 20 + 10 * at for at, word in enumerate(_TENS)} | {"fourty": 40}
_NTH_VALUES = {word: number for number, word in enumerate(_NTHS)}
_NTH_VALUES |= {word: 20 + 10 * at for at, word in enumerate(_TENTHS)} | {"hundredth": 100}

_SMALL = rf"(?:{'|'.join(sorted(_VALUES, key=len, reverse=True))})"
_BELOW_HUNDRED = rf"{_SMALL}(?:[ -]{_SMALL})?"
#: A regular expression for a number in words, below a hundred thousand.
NUMBER_WORDS = (
    rf"(?:(?:(?:{_BELOW_HUNDRED}|a) (?:hundred|thousand)(?:,? (?:and )?|\b)){{1,2}}"
    rf"(?:{_BELOW_HUNDRED})?|{_BELOW_HUNDRED})"
)
_NTH = rf"(?:{'|'.join(sorted(_NTH_VALUES, key=len, reverse=True))})"
#: A regular expression for an ordinal, in words or in digits.
ORDINALS = rf"(?:(?:{NUMBER_WORDS}[ -](?:and )?)?{_NTH}|[0-9]{{1,3}}(?:st|nd|rd|th))"


def whole_number(words: str) -> int | None:
    """The number that the words or the digits say, None where they say none.

    >>> whole_number("one hundred and twenty"), whole_number("forty-five"), whole_number("soon")
    (120, 45, None)
    """
    if words.isascii() and words.isdigit():
        return int(words)
    total = below = 0
    for word in re.split(r"[\s,-]+", words.lower().strip()):
        if word == "and":
            continue
        if word == "a":
            below = 1
        elif word == "hundred":
            below = 100 * (below or 1)
        elif word == "thousand":
            total, below = 1000 * (below or 1), 0
        elif word in _VALUES:
            below += _VALUES[word]
        else:
            return None
    return total + below


def ordinal_number(words: str) -> int | None:
    """The number of an ordinal, None where it is none.

    >>> ordinal_number("twenty-first"), ordinal_number("20th"), ordinal_number("one hundredth")
    (21, 20, 100)
    """
    text = words.lower().strip()
    if digits := re.fullmatch(r"([0-9]{1,5})(?:st|nd|rd|th)", text):
        return int(digits[1])
    *before, last = re.split(r"[\s-]+", text)
    if last not in _NTH_VALUES:
        return None
    head = [word for word in before if word != "and"]
    if last == "hundredth":
        return 100 * ((whole_number(" ".join(head)) or 1) if head else 1)
    first = whole_number(" ".join(head)) if head else 0
    return None if first is None else first + _NTH_VALUES[last]
