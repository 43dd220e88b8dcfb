"""Edges of periods, and deadlines, in other languages: `Ende März 2027`, `fin mars 2027`."""

from __future__ import annotations

import re

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.suggestions.months import MONTHS
from tracker.dates.suggestions.parse_state import ParseState

#: The words here, and what they are in German, French, Spanish, Italian, Portuguese and Dutch.
_WORDS = {
    "end of ": "ende-des ende-der ende à-la-fin-de fin-de fin-du fin a-finales-de finales-de"
    " a-fines-de fines-de final-de fine fim-de eind",
    "start of ": "anfang-des anfang-der zu-beginn anfang beginn au-début-de début-de début debut-de"
    " debut a-principios-de principios-de inicio-de inizio início-de",
    "mid-": "mitte-des mitte mi- mi mi‑ à-la-mi- milieu-de a-mediados-de mediados-de metà meados-de"
    " medio",
    "by ": "bis-zum bis-einschließlich bis-inklusive bis jusqu'au jusqu’au jusqu'à jusqu’à hasta-el"
    " hasta entro-il entro até tot-en-met tot",
    "no later than ": "spätestens-am spätestens-bis-zum spätestens spaetestens au-plus-tard-le"
    " au-plus-tard a-más-tardar-el a-más-tardar uiterlijk-op uiterlijk",
    "before ": "vor-dem avant-le antes-del antes-de prima-del voor",
}
_ENGLISH = {
    (word[:-1].replace("-", " ") + "-" if word.endswith("-") else word.replace("-", " ")): english
    for english, words in _WORDS.items()
    for word in words.split()
}
_ANY = "|".join(map(re.escape, sorted(_ENGLISH, key=len, reverse=True)))
#: A day or a period has to follow: these words begin many sentences.
_PATTERN = re.compile(
    rf"(?P<edge>{_ANY})(?:(?<=-) ?| )"
    rf"(?P<rest>(?:(?:{MONTHS})\.?[ -]|[qh][1-4]\b|kw|[0-9]).*[0-9].*|[12][0-9]{{3}})",
    re.IGNORECASE,
)


def edge_in_other_language(state: ParseState) -> Diagnostic | None:
    """The edge in the words here; what stands behind it is read in its turn."""
    match = _PATTERN.fullmatch(state.text.strip())
    if match is None:
        return None
    line = _ENGLISH[match["edge"].lower()] + match["rest"]
    values = (("words", state.text),)
    return Diagnostic("other-language", (0, len(state.text)), values, (Suggestion(line),))
