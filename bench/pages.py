"""The pages: how long the server takes, how much goes over the wire, when the reader sees them.

Server times stand beside what the same machine takes in the same run to resolve the same events,
which a page has to do at least. The largest paint is Chromium's own figure.
`python -m bench.pages`
"""

from __future__ import annotations

import gzip
import time
from statistics import median

from starlette.testclient import TestClient

from tests.shipped import timeline
from tests.timeline.scene import event
from tests.timeline.scene import timeline as timeline_of
from tests.web.browser import chromium, many, pages_of, serve
from tests.web.sites import FixedSource, client_of
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve

ROUNDS = 9
PACKED = {"accept-encoding": "gzip"}
PAINT = """() => new Promise((done) => {
  const kind = { type: "largest-contentful-paint", buffered: true };
  new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime)).observe(kind);
})"""


def main() -> None:
    hub = event("agi-verified", when="open")
    hanging = (event(f"e{at}", when=f"{at} days after agi-verified") for at in range(2000))
    for name, found, bar in (
        ("shipped", timeline(), 50),
        ("2,000 events", many(2000), 300),
        ("2,000 events that hang on one", timeline_of(hub, *hanging), 300),
    ):
        paths = dict.fromkeys(pages_of(found), bar)
        if any(one.id == "agi-verified" for one in found.events):
            paths["/what-if?if.agi-verified=2029-05-01"] = 200
        peer = _resolving(found)
        print(f"{name}: resolving takes {peer * 1000:.1f} ms")
        for path, most in paths.items():
            cold, warm, sent = _asked(found, path)
            print(
                f"  {path}: cold {cold * 1000:.1f} ms = {cold / peer:.1f} of resolving (bar {most}"
                f" ms), from cache {warm * 1000:.2f} ms, {sent / 1000:.1f} kB compressed",
                flush=True,
            )
    _paints()


def _resolving(found: Timeline) -> float:
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        resolve(found.agreements, found.as_of)
        times.append(time.perf_counter() - began)
    return median(times)


def _asked(found: Timeline, path: str) -> tuple[float, float, int]:
    """Seconds of a first request and of one that is kept, and what it sends."""
    source = FixedSource(found)
    with client_of(source) as client:
        cold, warm = [], []
        for _ in range(ROUNDS):
            source.revision += 1
            cold.append(_seconds(client, path))
            warm.append(_seconds(client, path))
        content = client.get(path, headers=PACKED).content
    return median(cold), median(warm), len(gzip.compress(content, 6))


def _seconds(client: TestClient, path: str) -> float:
    began = time.perf_counter()
    answer = client.get(path, headers=PACKED)
    assert answer.status_code == 200
    return time.perf_counter() - began


def _paints() -> None:
    with serve(timeline()) as url, chromium() as browser:
        for path in ("/", "/timeline", "/what-if", "/subscribe"):
            found = []
            for _ in range(ROUNDS):
                page = browser.new_context().new_page()
                page.goto(url + path)
                found.append(page.evaluate(PAINT))
                page.context.close()
            print(f"largest paint of {path}: {median(found):.0f} ms (bar 500)", flush=True)


if __name__ == "__main__":
    main()
