"""The wheel and the sdist, built once, and installed as strangers do: with uv, and with pipx.

Both take what the wheel needs from where this machine takes its packages, through uv's cache.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.end_to_end.processes import SECONDS
from tests.shipped import ROOT

#: Where pip and uv are told, on this machine, what they may ask, and what certificates it trusts.
_TOLD = ("PIP_", "UV_", "SSL_", "HTTP", "http", "NO_PROXY", "no_proxy", "ALL_PROXY")
_TOOLS = Path(sys.executable).parent


def stranger(home: Path) -> dict[str, str]:
    """The environment of a machine on which nobody has installed anything yet.

    The user's settings alone are left: they may say where packages are taken from.
    """
    told = {name: value for name, value in os.environ.items() if name.startswith(_TOLD)}
    cache = subprocess.run(
        [_TOOLS / "uv", "cache", "dir"], capture_output=True, text=True, check=True
    )
    return {
        "UV_SYSTEM_CERTS": "true",
        **told,
        "UV_CACHE_DIR": cache.stdout.strip(),
        "UV_PYTHON_DOWNLOADS": "never",
        "XDG_CONFIG_HOME": os.environ.get("XDG_CONFIG_HOME", str(Path.home() / ".config")),
        "HOME": str(home),
        "PATH": os.pathsep.join([str(home / ".local/bin"), str(_TOOLS), "/usr/bin", "/bin"]),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
    }


def run_in(home: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end, as that stranger, in their home."""
    return subprocess.run(
        list(map(str, command)),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=stranger(home),
        cwd=home,
        timeout=SECONDS,
        check=False,
    )


@dataclass(frozen=True)
class Distribution:
    """What is handed out, in one folder."""

    folder: Path

    @property
    def wheel(self) -> Path:
        (file,) = self.folder.glob("*.whl")
        return file

    @property
    def sdist(self) -> Path:
        (file,) = self.folder.glob("*.tar.gz")
        return file


def build(folder: Path) -> None:
    """Builds both, of the tree as it is."""
    built = run_in(
        folder, "uv", "build", "--quiet", "--out-dir", folder, "--build-constraints",
        ROOT / "requirements-build.txt", "--python", sys.executable, ROOT,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr


@dataclass(frozen=True)
class Installed:
    """tracker, on a stranger's machine."""

    home: Path

    @property
    def program(self) -> Path:
        return self.home / ".local/bin/tracker"

    @property
    def packages(self) -> Path:
        """Its site-packages."""
        (folder,) = self.program.resolve().parents[1].glob("lib/python*/site-packages")
        return folder

    def __call__(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return run_in(self.home, "tracker", *arguments)


def install(home: Path, *command: str | Path) -> None:
    """Runs the installer's command."""
    done = run_in(home, *command, "--python", sys.executable)
    assert done.returncode == 0, done.stderr


@contextmanager
def serving(installed: Installed, *command: str) -> Iterator[str]:
    """Runs a command that serves; gives the address of its page."""
    process = subprocess.Popen(
        [installed.program, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=stranger(installed.home),
        cwd=installed.home,
    )
    guard = threading.Timer(60, process.kill)
    guard.start()
    try:
        assert process.stdout is not None
        line = next(line for line in process.stdout if "the page is at" in line)
        yield line.split("the page is at ")[1].split(",")[0].strip()
    finally:
        process.terminate()
        process.communicate()
        guard.cancel()
