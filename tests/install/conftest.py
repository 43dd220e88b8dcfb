"""What is built and installed once for all tests, whichever process runs them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.install.installing import Distribution, Installed, build, install
from tests.made_once import make_once
from tests.shipped import ROOT


@pytest.fixture(scope="session")
def distribution(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Distribution:
    """The wheel and the sdist of the tree as it is."""
    return Distribution(make_once(tmp_path_factory, worker_id, "dist", build))


@pytest.fixture(scope="session")
def by_uv(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, distribution: Distribution
) -> Installed:
    """tracker as `uv tool install` installs it, without any extra.

    With the bytecode of all of it, as pip would make it: what is installed is weighed, and starts
    more often than once.
    """

    def follow(folder: Path) -> None:
        install(folder, "uv", "tool", "install", "--compile-bytecode", distribution.wheel)

    return Installed(make_once(tmp_path_factory, worker_id, "uv-home", follow))


@pytest.fixture(scope="session")
def by_pipx(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, distribution: Distribution
) -> Installed:
    """tracker as the line of the tutorial installs it, in the folder that has dist/, without any extra."""
    tutorial = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"(?m)^\$ (pipx install .*)$", tutorial)

    def follow(folder: Path) -> None:
        shutil.copytree(distribution.folder, folder / "dist")
        install(folder, "sh", "-c", f'{line} "$@"', "sh")

    return Installed(make_once(tmp_path_factory, worker_id, "pipx-home", follow))
