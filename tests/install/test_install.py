"""A stranger installs what is built, and has the program, whole, without what only some need."""

from __future__ import annotations

import shlex
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.alerts.servers import MailSink
from tests.install.installing import Distribution, Installed, install, run_in, serving
from tests.shipped import EVENTS, ROOT
from tracker import __version__

#: The base at most, in bytes as its files have them. `uv` and `pipx` (by uv) leave the making of
#: bytecode to the first start; pip makes it of every file at once.
MOST_INSTALLED, MOST_WITH_BYTECODE = 50_000_000, 84_000_000
MOST_PACKAGES = 36


def _tree() -> set[str]:
    """The package's files, as they are in the folder."""
    files = (file for file in (ROOT / "tracker").rglob("*") if file.is_file())
    return {file.relative_to(ROOT).as_posix() for file in files if "__pycache__" not in file.parts}


def test_wheel_and_sdist_hold_each_file_of_the_package(distribution: Distribution) -> None:
    with zipfile.ZipFile(distribution.wheel) as wheel:
        in_wheel = {name for name in wheel.namelist() if name.startswith("tracker/")}
    with tarfile.open(distribution.sdist) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}

    tree = _tree()
    assert any(name.endswith(".html") for name in tree)
    assert in_wheel == tree
    assert {name for name in names if name.startswith("tracker/")} == tree
    assert {"LICENSE", "README.md", "pyproject.toml", "CHANGELOG.md"} <= names


def test_the_version_is_that_of_the_package_everywhere(
    distribution: Distribution, by_uv: Installed
) -> None:
    assert f"tracker-{__version__}-py3" in distribution.wheel.name
    assert distribution.sdist.name == f"tracker-{__version__}.tar.gz"
    assert by_uv("--version").stdout == f"tracker {__version__}\n"


@pytest.mark.parametrize("way", ["by_uv", "by_pipx"])
def test_what_is_installed_shows_the_agenda_and_serves_its_page(
    way: str, request: pytest.FixtureRequest
) -> None:
    installed: Installed = request.getfixturevalue(way)

    assert installed("--version").stdout == f"tracker {__version__}\n"
    agenda = installed("-f", EVENTS, "--as-of", "2026-11-25")
    assert (agenda.returncode, agenda.stderr) == (0, "")
    assert "31 Dec 2032" in agenda.stdout
    with serving(installed, "serve", "-f", str(EVENTS), "--port", "0") as url:
        page = httpx2.get(url)
        assert page.status_code == 200
        assert "Microsoft" in page.text
        assert httpx2.get(f"{url}calendar.ics").text.startswith("BEGIN:VCALENDAR")
        metrics = httpx2.get(f"{url}metrics")
    assert metrics.status_code == 501
    assert "prometheus-client" in metrics.text


@pytest.mark.parametrize("way", ["by_uv", "by_pipx"])
def test_a_stranger_imports_a_calendar_and_sees_a_true_agenda(
    way: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    installed: Installed = request.getfixturevalue(way)
    (tmp_path / "calendar.ics").write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//a//EN\nX-WR-TIMEZONE:Europe/Berlin\n"
        "BEGIN:VEVENT\nUID:1@a\nDTSTAMP:20261101T000000Z\nDTSTART;VALUE=DATE:20310115\n"
        "SUMMARY:Report to the council\nEND:VEVENT\n"
        "BEGIN:VTODO\nUID:2@a\nDTSTAMP:20261101T000000Z\nDUE;VALUE=DATE:20301220\n"
        "SUMMARY:Pay the insurance\nEND:VTODO\nEND:VCALENDAR\n",
        encoding="utf-8",
    )
    call = ("-f", tmp_path / "events.toml", "--lang", "en")

    imported = installed(*call, "import", tmp_path / "calendar.ics", "--yes")
    agenda = installed(*call, "--as-of", "2030-12-01")

    assert (imported.returncode, agenda.returncode) == (0, 0), imported.stderr + agenda.stderr
    days = [line.split("  [")[0].split() for line in agenda.stdout.splitlines() if "  [" in line]
    assert [(day[:3], day[-3:]) for day in days if day[0].isdigit()] == [
        (["20", "Dec", "2030"], ["Pay", "the", "insurance"]),
        (["15", "Jan", "2031"], ["to", "the", "council"]),
    ]


@pytest.fixture
def sink() -> Iterator[MailSink]:
    with MailSink() as server:
        yield server


