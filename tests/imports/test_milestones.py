"""Milestones of GitHub, Gitea and GitLab: due on the day that is written, and done when they were closed."""

from __future__ import annotations

import json
from datetime import date

import pytest

from tests.imports.reading import AS_OF, left_out, lines, read, sample
from tracker.imports.foreign import ForeignFile
from tracker.imports.formats.milestones import recognises


def test_the_day_that_is_due_is_the_one_that_is_written_whatever_hour_it_has() -> None:
    github = read("milestones", sample("milestones-github.json"), "America/Los_Angeles")
    gitea = read("milestones", sample("milestones-gitea.json"), "Asia/Tokyo")
    gitlab = read("milestones", sample("milestones-gitlab.json"))

    assert lines(github) == {"v2.0": "2027-03-09", "v1.0": "2026-10-05"}
    assert lines(gitea) == {"1.22": "2026-12-31"}
    assert lines(gitlab) == {"10.0": "2027-11-29"}


def test_what_is_said_of_it_comes_along_and_its_page_is_its_identity() -> None:
    first = read("milestones", sample("milestones-github.json")).events[0]

    page = "https://github.com/octocat/Hello-World/milestone/3"
    assert (first.foreign_id, dict(first.fields)) == (
        page,
        {
            "when": "2027-03-09",
            "tags": ["octocat/Hello-World"],
            "url": page,
            "note": "Second release\nwith the new parser",
        },
    )
    gitlab = read("milestones", sample("milestones-gitlab.json")).events[0]
    assert dict(gitlab.fields)["tags"] == ["group/sub/tool"]


def test_one_that_was_closed_is_recorded_on_that_day_by_the_clocks_of_the_file() -> None:
    events = read("milestones", sample("milestones-github.json"), "Europe/Berlin").events

    assert dict(events[1].fields)["occurred"] == date(2026, 10, 4)  # 22:30 in UTC


def test_what_is_not_taken_over_is_told() -> None:
    github = left_out(read("milestones", sample("milestones-github.json"), None, AS_OF))
    gitlab = left_out(read("milestones", sample("milestones-gitlab.json")))

    assert github == {"over": ["…"], "no-date": ["Later"]}
    assert gitlab == {"no-place": ["start_date"], "done-unknown-day": ["9.0"]}


def test_with_all_one_without_a_day_is_open() -> None:
    content = read("milestones", sample("milestones-github.json"), None, None)

    assert lines(content)["Later"] == "open"


@pytest.mark.parametrize("key", ["assignees", "assignee"])
def test_issues_that_name_their_milestone_are_none(key: str) -> None:
    (milestone, *_) = json.loads(sample("milestones-github.json").content)
    issue = {"title": "Crash", "state": "open", key: [], "milestone": milestone}

    assert not recognises(ForeignFile("issues.json", json.dumps([issue]).encode()))
