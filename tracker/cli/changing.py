"""`tracker what-if` and `tracker changes`: what differs between two timelines, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from tracker.cli.points import supposed
from tracker.cli.request import CallError, Request
from tracker.cli.screen import (
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
from tracker.dates.business_days import Uncovered
from tracker.files.problems import FileFaults
from tracker.timeline.differences import Changes, Difference, Kind, changes, what_if
from tracker.timeline.events import Agreement
from tracker.timeline.points import Timeline
from tracker.wording.changing import causes_text, sentences_on, title_on
from tracker.wording.columns import wrapped
from tracker.wording.dates import long_day
from tracker.wording.points import name_of
from tracker.wording.sentences import Language, say

#: What the passing of days alone makes worth saying.
PASSING: frozenset[Kind] = frozenset(
    ("starts", "ends", "passed", "never", "moved", "settled", "has-day")
)


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
    head = say(
        request.language,
        "what-if.head",
        supposed=say(request.language, "comma").join(" ".join(text.split()) for text in texts),
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
        head = say(language, "changes.files", first=one.name, last=other.name, day=day)
    else:
        days = (long_day(one.day, language), long_day(other.day, language))
        head = say(language, "changes.head", first=days[0], last=days[1])
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
    names = say(request.language, "comma").join(str(file) for file in request.files)
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
    except FileFaults as faults:
        refuse_files(faults, request)
    except OSError as error:
        raise unreadable(error) from None


# -- as words, Markdown, JSON


def _show(found: Changes, head: str, nothing: str, request: Request, markdown: bool) -> None:
    language = request.language
    if request.as_json:
        from tracker.feeds.changes_json import changes_json

        show_json(changes_json(found, language))
        return
    none = say(language, nothing)
    form = _markdown if markdown else _words
    print("\n".join(form(found, head, none, language)))


def said(found: Iterable[Difference]) -> list[Difference]:
    """The differences of which something is said."""
    return [one for one in found if one.kinds]


def passing(found: Changes) -> list[Difference]:
    """What the passing of days alone made so, as far as it is worth saying."""
    kept = (
        one._replace(kinds=tuple(kind for kind in one.kinds if kind in PASSING))
        for one in found.passing
    )
    return said(kept)


def _words(found: Changes, head: str, nothing: str, language: Language) -> Iterator[str]:
    columns = width()
    yield from (styled(line, bold=True) for line in wrapped(head, columns))
    yield from list(entries(said(found.changed), found, language)) or ["", nothing]
    if beside := passing(found):
        yield ""
        yield styled(say(language, "changes.passing"), bold=True)
        yield from entries(beside, found, language)


def entries(shown: Sequence[Difference], found: Changes, language: Language) -> Iterator[str]:
    """Each point that differs: what it is called, what is different, and because of what."""
    columns = width()
    for one, more in _grouped(shown):
        timeline = _timeline(one, found)
        title = title_on(one, timeline.agreement(one.point.event.agreement), language)
        yield ""
        yield from wrapped(f"{title}  [{_full_name(one, timeline)}]", columns)
        for sentence in _said_of(one, more, found, language):
            room = None if columns is None else columns - 4
            first, *rest = wrapped(sentence, room)
            yield f"  {first}"
            yield from (f"    {line}" for line in rest)


def _said_of(
    one: Difference, more: Sequence[Difference], found: Changes, language: Language
) -> Iterator[str]:
    """What is different, of how many more the same is to be said, and because of what."""
    yield from sentences_on(one, language)
    if more:
        last = _full_name(more[-1], _timeline(one, found))
        yield say(language, "change.alike", count=len(more), last=last)
    if because := causes_text(one.causes, found.after.agreements, language):
        yield because


def _grouped(shown: Sequence[Difference]) -> list[tuple[Difference, list[Difference]]]:
    """Each difference, and the occurrences after it of which the same is to be said."""
    groups: list[tuple[Difference, list[Difference]]] = []
    for one in shown:
        if groups and _is_alike(groups[-1][0], one):
            groups[-1][1].append(one)
        else:
            groups.append((one, []))
    return groups


def _is_alike(one: Difference, other: Difference) -> bool:
    points = one.point, other.point
    same = points[0].event.name == points[1].event.name and points[0].side == points[1].side
    both = None not in (points[0].occurrence, points[1].occurrence)
    return same and both and (one.kinds, one.causes) == (other.kinds, other.causes)


def _timeline(one: Difference, found: Changes) -> Timeline:
    return found.before if one.after is None else found.after


def _full_name(one: Difference, timeline: Timeline) -> str:
    """The point as a command takes it: with its agreement, where there are several."""
    name, event = name_of(one.point), one.point.event
    return name if len(timeline.agreements) == 1 else name.replace(event.id, event.name, 1)


_MARKED = re.compile(r"([\\`*_\[\]<>#|~])")


def _markdown(found: Changes, head: str, nothing: str, language: Language) -> Iterator[str]:
    yield f"## {_escaped(head)}"
    yield from list(_list(said(found.changed), found, language)) or ["", nothing]
    if beside := passing(found):
        yield from ("", f"### {say(language, 'changes.passing')}")
        yield from _list(beside, found, language)


def _list(shown: Sequence[Difference], found: Changes, language: Language) -> Iterator[str]:
    if shown:
        yield ""
    for one, more in _grouped(shown):
        timeline = _timeline(one, found)
        title = title_on(one, timeline.agreement(one.point.event.agreement), language)
        yield f"- **{_escaped(title)}** (`{_full_name(one, timeline)}`)"
        yield from (f"  - {_escaped(text)}" for text in _said_of(one, more, found, language))


def _escaped(text: str) -> str:
    """A text of which Markdown makes nothing else."""
    return _MARKED.sub(r"\\\1", text)
