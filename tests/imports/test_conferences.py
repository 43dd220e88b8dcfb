"""Deadlines of conferences: in their zone, to the minute; what is not known yet is open, and told."""

from __future__ import annotations

import pytest

from tests.imports.reading import AS_OF, left_out, lines, read, sample
from tracker.imports.foreign import ForeignFile
from tracker.imports.held_days import held_days


def test_deadlines_of_a_timeline_keep_the_zone_of_their_year() -> None:
    content = read("conferences", sample("ccf.yml"))

    assert lines(content) == {
        "ICXL 2025: paper deadline": "2025-01-30 AoE",
        "ICXL 2025": "2025-07-13..2025-07-19",
        "ICXL 2027: abstract deadline": "2027-01-23 23:59 Etc/GMT-8",
        "ICXL 2027: paper deadline": "2027-01-28 07:59 Etc/GMT-8",
        "ICXL 2027: paper deadline 2": "open",
        "ICXL 2027": "2027-12-30..2028-01-03",
        "ICXL 2028: paper deadline": "2028-01-30 AoE",
        "ICXL 2028": "in 2028-07",
    }


def test_what_is_to_be_decided_is_open_and_told() -> None:
    content = read("conferences", sample("ccf.yml"))

    told = next(left for left in content.left_out if left.reason == "not-known-yet")
    assert (told.what, dict(told.values)) == ("ICXL 2027: paper deadline 2", {"value": "TBD"})


def test_seconds_are_told_where_they_are_none_of_a_last_minute() -> None:
    content = read("conferences", sample("ccf.yml"))

    assert left_out(content)["seconds"] == ["ICXL 2027: paper deadline"]  # 07:59:30, not 23:59:59


def test_a_name_that_means_two_zones_is_asked_about_and_answered_once() -> None:
    asked = read("conferences", sample("ai-deadlines.yml"))
    answered = read("conferences", sample("ai-deadlines.yml"), CST="America/Chicago")

    question = next(question for question in asked.questions if question.name == "zone-name")
    assert dict(question.values) == {"zone": "CST"}
    assert "--map CST=America/Chicago" in question.answers
    assert "--map CST=Asia/Shanghai" in question.answers
    assert "RoboEx 2027: paper deadline" not in lines(asked)
    assert lines(answered)["RoboEx 2027: paper deadline"] == "2027-02-15 23:59 America/Chicago"


def test_a_time_without_any_zone_is_asked_about_unless_its_site_says_which() -> None:
    asked = read("conferences", sample("ai-deadlines.yml"))
    answered = read("conferences", sample("ai-deadlines.yml"), "Europe/Paris")
    by_rule = read("conferences", sample("sec-deadlines.yml"))

    assert "no-zone" in [question.name for question in asked.questions]
    assert lines(answered)["NoZone 2027: paper deadline"] == "2027-02-15 23:59 Europe/Paris"
    assert lines(by_rule)["S&X 2027: deadline 2".replace("deadline", "paper deadline")] == (
        "2026-12-14 AoE"
    )
    assert [remark.name for remark in by_rule.remarks] == ["without-zone-aoe"]


def test_labelled_deadlines_have_their_own_names_and_zones() -> None:
    stated = lines(read("conferences", sample("ai-deadlines.yml")))

    assert stated["VEX 2027: paper deadline"] == "2027-03-05 23:59 America/Los_Angeles"
    assert stated["LangEx 2027: Paper submission deadline"] == "2027-05-15 AoE"
    assert stated["LangEx 2027: Author notification"] == "2027-09-18 18:29 UTC"


def test_the_year_of_a_template_is_that_of_the_conference_or_the_one_before() -> None:
    content = read("conferences", sample("sec-deadlines.yml"))

    stated = lines(content)
    assert stated["PEX 2027: paper deadline"] == "2026-11-30 23:59 Etc/GMT+11"
    assert stated["PEX 2027: paper deadline 2"] == "2027-02-28 23:59 Etc/GMT+11"
    assert left_out(content)["template"] == ["PEX 2027: paper deadline 3"]  # of each month


def test_an_extended_deadline_stands_for_the_first_one() -> None:
    content = read("conferences", sample("python-deadlines.yml"))

    assert lines(content)["PyEx Berlin 2027: proposals due"] == "2027-01-18 23:59 Europe/Berlin"
    assert left_out(content)["extended"] == ["cfp"]
    assert left_out(content)["says-none"] == ["PyCamp 2027: proposals due"]
    assert lines(content)["PyCamp 2027"] == "2027-02-20..2027-02-21"


def test_past_deadlines_are_recorded_and_do_not_ask_for_a_record() -> None:
    events = {
        event.title: dict(event.fields) for event in read("conferences", sample("ccf.yml")).events
    }

    assert events["ICXL 2025: paper deadline"]["occurred"] == "2025-01-30 AoE"
    assert "occurred" not in events["ICXL 2027: paper deadline"]


