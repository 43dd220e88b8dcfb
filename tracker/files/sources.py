"""The copies of sources that an events file names: regular files beside it, and not too large."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tracker.agreements.amendments import events_on
from tracker.agreements.located import LocatedDiagnostic
from tracker.agreements.model import Agreement, Event
from tracker.dates.diagnostics import Diagnostic
from tracker.failures.extras import MissingLibrariesError
from tracker.files.problems import Problem
from tracker.files.quote_check import comparable_text, compare_quote
from tracker.files.reading import read_regular_file, real_path

if TYPE_CHECKING:
    from tracker.files.origins import Origins

MOST_BYTES = 10 * 1024 * 1024


class QuoteCheck(NamedTuple):
    """What holding the quotes against their sources came to."""

    problems: tuple[Problem, ...]
    word_for_word: int  #: quotes that stand in their source
    unread: int  #: quotes whose source has no text to hold them against


def check_quotes(
    files: Sequence[Path],
    contents: Sequence[bytes],
    agreements: Sequence[Agreement],
    origins: Origins,
) -> QuoteCheck:
    """Whether each quote, in any view, stands word for word in the text of its source."""
    texts = _texts(files, contents)
    problems, word_for_word, unread = [], 0, 0
    for event, seen in _quoting(agreements):
        text = texts.get((event.agreement, event.source or ""))
        if text is None or event.quote is None:
            unread += 1
            continue
        diagnostic = _difference(event.quote, event.source or "", text)
        if diagnostic is None:
            word_for_word += 1
            continue
        located = LocatedDiagnostic(diagnostic, event, "quote", seen)
        problems.append(origins.problem(located))
    return QuoteCheck(tuple(problems), word_for_word, unread)


def _difference(quote: str, source: str, text: str) -> Diagnostic | None:
    """How the quote differs from the source of that name; None where it stands in its text."""
    values: tuple[tuple[str, str], ...] = (("source", source),)
    try:
        passage = compare_quote(comparable_text(quote), text)
    except MissingLibrariesError as missing:
        return Diagnostic("quote-not-found", values=values + missing.diagnostic.values)
    if passage is None:
        return None
    case = "quote-differs" if passage.likeness else "quote-not-there"
    return Diagnostic(case, values=(*values, ("passage", passage.marked_text)))


def _quoting(agreements: Sequence[Agreement]) -> Iterator[tuple[Event, date | None]]:
    """Every event with a quote, as first stated and as each amendment has it; each pair once."""
    for agreement in agreements:
        given: set[tuple[str, str | None, str | None]] = set()
        views: list[tuple[date | None, Sequence[Event]]] = [(None, agreement.events)]
        days = [amendment.on for amendment in agreement.amendments]
        views += [(day, events_on(agreement, day)) for day in days]
        for seen, events in views:
            for event in events:
                identity = (event.id, event.source, event.quote)
                if event.quote is not None and identity not in given:
                    given.add(identity)
                    yield event, seen


def _texts(files: Sequence[Path], contents: Sequence[bytes]) -> dict[tuple[str, str], str]:
    """The comparable text of each source that has one, by agreement and name."""
    texts = {}
    home = ""
    for file, content in zip(files, contents, strict=True):
        data = tomllib.loads(content.decode("utf-8-sig"))
        home = data.get("id", home)
        for name, source in data.get("sources", {}).items():
            text = source.get("text")
            if text is not None and _is_there(file, text):
                copy = read_regular_file(real_path(file).parent / text, MOST_BYTES)
                texts[home, name] = comparable_text(copy.decode(errors="replace"))
    return texts


def missing_sources(files: Sequence[Path], contents: Sequence[bytes]) -> list[Problem]:
    """What is wrong with the `text` of any source in those files, which are sound themselves."""
    problems = []
    for file, content in zip(files, contents, strict=True):
        data = tomllib.loads(content.decode("utf-8-sig"))
        for name, source in data.get("sources", {}).items():
            text = source.get("text")
            if text is not None and not _is_there(file, text):
                path = ("sources", name, "text")
                problems.append(Problem(str(file), Diagnostic("no-such-file"), path))
    return problems


def _is_there(file: Path, text: str) -> bool:
    """Whether the name leads, after symlinks, to a regular file in the events file's folder."""
    folder = real_path(file).parent
    target = real_path(folder / text)
    inside = target.is_relative_to(folder) and target.is_file()
    return inside and target.stat().st_size <= MOST_BYTES
