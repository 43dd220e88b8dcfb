"""The keys of an event that `add` and `amend` write, each an option.

Which keys there are, the schema says; what happened is recorded by commands of its own.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, TypeAlias

import typer

from tracker.agreements.model import RECORDED, Agreement
from tracker.cli.options import CallError
from tracker.files.key_model import Key
from tracker.files.keys import EVENT
from tracker.files.record_edits import EventFiles

#: What other commands or arguments write, and what only a file that grew has.
_ELSEWHERE = frozenset(("id", "title", "was", "imported", *RECORDED))
_OF_DAYS = frozenset(
    ("starts", "ends", "lasts", "renews", "repeats", "during", "roll", "calendar", "counting")
)
#: How an option calls what a key of several values holds; it may be given several times.
_SINGULAR = {"parties": "party", "tags": "tag", "reminders": "reminder"}


@cache
def event_key_options() -> list[inspect.Parameter]:
    """An option for each key."""
    return [_option(key) for key in EVENT if key.name not in _ELSEWHERE]


@cache
def line_key_options() -> list[inspect.Parameter]:
    """An option for each key that has to do with which day a line comes to."""
    return [option for option in event_key_options() if option.name in _OF_DAYS]


def _option(key: Key) -> inspect.Parameter:
    several = key.name in _SINGULAR
    name = _SINGULAR.get(key.name, key.name)
    option = typer.Option(f"--{name}", metavar=key.kind.metavar)
    kind: Any = list[str] | None if several else str | None
    return inspect.Parameter(
        key.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind, option]
    )


#: Of a command the keywords that hold those keys.
EventKeys: TypeAlias = Annotated[Any, event_key_options]
LineKeys: TypeAlias = Annotated[Any, line_key_options]


def keys_in_file(keys: Mapping[str, Any]) -> dict[str, object]:
    """The keys that were given, as the file names them."""
    return {name: value for name, value in keys.items() if value not in (None, [])}


def agreement_named(name: str, files: EventFiles, refusal: str) -> Agreement:
    """The agreement of that id; the only one, where the name is empty.

    `refusal` names the sentence that says how to name one of several.
    """
    if not name and len(files.agreements) == 1:
        return files.agreements[0]
    for agreement in files.agreements:
        if agreement.id == name:
            return agreement
    names = ", ".join(agreement.id for agreement in files.agreements)
    if name:
        raise CallError("call.no-agreement", id=name, names=names)
    raise CallError(refusal, names=names)
