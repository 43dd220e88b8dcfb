"""`tracker what-if`: what would change if something happened on a day, or never."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.differences import print_changes
from tracker.cli.inputs import load_agreements, view_day, warn_of_supposed
from tracker.cli.options import CallError, Markdown, Request
from tracker.i18n.translate import comma_list, translate
from tracker.timeline.differences import what_if
from tracker.timeline.point_names import parse_suppositions


def command(
    request: Request,
    points: Annotated[list[str] | None, typer.Argument(metavar="POINT=DAY")] = None,
    markdown: Markdown = False,
) -> None:
    texts = (*request.suppose, *(points or ()))
    if not texts:
        raise CallError("call.what-if.none")
    agreements = load_agreements(request)
    as_of = view_day(request, agreements)
    changes = what_if(agreements, as_of, parse_suppositions(texts, agreements, as_of))
    language = request.language
    warn_of_supposed(changes.after, language)
    suppositions = comma_list((" ".join(text.split()) for text in texts), language)
    head = translate(language, "what-if.head", supposed=suppositions)
    print_changes(changes, head, "what-if.none", request, markdown)
