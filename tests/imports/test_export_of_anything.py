"""Whatever a file of events states comes back from its export, in each form: the same events."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st

from tests.cli.calls import Caller
from tests.imports.reading import AS_OF
from tests.property.agreements import agreements
from tests.property.examples import examples
from tracker.agreements.model import Event
from tracker.files.loading import read as load_texts
from tracker.files.problems import FileErrors
from tracker.imports.exports import EXPORT_FORMS
from tracker.timeline.resolver import resolve

#: What spreadsheets run, calendars fold, and editors of text change.
_HOSTILE = (
    "=cmd|' /C calc'!A0", "+49 30 1", "-1", "@SUM(A1)", "'quoted", "''=1", "％x", "＝1", '"both" and \'one\'',
    "a;b, c\\n, d\\;", "{not json", '["a", "b"]', '"', "x" * 300, "契約書の更新　期限", "Ünïcode 🚀 é",
    "BEGIN:VEVENT", "END:VCALENDAR", "X-TRACKER-FILE", "tracker-file", "true", "007", "1e5", "2027-03-04",
    "3/4/2027", "31.12.2027", "#N/A", "<b>&amp;", " space before", "#hash", "null",
)  # fmt: skip
#: Of tags and parties: no two of one address.
_NAMES = {
    "tags": ("=SUM(A1)", "a; b", "契約", "+49", '"quoted', "'z", "2027-03-04"),
    "parties": ("@home", "c, d; e", "甲 社", "-1", "[x", "{y}", "Ünïcode"),
}
_ONE_LINE = st.one_of(
    st.sampled_from(_HOSTILE),
    st.text(
        st.characters(exclude_categories=("Cs", "Cc", "Cn", "Zl", "Zp", "Cf")),
        min_size=1,
        max_size=40,
    ),
)
_LINES = (
    st.lists(st.one_of(_ONE_LINE, st.just("")), min_size=1, max_size=5)
    .map("\n".join)
    .filter(str.strip)
)


def _toml(value: object) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    assert isinstance(value, dict)
    return f"{{ {', '.join(f'{key} = {_toml(part)}' for key, part in value.items())} }}"


@st.composite
def _files(draw: st.DrawFn) -> str:
    """Events with lines of every kind, and with texts that people and programs trip over."""
    before, *events = draw(agreements()).split("\n[[event]]\n")
    several = draw(st.booleans())
    told = []
    for event in events:
        text = event
        more: dict[str, object] = {}
        if draw(st.booleans()):
            title = draw(_ONE_LINE)
            more["title"] = {"en": title, "ja": "契約 " + title} if several else title
            text = re.sub(r"^title = .*\n", "", text, count=1, flags=re.MULTILINE)
        if draw(st.booleans()):
            note = draw(_LINES)
            more["note"] = {"ja": note, "en": "=" + note} if several else note
        for key, names in _NAMES.items():
            if draw(st.integers(0, 3)) == 0:
                more[key] = draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
        if draw(st.integers(0, 3)) == 0:
            more["url"] = "https://example.org/?q=a;b,c&x=%22#y"
        if draw(st.integers(0, 3)) == 0:
            more["reminders"] = draw(st.sampled_from([[], ["1 week", "2 hours"]]))
        told.append("".join(f"{key} = {_toml(value)}\n" for key, value in more.items()) + text)
    return "\n[[event]]\n".join((before, *told))


def _events(text: str) -> list[Event]:
    loaded, _ = load_texts(["events.toml"], [text.encode()])
    return [event._replace(imported=None) for event in resolve(loaded, AS_OF).events]


@pytest.fixture
def tracker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Caller:
    """Calls commands in a folder of its own."""
    return Caller(tmp_path, monkeypatch, capsys)


@settings(
    examples(6),
    # To shrink what is four exports and imports long takes longer than to read it.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=_files())
def test_into_an_empty_folder_any_file_comes_back_as_the_same_events(
    tracker: Caller, text: str
) -> None:
    try:
        stated = _events(text)
    except FileErrors:  # a title of white space alone, say
        reject()
    file = tracker.write("events.toml", text)
    day = ("--as-of", str(AS_OF))
    for form in EXPORT_FORMS:
        assert tracker("export", "-o", f"x.{form}", *day).code == 0
    for form in EXPORT_FORMS:
        file.unlink()

        imported = tracker("import", f"x.{form}", "--agreement", "a", "--all", "--yes", *day)

        assert imported.code == 0, (form, imported.out, imported.err)
        assert _events(file.read_text("utf-8")) == stated, form
