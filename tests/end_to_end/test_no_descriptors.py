"""A process from which its file descriptors are taken away for a while, for real."""

from __future__ import annotations

import resource
from pathlib import Path

from tests.alerts.servers import HookSink
from tests.end_to_end.processes import Running, get, until
from tests.end_to_end.test_faults import is_all_sent, placed


def test_without_descriptors_a_reminder_waits_and_goes_out_once_there_are_some(
    tmp_path: Path,
) -> None:
    with HookSink() as sink:
        file = placed(tmp_path, 1, sink.url)
        running = Running("-f", str(file), home=tmp_path, at="2030-12-01 08:59:54")
        url = running.address()
        until(lambda: get(f"{url}healthz").status_code == 200)
        number = running.process.pid
        before = resource.prlimit(number, resource.RLIMIT_NOFILE)
        resource.prlimit(number, resource.RLIMIT_NOFILE, (3, before[1]))
        line = running.line_with("sending through")
        waiting = len(sink.requests)

        resource.prlimit(number, resource.RLIMIT_NOFILE, before)

        until(lambda: len(sink.requests) == 1)
        until(lambda: get(f"{url}healthz").status_code == 200)
        running.stop()
        until(lambda: is_all_sent(tmp_path))
    assert "too many files and connections are open" in line
    assert (waiting, len(sink.requests)) == (0, 1)
    said = "\n".join(running.seen)
    assert "Traceback" not in said
    assert "Warning" not in said
