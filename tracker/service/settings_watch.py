"""tracker.toml while a process runs: it is read when the process begins, and then only looked at.

Who edits it to mend something has to learn that it does not hold yet, and whether it would do.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, TypeAlias

from tracker import clock
from tracker.config import Config, read_config
from tracker.config.recipients import Defaults
from tracker.failures.exceptions import reason_of
from tracker.files.excerpts import reports
from tracker.files.problems import FileErrors
from tracker.service.log import Log
from tracker.service.unread_files import Unread

#: What differs once it was written or replaced; None: it is not there.
_Stamp: TypeAlias = tuple[int, int, int] | None
#: What has no bearing on whether the file can be used.
_DEFAULTS = Defaults("UTC", "en")


class SettingsWatch:
    """Says once of each edit of tracker.toml that it holds from the next start on."""

    def __init__(self, config: Config, log: Log, *, sends: bool) -> None:
        """`config` is what the process goes by; `sends`: whether it needs all that sending does."""
        self._file = config.file
        self._begun_with = "" if config.source is None else config.source[1]
        self._is_there = config.source is not None
        self._log = log
        self._sends = sends
        self._stamp = self._stamp_now()
        self._reported: _Stamp | tuple[()] = ()  #: of what was read last; (): not yet here
        self._unread = Unread()
        self._is_other = False  #: whether it was said that the file says something else

    def look(self) -> None:
        """Looks whether it was changed; what is still being written is left for the next look."""
        stamp = self._stamp_now()
        if stamp != self._stamp:
            self._stamp = stamp
        elif self._file is not None:
            if stamp != self._reported or self._unread.is_due(clock.steady()):
                self._report(self._file)
            self._reported = stamp

    def _report(self, file: Path) -> None:
        try:
            text = self._read(file)
        except FileErrors as errors:
            for problem in reports(errors.problems, errors.texts, self._log.language):
                self._log.write_text(problem, "run.refused", "warning")
            self._log.write("run.settings-refused", "warning", file=str(file))
        except FileNotFoundError:
            if not self._is_there and not self._is_other:
                return
            self._log.write("run.settings-gone", "warning", file=str(file))
        except OSError as error:
            if self._unread.note(error, clock.steady()):
                reason = reason_of(error)
                self._log.write("run.settings-unread", "warning", file=str(file), reason=reason)
            return
        else:
            is_other = tomllib.loads(text) != self._values()
            if is_other:
                self._log.write("run.settings-changed", file=str(file))
            elif self._is_other:
                self._log.write("run.settings-as-before", file=str(file))
            self._is_other = is_other
            return
        self._is_other = True

    def _read(self, file: Path) -> str:
        """What it says, if it can be used. Raises FileErrors, OSError."""
        try:
            source = read_config(file, (), _DEFAULTS, self._sends).source
        except (FileErrors, FileNotFoundError):
            self._note_read(file)
            raise
        self._note_read(file)
        return "" if source is None else source[1]

    def _note_read(self, file: Path) -> None:
        if self._unread.end() is not None:
            self._log.write("run.readable", file=str(file))

    def _values(self) -> dict[str, Any]:
        return tomllib.loads(self._begun_with)

    def _stamp_now(self) -> _Stamp:
        if self._file is None:
            return None
        try:
            status = self._file.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino
