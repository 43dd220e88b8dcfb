"""`tracker alerts`: what will go out and what went, a sample, acknowledgements, a new try."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.inputs import load_config, timeline_of, today_of
from tracker.cli.ledger import open_ledger
from tracker.cli.named_points import next_point_named
from tracker.cli.options import CallError, Request, read_day
from tracker.cli.output import print_json, width
from tracker.i18n.columns import cut, pad, width_of
from tracker.i18n.dates import long_day
from tracker.i18n.directions import isolate
from tracker.i18n.points import name_of
from tracker.i18n.translate import Language, comma_list, translate

if TYPE_CHECKING:
    from tracker.config import Config
    from tracker.reminders.acknowledgements import AcknowledgementKey
    from tracker.service.alert_log import AlertLog, LoggedAlert
    from tracker.store.acknowledgements import Acknowledgements
    from tracker.store.database import Database
    from tracker.timeline.points import Point, Timeline

ACTIONS = ("list", "test", "ack", "snooze", "retry", "drop")


def command(  # noqa: PLR0917 - each action has its own words
    request: Request,
    action: Annotated[str, typer.Argument(metavar="|".join(ACTIONS), show_default=False)],
    what: Annotated[str | None, typer.Argument(metavar="[WHAT]", show_default=False)] = None,
    until: Annotated[str | None, typer.Argument(metavar="[DAY]", show_default=False)] = None,
    days: Annotated[int | None, typer.Option("--days", metavar="N", min=1, max=3660)] = None,
    recipient: Annotated[str | None, typer.Option("--recipient", metavar="NAME")] = None,
    undo: Annotated[bool, typer.Option("--undo")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y")] = False,
) -> None:
    from tracker.reminders.acknowledgements import acknowledgement_key
    from tracker.service.alert_log import AlertLog
    from tracker.store.acknowledgements import Acknowledgements
    from tracker.store.database import LedgerError

    if action not in ACTIONS:
        raise CallError("query.value", parameter="alerts", allowed=" | ".join(ACTIONS))
    if request.as_of is not None or request.suppose:
        raise CallError("alerts.today")
    given = {"days": days is not None, "recipient": recipient is not None, "undo": undo, "yes": yes}
    _check_call(action, what, until, {name for name, is_given in given.items() if is_given})
    timeline = timeline_of(request)
    config = load_config(
        request,
        timeline.agreements[0].timezone,
        sends=action == "test",
        readdresses=action in ("retry", "drop"),  # a shell can lack variables that the service has
    )
    name = what if action == "test" else recipient
    if action in ("list", "drop"):  # of whom tracker.toml names no more as well
        name = None
    people = config.everybody if action == "test" else config.recipients
    if name is not None and name not in (recipients := [each.name for each in people]):
        names = comma_list(recipients, request.language)
        raise CallError("alerts.no-recipient", recipient=name, names=names)
    answered = day = None  # which point is looked up before a ledger is begun for it
    if action in ("ack", "snooze"):
        answered = next_point_named(str(what), timeline)
        is_snoozed = action == "snooze" and not undo
        day = _snooze_day(str(until), answered, timeline) if is_snoozed else None
    try:
        writes = action in ("ack", "snooze", "test") and not undo
        with closing(open_ledger(config.database, request.language, writes=writes)) as database:
            if action == "list":
                log = AlertLog(config, database, timeline, request.language)
                _list(request, config, log, days or 30, recipient)
            elif action == "test":
                _test(request, config, database, timeline, str(what))
            elif action == "retry":
                _retry(request, config, database, timeline, what)
            elif action == "drop":
                _drop(request, config, database, timeline, str(recipient), yes)
            elif answered is not None:
                several = len(timeline.agreements) > 1
                key = acknowledgement_key(answered, recipient or "")
                acknowledgements = Acknowledgements(database)
                if undo:
                    _take_back(request, acknowledgements, key, answered, several)
                else:
                    _acknowledge(request, acknowledgements, key, answered, day, several)
    except LedgerError as error:
        raise CallError(error.name, **error.values) from None


#: Which actions take which options.
_OPTIONS = {
    "days": ("list",),
    "recipient": ("list", "ack", "snooze", "drop"),
    "undo": ("ack", "snooze"),
    "yes": ("drop",),
}


def _check_call(action: str, what: str | None, until: str | None, options: set[str]) -> None:
    """Refuses a call that lacks a word of its action, or has one of another."""
    if what is None and action in ("ack", "snooze", "test"):
        word = "RECIPIENT" if action == "test" else "POINT"
        usage = f"tracker alerts {action} {word}" + (" DAY" if action == "snooze" else "")
        raise CallError("call.missing", option=word, usage=usage)
    if action == "snooze" and until is None and "undo" not in options:
        raise CallError("call.missing", option="DAY", usage="tracker alerts snooze POINT DAY")
    if action == "drop" and "recipient" not in options:
        usage = "tracker alerts drop --recipient NAME"
        raise CallError("call.missing", option="--recipient", usage=usage)
    unexpected = (
        (action in ("list", "drop") and what is not None)
        or (until is not None and action != "snooze")
        or any(action not in _OPTIONS[option] for option in options)
    )
    if unexpected:
        raise CallError("call.unexpected")


# -- what will go out, and what went


def _list(
    request: Request, config: Config, log: AlertLog, days: int, recipient: str | None
) -> None:
    from tracker import clock
    from tracker.service.alert_log import with_messages

    now = clock.now()
    past = [*log.past(now, days), *log.overdue(now)]
    past = [alert for alert in past if recipient in (None, alert.recipient)]
    ahead = [alert for alert in log.upcoming(now, days) if recipient in (None, alert.recipient)]
    names = [known.name for known in config.recipients]
    if recipient is not None and recipient not in names and not past:
        listed = comma_list(names, request.language)
        raise CallError("alerts.no-recipient", recipient=recipient, names=listed)
    if request.as_json:
        print_json([alert.json() for alert in (*past, *ahead)])
        return
    language, columns = request.language, width()
    for person in config.everybody:
        if person.absent:
            absent = comma_list(person.absent, language)
            text = translate(
                language, "alerts.absent-variable", recipient=person.name, variables=absent
            )
            print(text, file=sys.stderr)
    for name, listed_alerts in (("alerts.went", past), ("alerts.will", ahead)):
        alerts = with_messages(listed_alerts, language)
        print(translate(language, name if alerts else name + ".none", count=days))
        print("\n".join(_table(alerts, columns, language)), end="\n" if alerts else "")


def _table(alerts: list[LoggedAlert], columns: int | None, language: Language) -> list[str]:
    """One line a message: when, to whom, what has become of it; below, what it names."""
    if not alerts:
        return []
    widest = max(width_of(alert.recipient) for alert in alerts)
    states = [translate(language, f"alerts.status.{alert.status}") for alert in alerts]
    state_width = max(map(width_of, states))
    lines = []
    for alert, state in zip(alerts, states, strict=True):
        when = f"{alert.when:%Y-%m-%d %H:%M}"
        recipient, text = isolate(alert.recipient), isolate(alert.text)
        what = alert.what if not alert.named else ""
        head = f"  {when}  {pad(recipient, widest)}  {pad(state, state_width)}  "
        lines.append(head + (f"{text} [{what}]" if what else text))
        for name in alert.named:
            behind = f" [{name.what}]" if name.what else ""
            lines.append(f"      - {isolate(name.text)}{behind}")
        if alert.channels and alert.unsubscribed:  # it goes out, but not everywhere
            ended = translate(language, "alerts.status.unsubscribed")
            lines.append(f"      {', '.join(alert.unsubscribed)}: {ended}")
        if alert.goes_to and not alert.remark:
            went = translate(
                language, "alerts.went-on", channels=comma_list(alert.goes_to, language)
            )
            lines.append(f"      {', '.join(alert.channels)}: {went}")
        if alert.remark:
            lines.append(f"      {', '.join(alert.channels)}: {alert.remark}")
        if alert.error:
            lines.append(f"      {', '.join(alert.channels)}: {alert.error}")
    return lines if columns is None else [cut(line, columns) for line in lines]


# -- a sample


def _test(
    request: Request, config: Config, database: Database, timeline: Timeline, recipient: str
) -> None:
    from tracker.service.sample_alert import note_success, send_sample

    failed = False
    for channel, error in send_sample(config, timeline, recipient, request.language):
        failed = failed or error is not None
        if error is None:
            note_success(config, database, channel)
        name = "alerts.test.sent" if error is None else "alerts.test.failed"
        text = translate(request.language, name, channel=channel, reason=error or "")
        print(text, file=sys.stderr, flush=True)
    if failed:
        raise typer.Exit(1)


# -- what has failed


def _retry(
    request: Request, config: Config, database: Database, timeline: Timeline, message: str | None
) -> None:
    """Takes up again what has failed; through a channel that there is no more, another one."""
    from functools import partial

    from tracker import clock
    from tracker.alerts.channels import most_reminders
    from tracker.service.owed_alerts import stray_groups, stray_texts
    from tracker.store.batches import gather
    from tracker.store.outbox import Outbox
    from tracker.store.readdressing import Readdressing

    agreements = [agreement.id for agreement in timeline.agreements]
    language, now = request.language, clock.now()
    put_together = partial(gather, agreements=agreements, now=now, most=most_reminders)
    stray = Readdressing(database).retry(config.everybody, agreements, now, message)
    outbox = Outbox(database)
    try:
        count = outbox.retry(agreements, message, put_together)
    finally:
        outbox.close()
    left = [given for given in stray if given.fate in ("renamed", "nobody")]
    count -= sum(given.alert.status == "failed" or given.alert.attempts > 0 for given in left)
    moved = [group for group in stray_groups(stray) if group.fate == "moves"]
    for group in moved:
        channels = comma_list(group.channels, language)
        text = translate(
            language,
            "alerts.retried.readdressed",
            count=group.number,
            recipient=group.recipient,
            channel=group.channel,
            channels=channels,
        )
        print(text, file=sys.stderr)
    for text, advice in stray_texts(left, language):
        print(f"{text}\n{advice}", file=sys.stderr)
    if count or not (moved or left):
        name = "alerts.retried" if count else "alerts.retried.none"
        print(translate(language, name, count=count), file=sys.stderr)


def _drop(  # noqa: PLR0917 - what is dropped, and from where
    request: Request,
    config: Config,
    database: Database,
    timeline: Timeline,
    recipient: str,
    yes: bool,
) -> None:
    from tracker.cli.dropping import drop

    messages = drop(request, config, database, timeline, recipient, yes)
    if request.as_json:
        print_json(messages)


# -- acknowledgements


def _acknowledge(  # noqa: PLR0917 - what is acknowledged, and how it is told
    request: Request,
    acknowledgements: Acknowledgements,
    key: AcknowledgementKey,
    point: Point,
    until: date | None,
    several: bool,
) -> None:
    from tracker import clock
    from tracker.reminders.acknowledgements import Acknowledgement

    acknowledgements.save([Acknowledgement(key, clock.now(), until)])
    language, recipient = request.language, key.recipient
    name = "alerts.acknowledged" if until is None else "alerts.snoozed"
    name += ".one-recipient" if recipient else ""
    day = "" if until is None else long_day(until, language)
    print(
        translate(language, name, day=day, point=name_of(point, several), recipient=recipient),
        file=sys.stderr,
    )


def _take_back(
    request: Request,
    acknowledgements: Acknowledgements,
    key: AcknowledgementKey,
    point: Point,
    several: bool,
) -> None:
    values = {"point": name_of(point, several), "recipient": key.recipient}
    if not acknowledgements.remove(key):
        raise CallError("alerts.not-answered", **values)
    print(translate(request.language, "alerts.taken-back", **values), file=sys.stderr)


def _snooze_day(text: str, point: Point, timeline: Timeline) -> date:
    """The day until which a point is snoozed: a day, or so long from today."""
    from tracker.dates.diagnostics import LineError
    from tracker.dates.instants import day_in
    from tracker.dates.parser import parse_duration
    from tracker.reminders.due import last_moment

    today, several = today_of(timeline.agreements), len(timeline.agreements) > 1
    try:
        until = parse_duration(text).after(today)
    except (LineError, OverflowError):
        until = read_day(text, today)
    if until <= today:
        raise CallError("alerts.snooze.past", day=until)
    moment = last_moment(point)
    last = today if moment is None else day_in(moment, point.zone)
    if until > last:
        raise CallError("alerts.snooze.late", day=until, point=name_of(point, several), last=last)
    return until
