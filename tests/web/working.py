"""A file on the disk, served to whoever may write in it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.shipped import TODAY
from tests.web.sites import FixedSource, client_of
from tracker.files.loading import load
from tracker.i18n.translate import Language
from tracker.service.edit_desk import EditDesk
from tracker.service.file_watcher import WatchedFiles
from tracker.service.log import Log
from tracker.service.reports import Reporter
from tracker.timeline.filters import Where
from tracker.timeline.resolver import resolve

FILE = """\
# The head stays.
id = "lease"
title = "The lease"
timezone = "UTC"

[[event]]
id = "signed"   # by both
title = 'Signing'
when = "open"

[[event]]
id = "handover"
title = "Handing over the keys"
when = "30 days after signed"
tags = ["keys"]

[[event]]
id = "breach"
title = "A breach"
when = "open"
repeats = "as it happens"

[[event]]
id = "rent"
title = "The rent"
when = 2026-12-03
repeats = "1 month"
"""
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


class Office:
    """The file, and pages that show it."""

    def __init__(
        self,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        text: str = FILE,
        *,
        commits: bool = False,
    ) -> None:
        monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
        self.file = folder / "events.toml"
        self.file.write_bytes(text.encode())
        self.source = FixedSource(None)
        language: Language = "en"
        watched = WatchedFiles([self.file], Reporter(Log(language, False)))
        self.desk = EditDesk(watched, self.take_up, is_shared=False, commits=commits)
        self.take_up()

    @property
    def text(self) -> str:
        return self.file.read_bytes().decode()

    def take_up(self) -> None:
        self.source.change(resolve(load([self.file]), TODAY))

    def client(self, **fields: Any) -> TestClient:
        """On this machine alone."""
        return client_of(self.source, follow=False, edits=self.desk, is_local=True, **fields)

    def behind_link(self, writes: bool, shows: Where = Where()) -> TestClient:  # noqa: B008
        """Elsewhere, behind /s/secret/."""
        return client_of(
            self.source,
            host="deadlines.example.org",
            follow=False,
            edits=self.desk,
            public=False,
            filter_of_secret=lambda secret: shows if secret == "secret" else None,
            writer_of_secret=lambda secret: "clerk" if writes and secret == "secret" else None,
        )


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the last form of a page."""
    form = page[page.rindex("<form") :]
    return {unescape(name): unescape(value) for name, value in _HIDDEN.findall(form)}
