"""`tracker alerts`: what will go out and what went, a sample, and answers to alerts."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from tracker.cli.inputs import load_config, timeline_of
from tracker.cli.named_points import next_point_named
from tracker.cli.options import CallError, Request, read_day
from tracker.cli.output import print_json, width
from tracker.i18n.columns import cut, pad, width_of
from tracker.i18n.dates import long_day
from tracker.i18n.points import name_of
from tracker.i18n.translate import Language, comma_list, translate

if TYPE_CHECKING:
    from tracker.config import Config
    from tracker.service.alert_log import LoggedAlert
    from tracker.store.database import Database
    from tracker.timeline.points import Point, Timeline

ACTIONS = ("list", "test", "ack", "snooze", "retry")


def command(  # noqa: PLR0917 - each action has its own words
    request: Request,
    action: Annotated[str, typer.Argument(metavar="|".join(ACTIONS), show_default=False)],
    what: Annotated[str | None, typer.Argument(metavar="[WHAT]", show_default=False)] = None,
    until: Annotated[str | None, typer.Argument(metavar="[DAY]", show_default=False)] = None,
    days: Annotated[int | None, typer.Option("--days", metavar="N", min=1, max=3660)] = None,
    recipient: Annotated[str | None, typer.Option("--recipient", metavar="NAME")] = None,
    undo: Annotated[bool, typer.Option("--undo")] = False,
) -> None:
    from tracker.store.database import Database, LedgerError

    if action not in ACTIONS:
        raise CallError("query.value", parameter="alerts", allowed=" | ".join(ACTIONS))
    if request.as_of is not None or request.suppose:
        raise CallError("alerts.today")
    _check_call(action, what, until, (days is not None, recipient is not None, undo))
    timeline = timeline_of(request)
    config = load_config(request, timeline.agreements[0].timezone, sends=action == "test")
    name = what if action == "test" else recipient
    if name is not None and name not in [one.name for one in config.recipients]:
        names = comma_list((one.name for one in config.recipients), request.language)
        raise CallError("alerts.no-recipient", recipient=name, names=names)
    try:
        database = Database(config.database)
        if action == "list":
            _list(request, _Means(config, database, timeline), days or 30, recipient)
        elif action == "test":
            _test(request, _Means(config, database, timeline), str(what))
        elif action == "retry":
            _retry(request, database, what)
        else:
            answer = _Answer(str(what), until if action == "snooze" else None, recipient, undo)
            _answer(request, _Means(config, database, timeline), answer)
    except LedgerError as error:
        raise CallError(error.name, **error.values) from None


class _Means(NamedTuple):
    """What the actions work with."""

    config: Config
    database: Database
    timeline: Timeline


class _Answer(NamedTuple):
    """What is answered, to whom."""

    point: str
    until: str | None
    recipient: str | None
    undo: bool


def _check_call(
    action: str, what: str | None, until: str | None, given: tuple[bool, bool, bool]
) -> None:
    days, recipient, undo = given
    answers = action in ("ack", "snooze")
    if action in ("test", "ack", "snooze") and what is None:
        raise CallError("call.missing", option="RECIPIENT" if action == "test" else "POINT")
    if action == "snooze" and until is None and not undo:
        raise CallError("call.missing", option="DAY")
    unexpected = (
        (action == "list" and what is not None)
        or (until is not None and action != "snooze")
        or (days and action != "list")
        or (recipient and action in ("test", "retry"))
        or (undo and not answers)
    )
    if unexpected:
        raise CallError("call.unexpected")


# -- what will go out, and what went


def _list(request: Request, means: _Means, days: int, recipient: str | None) -> None:
    from tracker import clock
    from tracker.service.alert_log import AlertLog

    found = AlertLog(means.config, means.database, means.timeline, request.language)
    now = clock.now()
    went = [one for one in found.past(now, days) if recipient in (None, one.recipient)]
    will = [one for one in found.upcoming(now, days) if recipient in (None, one.recipient)]
    if request.as_json:
        print_json([one.json() for one in (*went, *will)])
        return
    language, columns = request.language, width()
    for name, rows in (("alerts.went", went), ("alerts.will", will)):
        print(translate(language, name if rows else name + ".none", count=days))
        print("\n".join(_table(rows, columns, language)), end="\n" if rows else "")


def _table(rows: list[LoggedAlert], columns: int | None, language: Language) -> list[str]:
    """One line a sending: when, to whom, what has become of it, what it says."""
    if not rows:
        return []
    widest = max(width_of(one.recipient) for one in rows)
    states = [translate(language, f"alerts.status.{one.status}") for one in rows]
    state_width = max(map(width_of, states))
    lines = []
    for one, state in zip(rows, states, strict=True):
        when = f"{one.when:%Y-%m-%d %H:%M}"
        head = f"  {when}  {pad(one.recipient, widest)}  {pad(state, state_width)}  "
        text = f"{one.text} [{one.what}]" if one.what else one.text
        line = head + text
        lines.append(line if columns is None else cut(line, columns))
        if one.error:
            note = f"      {', '.join(one.channels)}: {one.error}"
            lines.append(note if columns is None else cut(note, columns))
    return lines


# -- a sample


def _test(request: Request, means: _Means, recipient: str) -> None:
    from tracker.service.sample_alert import send_sample

    bad = False
    for channel, error in send_sample(means.config, means.timeline, recipient):
        bad = bad or error is not None
        name = "alerts.test.sent" if error is None else "alerts.test.failed"
        text = translate(request.language, name, channel=channel, reason=error or "")
        print(text, file=sys.stderr, flush=True)
    if bad:
        raise typer.Exit(1)


def _retry(request: Request, database: Database, message: str | None) -> None:
    from tracker.store.outbox import Outbox

    outbox = Outbox(database)
    try:
        count = outbox.retry(message)
    finally:
        outbox.close()
    name = "alerts.retried" if count else "alerts.retried.none"
    print(translate(request.language, name, count=count), file=sys.stderr)


# -- answers


def _answer(request: Request, means: _Means, answer: _Answer) -> None:
    from tracker import clock
    from tracker.reminders.acknowledgements import Acknowledgement, acknowledgement_key
    from tracker.store.acknowledgements import Acknowledgements

    language, now = request.language, clock.now()
    point = next_point_named(answer.point, means.timeline)
    answers = Acknowledgements(means.database)
    who = answer.recipient or ""
    named = {"point": name_of(point), "recipient": who}
    if answer.undo:
        if not answers.remove(acknowledgement_key(point, who)):
            raise CallError("alerts.not-answered", **named)
        print(translate(language, "alerts.taken-back", **named), file=sys.stderr)
        return
    until = None
    if answer.until is not None:
        until = _until(answer.until, point, clock.today(means.timeline.agreements[0].timezone))
    answers.save([Acknowledgement(acknowledgement_key(point, who), now, until)])
    one = ".one-recipient" if who else ""
    day = long_day(until, language) if until is not None else ""
    name = "alerts.acknowledged" if until is None else "alerts.snoozed"
    print(translate(language, name + one, day=day, **named), file=sys.stderr)


def _until(text: str, point: Point, today: date) -> date:
    """The day until which a point is snoozed: a day, or so long from today."""
    from tracker.dates.diagnostics import LineError
    from tracker.dates.instants import day_in
    from tracker.dates.parser import parse_duration
    from tracker.reminders.due import last_moment

    try:
        duration = parse_duration(text)
        until = duration.after(today)
    except (LineError, OverflowError):
        until = read_day(text)
    if until <= today:
        raise CallError("alerts.snooze.past", day=until)
    moment = last_moment(point)
    last = today if moment is None else day_in(moment, point.zone)
    if until > last:
        raise CallError("alerts.snooze.late", day=until, point=name_of(point), last=last)
    return until
