"""Whatever is raised once in the server's own work: it goes on, with all limits, and says so."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tests.end_to_end.processes import until
from tests.shipped import timeline
from tests.web.sockets import GET, SocketSite, served, status_of
from tracker.failures.supervision import Fault
from tracker.web.connection import LimitedProtocol
from tracker.web.places import Places
from tracker.web.server import WebServer
from tracker.web.validators import Validators

END = b"Connection: close\r\n\r\n"
#: Where something is raised.
PLACES: dict[str, tuple[Any, str]] = {
    "the time of a connection": (LimitedProtocol, "look"),
    "the time of those who are turned away": (WebServer, "_end_late"),
    "a place for who comes": (Places, "take"),
    "the making of a connection": (HttpToolsProtocol, "connection_made"),
    "what a connection is made of": (LimitedProtocol, "__init__"),
    "who comes": (WebServer, "_accept_next"),
    "what came": (LimitedProtocol, "on_message_begin"),
    "the second": (uvicorn.Server, "on_tick"),
}


class Report:
    """Who hears of faults."""

    def __init__(self) -> None:
        self.signs: list[str] = []

    def begin(self, fault: Fault) -> None:
        self.signs.append(fault.duty.name)

    def end(self, fault: Fault, seconds: float) -> None:
        self.signs.append("over")


@pytest.mark.parametrize(
    "error",
    [MemoryError(), KeyError("a"), SystemExit(3)],
    ids=["memory", "fault", "a library that ends"],
)
@pytest.mark.parametrize("place", PLACES)
def test_the_server_goes_on_with_its_limits_after_whatever_is_raised_once(
    place: str, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = Report()
    with served(timeline(), patience=0.4) as site:
        site.supervisor._report = report
        raise_once(*PLACES[place], error, monkeypatch)

        threading.Thread(target=try_to_ask, args=(site,), daemon=True).start()
        until(lambda: report.signs[-1:] == ["over"])

        assert set(report.signs[:-1]) == {"serve"}
        assert site.status(GET) == 408
        assert site.status(GET + END) == 200
        until(lambda: site.places.taken == 0)


def raise_once(owner: Any, name: str, error: BaseException, patch: pytest.MonkeyPatch) -> None:
    works: Callable[..., Any] = getattr(owner, name)
    left = [error]

    def work(*arguments: Any, **named: Any) -> Any:
        if left:
            raise left.pop()
        return works(*arguments, **named)

    patch.setattr(owner, name, work)


def try_to_ask(site: SocketSite) -> None:
    """Somebody who may get no answer: the fault is about them."""
    site.ask(GET)


def test_a_fault_while_what_is_kept_is_sent_is_no_nonsense_of_the_client(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = GET + b'If-None-Match: "abc"\r\n' + END
    with served(timeline()) as site:
        before = site.status(asked), site.status(asked)
        monkeypatch.setattr(Validators, "match", Mock(side_effect=KeyError("etag")))
        answer = site.ask(asked)
        written = [*site.complaints]
        monkeypatch.undo()
        after = site.status(asked)

    assert (before, status_of(answer), after) == ((200, 200), 500, 200)
    assert b"Its log says more" in answer
    assert written == ["web.fault"]


def test_a_fault_while_a_request_is_read_is_no_nonsense_of_the_client(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    report = Report()
    with served(timeline()) as site:
        site.supervisor._report = report
        raise_once(LimitedProtocol, "on_headers_complete", KeyError("a"), monkeypatch)

        answer = site.ask(GET + END)

        until(lambda: report.signs == ["serve", "over"])
        assert status_of(answer) == 500
        assert site.complaints == []
