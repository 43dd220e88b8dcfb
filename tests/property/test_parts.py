"""Files that change one at a time come to the same as all of them read anew."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.property.examples import examples
from tracker.files.cache import ParsedAgreement
from tracker.files.excerpts import reports
from tracker.files.incremental import read_parsed
from tracker.files.problems import FileErrors

#: Of each agreement the states in which its file may be: sound ones, and ones that are not.
HEAD = 'id = "{0}"\nreminders = ["30 days"]\n'
EVENT = '[[event]]\nid = "{0}"\ntitle = "T"\nwhen = "{1}"\n'
STATES = (
    "",
    EVENT.format("x", "2030-01-01"),
    EVENT.format("y", "2030-01-01"),
    EVENT.format("x", "open") + 'tags = ["Some tag"]\n',
    EVENT.format("x", "2030-01-01") + 'tags = ["some-tag"]\n',
    EVENT.format("x", "5 days after a/x"),
    EVENT.format("x", "5 days after b/x"),
    EVENT.format("x", "5 days after c/x"),
    EVENT.format("x", "2030"),
    "[[event]",
)
AMENDMENTS = (
    EVENT.format("z", "10 days after x"),
    EVENT.format("x", "2031-01-01"),
    '[[amendment]]\nid = "m"\non = 2027-01-01\n[[amendment.event]]\nid = "x"\nwhen = "b/x"\n',
    '[[amendment]]\nid = "m"\non = 2027-01-01\n[[amendment.event]]\nid = "x"\nnote = "n"\n',
)


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, ...]:
    """Files of some agreements, in an order, with those that amend them."""
    found = []
    for name in draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=4)):
        found.append(HEAD.format(name) + draw(st.sampled_from(STATES)))
        found += draw(st.lists(st.sampled_from(AMENDMENTS), max_size=1))
    return tuple(found)


def outcome(files: tuple[str, ...], before: tuple[ParsedAgreement, ...] = ()) -> object:
    """What the files state, or what is said of them."""
    names = [f"{at}.toml" for at in range(len(files))]
    try:
        return read_parsed(names, [file.encode() for file in files], before)
    except FileErrors as errors:
        return list(reports(errors.problems, errors.texts, "en"))


@examples(240)
@given(texts(), st.data())
def test_what_is_read_after_a_change_is_what_is_read_at_once(
    files: tuple[str, ...], data: st.DataObject
) -> None:
    before = outcome(files)
    if not isinstance(before, tuple):
        return
    changed = list(files)
    at = data.draw(st.integers(0, len(files) - 1))
    match data.draw(st.sampled_from(["other", "gone", "swapped", "added"])):
        case "other":
            changed[at] = data.draw(texts())[0]
        case "gone":
            del changed[at]
        case "swapped":
            changed[0], changed[at] = changed[at], changed[0]
        case _:
            changed[at:at] = data.draw(texts())

    after = tuple(changed)
    assert outcome(after, before) == outcome(after)
