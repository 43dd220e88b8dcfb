"""A day that is written in a sentence is found in it again."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.i18n.dates import days_in, long_day
from tracker.i18n.translate import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
@given(
    days=st.lists(st.dates(date(1, 1, 1)), max_size=3),
    between=st.sampled_from(["、", " to ", "; ", "から"]),
)
def test_every_day_of_a_sentence_is_found_where_it_stands(
    language: str, days: list[date], between: str
) -> None:
    written = [long_day(day, language) for day in days]
    text = between.join(written)

    found = days_in(text, language)

    assert [day for _, _, day in found] == days
    assert [text[begin:end] for begin, end, _ in found] == written


def test_what_only_looks_like_a_day_is_left_as_it_is() -> None:
    assert days_in("version 31 February 2030, 7 Juny 2030, 2030-12-31", "en") == []
