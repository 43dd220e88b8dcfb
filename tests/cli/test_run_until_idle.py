"""`run --until-idle` after a fault of its own: a line without a traceback, and a code for timers."""

from __future__ import annotations

import pytest

from tests.cli.calls import Caller
from tracker.service.planner import Planner
from tracker.service.publisher import Publisher

EVENTS = 'id = "a"\ntimezone = "UTC"\n[[event]]\nid = "e"\ntitle = "E"\nwhen = 2040-01-01\n'
RECIPIENT = '[[recipient]]\nname = "legal"\ntimezone = "UTC"\n'


@pytest.mark.parametrize(
    ("place", "duty"),
    [
        ((Planner, "write_due"), "planning what is due"),
        ((Publisher, "publish"), "making the feeds and telling of changes"),
    ],
    ids=["plan", "publish"],
)
@pytest.mark.parametrize("error", [KeyError("a"), MemoryError(), SystemExit(0)])
def test_a_run_that_ends_by_itself_ends_with_1_after_a_fault_and_with_0_once_it_is_gone(
    call: Caller,
    monkeypatch: pytest.MonkeyPatch,
    place: tuple[type, str],
    duty: str,
    error: BaseException,
) -> None:
    def fail(*_arguments: object, **_named: object) -> None:
        raise error

    call.write("tracker.toml", RECIPIENT)
    call.write("a.toml", EVENTS)
    with monkeypatch.context() as broken:
        broken.setattr(*place, fail)
        failed = call("-f", "a.toml", "run", "--until-idle")
    after = call("-f", "a.toml", "run", "--until-idle")

    assert (failed.code, after.code) == (1, 0)
    assert f"{duty} has failed, and the next run tries again: " in failed.err
    assert "not all could be done (see above); the next run tries again" in failed.err
    assert "Traceback" not in failed.err
