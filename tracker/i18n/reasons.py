"""Why something did not come about, as a value: it is kept, and said later in any language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from tracker.i18n.columns import printable
from tracker.i18n.translate import Language, catalogue, translate

#: So many columns are kept of what the other side said.
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something did not come about; what is kept of it is text, JSON where it has a case."""

    #: Names the sentence `reason.CASE`, or `diagnostic.CASE` where it is said of tracker.toml as
    #: well, or any by its whole name; "": the words alone say it.
    case: str
    words: str = ""  #: the other side's own, where it said some
    values: tuple[tuple[str, str | int], ...] = ()

    def text(self, language: Language) -> str:
        """The sentence, with the other side's words in quotes behind it.

        >>> Reason("http-410").text("en")
        'no more of it is wanted there (410)'
        """
        words = printable(self.words, _LONGEST)
        if not self.case:
            return words
        sentence = self._sentence(language)
        if not words:
            return sentence
        return translate(language, "reason.said", sentence=sentence, words=words)

    def _sentence(self, language: Language) -> str:
        for name in (f"reason.{self.case}", f"diagnostic.{self.case}", self.case):
            if name in catalogue(language):
                try:
                    return translate(language, name, **dict(self.values))
                except KeyError:  # it has other holes
                    break
        return translate(language, "reason.unknown")  # a newer version has written it

    def stored(self) -> str:
        """As the database keeps it."""
        words = printable(self.words, _LONGEST)
        if not self.case:
            return words
        fields = {"case": self.case, "words": words, "values": dict(self.values)}
        return json.dumps(fields, ensure_ascii=False)


def read_reason(stored: str) -> Reason:
    """The reason that was stored; what an earlier version wrote is a text, and stays one.

    >>> read_reason('{"case": "http-410", "words": "", "values": {}}').case
    'http-410'
    >>> read_reason("550 no such user").text("ja")
    '550 no such user'
    """
    if stored.startswith('{"case": '):
        try:
            fields = json.loads(stored)
            return Reason(fields["case"], fields["words"], tuple(fields["values"].items()))
        except (ValueError, KeyError, AttributeError, TypeError):
            pass
    return Reason("", stored)


def translate_reasons(language: Language, name: str, values: Mapping[str, object]) -> str:
    """As translate(), of a sentence that has reasons in its holes."""
    return translate(language, name, **values_in_words(language, values))


def values_in_words(language: Language, values: Mapping[str, object]) -> dict[str, object]:
    """The same values, each reason among them in words."""
    return {
        name: value.text(language) if isinstance(value, Reason) else value
        for name, value in values.items()
    }
