"""Each word of the language is whole: whoever forgets a part of a new one is told here which."""

from __future__ import annotations

from datetime import date

import pytest

from tests.cases.test_dates import ANSWERED
from tests.property.brute_force import days_of
from tracker.agreements.model import Agreement, Event, Line
from tracker.dates.bounds import Bounds, exact_bounds
from tracker.dates.expressions import Duration, Form, Place, Ref, references
from tracker.dates.parser import parse
from tracker.dates.tokens import KEYWORDS
from tracker.dates.words import all_words
from tracker.dates.words.counted import Lasts
from tracker.dates.words.repeated import eaches_in
from tracker.files.cache_codec import decode, encode
from tracker.i18n.translate import LANGUAGES, catalogue

TODAY, NEXT_YEAR = date(2026, 11, 25), date(2027, 3, 1)
#: `lasts` is a key of its own; what is repeated is worked by hand in repeating.txt.
TERM = Lasts(Duration(((3, "year"),)), Ref(None, "x", "start"))
FORMS = [
    TERM,
    parse("5 days after each report"),
    *(parse(case.line) for case in ANSWERED if "lasts" not in case.line),
]


def _lookup(_ref: Ref) -> Bounds:
    return exact_bounds(NEXT_YEAR)


def _words_in(form: Form) -> set[type[Form]]:
    return {type(form)}.union(*(_words_in(part) for part in form.parts()))


@pytest.fixture(params=all_words(), ids=lambda word: word.__name__)
def word(request: pytest.FixtureRequest) -> type[Form]:
    found: type[Form] = request.param
    return found


def test_a_word_is_said_worked_out_and_explained_in_every_language(word: type[Form]) -> None:
    assert {"text", "bounds"} <= set(vars(word))
    assert set(word.FIRST) <= KEYWORDS  # it stands in GRAMMAR, from which sentences are drawn
    for language in LANGUAGES:
        assert {f"why.{rule}" for rule in word.rules()} <= set(catalogue(language))


def test_a_word_has_answers_worked_by_hand_and_a_definition_in_prose(word: type[Form]) -> None:
    form = min((form for form in FORMS if word in _words_in(form)), key=lambda form: len(str(form)))
    points = {str(ref): frozenset((NEXT_YEAR,)) for ref in references(form)}
    points |= {str(each): frozenset((NEXT_YEAR,)) for each in eaches_in(form)}

    assert form.bounds(Place(TODAY, _lookup)).earliest is not None
    assert form.rule() in type(form).rules()
    assert days_of(form, TODAY, points, open_events_happen=True)


def test_a_word_comes_back_from_the_cache_as_it_was(word: type[Form]) -> None:
    for form in FORMS:
        if word in _words_in(form):
            event = Event("a", "x", (("en", "X"),), when=Line.of(form.text(), form))
            agreement = Agreement("a", (("en", "A"),), events=(event,))

            again = decode(encode(agreement))

            assert again.events[0].when is not None
            assert again.events[0].when.form == form
