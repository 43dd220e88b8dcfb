"""Weekdays that stand beside a day: `Mi, 31. März 2027`, `31 Mar 2027 (Wed)`, `2027年3月31日(水)`.

They say nothing that the day does not say, and have to be that day's: else one of both is a slip.
"""

from __future__ import annotations

import re
from typing import NamedTuple

#: From Monday on, in English, German, French, Spanish, Italian, Portuguese, Dutch, and of three
#: languages in signs. One word can be of two languages: `di` is a Tuesday and a Sunday.
_WORDS = """
monday mon mo montag lundi lun lu lunes lunedì lunedi segunda segunda-feira seg maandag ma 月
tuesday tues tue tu dienstag di die mardi mar ma martes martedì martedi terça terça-feira dinsdag 火
wednesday weds wed we mittwoch mi mercredi mer me miércoles mié mercoledì quarta-feira woensdag 水
thursday thurs thur thu th donnerstag do jeudi jeu je jueves giovedì gio quinta-feira donderdag 木
friday fri fr freitag vendredi ven ve viernes vie vi venerdì sexta-feira sex vrijdag vr vrij 金
saturday sat sa samstag sonnabend sam samedi sábado sáb sab sabato zaterdag za zat 土
sunday sun su sonntag so dimanche dim di domingo dom do domenica zondag zo zon 日
"""
_DAYS: dict[str, set[int]] = {}
for _number, _names in enumerate(_WORDS.strip().splitlines()):
    for _name in _names.split():
        _DAYS.setdefault(_name, set()).add(_number)
_LONGEST = 80
_WORD = r"[^\W\d_]+(?:-feira)?"
#: A weekday before a day; behind it; in brackets, wherever they stand.
_BEFORE = re.compile(rf"(?P<word>{_WORD})\.?,? ?(?:(?:den|the|le|der) )?(?P<rest>.*[0-9].*)")
_BEHIND = re.compile(rf"(?P<rest>.*[0-9]\S*?),? ?(?P<word>(?<= ){_WORD})\.?")
_IN_BRACKETS = re.compile(
    rf"(?P<rest>.*[0-9日]) ?[(（\[](?P<word>{_WORD})(?:\.|曜|曜日)?[)）\]] ?(?P<more>.*)"
)
_IN_SIGNS = re.compile(r"(?P<rest>.*日) ?(?P<word>[月火水木金土日])曜日? ?(?P<more>.*)")


class WithWeekday(NamedTuple):
    """A text without the weekday that it names."""

    rest: str
    weekdays: frozenset[int]  #: which its word can mean, Monday is 0


def without_weekday(text: str) -> WithWeekday | None:
    """The text without a weekday, and which that was; None: it names none.

    >>> without_weekday("Mi, 31. März 2027")
    WithWeekday(rest='31. März 2027', weekdays=frozenset({2}))
    >>> without_weekday("2027年3月31日(水) 17:00").rest, without_weekday("Q3 2027")
    ('2027年3月31日 17:00', None)
    """
    if len(text) > _LONGEST or not any(map(str.isdigit, text)):
        return None
    for pattern in (_IN_BRACKETS, _IN_SIGNS, _BEFORE, _BEHIND):
        match = pattern.fullmatch(text)
        if match is None:
            continue
        word = match["word"].casefold().removesuffix("曜日").removesuffix("曜")
        if weekdays := _DAYS.get(word):
            more = match.groupdict().get("more") or ""
            return WithWeekday(f"{match['rest']} {more}".strip(), frozenset(weekdays))
    return None
