"""`tracker doctor`: whether alerts will arrive, and what to do where they would not."""

from __future__ import annotations

import typer

from tracker.cli.inputs import load_config, timeline_of
from tracker.cli.options import CallError, Request
from tracker.cli.output import print_json, style, width
from tracker.i18n.columns import width_of, wrap
from tracker.i18n.translate import translate


def command(request: Request) -> None:
    from tracker.service.doctor import Checkup

    if request.as_of is not None or request.suppose:
        raise CallError("alerts.today")
    timeline = timeline_of(request)
    config = load_config(request, timeline.agreements[0].timezone, sends=True)
    language, columns = request.language, width()
    marks = {name: translate(language, f"doctor.mark.{name}") for name in ("ok", "bad", "note")}
    margin = max(map(width_of, marks.values())) + 2
    findings = []
    for finding in Checkup(config, timeline, language).findings():
        findings.append(finding)
        if request.as_json:
            continue
        mark = marks["bad" if not finding.ok else "note" if finding.note else "ok"]
        space = " " * (margin - width_of(mark))
        room = None if columns is None else columns - margin
        first, *more = wrap(finding.text, room)
        print(f"{style(mark, bold=not finding.ok)}{space}{first}")
        for line in [*more, *(wrap(finding.advice, room) if finding.advice else [])]:
            print(f"{' ' * margin}{line}", flush=True)
    if request.as_json:
        print_json([finding._asdict() for finding in findings])
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)
