"""Recording and what-if in a file of 10,000 events, as whole processes, by turns with their peers.

Recording stands beside the plain reading of the same file with Python's own tomllib, which no edit
that checks its file can do without; what-if stands beside `list`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bench.commands import EVENTS, TRACKER
from bench.generate import events_file

ROUNDS = 9
BAR_RECORDING, BAR_BESIDE_LIST = 0.5, 0.3
_READING = "import sys, tomllib; tomllib.loads(open(sys.argv[1], encoding='utf-8').read())"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home, file = Path(folder), Path(folder) / "events.toml"
        file.write_text(events_file(EVENTS), encoding="utf-8")
        environment = {**os.environ, "HOME": folder, "XDG_STATE_HOME": folder}
        environment["XDG_CACHE_HOME"] = str(home / "cache")

        def seconds(*command: str) -> float:
            began = time.perf_counter()
            subprocess.run(command, env=environment, capture_output=True, check=True)
            return time.perf_counter() - began

        found: dict[str, list[float]] = {name: [] for name in ("list", "what-if", "record", "read")}
        tracker = (TRACKER, "-f", str(file), "--as-of", "2026-11-25")
        seconds(*tracker, "list")
        for _ in range(ROUNDS):
            found["list"].append(seconds(*tracker, "list"))
            found["what-if"].append(seconds(*tracker, "what-if", "e7=2029-05-01"))
            found["record"].append(seconds(*tracker, "occurred", "e5007", "2026-11-20", "--yes"))
            seconds(*tracker, "occurred", "--undo", "--yes")
            found["read"].append(seconds(sys.executable, "-c", _READING, str(file)))
        middle = {name: median(values) for name, values in found.items()}
    print(
        f"occurred, in {EVENTS} events: {middle['record']:.3f} s (bar {BAR_RECORDING}), tomllib"
        f" alone reads them in {middle['read']:.3f} s: {middle['record'] / middle['read']:.2f}"
    )
    print(
        f"what-if, {EVENTS} events: {middle['what-if'] - middle['list']:.3f} s more than list's"
        f" {middle['list']:.3f} s (bar {BAR_BESIDE_LIST})"
    )


if __name__ == "__main__":
    main()
