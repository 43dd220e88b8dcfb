"""A thread for whose first step there is no memory fails whoever begins it, and hangs nobody."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

import pytest

from tracker.failures.exceptions import reason_of
from tracker.failures.thread_start import ThreadDied, guard_thread_starts

pytestmark = pytest.mark.skipif(
    not hasattr(threading, "_start_new_thread"), reason="from 3.13 on threading sees to it itself"
)


class _Short(Thread):
    """One that finds no memory for its first step."""

    def _bootstrap(self) -> None:
        raise MemoryError


@pytest.fixture(autouse=True)
def guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "_start_new_thread", threading._start_new_thread)  # type: ignore[attr-defined]
    monkeypatch.setattr(sys, "unraisablehook", lambda _raised: None)
    guard_thread_starts()


def test_who_begins_a_thread_that_dies_at_once_hears_that_there_is_no_memory() -> None:
    heard: list[RuntimeError] = []

    def begin() -> None:
        try:
            _Short().start()
        except ThreadDied as error:
            heard.append(error)

    beginning = Thread(target=begin, daemon=True)
    beginning.start()
    beginning.join(20)

    assert [reason_of(error).text("en") for error in heard] == ["there is no memory left"]


def test_threads_of_libraries_that_die_at_once_hang_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[object] = []

    def ask() -> None:
        with ThreadPoolExecutor(1) as pool, monkeypatch.context() as short:
            short.setattr(Thread, "_bootstrap", _Short._bootstrap)
            try:
                pool.submit(int)
            except RuntimeError as error:
                answers.append(type(error))

    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(20)

    assert answers == [ThreadDied]


def test_other_threads_begin_and_end_as_ever() -> None:
    done, go_on = [], Event()

    def work() -> None:
        go_on.wait()
        done.append(threading.current_thread().name)

    threads = [Thread(target=work, name=f"n{number}") for number in range(5)]
    for thread in threads:
        thread.start()
    alive = [thread.is_alive() for thread in threads]
    go_on.set()
    for thread in threads:
        thread.join()

    assert (alive, sorted(done)) == ([True] * 5, [f"n{number}" for number in range(5)])


def test_where_there_is_no_room_for_a_first_step_none_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raised: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", raised.append)
    monkeypatch.setattr("tracker.failures.thread_start._FIRST_STEP", 2**62)  # no machine has it

    with pytest.raises(ThreadDied):
        Thread(target=raised.append, args=("begun",)).start()

    assert raised == []
