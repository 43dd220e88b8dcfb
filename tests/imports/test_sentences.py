"""Whatever an import can tell or ask has a sentence in each language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from tracker import imports
from tracker.i18n.catalogues.en import SENTENCES as ENGLISH
from tracker.imports.foreign import LeftOut
from tracker.imports.sheets.day_readings import Fault

_KINDS = {
    "LeftOut": ("left-out", 1),
    "leave_out": ("left-out", None),
    "Question": ("question", 0),
    "Remark": ("remark", 0),
    "Unreadable": ("unreadable", 0),
}


def _texts(node: ast.expr) -> list[str]:
    """The texts that stand there as they are, also on both sides of an `if`."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp():
            return [*_texts(node.body), *_texts(node.orelse)]
        case _:
            return []


def _named(call: ast.Call) -> list[str]:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            kind, at = _KINDS.get(name, ("", None))
        case _:
            return []
    if not kind:
        return []
    places = [at] if at is not None else [0, 1]  # some know of what they tell
    words = [
        text for place in places for part in call.args[place : place + 1] for text in _texts(part)
    ]
    return [f"import.{kind}.{word}" for word in words]


def _keys() -> Iterator[tuple[list[str], str]]:
    for path in sorted(Path(next(iter(imports.__path__))).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and (keys := _named(node)):
                yield keys, f"{path.name}:{node.lineno}"


def test_each_reason_and_question_has_a_sentence() -> None:
    """Both catalogues have the same keys: tests/i18n holds it."""
    calls = list(_keys())

    assert len(calls) > 100
    assert [where for keys, where in calls if not set(keys) & set(ENGLISH)] == []


def test_each_fault_of_a_day_in_a_sheet_has_a_sentence() -> None:
    asked = {"", "no-year", "project-month"}
    faults = {*get_args(Fault), "other-order"} - asked

    assert {f"import.left-out.day-{fault}" for fault in faults} <= set(ENGLISH)


#: What is left out for these reasons loses no day of what is still to come: an import ends with 0.
BY_RULE = frozenset(
    (
        # it says nothing of when, or it is kept otherwise
        "no-place tag no-link several-languages id-stays people private tentative no-summary no-lead"
        " of-its-program column own-column above-headings seconds seconds-of-time no-time same-time"
        # a part of when, left out by the rules of docs/importing.md
        " beside-due start-of-task end-of-day length-of-each extended known-elsewhere occurrence"
        " older-version"
        # it states no day, or says that there is none
        " no-start no-date row-without-day not-known-yet never-known says-none over-without-day"
        " row-bare"
        # it is over, done, cancelled, or not asked for
        " over month-over done-unknown-day row-done row-cancelled deleted archived hidden-sheet sheet-not-read"
    ).split()
)


def test_of_each_reason_it_is_decided_whether_a_deadline_may_be_missing() -> None:
    reasons = {key.rpartition(".")[2] for key in ENGLISH if key.startswith("import.left-out.")}
    losing = {reason for reason in reasons if LeftOut("x", reason).loses_a_day}

    assert losing & BY_RULE == set()
    assert losing | BY_RULE == reasons - {"other"}
