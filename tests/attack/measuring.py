"""What a case takes: the processor's time and memory, of this process or of one beside it."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path


class Meter:
    """Measures one case after another. Where the system has no /proc, memory counts as none."""

    def __init__(self, process: int = 0) -> None:
        self._process = process
        self._folder = Path(f"/proc/{process or os.getpid()}")
        self._began, self._memory = 0.0, 0.0

    def begin(self) -> None:
        with suppress(OSError):
            (self._folder / "clear_refs").write_text("5")  # the peak begins anew: proc(5)
        self._memory, self._began = megabytes(self._folder, "VmRSS"), self._seconds()

    def end(self) -> tuple[float, float]:
        """The seconds since it began, and by how many megabytes memory had grown in between."""
        grown = megabytes(self._folder, "VmHWM") - self._memory
        return max(self._seconds() - self._began, 0.0), max(grown, 0.0)

    def _seconds(self) -> float:
        return time.process_time() + (cpu_seconds(self._process) if self._process else 0.0)


def megabytes(folder: Path, name: str) -> float:
    """A number of a process's memory; 0 where there is none."""
    with suppress(OSError):
        for line in (folder / "status").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) / 1024
    return 0.0


def cpu_seconds(process: int) -> float:
    """The processor's time that a process has had; 0 where it is gone."""
    with suppress(OSError, IndexError):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0
