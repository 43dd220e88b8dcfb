"""`tracker changes`: what changed between two days, two files or two git revisions, and why."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from tracker.agreements.model import Agreement
from tracker.cli.differences import print_changes
from tracker.cli.inputs import load_agreements, unreadable, view_day
from tracker.cli.options import CallError, Markdown, Request, read_day, refuse_suppositions
from tracker.dates.near_days import NEAR_DAYS
from tracker.i18n.dates import long_day
from tracker.i18n.translate import comma_list, translate
from tracker.timeline.comparison import changes

FORMS = ("text", "markdown", "json")


class Version(NamedTuple):
    """One of the two that are compared."""

    agreements: tuple[Agreement, ...]
    day: date
    name: str  #: what it is called, where it is no day


def command(
    request: Request,
    first: Annotated[str, typer.Argument(metavar="FROM")],
    last: Annotated[str | None, typer.Argument(metavar="TO")] = None,
    markdown: Markdown = False,
    change_form: Annotated[str | None, typer.Option("--form", metavar="|".join(FORMS))] = None,
) -> None:
    refuse_suppositions(request)
    form = _form(change_form, markdown, request)
    request, markdown = request._replace(as_json=form == "json"), form == "markdown"
    before, after = _versions(request, first, last)
    differences = changes(before.agreements, after.agreements, before.day, after.day)
    language = request.language
    if before.name:
        day = long_day(after.day, language)
        head = translate(language, "changes.files", first=before.name, last=after.name, day=day)
    else:
        days = (long_day(before.day, language), long_day(after.day, language))
        head = translate(language, "changes.head", first=days[0], last=days[1])
    print_changes(differences, head, "changes.none", request, markdown)


def _form(form: str | None, markdown: bool, request: Request) -> str:
    """In what form it is printed; raises CallError where there is no such form."""
    if form is None:
        return "json" if request.as_json else "markdown" if markdown else "text"
    if form not in FORMS:
        raise CallError("call.changes.form", form=form, known=", ".join(FORMS))
    asked = [
        name for name, is_asked in (("json", request.as_json), ("markdown", markdown)) if is_asked
    ]
    if any(name != form for name in asked):
        raise CallError("call.changes.two-forms", form=form, option=asked[0])
    return form


def _versions(request: Request, first: str, last: str | None) -> tuple[Version, Version]:
    """What is compared: two days, two files, or two revisions; the second is today, or the files.

    Raises CallError where the two are not of one kind.
    """
    if last is not None and _is_day(first) != _is_day(last):
        raise CallError("call.changes.kinds", first=first, last=last)
    if _is_day(first):
        agreements = load_agreements(request)
        view = view_day(request, agreements)
        start, end = read_day(first, view), view if last is None else read_day(last, view)
        if end < start:
            raise CallError("call.changes.order", first=first, last=last or str(end))
        return Version(agreements, start, ""), Version(agreements, end, "")
    before = _agreements_of(first, request)
    after = load_agreements(request) if last is None else _agreements_of(last, request)
    if not before and not after:
        raise CallError("call.revision.no-file", file=str(request.paths[0]), revision=first)
    as_of = view_day(request, after or before)
    names = comma_list((str(file) for file in request.files), request.language)
    return Version(before, as_of, first), Version(after, as_of, last or names)


def _is_day(text: str) -> bool:
    return text in NEAR_DAYS or bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text))


def _agreements_of(name: str, request: Request) -> tuple[Agreement, ...]:
    """The agreements of that file, or of the files in that revision."""
    from tracker.files.loading import read
    from tracker.files.reading import read_file
    from tracker.files.revisions import NoRevision, contents_at

    try:
        if Path(name).is_file():
            return read([name], [read_file(Path(name))])[0]
        found = contents_at(name, request.paths)
        return read([f"{name}:{file}" for file, _ in found], [text for _, text in found])[0]
    except NoRevision as missing:
        raise CallError(f"call.{missing.case}", **missing.values) from None
    except OSError as error:
        raise unreadable(error) from None
