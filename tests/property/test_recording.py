"""A record changes what it says and nothing else, whatever the file looks like."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.property.agreements import DAYS, agreements
from tests.property.examples import examples
from tracker.agreements.amendments import events_on
from tracker.agreements.model import ByOccurrence
from tracker.files.loading import read
from tracker.files.problems import FileErrors
from tracker.files.record_edits import EventFiles, add_event, amend_event, record_moment
from tracker.files.undo_log import UndoLog

NAMES = ["x", "y", "notice", "rent", "report", "answer", "lease", "right"]


@st.composite
def files(draw: st.DrawFn) -> EventFiles:
    """An agreement in one file, its layout rewritten in ways that mean the same."""
    text = draw(agreements())
    if draw(st.booleans()):  # the lease and the rent have tables of their own
        text = re.sub(r'\n\n(?=.*\n.*"(?:paid|notice)")', '\n[event.note]\nen = "n"\n\n', text)
    for pattern, written in draw(
        st.lists(
            st.sampled_from(
                [(r"(?m)^when = ", "when   =  "), (r"(?m)^id = ", "  id = "), (r"\n\n", "\n\n# of\n"),
                 (r'(?m)^title = "(.)"', r"title = '\1' # [[event]]"), (r"\n\[\[event\]\]", "\n[[ event ]]"),
                 (r"(?m)^starts = (.*)", r"starts = \1  # c"),]
            ),
            unique=True,
        )
    ):  # fmt: skip
        text = re.sub(pattern, written, text)
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    content = (b"\xef\xbb\xbf" if draw(st.booleans()) else b"") + text.encode()
    try:
        return EventFiles(("events.toml",), (content,), read(["events.toml"], [content])[0])
    except FileErrors:
        assume(False)
        raise


@examples(80)
@given(files(), st.sampled_from(NAMES), DAYS, DAYS)
def test_a_record_is_all_that_changes_and_is_taken_back_to_the_byte(
    found: EventFiles, name: str, day: date, occurrence: date
) -> None:
    (agreement,) = found.agreements
    event = next(one for one in events_on(agreement, date.max) if one.id == name)
    field = "ended" if event.is_term else "occurred"
    which = occurrence if event.repeating else None

    edit = record_moment(found, event, field, day, which)

    assert sum(map(len, edit.removed)) <= len(edit.before)
    try:
        after = edit.agreements_after(found)
    except FileErrors:
        assume(False)
        raise
    assert after == read(found.names, [edit.after])[0]  # a glance sees what the whole way sees
    old = {one.id: one for one in events_on(agreement, date.max)}
    for one in events_on(after[0], date.max):
        record = getattr(one, field)
        if one.id != name:
            assert one == old[one.id]
        elif isinstance(record, ByOccurrence) and which is not None:
            assert record.get(which) == day
        else:
            assert record == day
    with TemporaryDirectory() as folder:
        journal, file = UndoLog(Path(folder)), Path(folder) / "events.toml"
        journal.note(file, edit.before, edit.after, "")
        entry = journal.last(file)
        assert entry is not None
        assert edit.before[: entry.start] == edit.after[: entry.start]
        assert entry.undo(edit.after) == edit.before


@examples(40)
@given(files(), DAYS)
def test_what_is_added_stands_below_what_was_there(found: EventFiles, day: date) -> None:
    new = add_event(found, "a", {"id": "brand-new", "title": 'New 「日」 "x"', "when": str(day)})
    change = amend_event(
        found, "a", {"id": "later", "on": day}, {"id": "rent", "note": "more\nlines"}
    )

    assert new.after.startswith(new.before.rstrip())
    assert new.agreements_after(found)[0].events[-1].title == (("en", 'New 「日」 "x"'),)
    assert change.agreements_after(found)[0].amendments[-1].id in ("later", "am0", "am1")
