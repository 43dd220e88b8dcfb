"""`tracker schema`: the JSON Schemas of both files, for editors, and of what `check` finds."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.options import CallError, Request
from tracker.cli.output import print_json


def command(
    request: Request,
    which: Annotated[str, typer.Argument(metavar="events|tracker|problems")] = "events",
) -> None:
    if which == "events":
        from tracker.files.toml_schema import events_schema

        print_json(events_schema(request.language))
    elif which == "tracker":
        from tracker.config.settings_schema import settings_schema

        print_json(settings_schema(request.language))
    elif which == "problems":
        from tracker.files.problem_schema import PROBLEMS_SCHEMA

        print_json(PROBLEMS_SCHEMA)
    else:
        raise CallError("call.schema", which=which)
