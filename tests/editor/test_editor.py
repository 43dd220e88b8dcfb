"""An editor's questions about texts, answered without a server."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.editor.hints import hints, hover, line_answers
from tracker.editor.key_meanings import key_meaning
from tracker.editor.names import edits_of_rename, mention_at, mentions_of
from tracker.editor.next_words import keys_at, next_words
from tracker.editor.positions import Positions, PositionUnit
from tracker.editor.problems import placed_problems
from tracker.editor.readings import FolderReading, Shift, read_texts

LEASE = """\
id = "lease"
timezone = "Europe/Berlin"

[[event]]
id = "term"
title = "Term"
starts = "2030-01-01"
lasts = "5 years"
tags = ["rent"]

[[event]]
id = "report"
title = "Report"
when = "30 days after end of term"
"""
OTHER = """\
id = "loan"

[[event]]
id = "term"
title = "Payback"
when = "10 days after lease/report"

[[amendment]]
id = "second"
on = 2029-01-01

[[amendment.event]]
id = "term"
when = '12 days after lease/report'
"""
TEXTS = {"a.toml": LEASE, "b.toml": OTHER}
AS_OF = date(2029, 6, 1)


def read_lease(old: str = "", new: str = "") -> FolderReading:
    return read_texts({"a.toml": LEASE.replace(old, new) if old else LEASE}, AS_OF)


def test_a_line_has_behind_it_to_what_it_comes() -> None:
    reading = read_lease()

    shown = hints(line_answers(reading, "a.toml", "en"), Shift(LEASE, LEASE), (0, len(LEASE)))

    behind = {LEASE[: hint.offset].splitlines()[-1].split(" =")[0]: hint.text for hint in shown}
    assert behind.keys() == {"starts", "lasts", "when"}
    assert behind["when"] == "30 January 2035"


def test_hints_go_with_their_lines_when_something_is_written_above() -> None:
    edited = LEASE.replace("[[event]]", '# more\n"broken\n[[event]]', 1)

    lines = line_answers(read_lease(), "a.toml", "en")

    before = hints(lines, Shift(LEASE, LEASE), (0, len(LEASE)))
    after = hints(lines, Shift(LEASE, edited), (0, len(edited)))

    assert [edited[hint.offset :] for hint in after] == [LEASE[hint.offset :] for hint in before]


def test_where_one_looks_at_a_line_its_reason_is_told() -> None:
    why = hover(read_lease(), "a.toml", LEASE.index("30 days") + 2, "en")

    assert why is not None
    assert "30 days after end of term" in why
    assert hover(read_lease(), "a.toml", 2, "en") is None


@pytest.mark.parametrize(
    ("wrong", "marked"),
    [
        ("30 days after end of trem", "end of trem"),
        ("31.03.2031", "31.03.2031"),
    ],
)
def test_what_is_wrong_is_marked_and_a_quick_fix_mends_it(wrong: str, marked: str) -> None:
    reading = read_lease("30 days after end of term", wrong)

    (problem,) = placed_problems(reading, "a.toml")

    text = reading.texts["a.toml"]
    assert text[problem.start : problem.end] == marked
    mended = [fix.edit.apply(text) for fix in problem.fixes]
    assert mended
    assert all(not read_texts({"a.toml": text}, AS_OF).problems for text in mended)


def test_a_key_that_is_misspelt_is_put_right() -> None:
    reading = read_lease("tags =", "tag =")

    (problem,) = placed_problems(reading, "a.toml")

    assert problem.fixes[0].edit.apply(reading.texts["a.toml"]) == LEASE


@pytest.mark.parametrize(
    ("before", "there", "absent"),
    [
        ('when = "30 ', {"days", "business", "months"}, {"after", "term"}),
        ('when = "30 days ', {"after", "before", "and"}, {"days", "term"}),
        (
            'when = "30 days after ',
            {"end of", "term", "loan/term"},
            {"after", "days", "earliest"},
        ),
        ('when = "', {"open", "not", "between", "earliest"}, {"if"}),
        ('tags = ["', {"rent"}, {"term"}),
        ('roll = "', {"next", "modified-next"}, {"term", "open"}),
        ('counting = "', {"de-bgb", "eu-1182"}, {"term"}),
        ('tags = ["x", "r', {"rent"}, set()),
        ("", {"when", "starts", "was"}, {"timezone"}),
    ],
)
def test_after_what_stands_before_only_what_the_grammar_takes(
    before: str, there: set[str], absent: set[str]
) -> None:
    text = f"{LEASE}\n[[event]]\n{before}"

    _, words = next_words({**TEXTS, "a.toml": text}, "a.toml", len(text))

    names = {word.text for word in words}
    assert there <= names
    assert not absent & names


def test_an_id_is_renamed_in_every_file_and_keeps_its_identity() -> None:
    reading = read_texts(TEXTS, AS_OF)
    mention = mention_at(reading, "b.toml", OTHER.index("lease/report") + 8)
    assert mention is not None

    edits = edits_of_rename(reading, mention.event, "account")

    assert isinstance(edits, dict)
    texts = dict(TEXTS)
    for file, those in edits.items():
        for edit in sorted(those, reverse=True):
            texts[file] = edit.apply(texts[file])
    after = read_texts(texts, AS_OF)
    assert not after.problems
    assert after.timeline is not None
    assert reading.timeline is not None
    assert [point.bounds for point in after.timeline.points] == [
        point.bounds for point in reading.timeline.points
    ]
    assert {p.first_key for p in after.timeline.points} == {
        p.first_key for p in reading.timeline.points
    }
    assert "10 days after lease/account" in texts["b.toml"]
    assert "'12 days after lease/account'" in texts["b.toml"]


def test_an_event_that_an_amendment_adds_keeps_its_identity_too() -> None:
    text = LEASE + (
        '\n[[amendment]]\nid = "second"\non = 2028-01-01\n\n[[amendment.event]]\nid = "extra"\n'
        'title = "Extra"\nwhen = "2031-01-01"\n\n[[amendment]]\nid = "third"\non = 2028-02-01\n\n'
        '[[amendment.event]]\nid = "extra"\nwhen = "2032-01-01"\n'
    )
    reading = read_texts({"a.toml": text}, AS_OF)

    edits = edits_of_rename(reading, ("lease", "extra"), "more")

    assert isinstance(edits, dict)
    for edit in sorted(edits["a.toml"], reverse=True):
        text = edit.apply(text)
    after = read_texts({"a.toml": text}, AS_OF)
    assert not after.problems
    assert after.timeline is not None
    assert reading.timeline is not None
    assert {p.first_key for p in after.timeline.points} == {
        p.first_key for p in reading.timeline.points
    }
    assert "extra" not in {p.event.id for p in after.timeline.points}


@pytest.mark.parametrize(("new", "why"), [("Not id", "editor.no-id"), ("term", "editor.id-taken")])
def test_an_id_that_cannot_be_is_refused(new: str, why: str) -> None:
    assert edits_of_rename(read_lease(), ("lease", "report"), new) == why


def test_an_event_of_the_same_id_in_another_agreement_is_another() -> None:
    reading = read_texts(TEXTS, AS_OF)

    files = {mention.file for mention in mentions_of(reading, ("lease", "term"))}

    assert files == {"a.toml"}
    assert len(mentions_of(reading, ("loan", "term"))) == 2


@given(
    st.text(alphabet="a\u00e9\u65e5\U0001f680\r\n"), st.sampled_from(["utf-8", "utf-16", "utf-32"])
)
def test_places_are_counted_as_the_client_counts_them(text: str, unit: PositionUnit) -> None:
    positions = Positions(text, unit)

    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] == "\r\n":
            continue  # between the two there is no place
        line, units = positions.position(offset)
        if not (units and text[offset - 1 : offset] in ("\r", "\n")):
            assert positions.offset(line, units) == offset


@given(st.text("ab\n", max_size=8), st.text("ab\n", max_size=8), st.text("ab\n", max_size=8))
def test_what_was_not_touched_is_found_again(head: str, middle: str, tail: str) -> None:
    old, new = head + tail, head + middle + tail
    shift = Shift(old, new)

    assert all(
        (now := shift.now(at)) is None or new[:now].startswith(old[: min(at, len(head))])
        for at in range(len(old) + 1)
    )


@pytest.mark.parametrize("table", ["", "[[event]]", "[[amendment]]", "[sources.lease]"])
def test_a_key_tells_what_it_means_in_its_table_and_in_each_language(table: str) -> None:
    _, keys = keys_at(f"{table}\n")

    for key in keys:
        text = f"{table}\n{key} = "
        english, japanese = (key_meaning(text, len(text) - 4, lang) for lang in ("en", "ja"))
        assert english
        assert japanese
        assert english != japanese
    assert key_meaning(f"{table}\nnone = ", len(table) + 2, "en") is None
