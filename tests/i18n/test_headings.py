"""Sentences have titles in place of names: none is bent, and what is not seen keeps its name."""

from __future__ import annotations

from datetime import date

import pytest

from tests.timeline.scene import TODAY, agreement, event
from tracker.agreements.model import Agreement
from tracker.i18n.headings import AwaitedTitles, list_heading
from tracker.i18n.points import remark_on
from tracker.i18n.until import until_text
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve


def stated(**lines: str) -> Timeline:
    """One event `e` of those lines, beside others that may happen."""
    hanging = event("e", **lines)._replace(title=(("en", "Rights"), ("ja", "権利")))
    opening = [
        event(name, when="open")._replace(title=(("en", f"{name.upper()} is told"), ("ja", f"{name}の通知")))
        for name in ("x", "y", "z", "w")
    ]  # fmt: skip
    return resolve([agreement(hanging, *opening)], TODAY)


REMARKS = {
    "earliest of x, 2030-12-31": (
        "or sooner if this happens: X is told",
        "「xの通知」が発生した場合、早まることがあります",
    ),
    "2027-01-10, or 2027-04-10 if x": (
        "or later, by 10 April 2027 at the latest, if this happens: X is told",
        "「xの通知」が発生した場合、遅くなることがあります(遅くとも2027年4月10日)",
    ),
    "earliest of x, y, 2030-12-31": (
        "or sooner depending on these: X is told; Y is told",
        "「xの通知」、「yの通知」の状況によって、早まることがあります",
    ),
    "earliest of x, y, z, w, 2030-12-31": (
        "or sooner depending on these: W is told; X is told; Y is told; and 1 more",
        "「wの通知」、「xの通知」、「yの通知」ほか1件の状況によって、早まることがあります",
    ),
    "10 days after x": ("waits for: X is told", "「xの通知」を待っています"),
    "not after (10 days after x)": (
        "an option, to be used or not; its last day depends on: X is told",
        "任意:してもしなくてもよい。最終日は「xの通知」により定まる",
    ),
}  # fmt: skip


@pytest.mark.parametrize("line", REMARKS)
def test_what_moves_a_point_is_told_by_its_title(line: str) -> None:
    shown = stated(when=line)

    told = tuple(
        remark_on(shown.points[0], language, titles=AwaitedTitles(shown, language))
        for language in ("en", "ja")
    )

    assert told == REMARKS[line]


UNTIL = {
    "x": ("until this happens: X is told", "「xの通知」の発生まで"),
    "30 days after x": (
        "until 30 days after “X is told”",
        "30 days after 「xの通知」 まで",
    ),
    "earliest of x, through 2030": (
        "until 31 December 2030, or sooner, if this happens: X is told",
        "2030年12月31日まで(早まることがあります):「xの通知」が発生した場合",
    ),
    "latest of x, 2028-06-30": (
        "at least until 30 June 2028, then depending on: X is told",
        "少なくとも2028年6月30日まで(その後は「xの通知」による)",
    ),
    "not before x": (
        "until it is ended; not before a day that depends on: X is told",
        "終了するまで(「xの通知」により定まる日より前には終了しない)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("line", UNTIL)
def test_how_long_something_lasts_is_told_by_titles(line: str) -> None:
    shown = stated(ends=line)

    told = tuple(
        until_text(shown.points[0], language, TODAY, AwaitedTitles(shown, language))
        for language in ("en", "ja")
    )

    assert told == UNTIL[line]


def test_what_of_an_event_is_meant_stands_behind_its_title() -> None:
    lines = ({"when": "2027-01-01"}, {"starts": "2027-01-01"}, {"ends": "2027-01-01"},
             {"when": "not after 2027-01-01"})  # fmt: skip
    points = [(shown := stated(**line)).points[0] for line in lines]

    headings = [list_heading(point, shown.agreements[0], "en") for point in points]

    assert headings == ["Rights", "Rights — starts", "Rights — ends", "Rights — last day"]


def test_the_title_of_what_a_reader_may_not_see_is_not_told() -> None:
    other = Agreement("b", (("en", "B"),), events=(event("secret", "b", when="open"),))
    here = agreement(event("e", when="earliest of b/secret, 2030-12-31"))
    shown = resolve([here, other], date(2026, 11, 25))
    seen = shown._replace(events=shown.events[:1], agreements=shown.agreements[:1])

    told = remark_on(shown.points[0], "en", titles=AwaitedTitles(seen, "en"))

    assert told == "or sooner if this happens: b/secret"
