"""`tracker show ID` and `tracker explain ID`: one event, and how its days came about."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from tracker.agreements.model import Event
from tracker.cli.options import CallError, Request
from tracker.cli.output import show_json, styled, timeline_of, width
from tracker.i18n.columns import pad, width_of, wrap
from tracker.i18n.event_fields import Field, fields_of
from tracker.i18n.points import title_of
from tracker.i18n.translate import Language, translate
from tracker.timeline.agenda import next_of_each
from tracker.timeline.point_names import (
    check_occurrence,
    event_named,
    key_named,
    point_and_occurrence,
    side_and_name,
)
from tracker.timeline.points import Point, Timeline


def show(request: Request, event_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    timeline = timeline_of(request)
    event, points = found(event_id, timeline)
    if request.as_json:
        from tracker.feeds.json import event_json

        show_json(event_json(event, timeline, request.language))
        return
    agreement = timeline.agreement(event.agreement)
    columns, language = width(), request.language
    title = title_of(event, agreement, language)
    print("\n".join(styled(line, bold=True) for line in wrap(title, columns)))
    print(event.name)
    fields = fields_of(event, points, timeline, language)
    print("\n".join(_laid_out(fields, columns, language)))


def explain(request: Request, event_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    from tracker.i18n.explanation import explanation_lines

    # A tree is as deep as the longest chain of events, and Python's own stack is not used for it.
    sys.setrecursionlimit(1_000_000)
    timeline = timeline_of(request)
    _, points = found(event_id, timeline)
    points = next_of_each(points)
    if request.as_json:
        from tracker.feeds.json import why_json

        show_json([why_json(point, timeline, request.language) for point in points])
        return
    columns = width()
    blocks = []
    for point in points:
        lines = explanation_lines(point, timeline, request.language)
        blocks.append("\n".join(part for line in lines for part in _indented(line, columns)))
    print("\n\n".join(blocks))


def found(name: str, timeline: Timeline) -> tuple[Event, list[Point]]:
    """The event of that id (`x`, `agreement/x`) and its points (of `end of x`, `x@DAY`, that)."""
    named, occurrence = point_and_occurrence(name)
    side, wanted = side_and_name(named)
    event = event_named(wanted, timeline.events)
    points = [point for point in timeline.of(event) if side in (None, point.side)]
    if occurrence is not None:
        key = key_named(event, side, named)
        check_occurrence(name, key, occurrence, timeline)
        points = [point for point in points if point.occurrence == occurrence]
    if side is not None and not points:
        raise CallError("call.no-point", point=name, id=event.id)
    return event, points


def _laid_out(fields: list[Field], columns: int | None, language: Language) -> list[str]:
    """Names in a column, values wrapped behind them; a field without a name heads a block."""
    names = {field.name: translate(language, field.name) for field in fields if field.name}
    margin = max(map(width_of, names.values())) + 2
    room = None if columns is None else columns - margin - 2
    lines = []
    for name, value, _ in fields:
        if not name:
            lines += ["", styled(value, bold=True)] if value else [""]
            continue
        parts = [part for line in value.splitlines() for part in wrap(line, room)]
        head = f"  {pad(names[name], margin)}"
        lines += [head + parts[0], *(f"{' ' * (margin + 2)}{part}" for part in parts[1:])]
    return lines


def _indented(line: str, columns: int | None) -> list[str]:
    """A line wrapped below its own indentation."""
    text = line.lstrip(" ")
    margin = " " * (len(line) - len(text))
    room = None if columns is None else columns - len(margin) - 2
    first, *rest = wrap(text, room)
    return [margin + first, *(f"{margin}  {part}" for part in rest)]
