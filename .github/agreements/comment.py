# ruff: noqa: INP001 -- a script, which no other file imports
"""Shows Markdown in the summary of the job and as the one comment on the pull request.

A token that may not write, as that of a pull request from a fork, fails nothing: the summary has
it all the same.
"""

from __future__ import annotations

import json
import os
import sys
import urllib.request
from hashlib import sha256
from http.client import HTTPException
from pathlib import Path
from typing import Any

# Nobody sees it; by it the comment is known again. Each call of the workflow has files of its own.
FILES = os.environ.get("TRACKER_FILE", "events.toml")
OF_FILES = "" if FILES == "events.toml" else f" of {sha256(FILES.encode()).hexdigest()[:16]}"
MARKER = f"<!-- tracker: what this does to the timeline{OF_FILES} -->"
AUTHOR = "github-actions[bot]"  # others may write the marker too, and their comments stay theirs
MOST_UNITS = 65_000  # GitHub takes 65,536 characters; counted in UTF-16, which never counts fewer
MOST_BYTES = 1_000_000  # of the summary GitHub takes 1 MiB
PAGE = 100


def main(markdown: Path) -> None:
    text = markdown.read_text(encoding="utf-8")
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(shorten(text, MOST_BYTES, "utf-8"))
    try:
        comment(f"{MARKER}\n{shorten(text, MOST_UNITS * 2, 'utf-16-le')}")
    except (OSError, ValueError, HTTPException) as error:
        # On one line: none of the answer becomes a command to GitHub.
        reason = " ".join(str(error).split())
        print(f"::notice::There is no comment ({reason}); the summary of this job has its text.")


def shorten(text: str, most: int, encoding: str) -> str:
    """The first lines of the text that take at most so many bytes, and how many are left out."""
    if len(text.encode(encoding)) <= most:
        return text
    lines = text.splitlines(keepends=True)
    kept, taken = 0, 500  # for the sentence
    while (taken := taken + len(lines[kept].encode(encoding))) <= most:
        kept += 1
    left_out = len(lines) - kept
    rest = f"\nThis is not all: `tracker changes` has {left_out} more lines, left out here.\n"
    return "".join(lines[:kept]) + rest


def comment(body: str) -> None:
    """Writes the comment, or what is now to be said into the one that is there."""
    comments = f"/repos/{os.environ['GITHUB_REPOSITORY']}/issues"
    ours = None
    page = 1
    while ours is None:
        listed = ask(
            "GET",
            f"{comments}/{int(os.environ['PULL_REQUEST'])}/comments?per_page={PAGE}&page={page}",
        )
        ours = next((comment for comment in listed if is_ours(comment)), None)
        page += 1
        if len(listed) < PAGE:
            break
    if ours is None:
        ask("POST", f"{comments}/{int(os.environ['PULL_REQUEST'])}/comments", {"body": body})
    elif ours["body"].replace("\r\n", "\n").rstrip() != body.rstrip():
        ask("PATCH", f"{comments}/comments/{int(ours['id'])}", {"body": body})


def is_ours(comment: dict[str, Any]) -> bool:
    is_by_us = (comment.get("user") or {}).get("login") == AUTHOR
    return is_by_us and (comment.get("body") or "").startswith(MARKER)


def ask(method: str, path: str, content: object = None) -> Any:
    """What GitHub answers; raises OSError where it refuses or cannot be reached."""
    request = urllib.request.Request(  # noqa: S310 -- the address is GitHub's, by its own variable
        os.environ["GITHUB_API_URL"] + path,
        data=None if content is None else json.dumps(content).encode(),
        method=method,
        headers={
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}",
            "Content-Type": "application/json",
            "X-GitHub-Api-Version": "2022-11-28",
        },
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.load(answer)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
