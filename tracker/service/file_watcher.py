"""The files of a running process: read again when they change, and the last good ones kept.

At the start they are taken as they are; later once they have come to rest (file_settling.py).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple, TypeAlias

from tracker import clock
from tracker.agreements.model import Agreement
from tracker.dates.calendars import Uncovered
from tracker.files.cache import Cache, ParsedAgreement
from tracker.files.folders import files_in
from tracker.files.loading import load_parsed
from tracker.files.problems import FileErrors
from tracker.files.reading import read_regular_file
from tracker.service.file_settling import Absence, Stillness, missing_from
from tracker.service.reports import Reporter
from tracker.service.unread_files import Unread
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve
from tracker.timeline.validity import ALWAYS, valid_between

#: Of each file its name, and what differs once it was changed; None: it is not there.
_Stamp: TypeAlias = tuple[tuple[str, int, int, int] | tuple[str], ...] | None


def _stamp_of(file: Path) -> tuple[str, int, int, int] | tuple[str]:
    try:
        status = file.stat()
    except OSError:
        return (str(file),)
    return str(file), status.st_mtime_ns, status.st_size, status.st_ino


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """For what makes many values and no garbage: looking for some would take as long again."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class _ReadFiles(NamedTuple):
    """What the files on this machine state, not taken up yet."""

    parts: tuple[ParsedAgreement, ...]
    contents: tuple[bytes, ...]  #: where they did not change here, those of an edition taken up
    here: tuple[bytes, ...]


