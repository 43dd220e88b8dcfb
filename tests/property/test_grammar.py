"""The grammar in the docs, the parser and the printer hold one another."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import assume, given

from tests.property.examples import examples
from tests.property.grammar import PIECE, sentences
from tracker.agreements.model import Agreement, Event, Line
from tracker.dates.diagnostics import LineError
from tracker.dates.expressions import Form
from tracker.dates.parser import parse, parse_duration
from tracker.dates.tokens import GRAMMAR, KEYWORDS
from tracker.files.cache import Cache, ParsedAgreement

DOCS = Path(__file__).parents[2] / "docs"


@examples(400)
@given(sentences())
def test_every_sentence_of_the_grammar_is_read_and_printed_as_it_means(line: str) -> None:
    form = _parsed(line)

    printed = form.text()

    assert parse(printed) == form
    assert parse(printed).text() == printed
    assert _bare(printed) == _bare(line)


@examples(200)
@given(sentences())
def test_every_sentence_of_the_grammar_comes_out_of_the_cache_as_it_went_in(line: str) -> None:
    stated = Line.of(line, _parsed(line))
    title = (("en", "X"),)
    agreement = Agreement("a", title, events=(Event("a", "x", title, when=stated),))

    with TemporaryDirectory() as folder:
        cache = Cache(Path(folder) / "cache")
        cache.put("key", ["events.toml"], [ParsedAgreement((), agreement)])
        kept = cache.get("key")

    assert kept == (ParsedAgreement((), agreement),)
    again = kept[0].agreement.events[0].when
    assert again is not None
    assert (repr(again.form), repr(again.refs)) == (repr(stated.form), repr(stated.refs))
    assert again.each == stated.each


def _parsed(line: str) -> Form:
    """The form of a line; one that the text below the grammar excludes is drawn again."""
    words = re.findall(r"[a-z]+", line)
    chooses = "earliest" in words or "latest" in words
    try:
        return parse(line)
    except LineError as refused:
        assume(not (refused.diagnostic.case == "needs-brackets" and chooses and "if" in words))
        raise


def _bare(line: str) -> str:
    """The words without brackets, plurals, and the choice between `after x` and `not before x`."""
    line = re.sub(r"[(), ]+", " ", line).removeprefix("not before ").removeprefix("after ")
    return re.sub(r"\b(hour|day|week|month|quarter|year)s\b", r"\1", line).strip()


@given(sentences("DURATION"))
def test_every_duration_is_read_and_printed(text: str) -> None:
    duration = parse_duration(text)

    assert parse_duration(str(duration)) == duration
    assert _bare(str(duration)) == _bare(text)


def test_the_docs_state_the_grammar_that_the_parser_reads() -> None:
    page = (DOCS / "words.md").read_text(encoding="utf-8")

    assert f"```\n{GRAMMAR}```" in page


def test_every_word_of_the_grammar_is_kept_from_being_an_id() -> None:
    phrases = {piece[1:-1] for piece in PIECE.findall(GRAMMAR) if piece[0] == '"'}
    words = {word for phrase in phrases for word in phrase.split()} - {
        "s",
        "(",
        ")",
        ",",
        "AoE",
    }  # ids are lower case
    words -= {"first"}  # a word before `end of` alone

    assert words <= KEYWORDS
