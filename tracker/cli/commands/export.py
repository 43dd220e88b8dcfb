"""`tracker export`: the statements of a file for other programs, and for `tracker import`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.feed_filters import OfId, OfParty, OfTag, feed_query
from tracker.cli.inputs import is_read_by, timeline_of, write_file
from tracker.cli.options import CallError, Request, refuse_suppositions
from tracker.cli.streams import write_bytes
from tracker.i18n.translate import translate

if TYPE_CHECKING:
    from tracker.agreements.model import Agreement
    from tracker.timeline.points import Timeline

_FORMS = ("csv", "xlsx", "ics", "json")


def command(
    request: Request,
    *,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE")] = None,
    form: Annotated[str | None, typer.Option("--form", metavar="|".join(_FORMS))] = None,
    exported_agreement: Annotated[str | None, typer.Option("--agreement", metavar="ID")] = None,
    of_party: OfParty = None,
    of_tag: OfTag = None,
    of_id: OfId = None,
) -> None:
    from tracker.imports.export_gaps import gaps_of
    from tracker.imports.export_values import export_of
    from tracker.imports.exports import EXPORT_FORMS, CellTooLongError

    refuse_suppositions(request)
    written_as = _form(form or ("json" if request.as_json else None), output)
    if output is not None and is_read_by(output, request):
        raise CallError("call.output-is-read", file=str(output))
    if output is None and written_as == "xlsx" and sys.stdout.isatty():
        raise CallError("call.export.terminal")
    timeline = _choose(timeline_of(request), feed_query(of_party, of_tag, of_id))
    chosen = _agreement(timeline, exported_agreement)
    export = export_of(timeline, chosen, request.language)
    try:
        content = EXPORT_FORMS[written_as](export)
    except CellTooLongError as error:
        raise CallError("call.export.cell", id=error.event, key=error.key) from None
    if output is None:
        write_bytes(content)
    else:
        write_file(output, content)
    text = translate(request.language, "export.written", count=len(export.events))
    print(text, file=sys.stderr)
    for gap in gaps_of(export):
        said = translate(request.language, f"export.without.{gap.name}", **gap.values)
        print(said, file=sys.stderr)


def _form(form: str | None, output: Path | None) -> str:
    """As it is asked for; else as the file is named, which is never written as something else."""
    suffix = output.suffix[1:].lower() if output is not None else ""
    chosen = form or suffix or "csv"
    if form is None and chosen not in _FORMS:
        allowed = ", ".join(_FORMS)
        raise CallError("call.export.ending", file=str(output), ending=chosen, allowed=allowed)
    if chosen not in _FORMS:
        raise CallError("query.value", parameter="--form", allowed=" | ".join(_FORMS))
    return chosen


def _choose(timeline: Timeline, parameters: list[tuple[str, str]]) -> Timeline:
    from tracker.feeds.query import filter_values, listed_values, where_in, with_current_ids
    from tracker.timeline.filters import labels_of, narrow

    known = filter_values([labels_of(event) for event in timeline.events])
    parameters = with_current_ids(parameters, timeline.events)
    for name, value in parameters:
        if value not in known[name]:
            allowed = listed_values(known[name])
            raise CallError("query.value", parameter=f"--{name}", allowed=allowed)
    return narrow(timeline, [where_in(parameters)])


def _agreement(timeline: Timeline, name: str | None) -> Agreement:
    """The one agreement whose events are written: a file that is imported states one."""
    agreements = timeline.agreements
    known = {agreement.id: agreement for agreement in agreements}
    if name is not None:
        if name not in known:
            raise CallError("query.value", parameter="--agreement", allowed=" | ".join(known))
        return known[name]
    if len(known) > 1:
        raise CallError("call.which-agreement", names=", ".join(known))
    return agreements[0]
