"""A desk for `tracker import`: a folder, calls within this process, and calendars to import."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.cli.calls import Called, Caller

DAY = "2026-12-01"


class ImportDesk(Caller):
    """Imports on a day of 2026."""

    def bring(self, *arguments: str) -> Called:
        """`tracker import … --yes`."""
        return self("import", *arguments, "--yes", "--as-of", DAY)

    def calendar(self, *entries: str, name: str = "work.ics", header: str = "") -> Path:
        """A calendar with those entries, as RFC 5545 has them."""
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", *header.split()]
        lines += [line for entry in entries for line in entry.strip().splitlines()]
        return self.write(name, "\r\n".join((*lines, "END:VCALENDAR", "")))

    @property
    def text(self) -> str:
        """What stands in events.toml."""
        return (self.folder / "events.toml").read_text("utf-8")

    @property
    def events(self) -> dict[str, dict[str, Any]]:
        """The events of events.toml by id, as TOML has them."""
        return {event["id"]: event for event in tomllib.loads(self.text)["event"]}

    def edit(self, old: str, new: str) -> None:
        """Edits events.toml by hand."""
        assert old in self.text
        self.write("events.toml", self.text.replace(old, new))


def event(uid: str, title: str, *lines: str, kind: str = "VEVENT") -> str:
    """One entry."""
    return "\n".join((f"BEGIN:{kind}", f"UID:{uid}", f"SUMMARY:{title}", *lines, f"END:{kind}"))


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> ImportDesk:
    """The desk, in a folder of its own."""
    folder = tmp_path / "lease"
    folder.mkdir()
    return ImportDesk(folder, monkeypatch, capsys)
