"""The files, read; and what a program is told where they, or what it asks, cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from os import PathLike
from pathlib import Path
from zoneinfo import ZoneInfo

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

    def __init__(self, report: str, problems: tuple[Mapping[str, object], ...]) -> None:
        super().__init__(report, problems)  # both, so that other processes can be handed it
        self.problems = problems

    def __str__(self) -> str:
        return str(self.args[0])


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

        Of an aware datetime it is the day in that zone. `suppose` has points by name with the day
        on which they are supposed to happen, None for never. Raises NotUnderstood where a name or
        a day is none, or a calendar of business days has no data for a year that is asked for.
        """
        try:
            zone = self._agreements[0].timezone
            as_of = _day_of(day, clock.today(zone), zone)
        except Misnamed as error:
            text = translate_reasons(self.language, error.name, error.values)
            raise NotUnderstood(text) from None
        return self._view(as_of, clock.now() if day is None else None, {}, suppose or {})

    def _view(
        self,
        as_of: date,
        now: datetime | None,
        before: Mapping[str, SupposedDay],
        suppose: Mapping[str, SupposedDay],
    ) -> TimelineView:
        """The view under what was supposed before and what is supposed besides, or instead."""
        if not isinstance(suppose, Mapping):
            raise TypeError(
                'what is supposed is a mapping, such as {"end of lease": "2029-05-01"}, '
                f"not {suppose!r}"
            )
        suppose = {**before, **suppose}
        try:
            texts = [f"{name}={_line_of(moment)}" for name, moment in suppose.items()]
            supposed = parse_suppositions(texts, self._agreements, as_of)
            timeline = resolve(self._agreements, as_of, supposed, now=now)
        except Misnamed as error:
            text = translate_reasons(self.language, error.name, error.values)
            raise NotUnderstood(text) from None
        except Uncovered as missing:
            raise NotUnderstood(uncovered_text(missing, self.language)) from None
        return TimelineView(timeline, self.language, partial(self._view, as_of, now, suppose))


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
        report = "\n".join(reports(errors.problems, errors.texts, language))
        places = list(problem_places(errors.problems, errors.texts))
        raise FilesRefused(report, tuple(problems_json(places, language))) from None
    return LoadedFiles(paths, tuple(agreement.id for agreement in agreements), language, agreements)


def uncovered_text(missing: Uncovered, language: Language) -> str:
    """Of which year a calendar knows nothing."""
    from tracker.i18n.diagnostics import message_of
    from tracker.timeline.validation.consistency import uncovered_diagnostic

    return message_of(uncovered_diagnostic(missing), language)


def _day_of(day: date | str | None, today: date, zone: str) -> date:
    if day is None:
        return today
    if isinstance(day, datetime):
        return (day if day.tzinfo is None else day.astimezone(ZoneInfo(zone))).date()
    if isinstance(day, date):
        return day
    if not isinstance(day, str):
        raise TypeError(f"a day is a date or a text such as 2026-12-01, not {day!r}")
    if (near := near_day(day, today)) is not None:
        return near
    try:
        period = parse_period(day.strip())
        if period.kind == "day":
            return period.first
    except ValueError:
        pass
    raise misnamed_day(day)


def _line_of(moment: SupposedDay) -> str:
    """As a line writes it; a datetime without a zone is by the clocks of the event's file."""
    if moment is None:
        return "never"
    if isinstance(moment, datetime):
        zone = "" if moment.tzinfo is None else " UTC"
        local = moment.astimezone(UTC).replace(tzinfo=None) if zone else moment
        is_whole = not (local.second or local.microsecond)
        return local.isoformat(" ", "minutes" if is_whole else "auto") + zone
    if not isinstance(moment, date | str):
        raise TypeError(f"what is supposed is a day, a text or None, not {moment!r}")
    return str(moment)
