"""`tracker show ID`: all that is known of one event."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.inputs import reader_clock, timeline_of
from tracker.cli.named_points import event_and_points
from tracker.cli.options import Request
from tracker.cli.output import print_json, style, width
from tracker.i18n.columns import pad, width_of, wrap
from tracker.i18n.directions import isolate
from tracker.i18n.event_fields import Field, fields_of
from tracker.i18n.instants import with_own_clock
from tracker.i18n.points import title_of
from tracker.i18n.translate import Language, translate


def command(request: Request, event_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    timeline = timeline_of(request)
    event, points = event_and_points(event_id, timeline)
    if request.as_json:
        from tracker.feeds.json import event_json

        print_json(event_json(event, timeline, request.language))
        return
    agreement = timeline.agreement(event.agreement)
    columns, language = width(), request.language
    title = isolate(title_of(event, agreement, language))
    print("\n".join(style(line, bold=True) for line in wrap(title, columns)))
    print(event.name)
    zone = reader_clock(request, timeline).zone
    fields = [
        field._replace(value=with_own_clock(field.value, language, zone))
        for field in fields_of(event, points, timeline, language)
    ]
    print("\n".join(_lay_out(fields, columns, language)))


def _lay_out(fields: list[Field], columns: int | None, language: Language) -> list[str]:
    """Names in a column, values wrapped behind them; a field without a name heads a block."""
    names = {field.name: translate(language, field.name) for field in fields if field.name}
    margin = max(map(width_of, names.values())) + 2
    room = None if columns is None else columns - margin - 2
    lines = []
    for name, value, _ in fields:
        if not name:
            lines += ["", style(value, bold=True)] if value else [""]
            continue
        parts = [part for line in value.splitlines() for part in wrap(isolate(line), room)]
        head = f"  {pad(names[name], margin)}"
        lines += [head + parts[0], *(f"{' ' * (margin + 2)}{part}" for part in parts[1:])]
    return lines
