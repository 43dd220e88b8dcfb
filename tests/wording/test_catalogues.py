"""Every sentence is there in every language, and is said somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import tracker
from tracker.wording.sentences import catalogue

ROOT = Path(tracker.__file__).parent
CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in ROOT.rglob("*")
    if path.suffix in (".py", ".html") and path.name not in ("en.py", "ja.py")
)


def _holes(sentence: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", sentence))


def test_no_sentence_is_missing_in_japanese() -> None:
    english = {name for name in catalogue("en") if not name.endswith(".one")}

    assert english == set(catalogue("ja"))


def test_a_sentence_has_the_same_holes_in_both_languages() -> None:
    optional = {"month", "number"}
    for name, sentence in catalogue("ja").items():
        assert _holes(sentence) - optional <= _holes(catalogue("en")[name]) | optional, name
        if "count" not in _holes(catalogue("en")[name]):
            assert _holes(catalogue("en")[name]) - optional == _holes(sentence) - optional, name


def test_every_sentence_is_said_somewhere() -> None:
    literal = set(re.findall(r"""["']([a-z][\w .-]*)["']""", CODE))
    prefixes = tuple(set(re.findall(r"""f?"([a-z-]+(?:\.[a-z-]+)*\.)\{""", CODE)))
    prefixes += ("countdown.", "ago.")  # "{which}.days" in dates.py
    unused = [
        name
        for name in catalogue("ja")
        if name not in literal
        and not name.startswith(prefixes)
        and not (name.startswith("page.") and name.removeprefix("page.") in literal)
    ]

    assert unused == []


def test_every_fault_that_the_code_makes_has_a_sentence() -> None:
    made = set(re.findall(r"""Fault\(\s*["']([a-z0-9-]+)["']""", CODE))

    assert {f"fault.{case}" for case in made} <= set(catalogue("en"))
