"""Reads files of other programs as `tracker import` does, and what they give as tracker's own reader does."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from tracker.agreements.model import Event
from tracker.files.schema import read_event
from tracker.files.values import Reader
from tracker.imports.foreign import ForeignContent, ForeignEvent, ForeignFile, Wishes

SAMPLES = Path(__file__).parent / "samples"
AS_OF = date(2026, 12, 1)


def sample(name: str) -> ForeignFile:
    """A file of samples/."""
    return ForeignFile(name, (SAMPLES / name).read_bytes())


def read(
    form: str,
    file: ForeignFile,
    timezone: str | None = None,
    since: date | None = date.min,
    /,
    **answers: str,
) -> ForeignContent:
    """What the format makes of a file that it says is its own."""
    reader = import_module(f"tracker.imports.formats.{form}")
    assert reader.recognises(file), file.name
    content: ForeignContent = reader.read_foreign(
        file, Wishes(AS_OF, timezone, tuple(answers.items()), since)
    )
    return content


def lines(content: ForeignContent) -> dict[str, Any]:
    """What is stated of each event, by its title: its line, or both of a term."""
    stated = {}
    for event in content.events:
        fields = dict(event.fields)
        line = str(fields.get("when") or f"{fields.get('starts')}..{fields.get('ends')}")
        stated[event.title] = line + (f", {fields['repeats']}" if "repeats" in fields else "")
    return stated


def left_out(content: ForeignContent) -> dict[str, list[str]]:
    """What was left out, by the reason."""
    reasons: dict[str, list[str]] = {}
    for left in content.left_out:
        reasons.setdefault(left.reason, []).append(left.what)
    return reasons


def as_in_a_file(event: ForeignEvent, number: int = 0) -> tuple[Event | None, list[str]]:
    """The event as events.toml would have it, and what would be wrong with it there."""
    reader = Reader("events.toml")
    table = {"id": f"event-{number}", "title": event.title} | dict(event.fields)
    read_as = read_event(table, ("event", 0), reader, "imported")
    return read_as, [problem.diagnostic.case for problem in reader.problems]
