"""A line may be long and hostile: it is read or refused, with work that grows as its length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calls_counted import calls
from tests.property.examples import examples
from tracker.dates.diagnostics import LineError
from tracker.dates.parser import parse

PIECES = (
    "x or ", "x, ", "(", "1 day and ", "15 March ", "2030-03-15 ", "17:00 ", "1", "a-", "a ", "by ",
    "no later than ", " ", "\t x", "end of ", "end of month of ", "within 3 days of ",
    "within 1 day after ", "between x and ", "x + 1 day ", "2028-03-15T17:00:00 ", "one ", "FY ",
    "early 2028 ", "3rd friday of 2028-03 ", "ª", "毎", "令和8年", "earliest of ", "first of ", "the ", "30 days ",
    "until 2030 ", "２", "年", "2028年", "x or y if z ", ", or x if y", "each ", "every 3 months ", "x if ",
)  # fmt: skip


def _calls(line: str) -> int:
    """How many functions, Python's own among them, are called to read or refuse a line."""
    return calls(lambda: _refusal(line))


def _of_length(piece: str, length: int) -> str:
    return (piece * (length // len(piece) + 1))[:length]


@pytest.mark.parametrize("piece", PIECES)
def test_twice_the_length_is_about_twice_the_work(piece: str) -> None:
    _calls(_of_length(piece, 10))  # what is loaded once is no work of the line

    count = 2_500 // len(piece)
    once, twice = _calls(piece * count), _calls(piece * 2 * count)

    assert twice <= 2.2 * once + 200


@examples(40)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=20), min_size=1, max_size=40), st.data())
def test_no_text_of_ten_thousand_characters_raises_anything_but_its_own_error(
    pieces: list[str], data: st.DataObject
) -> None:
    length = data.draw(st.sampled_from([1_900, 2_100, 9_999, 10_000, 10_001, 20_000]))
    line = _of_length("".join(pieces) or " ", length)
    refused = _refusal(line)

    assert (refused is not None and refused.diagnostic.case == "line-too-long") == (length > 10_000)
    if refused is not None:
        start, end = refused.diagnostic.span
        assert 0 <= start <= end <= max(length, 10_000)


def _refusal(line: str) -> LineError | None:
    try:
        parse(line)
    except LineError as refused:
        return refused
    return None
