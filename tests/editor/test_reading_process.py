"""Reading stands apart from answering: its process may end, be late, or not start at all."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

import pytest
from lsprotocol import types

from tests.editor.test_editor import LEASE
from tests.editor.test_language_server import Editor, folder, place, talk
from tracker.cli.language_server.reading_process import ReadingDesk, ReadingEnded
from tracker.editor.desk import Outdated, Report

__all__ = ["folder"]  # a fixture
AS_OF = date(2029, 6, 1)


def ask_desk(say: Callable[[ReadingDesk], Awaitable[None]]) -> int:
    """Has a desk asked; how many times it forgot what it had read."""
    forgotten = []

    async def whole() -> None:
        desk = ReadingDesk(lambda: forgotten.append(1))
        await say(desk)
        await desk.close()

    asyncio.run(whole())
    return len(forgotten)


async def read_lease(desk: ReadingDesk, number: int = 1, text: str = LEASE) -> Report:
    report = await desk.ask("read", "", number, {"a.toml": text}, AS_OF, "en")
    assert isinstance(report, Report)
    return report


@pytest.mark.parametrize("program", [sys.executable, "/nowhere/python", "/bin/false", None])
def test_files_are_read_the_same_where_no_process_can_be_started(
    program: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", program)

    async def say(desk: ReadingDesk) -> None:
        report = await read_lease(desk)
        assert report.lines["a.toml"].answers[-1] == "30 January 2035"
        assert await desk.ask("event_at", "", 1, "a.toml", LEASE.index("end of term") + 8) == (
            "lease",
            "term",
        )
        with pytest.raises(Outdated):
            await desk.ask("event_at", "", 2, "a.toml", 5)

    ask_desk(say)


def test_a_reading_ends_once_newer_texts_come_and_those_are_read() -> None:
    events = (f'\n[[event]]\nid = "e{n}"\ntitle = "E"\nwhen = "2031-01-01"\n' for n in range(500))
    long = LEASE + "".join(events)

    async def say(desk: ReadingDesk) -> None:
        older = asyncio.ensure_future(read_lease(desk, 1, long))
        await asyncio.sleep(0)
        newer = await read_lease(desk, 2)
        with pytest.raises(Outdated):
            await older
        assert newer.is_good

    ask_desk(say)


def test_a_process_that_ends_is_started_anew() -> None:
    async def say(desk: ReadingDesk) -> None:
        await read_lease(desk)
        with pytest.raises(ReadingEnded):  # a question that is none ends it
            await desk.ask("nothing")
        assert (await read_lease(desk, 2)).is_good

    assert ask_desk(say) == 1


def children_of(process: int) -> list[int]:
    return list(map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split()))


def test_the_server_goes_on_when_its_process_is_killed_and_both_end_with_the_client(
    folder: Path,
) -> None:
    processes: list[int] = []

    async def say(editor: Editor) -> None:
        editor.open("a.toml", LEASE)
        assert await editor.problems("a.toml") == []
        server = editor.process
        (worker,) = children_of(server)
        os.kill(worker, signal.SIGKILL)
        assert await editor.problems("a.toml") == []  # read again by itself
        at = place(LEASE, "30 days", 3)
        params = types.HoverParams(editor.document("a.toml"), at)
        why = await editor.text_document_hover_async(params)
        assert "30 January 2035" in str(why)
        processes.extend(map(os.pidfd_open, (server, *children_of(server))))

    talk(folder, say)

    assert len(processes) == 2
    for process in processes:
        ended, _, _ = select.select([process], [], [], 20)
        assert ended
        os.close(process)
