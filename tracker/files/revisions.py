"""Events files as they were in a revision of the git repository that they stand in."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tracker.failures.exceptions import reason_of
from tracker.files.reading import MOST_BYTES, UnfitFile, real_path
from tracker.i18n.reasons import Reason

SECONDS = 30


class NoRevision(Exception):
    """There is no such revision, or the file was not in it; `case` says which."""

    def __init__(self, case: str, revision: str, file: str = "", reason: Reason | str = "") -> None:
        super().__init__(case)
        self.case = case
        self.values = {"revision": revision, "file": file, "reason": reason}


def contents_at(revision: str, files: Sequence[Path]) -> list[bytes]:
    """The contents of the files in that revision.

    Raises NoRevision where git, the revision or a file is not there.
    """
    if revision.startswith("-"):
        raise NoRevision("revision.dash", revision)
    return [_content_at(revision, real_path(file)) for file in files]


def _content_at(revision: str, file: Path) -> bytes:
    name = f"{revision}^{{commit}}"
    parsed = _git(file, revision, "rev-parse", "--verify", "--quiet", "--end-of-options", name)
    if parsed.returncode:
        raise NoRevision("revision.unknown", revision, str(file))
    blob = f"{parsed.stdout.decode().strip()}:./{file.name}"
    size = _git(file, revision, "cat-file", "-s", blob)
    shown = None
    if not size.returncode:
        if int(size.stdout) > MOST_BYTES:
            raise UnfitFile(errno.EFBIG, "larger-file", file, megabytes=MOST_BYTES // 1024**2)
        shown = _git(file, revision, "cat-file", "blob", blob)
    if shown is None or shown.returncode:  # what was a folder then is no file either
        raise NoRevision("revision.no-file", revision, file.name)
    return shown.stdout


def _git(file: Path, revision: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Runs git where the file stands; nothing that it prints is taken for its own question."""
    environment = {**os.environ, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
    try:
        return subprocess.run(
            ["git", "--no-pager", "-C", str(file.parent), *arguments],
            capture_output=True,
            env=environment,
            timeout=SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise NoRevision("revision.no-git", revision) from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoRevision("revision.failed", revision, reason=reason_of(error)) from None
