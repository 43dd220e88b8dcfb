"""Two versions of an events file merged: what both sides added at one place is kept, each whole."""

from __future__ import annotations

import re
import subprocess
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tracker.failures.exceptions import reason_of
from tracker.i18n.reasons import Reason

SECONDS = 30


class NoMerge(Exception):
    """git is not there, or cannot merge these files, as it says in its own words."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.text("en"))
        self.reason = reason


class Merge(NamedTuple):
    """What a merge came to."""

    content: bytes
    is_whole: bool  #: whether nothing is left to decide


def merge(base: bytes, ours: bytes, theirs: bytes) -> Merge:
    """Both changes of the file; what both added at one place is ours and then theirs.

    That is done only where the merged file states exactly what both sides state. Else it is what
    `git merge-file` makes of it, with its marks of conflicts. Raises NoMerge.
    """
    versions = [_ended(version) for version in (base, ours, theirs)]
    size = 7
    while any(mark * size in version for version in versions for mark in (b"<", b"|", b"=", b">")):
        size += 1
    marked, _ = _merge_file(versions, "--diff3", f"--marker-size={size}")
    joined = _join_additions(marked, size)
    stated = [_stated(version) for version in (*versions, joined)]
    if stated[3] is not None and stated[3] == _expected(stated[:3]):
        return Merge(joined, is_whole=True)
    merged, conflicts = _merge_file(versions)
    # Lines that git merges without a conflict can give an event the day of another, or an id twice.
    is_sound = None in stated[:3] or _stated(merged) == _expected(stated[:3]) is not None
    return Merge(merged, is_whole=not conflicts and is_sound)


def _ended(content: bytes) -> bytes:
    """That text with an end of its last line, as the others have it."""
    if not content or content.endswith(b"\n"):
        return content
    return content + (b"\r\n" if b"\r\n" in content else b"\n")


def _merge_file(versions: Sequence[bytes], *options: str) -> tuple[bytes, int]:
    """What git makes of them, and how many conflicts are in it."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in ("base", "ours", "theirs")]
        for file, version in zip(files, versions, strict=True):
            file.write_bytes(version)
        base, ours, theirs = map(str, files)
        labels = ("-L", "ours", "-L", "base", "-L", "theirs")
        command = ["git", "merge-file", "-p", "-q", *options, *labels, ours, base, theirs]
        try:
            run = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NoMerge(_reason_without_git(error)) from None
    if not 0 <= run.returncode <= 127:  # more than that is no count of conflicts
        raise NoMerge(Reason("", run.stderr.decode(errors="replace").strip()))
    return run.stdout, run.returncode


def _reason_without_git(error: OSError | subprocess.TimeoutExpired) -> Reason:
    if isinstance(error, FileNotFoundError):
        return Reason("command-missing", values=(("program", "git"),))
    return reason_of(error)


def _join_additions(marked: bytes, size: int) -> bytes:
    """The merge in which each conflict of two additions is the one behind the other."""
    marks = [re.escape(mark * size) + name + rb"\r?\n" for mark, name in (
        (b"<", b" ours"), (b"|", b" base"), (b"=", b""), (b">", b" theirs"))]  # fmt: skip
    conflict = rb"^%b((?:.*\n)*?)%b%b((?:.*\n)*?)%b" % tuple(marks)
    return re.sub(conflict, rb"\1\2", marked, flags=re.MULTILINE)


def _stated(content: bytes) -> dict[str, str] | None:
    """All that a file states, by id and key; None where it is no TOML or names an id twice."""
    try:
        pairs = list(_pairs(tomllib.loads(content.decode("utf-8-sig").replace("\r\n", "\n"))))
    except (ValueError, RecursionError):
        return None
    return dict(pairs) if len(dict(pairs)) == len(pairs) else None


def _pairs(tables: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in tables.items():
        if isinstance(value, list):
            for entry in value:
                if isinstance(entry, dict) and (name := entry.get("id")) is not None:
                    for field, content in entry.items():
                        yield repr((key, name, field)), repr(content)
                else:
                    yield repr((key, entry)), ""
        else:
            yield repr(key), repr(value)


def _expected(stated: Sequence[dict[str, str] | None]) -> dict[str, str] | None:
    """What both sides together state; None where they contradict each other."""
    base, ours, theirs = stated
    if base is None or ours is None or theirs is None:
        return None
    together = {}
    for key in {**base, **ours, **theirs}:
        values = [version.get(key) for version in (base, ours, theirs)]
        if values[1] != values[2] and values[0] not in values[1:]:
            return None
        value = values[2] if values[1] == values[0] else values[1]
        if value is not None:
            together[key] = value
    return together
