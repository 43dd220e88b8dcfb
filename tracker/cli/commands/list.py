"""`tracker list`: every point on a line of its own."""

from __future__ import annotations

import sys

from tracker.cli.inputs import reader_clock, timeline_of
from tracker.cli.options import Everything, Request
from tracker.cli.output import print_json, width
from tracker.dates.instants import Instant, Moment, is_aoe_day, local_day, zone_of
from tracker.i18n.columns import cut, pad, width_of
from tracker.i18n.directions import isolate
from tracker.i18n.estimates import estimated_text
from tracker.i18n.instants import differs_in, doubled_offset
from tracker.i18n.points import is_some_day, name_of, status_text, title_of
from tracker.i18n.translate import Language, translate
from tracker.timeline.agenda import in_list_order
from tracker.timeline.points import Point, Timeline

#: The columns that are kept for titles on a screen.
_LEAST_TITLE = 12


def command(request: Request, everything: Everything = False) -> None:
    timeline = timeline_of(request)
    if request.as_json:
        from tracker.feeds.json import points_json

        points = in_list_order(timeline, everything)
        print_json(points_json(points, timeline, request.language))
        return
    zone = reader_clock(request, timeline).zone
    points = in_list_order(timeline, everything, zone)
    if not points:
        name = "list.none" if everything else "list.nothing-ahead"
        print(translate(request.language, name), file=sys.stderr)
        return
    days = [_days(point, zone) for point in points]
    print("\n".join(_table(points, days, timeline, request.language)))


def _table(
    points: list[Point], days: list[str], timeline: Timeline, language: Language
) -> list[str]:
    """One line a point: day, status, name, title. Only the title is cut, and only on a screen.

    Behind the title of what an estimated holiday alone can move: that it can.
    """
    agreements = {agreement.id: agreement for agreement in timeline.agreements}
    several = len(agreements) > 1
    kinds = {(point.status, point.has_lapsed): point for point in points}
    statuses = {kind: status_text(point, language) for kind, point in kinds.items()}
    widest = max(map(width_of, statuses.values()))
    filled_statuses = {kind: pad(text, widest) for kind, text in statuses.items()}
    names = [name_of(point, several) for point in points]
    room = max(map(len, names))
    columns = width()
    wide = max(map(len, days))
    if columns is not None:  # a name that is longer than most pushes its own title alone
        room = min(room, max(columns - wide - widest - _LEAST_TITLE - 6, 8))
    lines = []
    for point, name, day in zip(points, names, days, strict=True):
        agreement = agreements[point.event.agreement]
        if point.status == "option":
            from tracker.i18n.headings import list_heading  # few files have options

            title = list_heading(point, agreement, language)
        else:
            title = title_of(point.event, agreement, language)
        status = filled_statuses[point.status, point.has_lapsed]
        head = f"{day:{wide}}  {status}  {name:{room}}  "
        reason = f"  {estimated_text(point, language)}" if _is_only_estimated(point) else ""
        if columns is not None:
            left = columns - width_of(head)
            title, reason = _fitting(title, left), _fitting(reason, left - width_of(title))
        lines.append((head + isolate(title) + reason).rstrip())
    return lines


def _is_only_estimated(point: Point) -> bool:
    """Whether nothing else can move it, or keep it from coming."""
    may_come = point.latest is not None or point.status == "option"
    return bool(point.estimates) and not point.waits_for and may_come


def _fitting(text: str, room: int) -> str:
    """The text, cut where there is no room for it on the screen."""
    return cut(text, room) if room > 1 else ""


def _days(point: Point, zone: str) -> str:
    """The day that it counts to, as files write it; of a forecast its first and its last.

    Behind an instant the day and time of who reads it in that zone, where they differ.
    """
    stands = point.bounds.stands
    if stands is not None and stands.earliest != stands.latest and is_some_day(point):
        return f"{_written_for(stands.earliest, zone)}..{_written_for(stands.latest, zone)}"
    moment = point.counts_to
    return "-" if moment is None else _written_for(moment, zone)


def _written_for(moment: Moment, zone: str) -> str:
    if not isinstance(moment, Instant) or not differs_in(moment, zone):
        return _written(moment)
    own = moment.utc.astimezone(zone_of(zone))
    is_same_day = own.date() == moment.local.date()
    text = f"{_written(moment)} = {own:{'%H:%M' if is_same_day else '%Y-%m-%d %H:%M'}}"
    offset = doubled_offset(own)
    return f"{text} {offset}" if offset else text


def _written(moment: Moment) -> str:
    if isinstance(moment, Instant) and is_aoe_day(moment):
        return f"{local_day(moment)} AoE"
    return str(moment)
