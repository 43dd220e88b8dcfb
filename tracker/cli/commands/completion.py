"""`tracker completion SHELL`: the script by which a shell completes commands, ids and options."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from tracker.cli.completion.scripts import SCRIPTS
from tracker.cli.options import CallError, Request
from tracker.i18n.translate import translate


def command(
    request: Request,
    shell: Annotated[str, typer.Argument(metavar="|".join(SCRIPTS), show_default=False)],
) -> None:
    if shell not in SCRIPTS:
        raise CallError("call.shell", shell=shell, shells=", ".join(SCRIPTS))
    script, install = SCRIPTS[shell]
    print(script, end="")
    if sys.stdout.isatty():
        sentence = translate(request.language, "completion.install", command=install)
        print(f"# {sentence}", file=sys.stderr)
