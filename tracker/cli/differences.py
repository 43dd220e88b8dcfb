"""What differs between two timelines, and why, as `what-if`, `changes` and records print it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tracker.cli.options import Request
from tracker.cli.output import print_json, style, width
from tracker.i18n.changes import change_lines, full_name_on
from tracker.i18n.columns import wrap
from tracker.i18n.points import label_of
from tracker.i18n.translate import Language, translate
from tracker.timeline.differences import Changes, Difference, group_alike, passing, reportable


def print_changes(changes: Changes, head: str, none: str, request: Request, markdown: bool) -> None:
    """The changes below a heading; `none` names the sentence that says that there are none."""
    language = request.language
    if request.as_json:
        from tracker.feeds.changes_json import changes_json

        print_json(changes_json(changes, language))
        return
    lines = _markdown_lines if markdown else _lines
    print("\n".join(lines(changes, head, translate(language, none), language)))


def _lines(changes: Changes, head: str, none: str, language: Language) -> Iterator[str]:
    yield from (style(line, bold=True) for line in wrap(head, width()))
    yield from list(difference_lines(reportable(changes.changed), changes, language)) or ["", none]
    if beside := passing(changes):
        yield ""
        yield style(translate(language, "changes.passing"), bold=True)
        yield from difference_lines(beside, changes, language)


def difference_lines(
    differences: Sequence[Difference], changes: Changes, language: Language
) -> Iterator[str]:
    """Each point that differs: what it is called, what is different, and because of what."""
    columns = width()
    for difference, alike in group_alike(differences):
        yield ""
        yield from wrap("{}  [{}]".format(*_title_and_name(difference, changes, language)), columns)
        for sentence in change_lines(difference, alike, changes, language):
            first, *rest = wrap(sentence, None if columns is None else columns - 4)
            yield f"  {first}"
            yield from (f"    {line}" for line in rest)


def _markdown_lines(changes: Changes, head: str, none: str, language: Language) -> Iterator[str]:
    yield f"## {_escape(head)}"
    yield from list(_markdown_list(reportable(changes.changed), changes, language)) or ["", none]
    if beside := passing(changes):
        yield from ("", f"### {translate(language, 'changes.passing')}")
        yield from _markdown_list(beside, changes, language)


def _markdown_list(
    differences: Sequence[Difference], changes: Changes, language: Language
) -> Iterator[str]:
    if differences:
        yield ""
    for difference, alike in group_alike(differences):
        title, name = _title_and_name(difference, changes, language)
        yield f"- **{_escape(title)}** (`{name}`)"
        sentences = change_lines(difference, alike, changes, language)
        yield from (f"  - {_escape(sentence)}" for sentence in sentences)


def _title_and_name(
    difference: Difference, changes: Changes, language: Language
) -> tuple[str, str]:
    timeline = changes.timeline_of(difference)
    agreement = timeline.agreement(difference.point.event.agreement)
    title = label_of(difference.point, agreement, language)
    return title, full_name_on(difference, timeline)


def _escape(text: str) -> str:
    """A text of which Markdown makes nothing else."""
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", text)
