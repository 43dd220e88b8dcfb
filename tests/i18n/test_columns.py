"""Text is wrapped to the width of a terminal, and names stay whole."""

from __future__ import annotations

import pytest

from tracker.i18n.columns import width_of, wrap

JAPANESE = (
    "2027年1月20日09:30(Europe/London)。遅くなることがあります"
    "(遅くとも2027年3月20日)(permit@boiler を待っています)"
)


@pytest.mark.parametrize("width", range(18, 100))
def test_a_japanese_sentence_breaks_anywhere_but_in_a_name_and_before_what_closes(
    width: int,
) -> None:
    lines = wrap(JAPANESE, width)

    assert all(width_of(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == JAPANESE.replace(" ", "")
    for name in ("09:30", "Europe/London", "permit@boiler"):
        assert any(name in line for line in lines), lines
    assert not any(line.startswith((")", "。")) for line in lines)


def test_what_is_longer_than_a_line_breaks_where_it_has_to() -> None:
    assert wrap("これは" + "a" * 20, 8) == ["これは", "a" * 8, "a" * 8, "a" * 4]
