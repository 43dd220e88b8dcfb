"""`tracker feed`: what a subscriber gets, on standard output or into a file."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.feed_filters import OfId, OfParty, OfTag, feed_query, points_summary
from tracker.cli.inputs import is_read_by, timeline_of, write_file
from tracker.cli.options import CallError, Request
from tracker.cli.output import print_json
from tracker.cli.streams import write_bytes

if TYPE_CHECKING:
    from tracker.feeds.calendar import Publication
    from tracker.feeds.edition import PublishedForm
    from tracker.feeds.query import FeedChoice


def command(  # noqa: PLR0917 - what an address takes, a call takes
    request: Request,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE")] = None,
    form: Annotated[str | None, typer.Option("--form", metavar="ics|json|csv|atom")] = None,
    of_party: OfParty = None,
    of_tag: OfTag = None,
    of_id: OfId = None,
    alarms: Annotated[str | None, typer.Option("--alarms", metavar="30d,7d")] = None,
    waiting: Annotated[str | None, typer.Option("--waiting", metavar="todo|no")] = None,
    past: Annotated[str | None, typer.Option("--past", metavar="yes|no")] = None,
    cancelled: Annotated[str | None, typer.Option("--cancelled", metavar="yes|no")] = None,
) -> None:
    from tracker.feeds.calendar import publication
    from tracker.feeds.edition import FORMS, Edition, EditionQuery
    from tracker.feeds.omitted import omitted_json

    ending = output.suffix[1:].lower() if output is not None else ""
    form = form or (ending if ending in FORMS else "ics")
    if form not in FORMS:
        raise CallError("query.value", parameter="--form", allowed=" | ".join(FORMS))
    if output is not None and is_read_by(output, request):
        raise CallError("call.output-is-read", file=str(output))
    timeline = timeline_of(request)
    parameters = feed_query(of_party, of_tag, of_id)
    single = {"alarms": alarms, "waiting": waiting, "past": past, "cancelled": cancelled}
    parameters += [(name, value) for name, value in single.items() if value is not None]
    published = publication(timeline, request.language)
    choice = _choice(parameters, published, FORMS[form])
    if request.as_json:
        print_json(omitted_json(published, choice))
        return
    # Without a history all was made when the day began: two calls give the same bytes.
    began = datetime.combine(timeline.as_of, time.max, UTC)
    content = (
        FORMS[form].render(Edition(published, began, began), EditionQuery(choice, began)).content
    )
    if output is None:
        write_bytes(content)
    else:
        write_file(output, content)
    print(points_summary(published, choice, request.language), file=sys.stderr)


def _choice(
    parameters: list[tuple[str, str]], published: Publication, form: PublishedForm
) -> FeedChoice:
    from tracker.feeds.calendar import published_labels
    from tracker.feeds.query import BadParameter, filter_values, read_choice

    try:
        known = filter_values(published_labels(published))
        return read_choice(parameters, published.language, known, form.parameters)
    except BadParameter as error:
        name = "query.value" if error.known else "query.unknown"
        raise CallError(name, parameter=f"--{error.name}", allowed=error.allowed) from None
