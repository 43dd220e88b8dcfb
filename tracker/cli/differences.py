"""What differs between two timelines, and why, as `what-if`, `changes` and records print it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tracker.cli.inputs import reader_clock
from tracker.cli.options import Request
from tracker.cli.output import print_json, style, width
from tracker.i18n.changes import change_lines, full_name_on
from tracker.i18n.columns import wrap
from tracker.i18n.directions import isolate
from tracker.i18n.headings import list_heading
from tracker.i18n.instants import with_own_clock
from tracker.i18n.translate import Language, translate
from tracker.timeline.differences import Changes, Difference, group_alike, passing, reportable


def print_changes(changes: Changes, head: str, none: str, request: Request, markdown: bool) -> None:
    """The changes below a heading; `none` names the sentence that says that there are none."""
    language = request.language
    if request.as_json:
        from tracker.feeds.changes_json import changes_json

        print_json(changes_json(changes, language))
        return
    texts = PrintedChanges(changes, language, reader_clock(request, changes.after).zone)
    lines = _markdown_lines if markdown else _lines
    print("\n".join(lines(texts, head, translate(language, none))))


class PrintedChanges(NamedTuple):
    """Changes, in what language and for whose clock they are told."""

    changes: Changes
    language: Language
    zone: str

    def sentences(self, difference: Difference, alike: list[Difference]) -> list[str]:
        """What is different of a point, and because of what."""
        lines = change_lines(difference, alike, self.changes, self.language)
        return [with_own_clock(line, self.language, self.zone) for line in lines]


def _lines(texts: PrintedChanges, head: str, none: str) -> Iterator[str]:
    yield from (style(line, bold=True) for line in wrap(head, width()))
    yield from list(difference_lines(reportable(texts.changes.changed), texts)) or ["", none]
    if beside := passing(texts.changes):
        yield ""
        yield style(translate(texts.language, "changes.passing"), bold=True)
        yield from difference_lines(beside, texts)


def difference_lines(differences: Sequence[Difference], texts: PrintedChanges) -> Iterator[str]:
    """Each point that differs: what it is called, what is different, and because of what."""
    columns = width()
    for difference, alike in group_alike(differences):
        yield ""
        title, name = _title_and_name(difference, texts)
        yield from wrap(f"{isolate(title)}  [{name}]", columns)
        for sentence in texts.sentences(difference, alike):
            first, *rest = wrap(sentence, None if columns is None else columns - 4)
            yield f"  {first}"
            yield from (f"    {line}" for line in rest)


def _markdown_lines(texts: PrintedChanges, head: str, none: str) -> Iterator[str]:
    yield f"## {_escape(head)}"
    yield from list(_markdown_list(reportable(texts.changes.changed), texts)) or ["", none]
    if beside := passing(texts.changes):
        yield from ("", f"### {translate(texts.language, 'changes.passing')}")
        yield from _markdown_list(beside, texts)


def _markdown_list(differences: Sequence[Difference], texts: PrintedChanges) -> Iterator[str]:
    if differences:
        yield ""
    for difference, alike in group_alike(differences):
        title, name = _title_and_name(difference, texts)
        yield f"- **{_escape(isolate(title))}** (`{name}`)"
        yield from (f"  - {_escape(line)}" for line in texts.sentences(difference, alike))


def _title_and_name(difference: Difference, texts: PrintedChanges) -> tuple[str, str]:
    timeline = texts.changes.timeline_of(difference)
    agreement = timeline.agreement(difference.point.event.agreement)
    title = list_heading(difference.point, agreement, texts.language)
    return title, full_name_on(difference, timeline)


def _escape(text: str) -> str:
    """A text of which Markdown makes nothing else, nor GitHub a mention or a link to an issue.

    Those two are looked for in what Markdown has made of it, where no backslash is left.
    """
    text = re.sub(r"([\\`*_\[\]<>#|~&$])", r"\\\1", text)
    return re.sub(r"([@#])(?=\w)", "\\1\N{WORD JOINER}", text)
