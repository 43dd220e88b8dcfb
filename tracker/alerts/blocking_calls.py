"""Calls that block, each in a thread of its own: whoever waits for one can stop waiting.

The threads are daemons, unlike those of an executor: a process that is to end does not wait for
them, and what they were about is taken as unanswered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Any, TypeVar

_Result = TypeVar("_Result")


async def in_thread(call: Callable[[], _Result]) -> _Result:
    """What the call gives or raises. Who is cancelled leaves the call alone with its thread.

    >>> asyncio.run(in_thread(lambda: 6 * 7))
    42
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[_Result] = loop.create_future()

    def settle(set_answer: Callable[[Any], None], value: object) -> None:
        if not answer.done():  # somebody still waits for it
            set_answer(value)

    def run() -> None:
        set_answer: Callable[[Any], None] = answer.set_result
        try:
            value: object = call()
        except Exception as error:  # noqa: BLE001 - it is raised where it is waited for
            set_answer, value = answer.set_exception, error
        except BaseException as error:  # noqa: BLE001 - as a library's SystemExit, which would end the loop
            set_answer, value = answer.set_exception, RuntimeError(repr(error))
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, set_answer, value)

    Thread(target=run, daemon=True).start()
    return await answer
