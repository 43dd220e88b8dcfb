"""The house keeps plain names and a clear structure: what `make lint` measures, held to its aims."""

from __future__ import annotations

import pytest

from tests.house import Measure, is_bare_participle, measures


@pytest.mark.parametrize("measure", measures(), ids=lambda measure: measure.name)
def test_no_measure_of_the_house_is_above_its_aim(measure: Measure) -> None:
    assert measure.value <= measure.aim, measure.where


def test_a_function_is_named_for_what_it_does_or_gives() -> None:
    bare = ["told", "_made", "known_on", "opened_by", "listed"]
    plain = [
        "explain",
        "is_wanted",
        "event_named",
        "found_causes",
        "need",
        "feed",
        "settle_recorded",
    ]

    assert [name for name in bare if not is_bare_participle(name)] == []
    assert [name for name in plain if is_bare_participle(name)] == []
