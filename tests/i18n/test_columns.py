"""Text is wrapped to the width of a terminal, and names stay whole."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wcwidth import iter_graphemes

from tests.rows import rows
from tracker.i18n.columns import cut, graphemes_of, width_of, wrap

JAPANESE = (
    "2027年1月20日09:30(Europe/London)。遅くなることがあります"
    "(遅くとも2027年3月20日)(permit@boiler を待っています)"
)

#: Letters of several scripts, marks, flags and halves of them, tones of skin, families.
PARTS_OF_LETTERS = (
    *"aé終チﾀ가 (。1❤☎👩👧🏽🇯🇵🇩\u0301\u3099\ufe0e\ufe0f\u20e3\U000e0100\u1112\u1161\u11ab",
    *"\u0915\u094d\u0937\u093f\u0e19\u0e35\u0e49\u0ba8\u0bbf",
    "ﾀ\uff9e",
    "👩\u200d👩\u200d👧",
    "\u0915\u094d\u200d\u0937",
)


@rows("width", range(18, 100))
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


@given(st.lists(st.sampled_from(PARTS_OF_LETTERS), max_size=12))
@example(["\u094d", "\U0001f3fd", "\u0915\u094d\u200d\u0937"])
def test_what_people_see_as_a_letter_stays_whole(parts: list[str]) -> None:
    """Letters end only where those of another library do: one may be longer, none is torn."""
    text = "".join(parts)

    ends = set(accumulate(map(len, graphemes_of(text))))

    assert "".join(graphemes_of(text)) == text
    assert ends <= set(accumulate(map(len, iter_graphemes(text))))


@pytest.mark.parametrize(
    "text", ["日本🇯🇵日本🇩🇪", "チ\u3099ュ👩\u200d👩\u200d👧", "Zürich ❤\ufe0f ﾀﾞ"]
)
def test_a_text_that_is_cut_takes_no_more_columns_and_tears_no_letter(text: str) -> None:
    for width in range(1, width_of(text)):
        shorter = cut(text, width)

        assert width_of(shorter) <= width
        assert set(iter_graphemes(shorter)) <= {*iter_graphemes(text), "…"}


@pytest.mark.parametrize(
    "text", ["Ærø og Læsø – færgen sejler", "Договор об аренде помещения", "계약 해지 통지 기한", "Zürich\u00a0HB, Gleis 12"]
)  # fmt: skip
def test_words_of_other_letters_stay_whole_where_a_line_has_room_for_them(text: str) -> None:
    lines = wrap(text, 14)

    assert all(width_of(line) <= 14 for line in lines)
    assert " ".join(lines) == text


def test_a_text_has_one_width_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("UNICODE_VERSION", "4.1.0")

    assert width_of("🫶") == 2
