"""Pages of the docs as a reader has them: blocks with commands, what those print, and files to write."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from tests.shipped import ROOT

DOCS = ROOT / "docs"
_BLOCK = re.compile(r"(?ms)^( *)```(\w+)(?: title=\"([^\"\n]+)\")?\n(.*?)^\1```$")
_COMMAND = re.compile(r"(?m)^\$ (.*)\n((?:(?!\$ ).*\n)*)")


class Block(NamedTuple):
    """One fenced block."""

    language: str
    title: str
    text: str


class Command(NamedTuple):
    """One command of a console block, and what the page says that it prints."""

    line: str
    prints: str


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    return [Block(match[2], match[3] or "", match[4]) for match in _BLOCK.finditer(page)]


def commands(block: str) -> list[Command]:
    """The commands of a console block, each with what stands below it."""
    return [Command(match[1], match[2].rstrip("\n")) for match in _COMMAND.finditer(block)]


def rewritten(page: str, text_of: Callable[[Block], str]) -> str:
    """The page with the text of each block as `text_of` has it."""

    def fenced(match: re.Match[str]) -> str:
        block = Block(match[2], match[3] or "", match[4])
        head, _, _ = match[0].partition("\n")
        return f"{head}\n{text_of(block)}{match[1]}```"

    return _BLOCK.sub(fenced, page)
