"""A scene for each test, on a ledger of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reminders.scene import HEAD, NOTICE, Make, Scene
from tracker.reminders.recipients import Recipient


@pytest.fixture
def scene(tmp_path: Path) -> Make:
    def make(*recipients: Recipient, text: str = HEAD + NOTICE) -> Scene:
        return Scene(tmp_path, *recipients, text=text)

    return make