def test_two_conferences_of_one_id_are_two() -> None:
    entry = (
        "- title: FSE\n  description: {0}\n  confs:\n    - year: 2027\n      id: fse27\n"
        "      timezone: AoE\n      timeline:\n        - deadline: '2027-0{1}-01 23:59:59'\n"
    )
    text = entry.format("Fast Software Encryption", 3) + entry.format("Software Engineering", 4)

    content = read("conferences", ForeignFile("all.yml", text.encode()))

    assert [dict(event.fields)["when"] for event in content.events] == [
        "2027-03-01 AoE",
        "2027-04-01 AoE",
    ]
    assert len({event.foreign_id for event in content.events}) == 2


def test_an_id_that_stays_from_year_to_year_is_told_apart_by_the_year() -> None:
    text = "".join(
        f"- title: SAME\n  year: {year}\n  id: same\n  timezone: AoE\n  deadline: '{year}-03-01 23:59'\n"
        for year in (2027, 2028)
    )

    content = read("conferences", ForeignFile("same.yml", text.encode()))

    assert [event.foreign_id for event in content.events] == [
        "same2027#deadline",
        "same2028#deadline",
    ]


@pytest.mark.parametrize(
    ("zone", "line"),
    [
        ("AoE", "2027-07-01 AoE"),
        ("Anywhere on Earth", "2027-07-01 AoE"),
        ("UTC-12", "2027-07-01 AoE"),
        ("UTC", "2027-07-01 23:59 UTC"),
        ("GMT+0", "2027-07-01 23:59 UTC"),
        ("UTC+8", "2027-07-01 23:59 Etc/GMT-8"),
        ("UTC-7", "2027-07-01 23:59 Etc/GMT+7"),
        ("UTC+05:45", "2027-07-01 18:14 UTC"),
        ("PT", "2027-07-01 23:59 America/Los_Angeles"),
        ("EDT", "2027-07-01 23:59 America/New_York"),
        ("CEST", "2027-07-01 23:59 Europe/Berlin"),
        ("EST", None),  # in July nobody's clocks in New York are called that
        ("IST", None),
        ("BST", None),
        ("PST", None),
        ("Etc/PST", None),
        ("Mars/Base", None),
        ("UTC+99", None),
    ],
)
def test_a_zone_is_read_as_it_is_meant_or_not_at_all(zone: str, line: str | None) -> None:
    text = f"- title: Z\n  year: 2027\n  deadline: '2027-07-01 23:59:59'\n  timezone: {zone}\n"

    content = read("conferences", ForeignFile("z.yml", text.encode()))

    assert lines(content).get("Z 2027: paper deadline") == line
    assert line or content.questions or "unknown-zone" in left_out(content)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("July 21-27, 2024", "2024-07-21..2024-07-27"),
        ("May 31-June 4, 2020", "2020-05-31..2020-06-04"),
        ("November 30 - December 7, 2025", "2025-11-30..2025-12-07"),
        ("Dec 30 – Jan 3, 2027", "2026-12-30..2027-01-03"),
        ("December 30, 2026 - January 3, 2027", "2026-12-30..2027-01-03"),
        ("JANUARY 31 - 4 February, 2026", "2026-01-31..2026-02-04"),
        ("26 July - 1 August, 2026", "2026-07-26..2026-08-01"),
        ("Sept 12–15, 2017", "2017-09-12..2017-09-15"),
        ("Dec. 3rd to 5th, 2026", "2026-12-03..2026-12-05"),
        ("September , 2026", "in 2026-09"),
        ("March-April, 2026", "between 2026-03 and 2026-04"),
        ("July 8 - 12", "2027-07-08..2027-07-12"),
        ("2026", "in 2026"),
        ("2026-07-01 - 2026-07-03", "2026-07-01..2026-07-03"),
        ("February 30, 2026", None),
        ("July 12-8, 2026", None),
        ("Extended", None),
        ("December 30 - January 3", None),  # of which of the two years?
    ],
)
def test_the_days_of_a_conference_are_read_as_people_write_them(
    words: str, days: str | None
) -> None:
    held = held_days(words, 2027)

    assert (held and (held.line or f"{held.first}..{held.last}")) == days


def test_what_was_over_before_the_day_that_is_asked_for_is_told_and_not_taken() -> None:
    content = read("conferences", sample("ccf.yml"), None, AS_OF)

    assert not [title for title in lines(content) if "2025" in title]
    over = next(left for left in content.left_out if left.reason == "over")
    assert (over.times, dict(over.values)) == (2, {"day": "2026-12-01"})
    assert set(content.also_there) == {"icxl25#deadline", "icxl25#held"}
