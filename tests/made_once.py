"""What takes seconds to make and nobody changes: made by one of the processes that run tests, for all of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def make_once(
    factory: pytest.TempPathFactory, worker: str, name: str, make: Callable[[Path], None]
) -> Path:
    """The folder of that name, in which `make` was called once; `worker` is the fixture `worker_id`."""
    base = factory.getbasetemp()
    folder = (base if worker == "master" else base.parent) / name
    with FileLock(folder.with_suffix(".lock")):
        if not (folder / "ready").exists():
            folder.mkdir(parents=True, exist_ok=True)
            make(folder)
            (folder / "ready").touch()
    return folder
