"""What an import goes through: what was called for, what was read, planned and tried."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from tracker.agreements.model import Agreement
from tracker.files.problems import Problem
from tracker.files.record_edits import EventFiles, FileEdit
from tracker.imports.foreign import ForeignContent, Unreadable
from tracker.imports.plan import PlannedEvent, SourcePlan


class ImportCall(NamedTuple):
    """What the call says."""

    sources: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    since: date | None


@dataclass(frozen=True)
class ImportTarget:
    """Where what is imported is written."""

    files: EventFiles
    file: str
    parts: tuple[str, ...]  #: the files in which events of the agreement stand; that one first
    agreement: str
    as_of: date
    begins: bool  #: whether the file states nothing yet
    timezone: str | None  #: as the file has it, else as the call does

    @cached_property
    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """The `[[event]]` of each of these files, as TOML has them."""
        if self.begins:
            return {self.file: []}
        texts = {file: self.files.text(file) for file in self.parts}
        return {file: tomllib.loads(text).get("event", []) for file, text in texts.items()}

    @cached_property
    def places(self) -> list[tuple[str, int]]:
        """The file and number of each of them, one file after another."""
        return [
            (file, number) for file, tables in self.tables.items() for number in range(len(tables))
        ]


class ReadSource(NamedTuple):
    """A source that could be read."""

    name: str  #: as the call named it
    format: str
    content: ForeignContent


class UnreadSource(NamedTuple):
    """A source of which nothing could be read."""

    name: str
    fault: Unreadable


@dataclass
class PlannedSource:
    """A source, and what becomes of it."""

    read: ReadSource
    plan: SourcePlan
    refused: list[tuple[PlannedEvent, Problem]] = field(default_factory=list)


@dataclass
class TriedImport:
    """The edits that an import is, and what the files say after them."""

    edits: tuple[FileEdit, ...]
    agreements: tuple[Agreement, ...]
    header: dict[str, object]  #: what begins the file; empty where it is there
    zone_of_machine: str | None = None  #: the zone that is written, where nobody named one
