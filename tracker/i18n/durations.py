"""How long something took, in words."""

from __future__ import annotations

from tracker.i18n.translate import Language, translate


def length_text(seconds: int, language: Language) -> str:
    """A length of time by its two greatest units.

    >>> length_text(7800, "en"), length_text(42, "en"), length_text(200_000, "en")
    ('2 h 10 min', '42 s', '2 d 7 h')
    """
    seconds = max(0, seconds)
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return translate(language, "length.seconds", seconds=rest)
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return translate(language, "length.minutes", minutes=minutes)
    days, hours = divmod(hours, 24)
    if not days:
        return translate(language, "length.hours", hours=hours, minutes=minutes)
    return translate(language, "length.days", days=days, hours=hours)
