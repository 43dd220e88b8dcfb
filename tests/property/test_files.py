"""Whatever stands in a file, it is read or refused; what is read has an answer on every day."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from tests.property.examples import examples
from tracker.agreements.model import Agreement
from tracker.feeds.atom import atom_form
from tracker.feeds.calendar import calendar_form, publication
from tracker.feeds.csv import points_csv
from tracker.feeds.json import points_json, why_json
from tracker.feeds.omitted import shown_and_omitted
from tracker.feeds.query import FeedChoice
from tracker.files.excerpts import reports
from tracker.files.origins import Origins
from tracker.files.problems import FileErrors
from tracker.files.reader import assemble
from tracker.i18n.explanation import explanation_lines
from tracker.timeline.agenda import agenda_of, in_list_order
from tracker.timeline.resolver import resolve
from tracker.timeline.validation.warnings import find_warnings

NOW = datetime(2026, 11, 25, tzinfo=UTC)
ODD = st.sampled_from(
    ["1", "-5", "1.5", "true", '""', "[]", '["a", 1]', "{}", "{ en = 1 }", '{ ja = "の" }', "nan",
     "[[1]]", "2030-01-01T00:00:00Z", "09:00:00", '"\\u0007"', '"""a\nb"""', '"TBD"', '"e9"']
)  # fmt: skip
LINES = st.sampled_from(
    ['"2030-01-01"', '"through 2030"', '"in 9999"', '"open"', '"after e0"', '"e1"', '"end of e2"',
     '"earliest of e0, through 2030, 30 days after e1"', '"latest of e1, in 2027-Q1"',
     '"90 days before e0"', '"before 0001-02"', '"30 years before in 0031"',
     '"10 years after in 9990"', '"8000 years after e0"']
)  # fmt: skip
DAYS = st.sampled_from(["2026-01-01", "0001-01-01", "9999-12-31", "2026-11-25"])
KEYS = {
    "when": LINES, "starts": LINES, "ends": LINES, "occurred": DAYS, "started": DAYS,
    "ended": DAYS, "withdrawn": DAYS, "tags": st.just('["t"]'), "note": st.just('{ ja = "の" }'),
    "reminders": st.just('["1 year", "3 days after"]'), "bogus": ODD, '"\\u0000"': ODD,
}  # fmt: skip


@st.composite
def events(draw: st.DrawFn, header: str) -> str:
    lines = [header, f'id = "e{draw(st.integers(0, 3))}"', 'title = "T"']
    for key in draw(st.lists(st.sampled_from(sorted(KEYS)), max_size=3, unique=True)):
        value = draw(ODD if draw(st.integers(0, 5)) == 0 else KEYS[key])
        lines.append(f"{key} = {value}")
    if "amendment" in header and draw(st.booleans()):
        lines.append(f'remove = ["{draw(st.sampled_from(["id", "title", "when", "x"]))}"]')
    return "\n".join(lines)


@st.composite
def files(draw: st.DrawFn) -> str:
    parts = ['id = "a"', *draw(st.lists(events("[[event]]"), max_size=4))]
    for number in range(draw(st.integers(0, 1))):
        parts.append(f'[[amendment]]\nid = "m{number}"\non = {draw(DAYS)}')
        parts += draw(st.lists(events("[[amendment.event]]"), max_size=2))
    return "\n".join(parts)


def _read(text: str) -> tuple[tuple[Agreement, ...], Origins] | FileErrors:
    try:
        found = assemble(["f"], [text.encode()])
        return found.agreements, found.origins
    except FileErrors as errors:
        return errors


@examples(160)
@given(files())
def test_a_file_is_refused_with_reports_or_has_an_answer_on_every_day(text: str) -> None:
    read = _read(text)
    if isinstance(read, FileErrors):
        assert list(reports(read.problems, read.texts, "ja"))
        return
    agreements, origins = read
    for day in (date(2026, 11, 25), date.min, date.max):
        timeline = resolve(agreements, day)
        assert all(
            reports([origins.problem(one) for one in find_warnings(timeline)], {"f": text}, "en")
        )
        assert agenda_of(timeline)
        assert len(points_json(in_list_order(timeline, True), timeline, "en")) == len(
            timeline.points
        )
        published = publication(timeline, "ja")
        shown, missing = shown_and_omitted(published, FeedChoice("ja"))
        assert shown + len(missing) == len(timeline.points)
        assert calendar_form(published, FeedChoice("ja", waiting=True))
        assert atom_form(published, FeedChoice("ja"), (), NOW).content
        assert points_csv(timeline.points, timeline, "ja")
        for point in timeline.points:
            assert explanation_lines(point, timeline, "en")
            assert why_json(point, timeline, "ja")["why"]
