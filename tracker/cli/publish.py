"""`tracker publish`: the site as files, for any web host."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.feed import summary
from tracker.cli.options import CallError, Request
from tracker.cli.output import configured, refuse_files, refuse_uncovered, unreadable
from tracker.dates.calendars import Uncovered
from tracker.files.problems import FileErrors
from tracker.i18n.translate import translate


def publish(
    request: Request, folder: Annotated[Path, typer.Argument(metavar="DIR", show_default=False)]
) -> None:
    from tracker import clock
    from tracker.feeds.omitted import counts_by_reason, shown_and_omitted
    from tracker.feeds.query import FeedChoice
    from tracker.files.loading import read
    from tracker.service.static_site import NotOurs, publish_site
    from tracker.timeline.resolver import resolve

    if request.as_of is not None or request.suppose:
        raise CallError("publish.today")
    try:
        contents = [file.read_bytes() for file in request.files]
        agreements, _ = read([str(file) for file in request.files], contents)
        timeline = resolve(agreements, clock.today(agreements[0].timezone))
    except FileErrors as errors:
        refuse_files(errors, request)
    except OSError as error:
        raise unreadable(error) from None
    except Uncovered as missing:
        refuse_uncovered(missing, request)
    config = configured(request, agreements[0].timezone)
    if config.public is False:
        raise CallError("publish.private")
    try:
        done = publish_site(folder, timeline, contents, clock.now(), config.url)
    except NotOurs as error:
        raise CallError("publish.not-ours", file=error.file) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CallError("call.unwritable", file=error.filename or folder, reason=reason) from None
    published = done.edition.published
    shown, missing_points = shown_and_omitted(published, FeedChoice(published.language))
    print(summary(shown, counts_by_reason(missing_points), request.language), file=sys.stderr)
    counts = {"written": done.written, "unchanged": done.unchanged, "removed": done.removed}
    print(translate(request.language, "publish.done", folder=folder, **counts), file=sys.stderr)
