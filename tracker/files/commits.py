"""A commit of what was written by a page, where the files lie in a work tree of git."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tracker.files.reading import real_path

#: Seconds that git may take, with the hooks that it runs.
_PATIENCE = 30.0
#: A link's name has no mailbox, which git asks for; nothing is ever delivered there (RFC 2606).
_NO_MAILBOX = "link@tracker.invalid"
_MOST_TOLD = 500


class NotCommitted(Exception):
    """What was written is not in a commit: it says what git said."""


def commit_files(files: Sequence[Path], message: str, author: str) -> None:
    """Commits those files as they are, and nothing else that is staged or changed.

    Raises NotCommitted. The files are as they were then.
    """
    real = [real_path(file) for file in files]
    folder = real[0].parent
    names = [str(file) for file in real]
    _run(folder, "add", "--", *names)
    by = [f"--author={_plain(author)} <{_NO_MAILBOX}>"] if author else []
    _run(folder, "commit", "--quiet", f"--message={message}", *by, "--only", "--", *names)


def _plain(name: str) -> str:
    """A name as git takes it: what ends it there is left out."""
    return "".join(sign for sign in name if sign not in "<>\n").strip() or "link"


def _run(folder: Path, *words: str) -> None:
    # Whoever serves has nobody to ask for a password; literal paths have no magic signs.
    asked = {"GIT_TERMINAL_PROMPT": "0", "GIT_LITERAL_PATHSPECS": "1", "GIT_EDITOR": "true"}
    environment = {**os.environ, **asked}
    try:
        done = subprocess.run(
            ["git", *words],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise NotCommitted(str(error)) from None
    if done.returncode:
        told = (done.stderr or done.stdout).decode(errors="replace").strip()
        raise NotCommitted(told[:_MOST_TOLD])