class WatchedFiles:
    """The last good agreements of some files, and their timeline as of today."""

    def __init__(
        self,
        files: Sequence[Path],
        reporter: Reporter,
        cache: Cache | None = None,
    ) -> None:
        self.named = tuple(files)  #: files and folders
        self.agreements: tuple[Agreement, ...] | None = None
        self.contents: tuple[bytes, ...] = ()  #: of the last good files, or an edition taken up
        self._here: tuple[bytes, ...] = ()  #: the contents of the last good files on this machine
        self.is_sound = False  #: whether the files as they are now are the ones that go on
        self._reporter = reporter
        self._cache = cache
        self._parts: tuple[ParsedAgreement, ...] = ()  #: as they were read last
        self._failed_on: date | None = None  #: the last day whose timeline could not be worked out
        self._stamp: _Stamp = ()  #: of the files as they were read last
        self._is_to_read = True  #: whether something was raised, or nothing was tried yet
        self._unread = Unread()
        self._stillness, self._absence = Stillness(), Absence()
        self._waiting: _ReadFiles | None = None  #: of which something is missing
        self._timeline: Timeline | None = None
        self._valid = ALWAYS  #: from when and until when the timeline says what is so

    def look(self) -> bool:
        """Reads the files again once they were changed and are still, or could not be read; whether
        there is something new and good, which goes on from now on.
        """
        stamp, now = self._stamp_now(), clock.steady()
        if stamp == self._stamp and not self._is_to_read:
            self._stillness.end()
            if self._unread.is_due(now):
                self._waiting = self._read_here()
        elif self._is_to_read or self._stillness.is_reached(stamp, now):
            self._is_to_read = True  # until it was: each look tries it, and raises what that does
            self._waiting = self._read_here()
            self._stamp, self._is_to_read = stamp, False
        else:
            return False
        return self._waiting is not None and self._take_up_waiting(self._waiting, now)

    def read_at_next_look(self) -> None:
        """The next look reads the files, and does not wait until they are still."""
        self._is_to_read = True

    def _read_here(self) -> _ReadFiles | None:
        """What the files state now; None: they cannot be used, which is logged."""
        try:
            files = files_in(self.named)
            here = tuple(map(read_regular_file, files))
            contents = self._merge(here)
            with without_garbage_collection():
                parts = self._read([str(file) for file in files], contents)
        except FileErrors as errors:
            self._note_read()
            self._reporter.log_refused_files(errors, goes_on=self.agreements is not None)
        except OSError as error:
            self._note_unread(error)
        else:
            self._note_read()
            self.is_sound = True
            return _ReadFiles(parts, contents, here)
        self.is_sound = False
        return None

    def _note_unread(self, error: OSError) -> None:
        error.filename = error.filename or ", ".join(self.names)
        if self._unread.note(error, clock.steady()):
            self._reporter.log_unread_file(error)

    def _note_read(self) -> None:
        if (error := self._unread.end()) is not None:
            self._reporter.log_readable_file(error)

    def _take_up_waiting(self, edition: _ReadFiles, now: float) -> bool:
        """Goes by what was read, unless something is missing that may come back soon."""
        agreements = tuple(part.agreement for part in edition.parts)
        self._note_missing(missing_from(self.agreements or (), agreements), now)
        if self._absence.may_end(now):
            return False
        self._waiting, self._absence = None, Absence()
        self._parts, self.contents, self._here = edition
        return self._take_up()

    def _note_missing(self, missing: tuple[str, ...], now: float) -> None:
        before = self._absence.missing
        if not self._absence.note(missing, now) or not self.agreements:
            return
        if missing:
            until = clock.now() + self._absence.wait
            self._reporter.log_missing_events(missing, until, self.agreements[0].timezone)
        else:
            self._reporter.log_returned_events(before)

    def _merge(self, here: tuple[bytes, ...]) -> tuple[bytes, ...]:
        """The files here; where one did not change here, it stays as in an edition taken up before.

        A copy may arrive one file after the other: what has not come yet is not taken back.
        """
        if not len(here) == len(self._here) == len(self.contents):
            return here
        before = zip(here, self._here, self.contents, strict=True)
        return tuple(old if new == last else new for new, last, old in before)

    def _read(self, names: Sequence[str], contents: Sequence[bytes]) -> tuple[ParsedAgreement, ...]:
        return load_parsed(names, contents, self._cache, self._parts)

    def _take_up(self) -> bool:
        """Goes by what was read from now on; whether that says something new."""
        agreements = tuple(part.agreement for part in self._parts)
        if agreements == self.agreements:
            return False
        self.agreements, self._timeline, self._failed_on = agreements, None, None
        return True

    def adopt(self, contents: Sequence[bytes]) -> bool:
        """Takes up an edition of the files that is not here; whether it says something new.

        Raises FileErrors where it cannot be read; then nothing has changed.
        """
        with without_garbage_collection():
            self._parts = self._read([str(number) for number in range(len(contents))], contents)
        self.contents = tuple(contents)
        if self._waiting is not None:  # it was read beside another edition
            self._waiting = self._read_here()
        return self._take_up()

    @property
    def last_modified(self) -> datetime | None:
        """When the newest of the files was written."""
        times = [stamp[1] for stamp in self._stamp or () if len(stamp) > 1]
        return datetime.fromtimestamp(max(times) / 1e9, UTC) if times else None

    @property
    def ids(self) -> tuple[str, ...]:
        """Of the last good agreements: by them is chosen what of the ledger is shown here."""
        return tuple(agreement.id for agreement in self.agreements or ())

    @property
    def names(self) -> list[str]:
        """Of the files and folders, as they were named."""
        return [str(path) for path in self.named]

    def today(self) -> date | None:
        """Today in the zone of the first agreement."""
        return clock.today(self.agreements[0].timezone) if self.agreements else None

    def timeline(self) -> Timeline | None:
        """The last good timeline as of today; the same value until the day or the files change,
        or an instant passes that one of its points comes to.

        Where business days enter a year of which nothing is known, that is logged once a day and
        the timeline of the day before goes on.
        """
        now, today = clock.now(), self.today()
        if self.agreements is None or today is None:
            return None
        timeline = self._timeline
        is_valid = timeline is not None and timeline.as_of == today
        is_valid = is_valid and self._valid[0] <= now < self._valid[1]
        if not is_valid and self._failed_on != today:
            try:
                timeline = self._timeline = resolve(self.agreements, today, now=now)
                self._valid = valid_between(timeline, now)
            except Uncovered as missing:
                self._failed_on = today
                self._reporter.log_missing_calendar(missing)
        return timeline

    @property
    def is_unread(self) -> bool:
        """Whether the files cannot be read at present, whatever they say."""
        return self._unread.error is not None

    @property
    def last_timeline(self) -> Timeline | None:
        """As it was worked out last of the files as they are."""
        return self._timeline

    @property
    def valid_until(self) -> datetime:
        """The next instant at which a point of the timeline passes."""
        return self._valid[1]

    @property
    def is_behind(self) -> bool:
        """Whether the timeline is an earlier day's, since today's could not be worked out."""
        return self._failed_on is not None

    def _stamp_now(self) -> _Stamp:
        """Another one once a file was written, replaced, added or taken away."""
        try:
            return tuple(map(_stamp_of, files_in(self.named)))
        except OSError:
            return None
