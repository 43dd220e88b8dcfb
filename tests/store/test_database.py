"""A database as it is opened: by whom, at which address, and how it is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from tests.store.databases import Server
from tracker.i18n.translate import translate
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.database import Database, LedgerError
from tracker.store.ledger import Ledger

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


def test_the_ledger_is_its_owners_alone(sqlite_url: str, tmp_path: Path) -> None:
    Database(sqlite_url).close()

    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "state" / "ledger.sqlite3").stat().st_mode & 0o777 == 0o600


def test_of_several_that_begin_on_a_new_server_all_begin(postgresql: Server) -> None:
    url = postgresql.database()

    with ThreadPoolExecutor(4) as threads:
        databases = list(threads.map(Database, [url] * 4))

    assert [Ledger(database).keys_due_since(NOW, ["a"]) for database in databases] == [set()] * 4
    for database in databases:
        database.close()


def test_a_database_that_cannot_be_reached_or_used_is_one_clear_line(postgresql: Server) -> None:
    url = postgresql.database()
    Database(url).close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE ROLE reader LOGIN")
        connection.execute("CREATE ROLE looker LOGIN")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO looker")
    urls = {
        "postgresql://127.0.0.1:1/x": "ledger.unusable",
        "postgresql://127.0.0.1:1/x?password=hunter2&sslpassword=hunter2": "ledger.unusable",
        url.replace("/test", "/none"): "ledger.unusable",
        url.replace("postgres:@", "reader:@"): "ledger.rights",
        url.replace("postgres:@", "looker:@"): "ledger.rights",
        "postgresql://[": "ledger.unusable",
        "postgresql://u:hunter2@h:port/d": "ledger.address",
        "postgresql://u:hunter2@h1:5432,h2:5432/d": "ledger.address",
        "postgresql://u:not@hunter2@h/d": "ledger.address",
        "postgresql:/u:hunter2@h/d": "ledger.address",
        "nonsense://x/y": "ledger.address",
        "mysql://u:hunter2@h/d": "ledger.address",
    }

    for bad_url, name in urls.items():
        with pytest.raises(LedgerError) as refused:
            _use(bad_url)
        sentence = translate("en", refused.value.name, **refused.value.values)
        assert refused.value.name == name, bad_url
        assert "\n" not in sentence
        assert "hunter2" not in sentence


def _use(url: str) -> None:
    database = Database(url)
    try:
        Acknowledgements(database).signing_key()
    finally:
        database.close()


@pytest.mark.parametrize("options", ["", "&options=-c%20search_path%3Dpublic"])
def test_an_address_is_understood_alike_by_all_that_connect(
    postgresql: Server, options: str
) -> None:
    """With spaces and signs in its password, and settings of its own."""
    url = postgresql.database()
    Database(url).close()
    password = "a b+c%d@/e"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE odd{len(options)} SUPERUSER LOGIN PASSWORD '{password}'")
    role = f"odd{len(options)}:{quote(password, safe='')}@"
    database = Database(url.replace("postgres:@", role) + options)
    assert database.conninfo is not None

    with psycopg.connect(database.conninfo) as connection:
        assert connection.execute("SHOW timezone").fetchone() == ("UTC",)
        assert connection.execute("SHOW search_path").fetchone() == (
            ("public",) if options else ('"$user", public',)
        )
    database.close()


def test_a_database_that_cannot_be_opened_is_one_clear_refusal(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no database")

    with pytest.raises(LedgerError) as refused:
        Database(f"sqlite:///{tmp_path / 'file'}")

    assert refused.value.name == "ledger.unusable"
