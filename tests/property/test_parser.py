"""Laws of lines: whatever is written, it is read, or refused with lines that can be read."""

from __future__ import annotations

import re
from collections.abc import Callable

from hypothesis import example, given
from hypothesis import strategies as st

from tests.cases.test_refusals import refusals
from tests.property.examples import examples
from tracker.dates.diagnostics import LineError
from tracker.dates.expressions import Form, Ref, references
from tracker.dates.lead_times import parse_lead
from tracker.dates.parser import parse, parse_term_length
from tracker.dates.recurrence_parser import parse_recurrence
from tracker.dates.renewals import parse_renewal
from tracker.dates.tokens import KEYWORDS

WORDS = st.sampled_from(
    "open after not before through in earliest latest of start end and 30 1 2 days month week 2030"
    " 2030-Q4 2030-12-31 2028-02-30 2026-W54 x y other/y ( ) , until by TBD ninety (90) -3 3.5 early"
    " mid-2028 FY2027 3rd last friday unless if midnight on no later than at least each business clear"
    " calendar from every within Through 2030-q4 end-of-term".split()
)
LINES = st.sampled_from(
    [
        "open", "after x", "not before 2027-07-24", "2028-03-15", "through 2030", "before 2030-Q4",
        "in 2026-W53", "x", "start of x", "end of other/x", "((x))", "30 days after x",
        "earliest of x, through 2030", "latest of x, 30 days after end of y, in 2027-H1",
        "1 month and 3 days before (earliest of x, (latest of y, z))", "until 2030", "by x",
        "30 days from x", "ninety (90) days before x", "3rd friday of 2028-03", "early 2028",
        "30 days after earliest of x, y", "earliest of earliest of x, y, z", "end of month of 2028-02",
        "not after 2030-06-30", "not before x, not after (30 days after x)",
        "at least 90 days before x", "midnight of 2030-03-15", "no later than 2030-03-15",
        *(row.line for row in refusals() if " = " not in row.line),
    ]
)  # fmt: skip
LETTERS = st.sampled_from("(),-./ \t\n0159abxyQHWéа２\u00a0\u200b\r\x00°") | st.characters()


@st.composite
def mistyped(draw: st.DrawFn) -> str:
    """A line with a few slips: letters lost, added, changed or moved."""
    text = draw(LINES)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        lost = draw(st.integers(0, 2))
        text = text[:at] + draw(LETTERS | st.just("") | WORDS) + text[at + lost :]
    return text


#: How an offer is read, by the key that it is for; None for the line's own.
READERS: dict[str | None, Callable[[str], object]] = {
    None: parse,
    "lasts": parse_term_length,
    "repeats": parse_recurrence,
    "renews": parse_renewal,
}
TEXTS = st.text(max_size=80) | st.lists(WORDS, max_size=12).map(" ".join) | mistyped()


def _read(text: str) -> Form | LineError:
    try:
        return parse(text)
    except LineError as refused:
        return refused


@examples(240)
@given(TEXTS)
def test_no_text_makes_the_parser_raise_anything_but_a_line_error(text: str) -> None:
    assert _read(text) is not None


@examples(240)
@given(TEXTS)
@example("0day")  # which may be how long something lasts
def test_every_offer_is_read_when_it_is_pasted_back(text: str) -> None:
    refused = _read(text)
    if isinstance(refused, LineError):
        for suggestion in refused.diagnostic.suggestions:
            READERS[suggestion.key](suggestion.write)


@examples(240)
@given(TEXTS)
def test_a_refusal_marks_a_part_of_its_line(text: str) -> None:
    refused = _read(text)
    if isinstance(refused, LineError):
        start, end = refused.diagnostic.span
        assert 0 <= start <= end <= len(text)


@given(TEXTS)
def test_the_short_refusal_refuses_the_same_texts(text: str) -> None:
    try:
        short: object = parse(text, helpful=False)
    except LineError:
        short = LineError
    helpful = _read(text)

    assert short == (LineError if isinstance(helpful, LineError) else helpful)


@given(
    st.lists(WORDS, min_size=1, max_size=10),
    st.lists(st.text(" \t\n", min_size=1, max_size=3), min_size=11, max_size=11),
)
def test_any_run_of_white_space_is_one_space(words: list[str], spaces: list[str]) -> None:
    spread = "".join(space + word for space, word in zip(spaces, words, strict=False)) + spaces[-1]

    spread_out, close = _read(spread), _read(" ".join(words))

    if isinstance(close, LineError):
        assert isinstance(spread_out, LineError)
        assert spread_out.diagnostic.case == close.diagnostic.case
        assert spread_out.diagnostic.suggestions == close.diagnostic.suggestions
    else:
        assert spread_out == close


@given(mistyped())
def test_white_space_around_brackets_and_commas_says_nothing(text: str) -> None:
    form = _read(text)
    if not isinstance(form, LineError):
        assert parse(re.sub(r"([(),])", r" \1 ", text)) == form
        assert parse(re.sub(r"[ \t\n]*([(),])[ \t\n]*", r"\1", text)) == form or "of(" in text


@given(mistyped())
def test_a_reference_stands_where_its_form_says(text: str) -> None:
    form = _read(text)
    if not isinstance(form, LineError):
        for ref in references(form):
            assert isinstance(ref, Ref)
            assert " ".join(text[slice(*ref.span)].split()) == str(ref)
            assert ref.id not in KEYWORDS


@given(TEXTS | st.from_regex(r"[0-9]{1,6} ?(days?|months|Weeks)( after| before)?"))
def test_a_lead_is_read_or_refused_with_one_that_can_be_read(text: str) -> None:
    try:
        lead = parse_lead(text)
    except LineError as refused:
        for suggestion in refused.diagnostic.suggestions:
            parse_lead(suggestion.write)
    else:
        assert parse_lead(str(lead)) == lead
