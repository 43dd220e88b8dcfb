"""The set-up in examples/several-machines, as far as it can be tried without its machines."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.end_to_end.farm import HOST
from tests.end_to_end.processes import SECONDS, environment, get, until
from tests.shipped import ROOT
from tests.store.databases import Server
from tracker import clock
from tracker.service.metrics import Metrics
from tracker.store.database import Database
from tracker.store.ledger import Ledger
from tracker.web.status import HealthReport

FOLDER = ROOT / "examples" / "several-machines"
METRIC = re.compile(r"\btracker_\w+")


def of_unit(name: str) -> list[str]:
    """The arguments with which a unit begins tracker."""
    text = (FOLDER / f"tracker-{name}.service").read_text(encoding="utf-8")
    (line,) = re.findall(r"(?m)^ExecStart=\S+/tracker (.*)$", text)
    return shlex.split(line)


def of_compose(name: str) -> list[str]:
    services: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8"))
    return [str(one) for one in services["services"][name]["command"]]


def here(arguments: list[str]) -> list[str]:
    """The same on this machine, with ports that are free."""
    text = shlex.join(arguments).replace("/srv/agreements", str(ROOT / "events.toml"))
    text = text.replace("/etc/tracker/tracker.toml", str(FOLDER / "tracker.toml"))
    text = re.sub(r"--metrics (0\.0\.0\.0:)?\d+", "--metrics 0", text)
    return shlex.split(text + (" --port 0" if text.startswith("serve") else ""))


@pytest.mark.parametrize(
    "arguments",
    [of_unit("worker"), of_unit("web"), of_compose("worker-2"), of_compose("web-2")],
    ids=["unit of a worker", "unit of a web node", "a worker of compose", "a web node of compose"],
)
def test_what_the_set_up_begins_goes_on_and_says_how_it_is(
    arguments: list[str], postgresql: Server, tmp_path: Path
) -> None:
    said = tmp_path / "said"
    secrets = {"TRACKER_LEDGER": postgresql.database(), "SMTP_URL": "smtp://127.0.0.1:1"}
    with said.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", "tracker", *here(arguments)],
            stdout=out,
            stderr=out,
            env={**environment(tmp_path), **secrets},
        )
    try:
        ready = "run.serving" if arguments[0] == "serve" else "run.working"
        until(lambda: ready in said.read_text())
        text = said.read_text()
        metrics = re.findall(r"http://127\.0\.0\.1:\d+/metrics", text)[0]
        assert "tracker_healthy 1.0" in get(metrics).text
        assert get(metrics.replace("metrics", "healthz")).status_code == 200
        if arguments[0] == "serve":
            page = re.findall(r'"url": "(http://0\.0\.0\.0:\d+/)"', text)[0]
            page = page.replace("0.0.0.0", "127.0.0.1")  # noqa: S104 - it is asked here
            assert get(f"{page}calendar.ics", headers=HOST).status_code == 404
            assert get(f"{page}healthz", headers=HOST).status_code == 200
        process.terminate()
        assert process.wait(SECONDS) == 0
    finally:
        process.kill()
        process.wait()


def test_every_metric_that_is_watched_or_explained_is_there(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'ledger.sqlite3'}")
    metrics = Metrics(Ledger(database), tuple, clock.now, lambda: HealthReport(None, None))
    metrics.note_plan(1)
    metrics.count_feed_request(200)
    there = set(METRIC.findall(metrics.text().decode()))
    page = (ROOT / "docs" / "several-machines.md").read_text("utf-8")
    rules = (FOLDER / "alerts.yml").read_text("utf-8")

    assert set(METRIC.findall(rules)) <= there
    assert set(METRIC.findall(page)) <= there
    assert len(yaml.safe_load(rules)["groups"][0]["rules"]) == 6
    database.close()
