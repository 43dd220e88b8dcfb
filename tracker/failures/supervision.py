"""What a process does again and again goes on, whatever is raised in it.

One place catches everything: `Supervisor.attempt`. It notes the fault, which /healthz, the
heartbeat and the log tell of (service/faults.py), says when to try again, and notes when it is
over. Threads that are to last as long as the process are `SupervisedThread`s.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import PurePath
from threading import Event, Lock, Thread
from traceback import extract_tb
from typing import NamedTuple, Protocol

from tracker.failures.exceptions import reason_of, words_of
from tracker.i18n.reasons import Reason

#: Seconds until the next try, by how many there were; then always the last.
PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
_TRACKER = PurePath(__file__).parents[1]


class Duty(NamedTuple):
    """Something that a process does again and again, and that can fail by itself."""

    name: str  #: of its sentence, `duty.NAME`
    channels: tuple[str, ...] = ()  #: through which it sends: who reads /healthz is not told them


class Fault(NamedTuple):
    """A duty that cannot be done at present."""

    duty: Duty
    reason: Reason
    kind: str  #: of the exception, by its name
    since: float  #: in steady seconds, as the next two
    at: float  #: when it failed last
    try_at: float
    tries: int


class FaultReport(Protocol):
    """Who hears of faults."""

    def begin(self, fault: Fault) -> None:
        """It has failed, for the first time or once more."""

    def end(self, fault: Fault, seconds: float) -> None:
        """It works again, after so many seconds."""


class Supervisor:
    """Does what is to be done, and knows what of it fails."""

    def __init__(self, steady: Callable[[], float], report: FaultReport | None = None) -> None:
        """`steady`: seconds that no setting of the clock changes."""
        self._steady = steady
        self._report = report
        self._lock = Lock()
        self._faults: dict[Duty, Fault] = {}
        self._expected: dict[Duty, tuple[float, float]] = {}  #: its patience, and its last end

    # -- doing

    def attempt(self, duty: Duty, work: Callable[[], object]) -> float:
        """Does it; gives the seconds until it is to be tried again, 0 where it was done.

        Nothing that is raised gets through, and no SystemExit of a library: only Ctrl-C.
        """
        try:
            work()
        except BaseException as error:
            if _is_interruption(error):
                raise
            return self.note(duty, error)
        self.note_success(duty)
        return 0.0

    def note(self, duty: Duty, error: BaseException) -> float:
        """It has failed with that; gives the seconds until it is to be tried again."""
        with suppress(Exception):  # there may be no memory to say it with
            return self._begin(duty, error)
        return PAUSES[-1]

    def _begin(self, duty: Duty, error: BaseException) -> float:
        now, reason = self._steady(), reason_of_fault(error)
        with self._lock:
            before = self._faults.get(duty)
            tries = 1 if before is None else before.tries + 1
            pause = PAUSES[min(tries, len(PAUSES)) - 1]
            since = now if before is None else before.since
            fault = Fault(duty, reason, type(error).__name__, since, now, now + pause, tries)
            self._faults[duty] = fault
            self.note_end(duty)
        if self._report is not None:
            self._report.begin(fault)
        return pause

    def note_success(self, duty: Duty) -> None:
        """It works: said of what goes on without an end as soon as that is so."""
        if duty not in self._faults:
            self.note_end(duty)
            return
        with self._lock:
            fault = self._faults.pop(duty, None)
            self.note_end(duty)
        if fault is not None and self._report is not None:
            with suppress(Exception):
                self._report.end(fault, self._steady() - fault.since)

    def may_try(self, duty: Duty) -> bool:
        """Whether it is not one that failed a moment ago."""
        fault = self._faults.get(duty)
        return fault is None or self._steady() >= fault.try_at

    def is_to_retry(self, duties: Iterable[Duty]) -> bool:
        """Whether one of those has failed, and is to be tried again now."""
        return any(duty in self._faults and self.may_try(duty) for duty in duties)

    # -- what is known

    def expect(self, duty: Duty, patience: float) -> None:
        """From now on it comes to an end again and again, within so many seconds."""
        self._expected[duty] = patience, self._steady()

    def note_end(self, duty: Duty) -> None:
        """It has come to an end once more, well or not."""
        if duty in self._expected:
            self._expected[duty] = self._expected[duty][0], self._steady()

    def fault_of(self, duty: Duty) -> Fault | None:
        """What keeps that from being done at present."""
        return self._faults.get(duty)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What fails at present, the first that did first."""
        return tuple(self._faults.copy().values())

    @property
    def stuck(self) -> Duty | None:
        """What does not come to an end, such as a look at a drive that does not answer."""
        now = self._steady()
        expected = self._expected.copy().items()
        return next((duty for duty, (most, at) in expected if now - at > most), None)


class SupervisedThread:
    """A thread that does the same again and again until it is stopped, whatever that raises.

    `turn` says whether there is to be another one. What it goes on with for long has to look at
    `stopping` itself, and to say when it works (`note_success`).
    """

    def __init__(
        self, name: str, supervisor: Supervisor, duty: Duty, turn: Callable[[], bool]
    ) -> None:
        self.stopping = Event()
        self._supervisor = supervisor
        self._duty = duty
        self._turn = turn
        self._goes_on = True
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Raises RuntimeError where the machine lets no more threads be started."""
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        """It ends after its turn. A second time this does nothing."""
        self.stopping.set()

    def join(self, seconds: float | None = None) -> None:
        """Waits until it has ended, if it was begun."""
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join(seconds)

    def _run(self) -> None:
        while self._goes_on and not self.stopping.is_set():
            try:
                pause = self._supervisor.attempt(self._duty, self._take_turn)
                if pause:
                    self.stopping.wait(pause)
            except BaseException:  # noqa: BLE001 - not even to note what failed was there memory
                time.sleep(PAUSES[0])

    def _take_turn(self) -> None:
        self._goes_on = True
        self._goes_on = self._turn()


def reason_of_fault(error: BaseException) -> Reason:
    """Why that was raised; of a fault in tracker itself, where.

    >>> reason_of_fault(OSError(24, "")).text("en")
    'too many files and connections are open'
    >>> reason_of_fault(KeyError(7)).text("en")
    'a fault in tracker itself (KeyError); in its own words: “7”'
    """
    own = getattr(error, "reason", None)  # of our own exceptions
    reason = own if isinstance(own, Reason) else reason_of(error)
    if reason.case != "unforeseen":
        return reason
    place = _place_of(error)
    kind = type(error).__name__ + (f", {place}" if place else "")
    return Reason("own-fault", words_of(error), (("kind", kind),))


def public_reason(fault: Fault) -> Reason:
    """The reason without anybody's names, which may stand in what an exception says."""
    if fault.reason.case == "own-fault":
        return Reason("own-fault", values=(("kind", fault.kind),))
    return Reason(fault.reason.case or "unforeseen", values=fault.reason.values)


def _place_of(error: BaseException) -> str:
    """The last line of tracker's own through which it came, as "service/planner.py:88"."""
    for frame in reversed(extract_tb(error.__traceback__)):
        file = PurePath(frame.filename)
        if file.is_relative_to(_TRACKER) and file != PurePath(__file__):
            return f"{file.relative_to(_TRACKER).as_posix()}:{frame.lineno}"
    return ""


def _is_interruption(error: BaseException) -> bool:
    is_main = threading.current_thread() is threading.main_thread()
    return isinstance(error, KeyboardInterrupt) and is_main
