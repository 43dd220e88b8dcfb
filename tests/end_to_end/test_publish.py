"""`tracker publish` and `tracker token`, as their users see them."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.calls import Caller
from tests.end_to_end.processes import Running, environment, get, tracker, until
from tests.feeds.readers import by_ical
from tests.shipped import EVENTS, ROOT

AT = "2026-11-25 12:00:00"
FILE = 'id = "a"\ntitle = "A"\n[[event]]\nid = "x"\ntitle = "X"\nwhen = 2030-01-01\ntags = ["ip"]\n'
OTHER = '[[event]]\nid = "y"\ntitle = "Y"\nwhen = 2031-01-01\ntags = ["api"]\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "events.toml"
    file.write_text(FILE + OTHER, encoding="utf-8")
    return file


def stamps(site: Path) -> dict[str, int]:
    return {str(one): one.stat().st_mtime_ns for one in site.rglob("*") if one.is_file()}


def test_a_site_stands_whole_and_publishing_again_touches_nothing(tmp_path: Path) -> None:
    site = tmp_path / "site"
    first = tracker("publish", str(site), "-f", str(EVENTS), home=tmp_path, at=AT)
    before = stamps(site)

    again = tracker("publish", str(site), "-f", str(EVENTS), home=tmp_path, at=AT)

    assert (first.returncode, again.returncode) == (0, 0)
    assert "21 points in the feed, 5 left out that wait and have no day" in first.stderr
    assert ": 0 files written" in again.stderr
    assert stamps(site) == before
    there = {str(one.relative_to(site)) for one in site.rglob("*") if one.is_file()}
    wanted = {"index.html", "calendar.ics", "events.json", "events.csv", "feed.atom"}
    assert wanted | {f"ja/{one}" for one in wanted} < there
    assert {
        "feeds/ip.ics",
        "ja/feeds/openai.atom",
        "events.schema.json",
        "events.toml",
        "schema/tracker.schema.json",
    } < there
    manifest = json.loads((site / "manifest.json").read_text())
    assert set(manifest["files"]) | {"manifest.json"} == there
    assert b"#" not in (site / "events.toml").read_bytes().split(b"\n")[0]


def test_a_site_that_was_cut_short_is_mended_the_next_time(file: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    tracker("publish", str(site), "-f", str(file), home=tmp_path, at=AT)
    whole = {str(one): one.read_bytes() for one in site.rglob("*") if one.is_file()}
    (site / "manifest.json").write_text('{"manifest": 1, "as_of": null, "files": {},'
                                        ' "sources": [], "feeds": {}}')  # fmt: skip
    (site / "feeds" / "ip.ics").unlink()
    (site / "index.html").write_bytes(b"half")

    done = tracker("publish", str(site), "-f", str(file), home=tmp_path, at=AT)

    assert done.returncode == 0
    assert {str(one): one.read_bytes() for one in site.rglob("*") if one.is_file()} == whole


def test_a_feed_that_was_published_stays_for_whoever_subscribed(file: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    tracker("publish", str(site), "-f", str(file), home=tmp_path, at=AT)
    file.write_text(FILE, encoding="utf-8")

    tracker("publish", str(site), "-f", str(file), home=tmp_path, at="2027-01-01 00:00:00")
    (gone,) = by_ical((site / "feeds" / "api.ics").read_bytes()).values()
    tracker("publish", str(site), "-f", str(file), home=tmp_path, at="2029-01-01 00:00:00")

    assert (gone.status, gone.sequence) == ("CANCELLED", 1)
    assert by_ical((site / "feeds" / "api.ics").read_bytes()) == {}


def test_what_another_wrote_is_never_written_over(file: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("mine")
    (site / "CNAME").write_text("deadlines.example.org")

    refused = tracker("publish", str(site), "-f", str(file), home=tmp_path, at=AT)

    assert (refused.returncode, refused.stdout) == (2, "")
    assert "index.html was not written by tracker" in refused.stderr
    assert sorted(one.name for one in site.iterdir()) == ["CNAME", "index.html"]
    (site / "index.html").unlink()
    tracker("publish", str(site), "-f", str(file), home=tmp_path, at=AT)
    assert (site / "CNAME").read_text() == "deadlines.example.org"


@pytest.mark.parametrize(
    ("content", "words", "code"),
    [("", "empty", 1), ('id = "a"\n[[event]]\n', "title", 1), (None, "events.toml", 2)],
)
def test_a_broken_file_leaves_the_site_as_it_is(
    file: Path, tmp_path: Path, content: str | None, words: str, code: int
) -> None:
    site = tmp_path / "site"
    tracker("publish", str(site), "-f", str(file), home=tmp_path, at=AT)
    before = stamps(site)
    if content is None:
        file.unlink()
    else:
        file.write_text(content, encoding="utf-8")

    done = tracker("publish", str(site), "-f", str(file), home=tmp_path, at=AT)

    assert done.returncode == code
    assert words in done.stdout + done.stderr
    assert stamps(site) == before


def test_a_site_is_not_published_where_nothing_is_to_be_public(file: Path, tmp_path: Path) -> None:
    (tmp_path / "tracker.toml").write_text("[web]\npublic = false\n")

    done = tracker("publish", str(tmp_path / "site"), "-f", str(file), home=tmp_path, at=AT)

    assert done.returncode == 2
    assert "public = false" in done.stderr
    assert not (tmp_path / "site").exists()


def test_the_script_of_the_example_publishes_into_a_branch_and_only_what_changed(
    file: Path, tmp_path: Path
) -> None:
    remote, work = tmp_path / "remote.git", tmp_path / "work"
    variables = {
        **environment(tmp_path, AT),
        "TRACKER": "tracker",
        "PATH": f"{Path(os.sys.executable).parent}:{os.environ['PATH']}",  # type: ignore[attr-defined]
        "GIT_CONFIG_GLOBAL": os.devnull,
    }

    def run(*command: str, folder: Path = work) -> str:
        done = subprocess.run(
            command, cwd=folder, env=variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("git", "init", "--bare", "--quiet", str(remote), folder=tmp_path)
    run("git", "clone", "--quiet", str(remote), str(work), folder=tmp_path)
    (work / "events.toml").write_bytes(file.read_bytes())
    script = ROOT / "examples" / "github-pages" / "publish.sh"

    def commits() -> int:
        return int(run("git", "rev-list", "--count", "gh-pages", folder=remote))

    run("bash", str(script))
    assert commits() == 1
    assert "BEGIN:VCALENDAR" in run("git", "show", "gh-pages:calendar.ics", folder=remote)
    run("git", "cat-file", "-e", "gh-pages:.nojekyll", folder=remote)
    run("bash", str(script))
    assert commits() == 1
    (work / "events.toml").write_text(FILE, encoding="utf-8")
    run("bash", str(script))
    assert commits() == 2
    assert "STATUS:CANCELLED" in run("git", "show", "gh-pages:calendar.ics", folder=remote)


# -- secret links


def test_a_secret_link_opens_what_it_shows_until_it_is_revoked(file: Path, tmp_path: Path) -> None:
    (tmp_path / "tracker.toml").write_text("[web]\npublic = false\n")
    running = Running("-f", str(file), home=tmp_path)
    base = running.address().rstrip("/")
    made = tracker("token", "add", "law firm", "--tag", "ip", "-f", str(file), home=tmp_path)
    secret = made.stdout.splitlines()[0].rstrip("/").rpartition("/")[2]
    calendar = f"{base}/s/{secret}/calendar.ics"

    assert get(calendar).status_code == 200
    shown = {one.name for one in by_ical(get(calendar).content).values()}
    page = get(f"{base}/s/{secret}/")
    assert shown == {"a/x"}
    assert (page.status_code, page.headers["referrer-policy"]) == (200, "same-origin")
    assert get(f"{base}/calendar.ics").status_code == 404
    assert get(f"{base}/healthz").status_code == 200

    again = tracker("token", "add", "law firm", "-f", str(file), home=tmp_path)
    assert again.returncode == 2
    listed = tracker("token", "list", "-f", str(file), home=tmp_path).stdout
    assert "law firm" in listed
    assert "tag=ip" in listed
    tracker("token", "revoke", "law firm", "-f", str(file), home=tmp_path)
    assert get(calendar).status_code == 404
    assert get(calendar).text == get(f"{base}/s/{'x' * 43}/calendar.ics").text

    assert running.stop() == 0
    state = b"".join(one.read_bytes() for one in (tmp_path / "state").rglob("*") if one.is_file())
    assert not any(secret in line for line in running.rest())
    assert secret.encode() not in state


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("token", "drop"), "token takes: add | list | widen | revoke"),
        (("token", "add"), "NAME"),
        (("token", "add", "x\x1b[31m"), "without control characters"),
        (("token", "add", "x", "--tag", "nothing"), "--tag takes: api | ip"),
        (("token", "revoke", "nobody"), "no link nobody is open"),
        (("feed", "--alarms", "soon"), "--alarms takes: 30d,2w,0d"),
        (("feed", "--form", "xls"), "--form takes: ics | json | csv | atom"),
        (("feed", "--form", "json", "--alarms", "1d"), "there is no parameter --alarms"),
        (("publish",), "DIR"),
        (("publish", "site", "--as-of", "2027-01-01"), "publish follows the clock"),
    ],
)
def test_a_wrong_call_is_told_what_it_takes(
    file: Path, call: Caller, arguments: tuple[str, ...], words: str
) -> None:
    called = call(*arguments, "-f", str(file))

    assert (called.code, called.out) == (2, "")
    assert words in called.err


# -- a real server


def test_a_broken_file_is_red_on_healthz_and_the_last_good_feed_goes_on(
    file: Path, tmp_path: Path
) -> None:
    running = Running("-f", str(file), home=tmp_path)
    base = running.address().rstrip("/")
    good = get(f"{base}/calendar.ics")
    assert "access-control-allow-origin" not in good.headers  # it is on this machine alone

    for content in ("", "id = ", None):
        if content is None:
            file.unlink()
        else:
            file.write_text(content, encoding="utf-8")
        until(lambda: get(f"{base}/healthz").status_code == 503)
        assert get(f"{base}/calendar.ics").content == good.content
        file.write_text(FILE + OTHER, encoding="utf-8")
        until(lambda: get(f"{base}/healthz").status_code == 200)

    assert get(f"{base}/calendar.ics").headers["etag"] == good.headers["etag"]
    assert running.stop() == 0


def test_the_server_speaks_http_as_proxies_and_old_clients_do(file: Path, tmp_path: Path) -> None:
    import socket

    (tmp_path / "tracker.toml").write_text("[web]\npublic = true\n")
    running = Running("-f", str(file), home=tmp_path)
    base = running.address()
    host, port = base.split("//")[1].rstrip("/").split(":")
    get(f"{base}calendar.ics")

    def said(*requests: str) -> bytes:
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall("".join(requests).encode())
            received = b""
            while piece := connection.recv(65536):
                received += piece
            return received

    line = f"GET /calendar.ics HTTP/1.1\r\nHost: {host}:{port}\r\n"
    last = f"{line}Connection: close\r\n\r\n"
    # Of what is kept too, which goes to the wire by itself.
    assert get(f"{base}calendar.ics").headers["access-control-allow-origin"] == "*"
    pipelined = said(*[f"{line}\r\n"] * 200, f"GET /api/left-out HTTP/1.1\r\nHost: {host}\r\n\r\n",
                     *[f"{line}\r\n"] * 200, last)  # fmt: skip
    old = said(f"GET /calendar.ics HTTP/1.0\r\nHost: {host}\r\n\r\n")
    head = said(last.replace("GET", "HEAD"))

    assert pipelined.count(b"HTTP/1.1 200 OK") == 402
    assert pipelined.count(b"END:VCALENDAR") == 401
    assert old.endswith(b"END:VCALENDAR\r\n")
    assert head.endswith(b"\r\n\r\n")
    assert b"content-length: " in head
    assert running.stop() == 0
