"""Each tag and party has one file name and address, which no other has."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.timeline.scene import agreement, event
from tracker.timeline.slugs import slug_of
from tracker.timeline.validation.checks import check


@given(st.text(min_size=1))
def test_a_slug_is_plain_and_short(name: str) -> None:
    assert re.fullmatch("[a-z0-9][a-z0-9-]{0,59}", slug_of(name))


@given(st.text(min_size=1), st.text(min_size=1))
def test_names_in_other_letters_never_share_a_slug(one: str, other: str) -> None:
    names = (f"契約{one}", f"契約{other}")
    assert (slug_of(names[0]) == slug_of(names[1])) == (names[0] == names[1])


@pytest.mark.parametrize(
    ("parties", "tags"), [(("OpenAI", "open ai", "openai"), ()), (("IP",), ("ip",))]
)
def test_two_names_with_one_slug_are_an_error(
    parties: tuple[str, ...], tags: tuple[str, ...]
) -> None:
    found = check([agreement(event("x", when="open", parties=parties, tags=tags))])

    assert [one.diagnostic.case for one in found] == ["slug-twice"]
    assert dict(found[0].diagnostic.values)["slug"] in ("openai", "ip")


def test_one_name_in_many_events_is_none() -> None:
    events = [event(name, when="open", parties=("OpenAI",), tags=("ip",)) for name in "xyz"]

    assert check([agreement(*events)]) == []
