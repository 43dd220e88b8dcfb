"""The image's recipe: what it copies is enough to build all of tracker, and its command serves.

No Docker engine is asked: its lines are read, and what they do is done in a clean folder.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

import httpx2
import yaml

from tests.install.installing import Installed, run_in, serving
from tests.shipped import ROOT

LINES = re.sub(r"\\\n\s*", " ", (ROOT / "Dockerfile").read_text(encoding="utf-8")).splitlines()


def _compose(name: str) -> dict[str, Any]:
    text = (ROOT / "examples" / name / "compose.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def test_what_the_image_copies_is_enough_to_build_the_whole_package(tmp_path: Path) -> None:
    source = tmp_path / "src"
    for line in LINES:
        if line.startswith("COPY ") and "--from" not in line:
            *names, target = line.split()[1:]
            for name in names:
                place = (
                    source / target / (ROOT / name).name
                    if target.endswith("/")
                    else source / target
                )
                place.parent.mkdir(parents=True, exist_ok=True)
                if (ROOT / name).is_dir():
                    shutil.copytree(
                        ROOT / name, place, ignore=shutil.ignore_patterns("__pycache__")
                    )
                else:
                    shutil.copy(ROOT / name, place)

    built = run_in(
        tmp_path, "uv", "build", "--quiet", "--wheel", "--out-dir", tmp_path, "--build-constraints",
        source / "requirements-build.txt", "--python", sys.executable, source,
    )  # fmt: skip

    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as made:
        names_in_it = set(made.namelist())
    tree = {file.relative_to(ROOT).as_posix() for file in (ROOT / "tracker").rglob("*.*")}
    assert {name for name in tree if "__pycache__" not in name} <= names_in_it
    sent = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    }
    copied = {
        name
        for line in LINES
        if line.startswith("COPY ") and "--from" not in line
        for name in line.split()[1:-1]
    }
    assert copied == sent


def test_the_image_runs_unprivileged_with_volumes_and_a_health_check() -> None:
    last = LINES[max(at for at, line in enumerate(LINES) if line.startswith("FROM ")) :]

    assert "USER tracker" in last
    assert 'VOLUME ["/data", "/ledger"]' in last
    assert any(line.startswith("HEALTHCHECK ") for line in last)
    assert not [line for line in last if line.startswith("RUN pip")]


def test_the_command_of_the_image_is_one_that_tracker_takes(by_uv: Installed) -> None:
    command = json.loads(next(line for line in LINES if line.startswith("CMD "))[4:])
    options = {word for word in command if word.startswith("--")}

    told = by_uv(command[0], "--help").stdout

    assert {option for option in options if option not in told} == set()


def test_the_command_serves_what_is_in_the_folder_of_one_machine(
    by_uv: Installed, tmp_path: Path
) -> None:
    """As it is shipped: nothing has to be put there first."""
    shutil.copytree(ROOT / "examples" / "one-machine" / "agreements", tmp_path / "data")
    command = json.loads(next(line for line in LINES if line.startswith("CMD "))[4:])
    at = command.index("--metrics")  # which needs the extra that the image has
    command[at : at + 2] = ["--port", "0"]

    with serving(by_uv, *command, "-f", str(tmp_path / "data")) as url:
        page = httpx2.get(url.replace("0.0.0.0", "127.0.0.1"))  # noqa: S104

    assert page.status_code == 200
    assert "Last day to give notice" in page.text


def test_compose_files_build_that_image_and_mount_its_volumes() -> None:
    single, several = _compose("one-machine"), _compose("several-machines")

    mounted = {each.split(":")[1] for each in single["services"]["tracker"]["volumes"]}
    assert mounted == {"/data", "/ledger"}
    assert single["services"]["tracker"]["ports"] == ["127.0.0.1:8765:8765"]
    for service in (single["services"]["tracker"], several["services"]["worker-1"]):
        place = ROOT / "examples" / "one-machine" / service["build"]["context"]
        assert (place / service["build"].get("dockerfile", "Dockerfile")).is_file()
