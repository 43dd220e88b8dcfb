"""The process that reads files for the language server: a desk behind two pipes.

Questions come on standard input and answers go to standard output, each as its length and a pickle.
It ends when its input does: with the server, however that ends.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, BinaryIO

from tracker.editor.desk import Desk, Outdated

#: Bytes that tell how long what follows is.
LENGTH = 8
_BEHIND = 5  # in priority: the server, which answers a keystroke, goes before


def frame(message: object) -> bytes:
    """A message as it goes through a pipe; both ends are ours."""
    body = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return len(body).to_bytes(LENGTH, "big") + body


class _Worker:
    """Reads in a thread, and answers all else at once, also while it reads."""

    def __init__(self, output: BinaryIO) -> None:
        self._output, self._lock = output, Lock()
        self._desk = Desk()
        self._reading = ThreadPoolExecutor(1)

    def take(self, ticket: int, question: str, values: tuple[Any, ...]) -> None:
        if question == "read":
            self._desk.announce(*values[:2])
            self._reading.submit(self._answer, ticket, question, values)
        else:
            self._answer(ticket, question, values)

    def send(self, ticket: int, answer: object) -> None:
        message = frame((ticket, answer))
        with self._lock:
            self._output.write(message)
            self._output.flush()

    def _answer(self, ticket: int, question: str, values: tuple[Any, ...]) -> None:
        try:
            self.send(ticket, getattr(self._desk, question)(*values))
        except Outdated as outdated:
            self.send(ticket, outdated)
        except BaseException:  # noqa: BLE001 - the server begins anew with another process
            traceback.print_exc()
            os._exit(1)


def work() -> None:
    """Answers until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server is told, and ends this process
    if hasattr(os, "nice"):
        os.nice(_BEHIND)
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what else is printed goes to the log
    worker = _Worker(output)
    worker.send(0, "ready")
    while len(head := sys.stdin.buffer.read(LENGTH)) == LENGTH:
        worker.take(*pickle.loads(sys.stdin.buffer.read(int.from_bytes(head, "big"))))  # noqa: S301 - from the server
    os._exit(0)  # in the middle of a reading too
