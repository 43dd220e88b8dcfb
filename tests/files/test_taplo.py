"""Taplo, which is what editors ask, lints files by the schemas that we publish."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.cli.calls import Caller
from tests.feeds.readers import CONSUMERS, NODE
from tests.shipped import ROOT
from tracker.files.first_files import BEGINNINGS

TAPLO = CONSUMERS / "node_modules" / "@taplo" / "cli" / "dist" / "cli.js"
SCHEMAS = ROOT / "docs" / "schema"


def taplo(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What `taplo lint` says."""
    return subprocess.run(
        [NODE, TAPLO, "lint", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_taplo_finds_nothing_wrong_with_the_files_that_are_shipped(call: Caller) -> None:
    files = [ROOT / "events.toml", *(ROOT / "examples").rglob("*.toml")]
    events = [file for file in files if file.name != "tracker.toml"]
    settings = [file for file in files if file.name == "tracker.toml"]
    for template in BEGINNINGS:
        (call.folder / template).mkdir()
        begun = ("-f", f"{template}/events.toml", "init", "--template", template)
        assert call(*begun, "--title", "X", "--timezone", "UTC").code == 0
        events.append(call.folder / template / "events.toml")
        settings.append(call.folder / template / "tracker.toml")

    for schema, checked in (("events", events), ("tracker", settings)):
        address = (SCHEMAS / f"{schema}.schema.json").as_uri()
        linted = taplo(ROOT, "--schema", address, *map(str, checked))
        assert linted.returncode == 0, linted.stdout + linted.stderr
        assert f"total={len(checked)}" in linted.stdout + linted.stderr


def test_taplo_marks_what_is_wrong_by_the_line_that_names_the_schema(call: Caller) -> None:
    """As docs/keys.md says: the schema is printed, and the first line of the file names it."""
    wrong = {
        "events": 'id = "x"\n[[event]]\nid = "a"\ntitle = 3\nwhen = "open"\n',
        "tracker": '[[recipient]]\nname = "a"\ndigest = "hourly"\n',
    }
    for which, text in wrong.items():
        call.write(f"{which}.schema.json", call("schema", which).out)
        call.write(f"{which}.toml", f"#:schema ./{which}.schema.json\n{text}")

    linted = taplo(call.folder, *(f"{which}.toml" for which in wrong))

    assert linted.returncode == 1
    said = linted.stdout + linted.stderr
    assert all(line in said for line in ("title = 3", 'digest = "hourly"'))
