"""Events files as they were in a revision of the git repository that they stand in."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from tracker.failures.exceptions import reason_of
from tracker.files.folders import is_events_name
from tracker.files.reading import MOST_BYTES, UnfitFile, real_path
from tracker.i18n.reasons import Reason

SECONDS = 30


class NoRevision(Exception):
    """There is no such revision, or nothing of the files in it; `case` says which."""

    def __init__(self, case: str, revision: str, file: str = "", reason: Reason | str = "") -> None:
        super().__init__(case)
        self.case = case
        self.values = {"revision": revision, "file": file, "reason": reason}


def contents_at(revision: str, paths: Sequence[Path]) -> list[tuple[Path, bytes]]:
    """The files of those paths in that revision, of a folder each, with their contents.

    What was not there yet, or not any more, is left out. Raises NoRevision where git or the
    revision is not there.
    """
    if revision.startswith("-"):
        raise NoRevision("revision.dash", revision)
    return [content for path in paths for content in _contents_of(revision, path)]


def _contents_of(revision: str, path: Path) -> Iterator[tuple[Path, bytes]]:
    real = real_path(path)
    folder = real if real.is_dir() else real.parent
    parsed = _git(folder, revision, "rev-parse", "--verify", "--quiet", "--end-of-options",
                  f"{revision}^{{commit}}")  # fmt: skip
    if parsed.returncode:
        raise NoRevision("revision.unknown", revision, str(path))
    commit = parsed.stdout.decode().strip()
    if folder != real:
        names = [real.name]
    else:
        listed = _git(folder, revision, "ls-tree", "-z", "--name-only", commit)
        names = sorted(os.fsdecode(name) for name in listed.stdout.split(b"\0"))
        names = [name for name in names if is_events_name(name)]
    for name in names:
        if (content := _content_at(revision, folder, f"{commit}:./{name}", path)) is not None:
            yield (path / name if folder == real else path), content


def _content_at(revision: str, folder: Path, blob: str, file: Path) -> bytes | None:
    """The content of that blob; None where there is none, or a folder."""
    size = _git(folder, revision, "cat-file", "-s", blob)
    if size.returncode:
        return None
    if int(size.stdout) > MOST_BYTES:
        raise UnfitFile(errno.EFBIG, "larger-file", file, megabytes=MOST_BYTES // 1024**2)
    shown = _git(folder, revision, "cat-file", "blob", blob)
    return None if shown.returncode else shown.stdout


def _git(folder: Path, revision: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Runs git in that folder; nothing that it prints is taken for its own question."""
    environment = {**os.environ, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
    try:
        return subprocess.run(
            ["git", "--no-pager", "-C", str(folder), *arguments],
            capture_output=True,
            env=environment,
            timeout=SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise NoRevision("revision.no-git", revision) from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoRevision("revision.failed", revision, reason=reason_of(error)) from None
