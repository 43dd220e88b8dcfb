"""The keys of an event that `add` and `amend` write, each an option."""

from __future__ import annotations

from typing import Annotated, TypeAlias, TypedDict

import typer

from tracker.agreements.model import Agreement
from tracker.cli.options import CallError
from tracker.files.record_edits import EventFiles

Line: TypeAlias = Annotated[str | None, typer.Option(metavar="LINE")]
Length: TypeAlias = Annotated[str | None, typer.Option(metavar="LENGTH")]
Text: TypeAlias = Annotated[str | None, typer.Option(metavar="TEXT")]
Name: TypeAlias = Annotated[str | None, typer.Option(metavar="NAME")]
Names: TypeAlias = Annotated[list[str] | None, typer.Option(metavar="NAME")]


class EventKeys(TypedDict, total=False):
    """An option for each key; of the last three one for each of several names."""

    when: Line
    starts: Line
    ends: Line
    lasts: Length
    renews: Length
    repeats: Length
    during: Annotated[str | None, typer.Option(metavar="ID")]
    roll: Annotated[str | None, typer.Option(metavar="WAY")]
    calendar: Name
    source: Name
    quote: Text
    note: Text
    url: Annotated[str | None, typer.Option(metavar="URL")]
    party: Names
    tag: Names
    reminder: Names


def keys_in_file(keys: EventKeys) -> dict[str, object]:
    """The keys that were given, as the file names them."""
    plural = {"party": "parties", "tag": "tags", "reminder": "reminders"}
    return {plural.get(name, name): value for name, value in keys.items() if value}


def agreement_named(name: str | None, files: EventFiles) -> Agreement:
    """The agreement of that id; the only one, where none is named."""
    agreements = [agreement for agreement in files.agreements if name in (None, agreement.id)]
    if len(agreements) != 1:
        names = ", ".join(agreement.id for agreement in files.agreements)
        raise CallError("call.which-agreement", names=names)
    return agreements[0]
