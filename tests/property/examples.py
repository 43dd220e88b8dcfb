"""How many examples a property is tried on."""

from __future__ import annotations

from hypothesis import settings


def examples(count: int) -> settings:
    """So many, and forty times as many in `make soak`, whose profile has 2,000 in place of 50."""
    return settings(
        max_examples=count * (settings.default or settings()).max_examples // 50, deadline=None
    )
