"""What is built and installed once for all tests, whichever process runs them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from tests.install.installing import Distribution, Installed, build, install
from tests.shipped import ROOT


def _once(folder: Path, make: Callable[[Path], None]) -> Path:
    with FileLock(folder.with_suffix(".lock")):
        if not (folder / "ready").exists():
            folder.mkdir(parents=True)
            make(folder)
            (folder / "ready").touch()
    return folder


def _shared(factory: pytest.TempPathFactory, worker: str) -> Path:
    base = factory.getbasetemp()
    return base if worker == "master" else base.parent


@pytest.fixture(scope="session")
def distribution(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Distribution:
    """The wheel and the sdist of the tree as it is."""
    folder = _shared(tmp_path_factory, worker_id) / "dist"
    return Distribution(_once(folder, build))


@pytest.fixture(scope="session")
def by_uv(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, distribution: Distribution
) -> Installed:
    """tracker as `uv tool install` installs it, without any extra."""
    home = _shared(tmp_path_factory, worker_id) / "uv-home"
    return Installed(
        _once(home, lambda folder: install(folder, "uv", "tool", "install", distribution.wheel))
    )


@pytest.fixture(scope="session")
def by_pipx(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, distribution: Distribution
) -> Installed:
    """tracker as the line of the tutorial installs it, in the folder that has dist/, without any extra."""
    home = _shared(tmp_path_factory, worker_id) / "pipx-home"
    tutorial = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"(?m)^\$ (pipx install .*)$", tutorial)

    def follow(folder: Path) -> None:
        shutil.copytree(distribution.folder, folder / "dist")
        install(folder, "sh", "-c", f'{line} "$@"', "sh")

    return Installed(_once(home, follow))
