"""The server's end of the process that reads: questions to a desk, wherever that stands."""

from __future__ import annotations

import asyncio
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

from tracker.cli.language_server.reading_worker import LENGTH, frame
from tracker.editor.desk import Desk, Outdated

#: Not -m, nor what -c would search first: the folder in which an editor stands is somebody else's.
_CODE = (
    "import sys; sys.path[:] = {path!r};"
    " from tracker.cli.language_server.reading_worker import work; work()"
)


class ReadingEnded(Exception):
    """The process that reads came to its end before it answered."""


class ReadingDesk:
    """A desk in a process of its own; in a thread of this one, where none can be started.

    A process that has ended is started again with the next question, and `forgotten` is called:
    what it had read is to be read again.
    """

    def __init__(self, forgotten: Callable[[], None]) -> None:
        self._forgotten = forgotten
        self._process: Process | None = None
        self._starts = asyncio.Lock()
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._tickets = count(1)
        self._listening: asyncio.Task[None] | None = None
        self._desk: Desk | None = None
        self._threads = ThreadPoolExecutor(2)  # so that a question need not wait for a reading

    async def ask(self, question: str, *values: Any) -> Any:
        """What the desk answers. Raises Outdated, or ReadingEnded."""
        async with self._starts:
            if self._process is None and self._desk is None:
                await self._start()
        if self._desk is not None:
            call = getattr(self._desk, question)
            if question == "read":
                self._desk.announce(*values[:2])
            return await asyncio.get_running_loop().run_in_executor(self._threads, call, *values)
        if self._process is None or self._process.stdin is None:
            raise ReadingEnded
        ticket = next(self._tickets)
        answer = asyncio.get_running_loop().create_future()
        self._answers[ticket] = answer
        try:
            self._process.stdin.write(frame((ticket, question, values)))
            return await answer
        finally:
            self._answers.pop(ticket, None)

    async def close(self) -> None:
        """Ends the process, whatever it does."""
        process, self._process = self._process, None
        if process is not None and self._listening is not None:
            await _end(process)
            await self._listening

    async def _start(self) -> None:
        code, process = _CODE.format(path=sys.path), None
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable or "", "-P", "-c", code, stdin=PIPE, stdout=PIPE
            )
            await _message(process)
        except (OSError, ValueError, NotImplementedError, EOFError):
            if process is not None:
                await _end(process)
            self._desk = Desk()  # a machine that allows no further process still has threads
            return
        self._process = process
        self._listening = asyncio.create_task(self._listen(process))

    async def _listen(self, process: Process) -> None:
        try:
            while True:
                ticket, answer = await _message(process)
                waiting = self._answers.get(ticket)
                if waiting is None or waiting.done():  # it was cancelled
                    continue
                if isinstance(answer, Outdated):
                    waiting.set_exception(answer)
                else:
                    waiting.set_result(answer)
        except (EOFError, OSError):
            for waiting in self._answers.values():
                if not waiting.done():
                    waiting.set_exception(ReadingEnded())
            if self._process is process:  # and it was not ended by us
                self._process = None
                await _end(process)
                self._forgotten()


async def _end(process: Process) -> None:
    """Ends a process, and waits until it has."""
    if process.stdin is not None:
        process.stdin.close()  # it ends with its input
    await process.wait()


async def _message(process: Process) -> Any:
    """The next one; raises IncompleteReadError, which is an EOFError, where none comes."""
    if process.stdout is None:
        raise EOFError
    size = int.from_bytes(await process.stdout.readexactly(LENGTH), "big")
    return pickle.loads(await process.stdout.readexactly(size))  # noqa: S301 - from our own process
