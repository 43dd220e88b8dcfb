"""What `python -m tests.house` takes for a plain name; `make lint` holds the house to its aims."""

from __future__ import annotations

from tests.house import is_bare_participle


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
