"""What the log says of what fails in a process, and that it works again.

A fault that lasts is a line for each reason; one that comes and goes is one a minute.
"""

from __future__ import annotations

import sys
import threading
from contextlib import suppress
from threading import Lock

from tracker import clock
from tracker.failures.supervision import Duty, Fault, reason_of_fault
from tracker.failures.thread_start import Interruption, guard_thread_starts
from tracker.i18n.channels import channel_text
from tracker.i18n.durations import length_text
from tracker.i18n.translate import Language, comma_list, translate
from tracker.service.log import Log

#: Seconds between two lines about faults of a kind.
_MINUTE = 60.0


class FaultLog:
    """Logs the faults of one process."""

    def __init__(self, log: Log) -> None:
        self.is_last_run = False  #: nothing is tried again here, but by the next run
        self._log = log
        self._logged_at: dict[tuple[str, ...], float] = {}
        self._logged: dict[Duty, set[tuple[str, ...]]] = {}  #: of what fails, what was said of it
        self._lock = Lock()

    def begin(self, fault: Fault) -> None:
        """Something has failed, for the first time or once more."""
        kind = (fault.duty.name, fault.kind, fault.reason.case)
        if kind in self._logged.get(fault.duty, ()) or not self._may_log(
            (*kind, *fault.duty.channels)
        ):
            return
        with self._lock:
            self._logged.setdefault(fault.duty, set()).add(kind)
        values = {"duty": fault.duty.name, "kind": fault.kind, "reason": fault.reason}
        if fault.duty.channels:
            values["channels"] = list(fault.duty.channels)
        sentence = "run.unexpected.once" if self.is_last_run else "run.unexpected"
        language = self._log.language
        text = translate(
            language,
            sentence,
            duty=duty_text(fault.duty, language),
            reason=fault.reason.text(language),
        )
        values["reason"] = fault.reason.text(language)
        self._log.write_text(text, "run.unexpected", "error", **values)

    def end(self, fault: Fault, seconds: float) -> None:
        """It works again."""
        with self._lock:
            if fault.duty not in self._logged:
                return
            del self._logged[fault.duty]
        language = self._log.language
        text = translate(
            language,
            "run.recovered",
            duty=duty_text(fault.duty, language),
            length=length_text(int(seconds), language),
        )
        values = {"duty": fault.duty.name, "seconds": int(seconds)}
        self._log.write_text(text, "run.recovered", "info", **values)

    def log_stray(self, error: BaseException) -> None:
        """What was raised where nobody waits for it: a thread of a library, the end of a value."""
        if isinstance(error, Interruption):
            return
        if not self._may_log(("stray", type(error).__name__)):
            return
        reason = reason_of_fault(error)
        self._log.write("run.stray-error", "error", reason=reason, kind=type(error).__name__)

    def _may_log(self, kind: tuple[str, ...]) -> bool:
        now = clock.steady()
        with self._lock:
            last = self._logged_at.get(kind)
            if last is not None and now - last < _MINUTE:
                return False
            self._logged_at[kind] = now
        return True

    def take_over_threads(self) -> None:
        """No thread of this process ends with a traceback on the screen, or hangs who began it."""

        def log_end(arguments: threading.ExceptHookArgs | sys.UnraisableHookArgs) -> None:
            if arguments.exc_value is not None:
                with suppress(Exception):  # there may be no memory to say it with
                    self.log_stray(arguments.exc_value)

        threading.excepthook = sys.unraisablehook = log_end
        guard_thread_starts()


def duty_text(duty: Duty, language: Language) -> str:
    """What is done, in words: for the log."""
    if not duty.channels:
        return translate(language, f"duty.{duty.name}")
    channels = comma_list((channel_text(name, language) for name in duty.channels), language)
    return translate(language, f"duty.{duty.name}.through", channels=channels)
