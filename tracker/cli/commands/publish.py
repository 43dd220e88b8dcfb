"""`tracker publish`: the site as files, for any web host."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.feed_filters import points_summary
from tracker.cli.inputs import load_config, unreadable, unwritable
from tracker.cli.options import CallError, Request
from tracker.cli.progress import shown_progress
from tracker.i18n.translate import translate


def command(
    request: Request, folder: Annotated[Path, typer.Argument(metavar="DIR", show_default=False)]
) -> None:
    from tracker import clock
    from tracker.dates.instants import zone_of
    from tracker.feeds.query import FeedChoice
    from tracker.files.loading import read
    from tracker.files.reading import read_file, real_path
    from tracker.service.site_folder import NotOurs
    from tracker.service.static_site import publish_site
    from tracker.timeline.resolver import resolve

    if request.as_of is not None or request.suppose:
        raise CallError("publish.today")
    try:
        contents = [read_file(file) for file in request.files]
        with shown_progress(request.language) as progress:
            agreements, _ = read([str(file) for file in request.files], contents, progress)
        now = clock.now()
        as_of = now.astimezone(zone_of(agreements[0].timezone)).date()
        timeline = resolve(agreements, as_of, now=now)
    except OSError as error:
        raise unreadable(error) from None
    if any(real_path(file).parent == real_path(folder) for file in request.files):
        raise CallError("publish.beside", folder=folder)
    config = load_config(request, agreements[0].timezone)
    if config.public is False:
        raise CallError("publish.private")
    try:
        with shown_progress(request.language) as progress:
            site = publish_site(folder, timeline, contents, now, config.url, progress=progress)
    except NotOurs as error:
        raise CallError(
            "publish.link" if error.is_link else "publish.not-ours", file=error.file
        ) from None
    except OSError as error:
        raise unwritable(error.filename or folder, error) from None
    published = site.edition.published
    choice = FeedChoice(published.language)
    print(points_summary(published, choice, request.language), file=sys.stderr)
    counts = {"written": site.written, "unchanged": site.unchanged, "removed": site.removed}
    print(translate(request.language, "publish.done", folder=folder, **counts), file=sys.stderr)
