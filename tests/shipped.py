"""The agreement that tracker ships with, for tests."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tracker.files.loading import load
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve

ROOT = Path(__file__).parents[1]
EVENTS = ROOT / "events.toml"
AMENDMENT = ROOT / "examples" / "amendment-2026-04-27.toml"
TODAY = date(2026, 11, 25)


def timeline(as_of: date = TODAY, amended: bool = False) -> Timeline:
    files = [EVENTS, AMENDMENT] if amended else [EVENTS]
    return resolve(load(files), as_of)
