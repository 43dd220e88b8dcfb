"""A quote is found word for word in its source, or the nearest passage is shown."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tracker.files.quote_check import Passage, comparable_text, compare_quote

SOURCE = (
    "The exclusivity remains until AGI is verified by an independent\npanel of experts. "
    "Microsoft’s IP rights for models are extended through 2032 and now include models post-AGI. "
    "協議の内容は、\n２０３０年まで有効です。（注）"
)
WORDS = st.sampled_from("alpha beta gamma delta until through AGI 2030 verified panel".split())


def held(quote: str, source: str = SOURCE) -> Passage | None:
    return compare_quote(comparable_text(quote), comparable_text(source))


@pytest.mark.parametrize(
    "quote",
    [
        "until AGI is verified by an independent panel of experts",
        "until   AGI is\nverified by",
        "協議の内容は、2030年まで",
        "内容は、\n 2030年まで有効です。(注)",
        "The exclusivity remains … panel of experts",
        "exclusivity remains [...] through 2032 … post-AGI",
        "ver\u00adified by",
    ],
)
def test_a_quote_is_found_however_it_is_wrapped_and_in_parts_in_order(quote: str) -> None:
    assert held(quote) is None


@pytest.mark.parametrize(
    ("quote", "marked"),
    [
        (
            "until AGI is declared by an independent panel",
            "until AGI is [-declared-]{+verified+} by an independent panel",
        ),
        ("Microsoft's IP rights", "Microsoft[-'-]{+’+}s IP rights"),
        ("2031年まで有効です", "[-2031-]{+2030+}年まで有効です"),
        ("rights for all models are", "rights for [-all -]models are"),
    ],
)
def test_the_nearest_passage_shows_what_differs(quote: str, marked: str) -> None:
    passage = held(quote)

    assert passage is not None
    assert passage.marked_text == marked


def test_parts_in_the_wrong_order_are_not_found() -> None:
    assert held("panel of experts … The exclusivity remains") is not None


@pytest.mark.parametrize("quote", ["zzz qqq", ".*", "(((", "…", "x" * 30_000, "AGI " * 20_000])
def test_what_is_nowhere_like_the_source_is_said_to_be_not_there(quote: str) -> None:
    passage = held(quote)

    assert passage is not None
    assert passage.likeness < 0.8


@given(st.lists(WORDS, min_size=30, max_size=60), st.data())
def test_any_stretch_of_a_source_is_found_however_it_is_wrapped(
    words: list[str], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(words) - 6))
    end = data.draw(st.integers(start + 5, len(words)))
    space = data.draw(st.sampled_from([" ", "\n", "  \t", "\u00a0"]))

    assert held(space.join(words[start:end]), "\n".join(words)) is None


@given(st.lists(st.integers(100, 999).map(str), min_size=30, max_size=60, unique=True), st.data())
def test_a_changed_word_is_the_one_that_is_marked(words: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words) - 10))
    quote = words[start : start + 10]
    at = data.draw(st.integers(1, 8))
    assume("word" not in words)
    changed = [*quote[:at], "word", *quote[at + 1 :]]

    passage = held(" ".join(changed), " ".join(words))

    assert passage is not None
    marked = {kind: _text(passage, kind) for kind in ("quote", "source")}
    assert ("word" in marked["quote"], quote[at] in marked["source"]) == (True, True), passage


def _text(passage: Passage, kind: str) -> str:
    return " ".join(piece.text for piece in passage.pieces if piece.kind == kind)
