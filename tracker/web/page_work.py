"""The work on answers that are not kept: a few at once, one for each client, and each for so long.

Whatever is worked out here takes the processor from the threads that deliver alerts. Python cannot
stop a thread, but it can raise an exception in one (PyThreadState_SetAsyncExc), between two of its
steps: pages and feeds are pure functions, so nothing is left half done.
"""

from __future__ import annotations

import asyncio
import ctypes
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager, suppress
from threading import Lock, Thread, get_ident
from typing import Generic, TypeVar

from starlette.types import Scope

from tracker.failures.thread_start import Interruption
from tracker.web.complaints import Complain
from tracker.web.peers import Proxies, group_of

T = TypeVar("T")

#: More would not be faster: only one of them computes at a time.
MOST_AT_ONCE = 2
#: So many seconds after a thread was told to stop, it is told again.
_INSIST = 0.5


class OutOfTime(Exception):
    """Nothing came of it in time; `name` names the sentence."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class _Stopped(Interruption):
    """Ends what takes too long: no `except Exception` on the way keeps it."""


class PageWork:
    """Where pages and feeds are worked out."""

    def __init__(self, seconds: float, proxies: Proxies, complain: Complain) -> None:
        self._seconds = seconds
        self._proxies = proxies
        self._complain = complain
        self._places = asyncio.Semaphore(MOST_AT_ONCE)
        self._turns: dict[Hashable, asyncio.Semaphore] = {}
        self._clients: dict[Hashable, int] = {}  #: how many requests of each there are

    def end_of_now(self) -> float:
        """When an answer that is begun now has to be there."""
        return asyncio.get_running_loop().time() + self._seconds

    async def run(
        self,
        scope: Scope,
        function: Callable[..., T],
        *arguments: object,
        stops: bool = True,
        end: float | None = None,
    ) -> T:
        """What the function gives to whoever asks there; raises OutOfTime.

        `stops`: whether it may end at any step of it. What may not goes on, in the place it has.
        `end`: that of the answer, where it takes several such calls.
        """
        end = self.end_of_now() if end is None else end
        async with self._turn(self._client_of(scope), end):
            try:
                async with asyncio.timeout_at(end):
                    await self._places.acquire()
            except TimeoutError:
                raise OutOfTime("http.busy") from None
            work = _Work(function, arguments, self._places.release)
            try:
                async with asyncio.timeout_at(end):
                    return await asyncio.shield(work.begin())
            except TimeoutError:
                if stops:
                    work.stop()
                self._complain("web.too-long")
                raise OutOfTime("http.too-long") from None

    def _client_of(self, scope: Scope) -> Hashable:
        client = self._proxies.client_of(scope)
        return None if client is None else group_of(client)

    @asynccontextmanager
    async def _turn(self, client: Hashable, end: float) -> AsyncIterator[None]:
        """Who asks for much at once has it one after the other."""
        self._clients[client] = self._clients.get(client, 0) + 1
        turn = self._turns.setdefault(client, asyncio.Semaphore(1))
        try:
            try:
                async with asyncio.timeout_at(end):
                    await turn.acquire()
            except TimeoutError:
                raise OutOfTime("http.busy") from None
            try:
                yield
            finally:
                turn.release()
        finally:
            self._clients[client] -= 1
            if not self._clients[client]:
                del self._clients[client], self._turns[client]


class _Work(Generic[T]):
    """One call in a thread of its own, which does not keep the process from ending."""

    def __init__(
        self, function: Callable[..., T], arguments: tuple[object, ...], release: Callable[[], None]
    ) -> None:
        self._function = function
        self._arguments = arguments
        self._release = release
        self._loop = asyncio.get_running_loop()
        self._future: asyncio.Future[T] = self._loop.create_future()
        self._lock = Lock()
        self._has_ended = False
        self._thread = 0

    def begin(self) -> asyncio.Future[T]:
        """Starts it; the future has what comes of it."""
        try:
            Thread(target=self._run, name="page", daemon=True).start()
        except (RuntimeError, MemoryError):  # the system gives no more of them
            self._release()
            raise OutOfTime("http.busy") from None
        return self._future

    def stop(self) -> None:
        """Ends it at its next step, again and again until it has ended."""
        with self._lock:
            if self._has_ended:
                return
            if self._thread:
                ident, error = ctypes.c_ulong(self._thread), ctypes.py_object(_Stopped)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, error)
        self._loop.call_later(_INSIST, self.stop)

    def _run(self) -> None:
        result: T | None = None
        error: BaseException | None = None
        try:
            try:
                self._thread = get_ident()
                result = self._function(*self._arguments)
            finally:
                with self._lock:  # from here on nobody raises anything in this thread
                    self._has_ended = True
        except BaseException as raised:  # noqa: BLE001 - whoever waits for it is told
            error = raised
        with suppress(RuntimeError):  # the loop has ended meanwhile
            self._loop.call_soon_threadsafe(self._settle, result, error)

    def _settle(self, result: T | None, error: BaseException | None) -> None:
        self._release()
        if self._future.cancelled():
            return
        if isinstance(error, _Stopped):
            self._future.cancel()
        elif error is not None:
            if not isinstance(error, Exception):  # a library's SystemExit would end the loop
                error = RuntimeError(repr(error))
            self._future.set_exception(error)
            self._future.exception()  # nobody may wait for it any more
        else:
            self._future.set_result(result)  # type: ignore[arg-type]
