"""What an import goes through: what was called for, what was read, planned and tried."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

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


class ImportTarget(NamedTuple):
    """Where what is imported is written."""

    files: EventFiles
    file: str
    agreement: str
    as_of: date
    begins: bool  #: whether the file states nothing yet
    timezone: str | None  #: as the file has it, else as the call does


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
    """The edit that an import is, and what the files say after it."""

    edit: FileEdit
    agreements: tuple[Agreement, ...]
    header: dict[str, object]  #: what begins the file; empty where it is there
    zone_of_machine: str | None = None  #: the zone that is written, where nobody named one
