"""The files, read; and what a program is told where they, or what it asks, cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from os import PathLike
from pathlib import Path

from tracker import clock
from tracker.agreements.model import Agreement
from tracker.dates.calendars import Uncovered
from tracker.dates.near_days import near_day
from tracker.dates.periods import parse_period
from tracker.files.excerpts import problem_places, reports
from tracker.files.folders import files_in
from tracker.files.loading import read
from tracker.files.problem_forms import problems_json
from tracker.files.problems import FileErrors
from tracker.files.reading import read_file
from tracker.i18n.reasons import translate_reasons
from tracker.i18n.translate import LANGUAGES, Language
from tracker.library.views import SupposedDay, TimelineView
from tracker.timeline.point_names import Misnamed, misnamed_day, parse_suppositions
from tracker.timeline.resolver import resolve


class FilesRefused(ValueError):
    """The files cannot be used. Its text is the report that `tracker check` prints.

    `problems` has one mapping a problem, as `tracker check --format json` has them: `file`,
    `line`, `column`, `severity`, `message`, `write` and others.
    """

    def __init__(self, errors: FileErrors, language: Language) -> None:
        super().__init__("\n".join(reports(errors.problems, errors.texts, language)))
        places = list(problem_places(errors.problems, errors.texts))
        self.problems: tuple[Mapping[str, object], ...] = tuple(problems_json(places, language))


class NotUnderstood(ValueError):
    """What was asked names nothing that there is, or no day; its text says what to write."""


@dataclass(frozen=True)
class LoadedFiles:
    """What some files state; `on` looks at it as of a day."""

    files: tuple[Path, ...]
    agreements: tuple[str, ...]  #: their ids
    language: Language
    _agreements: tuple[Agreement, ...] = field(repr=False)

    def on(
        self,
        day: date | str | None = None,
        *,
        suppose: Mapping[str, SupposedDay] | None = None,
    ) -> TimelineView:
        """All that can be said as of a day: a date, `YYYY-MM-DD`; today in the first file's zone.

        `suppose` has points by name with the day on which they are supposed to happen, None for
        never. Raises NotUnderstood where a name or a day is none, or a calendar of business days
        has no data for a year that is asked for.
        """
        try:
            zone = self._agreements[0].timezone
            as_of = _day_of(day, clock.today(zone))
            texts = [f"{name}={_supposed(moment)}" for name, moment in (suppose or {}).items()]
            supposed = parse_suppositions(texts, self._agreements, as_of)
            now = clock.now() if day is None else None
            timeline = resolve(self._agreements, as_of, supposed, now=now)
        except Misnamed as error:
            text = translate_reasons(self.language, error.name, error.values)
            raise NotUnderstood(text) from None
        except Uncovered as missing:
            raise NotUnderstood(uncovered_text(missing, self.language)) from None
        return TimelineView(timeline, self.language, lambda more: self.on(as_of, suppose=more))


def load(*files: str | PathLike[str], language: Language = "en") -> LoadedFiles:
    """The files, or all of a folder, loaded together as `tracker -f FILE -f FILE` loads them.

    Titles and sentences are in that language. Raises FilesRefused with everything that is wrong,
    OSError where a file cannot be read, ValueError for a language that there is not.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language: {language!r} is none of {', '.join(LANGUAGES)}")
    paths = files_in(tuple(map(Path, files or ("events.toml",))))
    try:
        agreements, _ = read([str(path) for path in paths], [read_file(path) for path in paths])
    except FileErrors as errors:
        raise FilesRefused(errors, language) from None
    return LoadedFiles(paths, tuple(agreement.id for agreement in agreements), language, agreements)


def uncovered_text(missing: Uncovered, language: Language) -> str:
    """Of which year a calendar knows nothing."""
    from tracker.i18n.diagnostics import message_of
    from tracker.timeline.validation.consistency import uncovered_diagnostic

    return message_of(uncovered_diagnostic(missing), language)


def _day_of(day: date | str | None, today: date) -> date:
    if day is None:
        return today
    if isinstance(day, datetime):
        return day.date()
    if isinstance(day, date):
        return day
    if (near := near_day(day, today)) is not None:
        return near
    try:
        period = parse_period(day.strip())
        if period.kind == "day":
            return period.first
    except ValueError:
        pass
    raise misnamed_day(day)


def _supposed(moment: SupposedDay) -> str:
    return "never" if moment is None else str(moment)
