"""`tracker merge`: a merge driver of git, for events files to whose end two people added."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.inputs import unreadable, unwritable
from tracker.cli.options import CallError, Request
from tracker.i18n.translate import translate


def command(
    request: Request,
    base: Annotated[Path, typer.Argument(metavar="BASE", show_default=False)],
    ours: Annotated[Path, typer.Argument(metavar="OURS", show_default=False)],
    theirs: Annotated[Path, typer.Argument(metavar="THEIRS", show_default=False)],
) -> None:
    from tracker.files.merging import NoMerge, merge
    from tracker.files.reading import read_file

    try:
        merged = merge(read_file(base), read_file(ours), read_file(theirs))
    except NoMerge as failure:
        raise CallError("call.merge", reason=failure.reason) from None
    except OSError as error:
        raise unreadable(error) from None
    try:
        ours.write_bytes(merged.content)
    except OSError as error:
        raise unwritable(ours, error) from None
    if not merged.is_whole:
        print(translate(request.language, "merge.conflict", file=str(ours)), file=sys.stderr)
        raise typer.Exit(1)
