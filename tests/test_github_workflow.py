"""The reusable workflow: what its steps do in a repository, to GitHub's comments, and what they may."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.shipped import ROOT

MARKER = "<!-- tracker: what this does to the timeline -->"
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/agreements.yml").read_text(encoding="utf-8"))
CALLER = yaml.safe_load((ROOT / "examples/github/agreements.yml").read_text(encoding="utf-8"))
JOBS: dict[str, dict[str, Any]] = WORKFLOW["jobs"]
STEPS: list[dict[str, Any]] = [step for job in JOBS.values() for step in job["steps"]]
AGREEMENT = 'id = "lease"\ntitle = "Lease"\n\n'
EVENT = '[[event]]\nid = "{0}"\ntitle = "{0}"\nwhen = 2031-01-31\n'


class GitHub:
    """The comments of pull request 7, as GitHub's API lists, takes and changes them."""

    def __init__(self) -> None:
        self.comments: list[dict[str, Any]] = []
        self.changes: list[str] = []
        self.is_read_only = False
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                query = re.fullmatch(r"(\S+)\?per_page=(\d+)&page=(\d+)", self.path)
                assert query is not None
                assert query[1] == "/repos/me/mine/issues/7/comments"
                size, page = int(query[2]), int(query[3])
                self._answer(200, hub.comments[size * (page - 1) : size * page])

            def do_POST(self) -> None:
                assert self.path == "/repos/me/mine/issues/7/comments"
                self._change({"id": len(hub.comments) + 1000, "user": BOT})

            def do_PATCH(self) -> None:
                number = int(self.path.removeprefix("/repos/me/mine/issues/comments/"))
                self._change(next(entry for entry in hub.comments if entry["id"] == number))

            def _change(self, comment: dict[str, Any]) -> None:
                content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if hub.is_read_only:
                    self._answer(403, {"message": "Resource not accessible by integration"})
                    return
                if len(content["body"]) > 65_536:
                    self._answer(422, {"message": "body is too long (maximum is 65536 characters)"})
                    return
                hub.changes.append(self.command)
                comment["body"] = content["body"]
                if comment not in hub.comments:
                    hub.comments.append(comment)
                self._answer(200, comment)

            def _answer(self, status: int, content: object) -> None:
                assert self.headers["Authorization"] == "Bearer secret"
                body = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


BOT = {"login": "github-actions[bot]"}


@pytest.fixture
def github() -> Iterator[GitHub]:
    github = GitHub()
    thread = threading.Thread(target=github.server.serve_forever, args=(0.01,))
    thread.start()
    yield github
    github.server.shutdown()
    thread.join()
    github.server.server_close()


