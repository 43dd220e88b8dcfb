"""Each file, and each part of one, that the docs show is one that tracker takes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.end_to_end.pages import DOCS, Block, blocks
from tests.shipped import ROOT
from tracker.config import read_config
from tracker.config.recipients import Defaults
from tracker.files.loading import load
from tracker.files.problems import FileErrors

SHOWN = [
    pytest.param(block, id=f"{path.name}-{number}")
    for path in [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
    for number, block in enumerate(blocks(path.read_text(encoding="utf-8")))
    if block.language == "toml" and "[language-server." not in block.text  # Helix's own
]
_SETTINGS = {"database", "smtp", "web", "recipient"}
_OF_AN_EVENT = {"imported", "repeats", "quote"}
#: A part may name what stands elsewhere.
_ELSEWHERE = {"no-agreement", "unknown-agreement", "unknown-ref"}


@pytest.mark.parametrize("block", SHOWN)
def test_a_file_that_the_docs_show_is_taken(block: Block, tmp_path: Path) -> None:
    stated = tomllib.loads(block.text)
    file = tmp_path / "events.toml"
    head = {} if "id" in stated or "amendment" in stated else {"id": "x", "timezone": "UTC"}
    missing = "".join(f'{key} = "{value}"\n' for key, value in head.items() if key not in stated)
    if _OF_AN_EVENT & set(stated):
        missing += '[[event]]\nid = "y"\ntitle = "t"\nwhen = "open"\n'
    file.write_text(block.text if _SETTINGS & set(stated) else missing + block.text, "utf-8")

    problems = []
    try:
        if _SETTINGS & set(stated):
            read_config(file, [], Defaults("UTC", "en"), sends=False)
        else:
            load([file])
    except FileErrors as errors:
        problems = [problem.diagnostic for problem in errors.problems]

    assert [problem for problem in problems if problem.case not in _ELSEWHERE] == []


def test_the_lines_that_documents_are_turned_into_are_taken(tmp_path: Path) -> None:
    page = (DOCS / "words.md").read_text(encoding="utf-8")
    table = page.partition("## What documents say, and what to write\n")[2].partition("\n## ")[0]
    lines = re.findall(r"(?m)^\| .+ \| `(.+)` \|$", table)
    events = {"delivery": 'when = "open"', "notice": 'when = "not after 2029-12-31"'} | {
        f"line-{number}": f'when = "{line}"' for number, line in enumerate(lines)
    }
    stated = 'id = "x"\ntimezone = "UTC"\ncalendar = "BE"\n[[event]]\nid = "lease"\ntitle = "t"\n'
    stated += 'starts = 2027-01-01\nlasts = "1 year"\nrenews = "1 year"\n'
    for id_, line in events.items():
        stated += f'[[event]]\nid = "{id_}"\ntitle = "t"\n{line}\n'
    file = tmp_path / "events.toml"
    file.write_text(stated, encoding="utf-8")

    (agreement,) = load([file])

    assert len(lines) > 12
    assert len(agreement.events) == 3 + len(lines)
