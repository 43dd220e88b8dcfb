"""`tracker alerts drop`: what is owed to a recipient, and does not go out by itself, is ended."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from tracker.cli.options import CallError, Request
from tracker.cli.questions import agrees, can_ask
from tracker.i18n.translate import comma_list, translate

if TYPE_CHECKING:
    from tracker.config import Config
    from tracker.store.database import Database
    from tracker.timeline.points import Timeline


def drop(  # noqa: PLR0917 - what is dropped, and from where
    request: Request,
    config: Config,
    database: Database,
    timeline: Timeline,
    recipient: str,
    yes: bool,
) -> list[str]:
    """Asks whether all of it is to be ended, and ends it; gives the messages' identities.

    What is given up, and what has nobody or no channel to go to: what is still tried goes on.
    """
    from tracker import clock
    from tracker.service.alert_log import AlertLog
    from tracker.store.readdressing import Readdressing

    language, now = request.language, clock.now()
    agreements = [agreement.id for agreement in timeline.agreements]
    readdressing = Readdressing(database)
    rows = readdressing.droppable(recipient, config.recipients, agreements, now)
    if not rows:
        names = [known.name for known in config.recipients]
        if recipient not in names:
            listed = comma_list(names, language)
            raise CallError("alerts.no-recipient", recipient=recipient, names=listed)
        print(translate(language, "alerts.dropped.none", recipient=recipient), file=sys.stderr)
        return []
    log = AlertLog(config, database, timeline, language)
    for listed_alert in log.listed(rows, now):
        when = f"{listed_alert.when:%Y-%m-%d %H:%M}"
        where = ", ".join(listed_alert.channels)
        print(f"  {when}  {where}  {listed_alert.text}", file=sys.stderr)
    if not yes:
        if not can_ask():
            raise CallError("alerts.drop.confirm")
        question = translate(language, "alerts.drop.question", count=len(rows), recipient=recipient)
        if not agrees(question):
            print(translate(language, "alerts.drop.left"), file=sys.stderr)
            raise typer.Exit(1)
    dropped = readdressing.drop(rows, now)
    text = translate(language, "alerts.dropped", count=len(dropped), recipient=recipient)
    print(text, file=sys.stderr)
    return [row.message for row in dropped]
