"""The work on one answer ends in time, and nobody takes all the time there is."""

from __future__ import annotations

import asyncio
import sys
import threading
from typing import Any

import pytest

from tests.shipped import timeline
from tests.web.sites import FixedSource, client_of
from tests.web.sockets import SECONDS, served, status_of
from tracker.web.page_work import MOST_AT_ONCE, OutOfTime, PageWork
from tracker.web.peers import Proxies

AT_HAND = 0.3
MINE, YOURS = ({"client": (address, 1), "headers": []} for address in ("192.0.2.1", "192.0.2.2"))


def work_of(seconds: float, complaints: list[str] | None = None) -> PageWork:
    def complain(name: str, /, **_values: object) -> None:
        if complaints is not None:
            complaints.append(name)

    return PageWork(seconds, Proxies(), complain)


def forever(ended: threading.Event) -> None:
    try:
        while True:
            sum(range(100))
    finally:
        ended.set()


def test_what_takes_too_long_is_ended_and_its_place_is_free_again() -> None:
    complaints: list[str] = []
    events = [threading.Event() for _ in range(2 * MOST_AT_ONCE)]

    async def ask() -> None:
        work = work_of(AT_HAND, complaints)
        for ended in events:
            with pytest.raises(OutOfTime, match=r"http\.too-long"):
                await work.run(MINE, forever, ended)

    asyncio.run(ask())

    assert all(ended.wait(SECONDS) for ended in events)
    assert complaints == ["web.too-long"] * len(events)


def test_what_swallows_every_error_is_ended_too() -> None:
    ended = threading.Event()

    def stubborn() -> None:
        swallowed = 0
        try:
            while True:
                try:
                    sum(range(100))
                except BaseException:
                    swallowed += 1
                    if swallowed == 2:
                        raise
        finally:
            ended.set()

    async def ask() -> None:
        with pytest.raises(OutOfTime):
            await work_of(AT_HAND).run(MINE, stubborn)
        await asyncio.to_thread(ended.wait, SECONDS)

    asyncio.run(ask())

    assert ended.is_set()


def test_who_asks_for_much_leaves_room_for_somebody_else() -> None:
    async def ask() -> str:
        work = work_of(SECONDS)
        go_on = threading.Event()
        mine = [asyncio.create_task(work.run(MINE, go_on.wait, SECONDS)) for _ in range(10)]
        await asyncio.sleep(0)
        try:
            return await work.run(YOURS, lambda: "served")
        finally:
            go_on.set()
            await asyncio.gather(*mine)

    assert asyncio.run(ask()) == "served"


def test_who_waits_in_vain_is_told_so() -> None:
    async def ask() -> None:
        work = work_of(SECONDS)
        go_on = threading.Event()
        slow = asyncio.create_task(work.run(MINE, go_on.wait, SECONDS, stops=False))
        await asyncio.sleep(0)
        work._seconds = AT_HAND
        with pytest.raises(OutOfTime, match=r"http\.busy"):
            await work.run(MINE, lambda: None)
        go_on.set()
        await slow

    asyncio.run(ask())


def test_errors_and_values_come_through() -> None:
    def fail() -> None:
        raise LookupError("mine")

    async def ask() -> int:
        work = work_of(SECONDS)
        with pytest.raises(LookupError, match="mine"):
            await work.run(MINE, fail)
        return sum([await work.run(MINE, pow, 2, number) for number in range(5)])

    assert asyncio.run(ask()) == 31


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """What-if takes for ever."""

    def what_if(*_: object) -> Any:
        while True:
            sum(range(100))

    monkeypatch.setattr("tracker.web.pages.what_if.what_if", what_if)


@pytest.mark.usefixtures("endless")
def test_a_page_that_takes_too_long_says_so_and_all_others_are_there() -> None:
    asked = "/what-if?if.agi-verified=2029-05-01"
    with client_of(timeline(), page_time=AT_HAND) as client:
        answer = client.get(asked, headers={"accept": "text/html", "accept-language": "en"})
        others = [client.get(path).status_code for path in ("/", "/calendar.ics", "/healthz")]

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "30"
    assert "Working this out takes too long" in answer.text
    assert others == [200, 200, 200]


@pytest.mark.usefixtures("endless")
def test_feeds_go_out_while_many_ask_for_what_has_no_end() -> None:
    asked = b"GET /what-if?if.agi-verified=2029-05-01 HTTP/1.1\r\nHost: localhost\r\n"
    with served(timeline(), page_time=1.0) as site:
        clients = [site.connect(f"127.0.0.{number}") for number in range(1, 21)]
        for client in clients:
            client.sendall(asked + b"Connection: close\r\n\r\n")
        feed = site.ask(
            b"GET /calendar.ics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        statuses = {status_of(client.recv(65_536)) for client in clients}
        for client in clients:
            client.close()

    assert status_of(feed) == 200
    assert statuses == {503}


def test_a_fault_of_ours_is_one_line_and_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    source = FixedSource(timeline())

    def fail(*_: object) -> Any:
        raise ZeroDivisionError

    source.edition = fail  # type: ignore[method-assign, assignment]
    with served(source) as site:
        answer = site.ask(
            b"GET /calendar.ics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        again = site.status(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")

    assert status_of(answer) == 500
    assert b"Something is wrong in tracker itself." in answer
    assert again == 200
    assert site.complaints == ["web.fault"]
    assert capsys.readouterr() == ("", "")


def test_a_library_that_ends_ends_the_work_on_one_page_alone() -> None:
    async def ask() -> str:
        work = work_of(SECONDS)
        with pytest.raises(RuntimeError, match="SystemExit"):
            await work.run(MINE, sys.exit, 3)
        return await work.run(MINE, lambda: "served")

    assert asyncio.run(ask()) == "served"


def test_an_answer_that_takes_two_steps_has_one_time_for_both() -> None:
    async def ask() -> None:
        work = work_of(AT_HAND)
        end = work.end_of_now()
        first = await work.run(MINE, lambda: "first", end=end)
        with pytest.raises(OutOfTime):
            await work.run(MINE, forever, threading.Event(), end=end - AT_HAND)
        assert first == "first"

    asyncio.run(ask())
