"""The example for GitHub Pages runs nothing that somebody else can change."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from tests.shipped import ROOT

WORKFLOW = yaml.safe_load(
    (ROOT / "examples" / "github-pages" / "publish.yml").read_text(encoding="utf-8")
)
JOBS: dict[str, dict[str, Any]] = WORKFLOW["jobs"]
STEPS: list[dict[str, Any]] = [step for job in JOBS.values() for step in job["steps"]]
COMMIT = re.compile(r"[0-9a-f]{40}")


def test_every_action_is_named_by_its_commit() -> None:
    actions = [step["uses"] for step in STEPS if "uses" in step]

    assert actions
    for action in actions:
        assert COMMIT.fullmatch(action.partition("@")[2]), action


def test_what_is_fetched_from_another_repository_is_named_by_its_commit_and_gets_no_right() -> None:
    fetched = [step["with"] for step in STEPS if "repository" in step.get("with", {})]

    assert fetched
    for options in fetched:
        assert COMMIT.fullmatch(options["ref"])
        assert options["persist-credentials"] is False


def test_all_that_is_installed_is_known_by_its_hash() -> None:
    installs = [step["run"] for step in STEPS if re.search(r"\bpip\b", step.get("run", ""))]

    assert installs
    for command in installs:
        hashed = re.fullmatch(r"pip install --require-hashes .*-r tracker/(\S+)", command)
        # The checkout itself, which is named by its commit, with nothing that was not there.
        is_checkout = command == "pip install --no-index --no-deps --no-build-isolation ./tracker"
        assert hashed or is_checkout, command
        if hashed:
            assert (ROOT / hashed[1]).is_file()
    assert not any(re.search(r"\b(?:npx|wget|git clone)\b|https?:", str(step)) for step in STEPS)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-build.txt"])
def test_each_requirement_is_pinned_with_hashes(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    pinned = [line for line in lines if line and not line.lstrip().startswith("#")]

    assert pinned
    for line in pinned:
        assert re.match(r"[\w.\[\]-]+==\S+ ", line), line
        assert "--hash=sha256:" in line, line


def test_it_may_do_nothing_but_push() -> None:
    assert WORKFLOW["permissions"] == {}
    assert [job["permissions"] for job in JOBS.values()] == [{"contents": "write"}]
    assert set(WORKFLOW[True]) == {"push", "schedule", "workflow_dispatch"}  # YAML's own "on"


def test_no_text_of_others_becomes_part_of_a_command() -> None:
    assert not any("${{" in step.get("run", "") for step in STEPS)
