"""What an editor is offered while one types costs what was edited, and not the whole file."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from tests.calls_counted import calls
from tracker.editor.kept_names import KeptNames
from tracker.files.glance import names_at_a_glance

_LINES = st.sampled_from(
    [
        'id = "a"', 'id = "b"', 'title = "One"', "title.ja = 'Two'", 'tags = ["x", "y"]',
        "[[event]]", "[[amendment]]", "[[amendment.event]]", "[sources.lease]", 'lasts = "1 year"',
        'note = """', '"""', 'amends = "c"', "broken [[event]]",
    ]
)  # fmt: skip


@example(['[[event]]\nid = "a"\n[[event]]\n[[amendment]]\nid = "a"\nlasts = "1 year"'])
@given(st.lists(st.lists(_LINES, max_size=12).map("\n".join), max_size=4))
def test_after_any_edits_the_names_are_those_of_the_text_as_it_is(texts: list[str]) -> None:
    kept = KeptNames()

    for text in texts:
        assert kept.names("a.toml", text) == names_at_a_glance(text)


def test_a_keystroke_reads_the_event_that_it_is_in_alone() -> None:
    events = [f'[[event]]\nid = "e{n}"\ntitle = "Event {n}"\nwhen = "open"\n' for n in range(500)]
    typed = [*events[:250], events[250].replace("open", "ope"), *events[251:]]
    kept = KeptNames()
    whole = calls(lambda: kept.names("a.toml", "\n".join(events)))

    again = calls(lambda: kept.names("a.toml", "\n".join(typed)))

    assert again < whole / 5
