"""Sentences by name and language."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TypeAlias, cast

from tracker.i18n import catalogues
from tracker.i18n.controls import spell_controls, spell_controls_in_lines
from tracker.i18n.directions import isolate, may_turn

#: The name of a catalogue: `en`, `ja`.
Language: TypeAlias = str

#: Holes for the names of files, which are a part of one line.
_NAMES = ("file", "files", "folder", "database")
#: Every language that there is a catalogue of, English first.
LANGUAGES: tuple[Language, ...] = tuple(
    sorted(
        (module.name for module in iter_modules(catalogues.__path__)),
        key=lambda name: (name != "en", name),
    )
)


@cache
def catalogue(language: Language) -> dict[str, str]:
    """All sentences of a language; only that language's are loaded."""
    return cast(dict[str, str], import_module(f"tracker.i18n.catalogues.{language}").SENTENCES)


@cache
def _number_type(language: Language) -> type[int]:
    """Numbers that a sentence of that language can ask for the form of a word."""
    plural_form = import_module(f"tracker.i18n.catalogues.{language}").plural_form

    class Number(int):
        def __format__(self, forms: str) -> str:
            if "#" not in forms and "|" not in forms:
                return super().__format__(forms)
            options = forms.split("|")
            form = options[plural_form(self)] if len(options) > 1 else forms
            return form.replace("#", str(int(self)))

    return Number


def translate(language: Language, name: str, /, **values: object) -> str:
    """The sentence of that name with its holes filled.

    What goes with a number stands in its hole, in each form that the language has, `#` for the
    number itself: `{count:# day|# days}`. Which one it is, `plural_form` in the catalogue says.

    >>> translate("en", "countdown.days", count=3)
    'in 3 days'
    >>> translate("en", "countdown.days", count=1)
    'in 1 day'

    Raises KeyError where there is no such sentence, or a hole has no value.
    """
    template = catalogue(language)[name]
    if "#" in template:  # as each sentence with forms has it
        number = _number_type(language)
        values = {
            name: number(value) if isinstance(value, int) else value
            for name, value in values.items()
        }
    sentence = template.format_map(values)
    if not sentence.isprintable():
        values = {name: _without_controls(name, value) for name, value in values.items()}
        sentence = template.format_map(values)
    return _with_isolates(sentence, template, values) if may_turn(sentence) else sentence


def _without_controls(name: str, value: object) -> object:
    if name in _NAMES:
        return spell_controls(str(value))
    return spell_controls_in_lines(value) if isinstance(value, str) else value


def _with_isolates(sentence: str, template: str, values: dict[str, object]) -> str:
    """The sentence with each text of another direction apart; as it is where it is that alone."""
    apart = {
        name: isolate(value) if isinstance(value, str) and value != sentence else value
        for name, value in values.items()
    }
    return template.format_map(apart)


def comma_list(texts: Iterable[str], language: Language) -> str:
    """The texts in a row, with the language's own comma between them.

    >>> comma_list(["Landlord", "Tenant"], "en"), comma_list(["貸主", "借主"], "ja")
    ('Landlord, Tenant', '貸主、借主')
    """
    several = list(map(spell_controls, texts))
    if len(several) > 1:
        several = [isolate(text) for text in several]
    return translate(language, "comma").join(several)


def language_of(tag: str | None) -> Language | None:
    """The language of a tag or of a locale's name, None where there is no catalogue of it.

    >>> language_of("ja_JP.UTF-8"), language_of("de")
    ('ja', None)
    """
    head = (tag or "")[:2].lower()
    return next((language for language in LANGUAGES if language == head), None)
