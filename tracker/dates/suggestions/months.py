"""The names of the months, whole and short, in the languages that agreements are written in."""

from __future__ import annotations

import re

#: By number. A name may be cut to three letters or more where that is still one month's alone.
_NAMES: tuple[str, ...] = (
    "january januar janner jänner janvier janv enero gennaio gen janeiro januari jan",
    "february februar février fevrier févr febrero febbraio fevereiro februari feb fev",
    "march märz maerz mrz mars marzo março marco maart marts mar",
    "april avril avr abril aprile abr apr",
    "may mai mayo maggio mag maio mei maj",
    "june juni juin junio giugno giu junho jun",
    "july juli juillet juil julio luglio lug julho jul",
    "august août aout agosto ago augustus augusti aug",
    "september septembre septiembre setiembre settembre setembro sept sep set",
    "october oktober octobre octubre ottobre ott outubro out oct okt",
    "november novembre noviembre novembro nov",
    "december dezember décembre decembre diciembre dicembre dezembro dec dez déc dic",
)
_NUMBERS = {name: at for at, names in enumerate(_NAMES, 1) for name in names.split()}

#: A regular expression for one of them, the longest first.
MONTHS = "|".join(map(re.escape, sorted(_NUMBERS, key=len, reverse=True)))


def month_number(name: str) -> int:
    """The number of the month of that name.

    >>> month_number("März"), month_number("Nov")
    (3, 11)
    """
    return _NUMBERS[name.lower()]