class Job:
    """A job of the workflow: its folder, with both checkouts, and what GitHub sets for its steps."""

    def __init__(self, folder: Path, github: GitHub) -> None:
        self.folder = folder
        self.repository = folder / "agreements"
        (folder / "tracker").symlink_to(ROOT)
        program = folder / "bin" / "tracker"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tracker "$@"\n', "utf-8")
        program.chmod(0o755)
        python = program.with_name("python")
        python.symlink_to(sys.executable)
        self.repository.mkdir()
        self.git("init", "-q", "-b", "main")
        self.environment = {
            "PATH": f"{program.parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "RUNNER_TEMP": str(folder),
            "GITHUB_WORKSPACE": str(folder),
            "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
            "GITHUB_API_URL": github.address,
            "GITHUB_REPOSITORY": "me/mine",
            "GITHUB_TOKEN": "secret",
            "PULL_REQUEST": "7",
            "STRICT": "",
            "TRACKER_FILE": "events.toml",
        }

    def git(self, *arguments: str) -> None:
        identity = ("-c", "user.name=x", "-c", "user.email=x@example.org")
        subprocess.run(
            ["git", *identity, *arguments], cwd=self.repository, check=True, capture_output=True
        )

    def commit(self, *ids: str) -> None:
        text = AGREEMENT + "\n".join(EVENT.format(name) for name in ids)
        (self.repository / "events.toml").write_text(text, encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-qm", "x")

    def merge_pull_request(self, *ids: str) -> None:
        """What GitHub checks out: the merge of the pull request into what main has by now."""
        self.git("checkout", "-qB", "request")
        self.commit(*ids)
        self.git("checkout", "-q", "main")
        self.git("merge", "-q", "--no-ff", "-m", "merge", "request")

    def run(self, name: str) -> subprocess.CompletedProcess[str]:
        """Runs the step of that name, as GitHub does for `shell: bash`."""
        step = next(step for step in STEPS if step.get("name") == name)
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.folder / step.get("working-directory", "."),
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def tell(self) -> str:
        """Writes and comments what the pull request does; gives what the log says of it."""
        steps = [self.run(name) for name in ("What it does to the timeline", "Comment")]
        assert [step.returncode for step in steps] == [0, 0], steps
        return "".join(step.stdout + step.stderr for step in steps)


@pytest.fixture
def job(tmp_path: Path, github: GitHub) -> Job:
    return Job(tmp_path, github)


def test_a_pull_request_is_checked_and_has_one_comment_that_follows_it(
    job: Job, github: GitHub
) -> None:
    github.comments = [{"id": n, "user": {"login": "you"}, "body": MARKER} for n in range(130)]
    job.commit("rent")
    job.merge_pull_request("rent", "review-of-the-rent")
    checked = job.run("Check")
    job.tell()
    first = github.comments[-1]["body"]
    job.tell()
    job.merge_pull_request("rent", "review-of-the-rent", "notice-of-the-end")
    job.tell()

    assert checked.returncode == 0, checked
    assert first.startswith(f"{MARKER}\n## ")
    assert "review-of-the-rent" in first.replace("\\", "")
    assert github.changes == ["POST", "PATCH"]  # nothing was written where nothing was new
    assert len(github.comments) == 131
    assert "notice-of-the-end" in github.comments[-1]["body"].replace("\\", "")
    assert {entry["body"] for entry in github.comments[:-1]} == {MARKER}  # what you wrote stays


def test_errors_stand_beside_their_lines_and_the_comment_says_that_nothing_can_be_worked_out(
    job: Job, github: GitHub
) -> None:
    job.commit("a")
    job.merge_pull_request("a", "a")
    checked = job.run("Check")
    log = job.tell()

    assert checked.returncode == 1
    assert re.search(r"^::error file=events.toml,line=\d+", checked.stdout, re.MULTILINE), checked
    assert "cannot be worked out" in github.comments[0]["body"]
    opened, *lines, closed = log.splitlines()
    assert (stop := re.fullmatch(r"::stop-commands::([0-9a-f]{32})", opened))
    assert closed == f"::{stop[1]}::"
    assert lines
    assert all(line.startswith("| ") for line in lines), log


def test_a_fork_fails_nothing_and_its_comment_is_in_the_summary(job: Job, github: GitHub) -> None:
    github.is_read_only = True
    job.commit("a")
    job.merge_pull_request("a", "new-event")
    log = job.tell()

    assert log.splitlines()[-1].startswith("::notice::There is no comment (HTTP Error 403")
    assert github.comments == []
    assert "new-event" in (job.folder / "summary.md").read_text("utf-8").replace("\\", "")


def test_calls_for_other_files_have_a_comment_each(job: Job, github: GitHub) -> None:
    job.commit("a")
    job.merge_pull_request("a", "new-event")
    job.tell()
    (job.repository / "offices").mkdir()
    job.git("mv", "events.toml", "offices/lease.toml")
    job.git("commit", "-qm", "x")
    job.environment["TRACKER_FILE"] = "offices --> <b>"
    job.tell()
    job.tell()

    assert github.changes == ["POST", "POST"]
    assert len({entry["body"].splitlines()[0] for entry in github.comments}) == 2
    assert all(re.fullmatch("<!--[^<>]*-->", c["body"].splitlines()[0]) for c in github.comments)


def test_nothing_runs_without_an_end_and_no_group_is_shared_with_other_workflows() -> None:
    assert all(job["timeout-minutes"] <= 30 for job in JOBS.values())
    assert "inputs.files" in JOBS["check"]["concurrency"]["group"]
    assert all(job["concurrency"]["group"].startswith("agreements ") for job in JOBS.values())


def test_a_comment_that_is_longer_than_github_takes_is_cut_at_a_line_and_says_so(
    job: Job, github: GitHub
) -> None:
    lines = [f"- {n} {'𝄞' * 40}" for n in range(2000)]
    (job.folder / "timeline.md").write_text("\n".join(lines), encoding="utf-8")
    commented = job.run("Comment")

    assert commented.returncode == 0, commented
    body = github.comments[0]["body"]
    kept = [line for line in body.splitlines() if line.startswith("- ")]
    assert len(body.encode("utf-16-le")) // 2 <= 65_536
    assert kept == lines[: len(kept)]
    assert f"{2000 - len(kept)} more lines" in body
    assert len(kept) > 700


def test_main_is_published_with_the_files_that_were_named(job: Job, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "--bare", tmp_path / "origin"], check=True)
    job.commit("a")
    job.git("remote", "add", "origin", str(tmp_path / "origin"))
    job.git("mv", "events.toml", "lease.toml")
    job.environment["TRACKER_FILE"] = "lease.toml"
    published = job.run("Publish")

    assert published.returncode == 0, published
    job.git("fetch", "-q", "origin", "gh-pages")
    job.git("cat-file", "-e", "FETCH_HEAD:calendar.ics")


def test_all_that_runs_is_named_by_its_commit_or_its_hash_and_comes_before_foreign_files() -> None:
    for job in JOBS.values():
        steps = job["steps"]
        for step in steps:
            if "uses" in step:
                assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step["uses"])
        foreign = next(
            n
            for n, step in enumerate(steps)
            if (step.get("with") or {}).get("path") == "agreements"
        )
        assert not any("pip" in step.get("run", "") for step in steps[foreign:])
        assert all(
            re.search(r"--require-hashes -r tracker/|--no-index .* \./tracker$", step["run"])
            for step in steps
            if "pip " in step.get("run", "")
        )


def test_no_text_of_others_becomes_part_of_a_command_and_each_job_may_do_what_it_needs() -> None:
    assert not any("${{" in step.get("run", "") for step in STEPS)
    assert WORKFLOW["permissions"] == {}
    assert JOBS["check"]["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert JOBS["publish"]["permissions"] == {"contents": "write"}
    checkouts = [
        step["with"] for step in JOBS["check"]["steps"] if "checkout" in step.get("uses", "")
    ]
    assert [options["persist-credentials"] for options in checkouts] == [False, False]


def test_the_example_calls_it_with_what_it_takes_and_gives_what_its_jobs_need() -> None:
    call = CALLER["jobs"]["agreements"]
    inputs = WORKFLOW[True]["workflow_call"]["inputs"]  # YAML's own "on"
    needed = {
        key: value for job in JOBS.values() for key, value in sorted(job["permissions"].items())
    }

    assert re.fullmatch(r"YOUR/tracker/(\S+)@0{40}", call["uses"])
    assert (ROOT / ".github/workflows/agreements.yml").is_file()
    assert set(call["with"]) <= set(inputs)
    assert {name for name, options in inputs.items() if options.get("required")} <= set(
        call["with"]
    )
    assert CALLER["permissions"] == needed | {"contents": "write"}
    assert "pull_request_target" not in CALLER[True]