def test_the_base_does_the_main_job(by_uv: Installed, tmp_path: Path, sink: MailSink) -> None:
    (tmp_path / "events.toml").write_text(
        # An id of its own: the machine's ledger remembers what other tests said of others.
        'id = "main-job"\ntimezone = "UTC"\nreminders = ["7 days", "0 days"]\n'
        '[[event]]\nid = "notice"\ntitle = "Notice is due"\nwhen = 2031-01-02\n',
        encoding="utf-8",
    )
    (tmp_path / "tracker.toml").write_text(
        f'[smtp]\nurl = "smtp://127.0.0.1:{sink.port}"\nfrom = "tracker@example.org"\n'
        '[[recipient]]\nname = "legal"\nto = "mailto:legal@example.org"\n',
        encoding="utf-8",
    )
    here = ("-f", tmp_path / "events.toml")

    commands: list[list[str | Path]] = [
        ["list", "--json"],
        ["check", "--strict"],
        ["show", "notice"],
        ["feed", "-o", tmp_path / "calendar.ics"],
        ["publish", tmp_path / "site"],
        ["timeline"],
        ["doctor"],
        ["alerts", "test", "legal"],
        ["run", "--until-idle"],
    ]
    for command in commands:
        done = by_uv(*command, *here)
        assert done.returncode == 0, (command, done)
        assert "install" not in done.stdout + done.stderr, (command, done)
    assert [mail["To"] for mail in sink.messages] == ["legal@example.org"]


POSTGRESQL = "postgresql://nobody@127.0.0.1:1/tracker"


@pytest.mark.parametrize(
    ("call", "language", "words"),
    [
        (["run", "--until-idle"], "en", "to install it: uv pip install"),
        (["worker"], "ja", "導入するには: uv pip install"),
        (["alerts", "list"], "en", "to install it: uv pip install"),
        (["migrate", POSTGRESQL, "sqlite:///new.sqlite3"], "ja", "導入するには: uv pip install"),
    ],
)
def test_what_needs_an_extra_ends_with_one_line(
    call: list[str], language: str, words: str, by_uv: Installed, tmp_path: Path
) -> None:
    settings = tmp_path / "tracker.toml"
    settings.write_text(f'database = "{POSTGRESQL}"\n', encoding="utf-8")

    refused = by_uv(*call, "-f", EVENTS, "--config", settings, "--lang", language)

    assert (refused.returncode, refused.stdout) == (2, "")
    assert len(refused.stderr.splitlines()) == 1
    assert words in refused.stderr
    assert "psycopg" in refused.stderr


def test_a_channel_that_needs_an_extra_is_a_fault_of_the_settings(
    by_uv: Installed, tmp_path: Path
) -> None:
    settings = tmp_path / "tracker.toml"
    settings.write_text('[[recipient]]\nname = "team"\nto = "ntfy://deadlines"\n', encoding="utf-8")

    for command in (["run", "--until-idle"], ["doctor"]):
        told = by_uv(*command, "-f", EVENTS, "--config", settings, "--lang", "en")
        assert told.returncode != 0
        assert "(apprise); to install it: " in told.stdout + told.stderr
        assert "Traceback" not in told.stderr


def test_a_quote_that_is_not_there_is_found_without_the_passage_that_is_most_like_it(
    by_uv: Installed, tmp_path: Path
) -> None:
    (tmp_path / "copy.txt").write_text("Notice is given in March.", encoding="utf-8")
    (tmp_path / "events.toml").write_text(
        'id = "lease"\ntimezone = "UTC"\n[sources.copy]\ntitle = "The lease"\ntext = "copy.txt"\n'
        '[[event]]\nid = "notice"\ntitle = "Notice"\nwhen = 2031-03-02\nsource = "copy"\n'
        'quote = "Notice is given in April."\n',
        encoding="utf-8",
    )

    told = by_uv("check", "--sources", "-f", tmp_path / "events.toml", "--lang", "en")

    assert told.returncode == 1
    assert "word for word" in told.stdout + told.stderr
    assert "install rapidfuzz: uv pip install" in told.stdout + told.stderr


@pytest.mark.parametrize(
    "way", [["pipx", "install"], pytest.param(["uv", "tool", "install"], marks=pytest.mark.soak)]
)
def test_the_command_that_the_line_names_installs_what_is_missing(
    way: list[str], distribution: Distribution, tmp_path: Path
) -> None:
    install(tmp_path, *way, distribution.wheel)
    installed = Installed(tmp_path)
    call = ("migrate", POSTGRESQL, "sqlite:///new.sqlite3", "--lang", "en")
    command = shlex.split(installed(*call).stderr.partition("to install it: ")[2])

    done = run_in(tmp_path, *command)

    assert done.returncode == 0, done.stderr
    assert "connection refused" in installed(*call).stderr


def test_the_base_is_light_also_where_bytecode_is_made_of_all_of_it(by_uv: Installed) -> None:
    files = [file for file in by_uv.packages.rglob("*") if file.is_file()]
    sources = [file for file in files if "__pycache__" not in file.parts]
    compiled = {file.with_suffix("").stem for file in files if file.suffix == ".pyc"}

    assert {file.stem for file in sources if file.suffix == ".py"} <= compiled
    assert sum(file.stat().st_size for file in sources) < MOST_INSTALLED
    assert sum(file.stat().st_size for file in files) < MOST_WITH_BYTECODE
    assert len(list(by_uv.packages.glob("*.dist-info"))) <= MOST_PACKAGES
