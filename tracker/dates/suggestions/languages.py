"""Counts in the words of other languages: `30 Tage nach x`, `trois mois après x`."""

from __future__ import annotations

import re

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.suggestions.parse_state import ParseState

#: The words here, and what they are in German, French, Spanish, Italian, Portuguese and Dutch.
_WORDS = {
    "business days": "bankarbeitstage bankarbeitstagen geschäftstage geschäftstagen arbeitstage"
    " arbeitstagen werkdagen jours-ouvrables jours-ouvrés jours-ouvres días-hábiles dias-habiles"
    " dias-úteis dias-uteis giorni-lavorativi",
    "business day": "bankarbeitstag geschäftstag arbeitstag jour-ouvrable jour-ouvré día-hábil"
    " dia-útil giorno-lavorativo werkdag",
    "days": "tage tagen kalendertage kalendertagen jours días dias giorni dagen",
    "day": "tag kalendertag jour día dia giorno dag",
    "weeks": "wochen semaines semanas settimane weken",
    "week": "woche semaine semana settimana",
    "months": "monate monaten mois meses mesi maanden",
    "month": "monat mes mese maand mês",
    "years": "jahre jahren ans années annees años anos anni jaren",
    "year": "jahr an année annee año ano anno jaar",
    "hours": "stunden heures horas ore uren",
    "hour": "stunde heure hora ora uur",
    "after": (
        "nach ab seit après apres después-de despues-de desde dopo dal depois-de após na vanaf"
    ),
    "before": "vor avant antes-de prima-di voor",
    "within": "innerhalb-von innerhalb binnen dans-les dans-un-délai-de dans"
    " en-el-plazo-de dentro-de"
    " entro-di entro em-até",
    "at the latest": "spätestens spaetestens au-plus-tard a-más-tardar al-más-tardar uiterlijk",
    "promptly": "unverzüglich unverzueglich sans-délai sans-retard immédiatement sin-demora",
    "": "der des dem den die das la le les l' el los",
}
_ENGLISH = {
    word.replace("-", " "): english for english, words in _WORDS.items() for word in words.split()
}
_NUMBERS = {
    number: at
    for at, words in enumerate(
        "ein/eine/einem/einer/un/une/uno/una/um/uma/een"
        " zwei/deux/dos/due/dois/twee drei/trois/tres/tre/três"
        "/drie vier/quatre/cuatro/quattro/quatro fünf/cinq/cinco/cinque/vijf sechs/seis/sei/zes"
        " sieben/sept/siete/sette/sete/zeven acht/huit/ocho/otto/oito neun/neuf/nueve/nove/negen"
        " zehn/dix/diez/dieci/dez/tien".split(),
        1,
    )
    for number in words.split("/")
}
_ANY_WORD = "|".join(map(re.escape, sorted({*_ENGLISH, *_NUMBERS}, key=len, reverse=True)))
_PATTERN = re.compile(rf"(?<![\w./-])(?:{_ANY_WORD})(?![\w/-])", re.IGNORECASE)
_UNITS = frozenset(_WORDS) - {"after", "before", "within", "at the latest", "promptly", ""}


def in_english(text: str) -> str:
    """The words that are known put into English.

    >>> in_english("5 Tage vor x")
    '5 days before x'
    """

    def english(match: re.Match[str]) -> str:
        word = match[0].lower()
        return str(_NUMBERS.get(word) or _ENGLISH.get(word, ""))

    return _PATTERN.sub(english, text)


def other_language(state: ParseState) -> Diagnostic | None:
    """A count in another language, word for word; a unit is among its words."""
    words = [match[0].lower() for match in _PATTERN.finditer(state.text)]
    if not any(_ENGLISH.get(word) in _UNITS or word == "unverzüglich" for word in words):
        return None

    line = state.line_with((0, len(state.text)), in_english(state.text))
    values = (("words", state.text),)
    return Diagnostic("other-language", (0, len(state.text)), values, (Suggestion(line),))
