"""`tracker what-if` and `tracker changes`: what differs between two timelines, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from tracker.agreements.model import Agreement
from tracker.cli.options import CallError, Request
from tracker.cli.output import (
    loaded,
    refuse_files,
    refuse_uncovered,
    show_json,
    styled,
    today_of,
    unreadable,
    warn_of_supposed,
    width,
)
from tracker.dates.calendars import Uncovered
from tracker.files.problems import FileErrors
from tracker.i18n.changes import change_lines, full_name_on
from tracker.i18n.columns import wrap
from tracker.i18n.dates import long_day
from tracker.i18n.points import label_of
from tracker.i18n.translate import Language, comma_list, translate
from tracker.timeline.differences import (
    Changes,
    Difference,
    changes,
    grouped,
    passing,
    said,
    what_if,
)
from tracker.timeline.point_names import supposed


class Side(NamedTuple):
    """One of the two that are compared."""

    agreements: tuple[Agreement, ...]
    day: date
    name: str  #: what it is called, where it is no day


def suppose_and_compare(
    request: Request,
    points: Annotated[list[str] | None, typer.Argument(metavar="POINT=DAY")] = None,
    markdown: Annotated[bool, typer.Option("--markdown")] = False,
) -> None:
    texts = (*request.suppose, *(points or ()))
    if not texts:
        raise CallError("call.what-if.none")
    agreements = loaded(request)
    as_of = request.as_of or today_of(agreements)
    try:
        found = what_if(agreements, as_of, supposed(texts, agreements, as_of))
    except Uncovered as missing:
        refuse_uncovered(missing, request)
    warn_of_supposed(found.after, request)
    head = translate(
        request.language,
        "what-if.head",
        supposed=comma_list((" ".join(text.split()) for text in texts), request.language),
    )
    _show(found, head, "what-if.none", request, markdown)


def compare(
    request: Request,
    first: Annotated[str, typer.Argument(metavar="FROM")],
    last: Annotated[str | None, typer.Argument(metavar="TO")] = None,
    markdown: Annotated[bool, typer.Option("--markdown")] = False,
) -> None:
    one, other = _sides(request, first, last)
    try:
        found = changes(one.agreements, other.agreements, one.day, other.day)
    except Uncovered as missing:
        refuse_uncovered(missing, request)
    language = request.language
    if one.name:
        day = long_day(other.day, language)
        head = translate(language, "changes.files", first=one.name, last=other.name, day=day)
    else:
        days = (long_day(one.day, language), long_day(other.day, language))
        head = translate(language, "changes.head", first=days[0], last=days[1])
    _show(found, head, "changes.none", request, markdown)


def _sides(request: Request, first: str, last: str | None) -> tuple[Side, Side]:
    """What is compared: two days, two files, or two revisions; the second is today, or the files.

    Raises CallError where the two are not of one kind.
    """
    start, end = _as_day(first), None if last is None else _as_day(last)
    if start is not None:
        agreements = loaded(request)
        if last is not None and end is None:
            raise CallError("call.changes.kinds", first=first, last=last)
        end = end or request.as_of or today_of(agreements)
        if end < start:
            raise CallError("call.changes.order", first=first, last=str(end))
        return Side(agreements, start, ""), Side(agreements, end, "")
    if end is not None:
        raise CallError("call.changes.kinds", first=first, last=last)
    before = _agreements(request, first)
    after = loaded(request) if last is None else _agreements(request, last)
    as_of = request.as_of or today_of(after)
    names = comma_list((str(file) for file in request.files), request.language)
    return Side(before, as_of, first), Side(after, as_of, last or names)


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _as_day(text: str) -> date | None:
    try:
        return (
            date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
        )
    except ValueError:
        raise CallError("call.day", day=text) from None


def _agreements(request: Request, name: str) -> tuple[Agreement, ...]:
    """The agreements of that file, or of the files in that revision."""
    from tracker.files.loading import read
    from tracker.files.revisions import NoRevision, contents_at

    try:
        if Path(name).is_file():
            return read([name], [Path(name).read_bytes()])[0]
        names = [f"{name}:{file}" for file in request.files]
        return read(names, contents_at(name, request.files))[0]
    except NoRevision as missing:
        raise CallError(f"call.{missing.case}", **missing.values) from None
    except FileErrors as errors:
        refuse_files(errors, request)
    except OSError as error:
        raise unreadable(error) from None


# -- as words, Markdown, JSON


def _show(found: Changes, head: str, nothing: str, request: Request, markdown: bool) -> None:
    language = request.language
    if request.as_json:
        from tracker.feeds.changes_json import changes_json

        show_json(changes_json(found, language))
        return
    none = translate(language, nothing)
    form = _markdown if markdown else _words
    print("\n".join(form(found, head, none, language)))


def _words(found: Changes, head: str, nothing: str, language: Language) -> Iterator[str]:
    columns = width()
    yield from (styled(line, bold=True) for line in wrap(head, columns))
    yield from list(entries(said(found.changed), found, language)) or ["", nothing]
    if beside := passing(found):
        yield ""
        yield styled(translate(language, "changes.passing"), bold=True)
        yield from entries(beside, found, language)


def entries(shown: Sequence[Difference], found: Changes, language: Language) -> Iterator[str]:
    """Each point that differs: what it is called, what is different, and because of what."""
    columns = width()
    for one, more in grouped(shown):
        timeline = found.timeline_of(one)
        title = label_of(one.point, timeline.agreement(one.point.event.agreement), language)
        yield ""
        yield from wrap(f"{title}  [{full_name_on(one, timeline)}]", columns)
        for sentence in change_lines(one, more, found, language):
            room = None if columns is None else columns - 4
            first, *rest = wrap(sentence, room)
            yield f"  {first}"
            yield from (f"    {line}" for line in rest)


_MARKED = re.compile(r"([\\`*_\[\]<>#|~])")


def _markdown(found: Changes, head: str, nothing: str, language: Language) -> Iterator[str]:
    yield f"## {_escaped(head)}"
    yield from list(_list(said(found.changed), found, language)) or ["", nothing]
    if beside := passing(found):
        yield from ("", f"### {translate(language, 'changes.passing')}")
        yield from _list(beside, found, language)


def _list(shown: Sequence[Difference], found: Changes, language: Language) -> Iterator[str]:
    if shown:
        yield ""
    for one, more in grouped(shown):
        timeline = found.timeline_of(one)
        title = label_of(one.point, timeline.agreement(one.point.event.agreement), language)
        yield f"- **{_escaped(title)}** (`{full_name_on(one, timeline)}`)"
        yield from (f"  - {_escaped(text)}" for text in change_lines(one, more, found, language))


def _escaped(text: str) -> str:
    """A text of which Markdown makes nothing else."""
    return _MARKED.sub(r"\\\1", text)
