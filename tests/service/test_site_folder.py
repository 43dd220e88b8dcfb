"""What is published stays in its folder, whatever stands in it, and whoever edited its manifest."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from threading import Barrier

import pytest

from tests.cli.calls import Caller
from tracker.files import writing
from tracker.service import site_folder
from tracker.service.site_folder import NotOurs, SiteFolder

FILE = 'id = "a"\ntitle = "A"\n[[event]]\nid = "x"\ntitle = "X"\nwhen = 2040-01-01\ntags = ["ip"]\n'


@pytest.fixture
def call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Caller:
    home = tmp_path / "office"
    home.mkdir()
    call = Caller(home, monkeypatch, capsys)
    call.write("events.toml", FILE)
    return call


def _go_on() -> None:
    """Nobody presses Ctrl-C."""


def _contents(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


@pytest.mark.parametrize(
    "link", ["feeds", "ja", "ja/feeds", "events", "events/a", "index.html", "calendar.ics",
             "manifest.json", "events.toml"]
)  # fmt: skip
def test_behind_a_link_nothing_is_written_read_or_taken_away(call: Caller, link: str) -> None:
    elsewhere = call.folder.parent / "elsewhere"
    site = call.folder / "site"
    assert call("publish", "site").code == 0
    (site / link).rename(elsewhere)
    (site / link).symlink_to(elsewhere)
    before = _contents(elsewhere), elsewhere.is_file() and elsewhere.read_bytes()
    stood = _contents(site)
    call.write("events.toml", FILE.replace("2040", "2041").replace('"ip"', '"law"'))

    called = call("publish", "site")

    assert called.code == 2
    assert f"site/{link} is a link, and behind it tracker writes and deletes nothing" in called.err
    assert (_contents(elsewhere), elsewhere.is_file() and elsewhere.read_bytes()) == before
    assert _contents(site) == stood


def test_a_link_that_takes_the_place_of_a_folder_in_that_moment_leads_nowhere(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = call.folder.parent / "elsewhere"
    elsewhere.mkdir()
    site = call.folder / "site"

    def swap(folder: int, name: str, content: bytes, mode: int) -> writing.FileDraft:
        if name == "feed.atom" and not (site / "ja").is_symlink():
            (site / "ja").rename(call.folder.parent / "away")
            (site / "ja").symlink_to(elsewhere)
        return writing.write_draft(folder, name, content, mode)

    monkeypatch.setattr(site_folder, "write_draft", swap)
    (site / "ja").mkdir(parents=True)
    called = call("publish", "site")

    assert called.code == 2
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    ["../outside.txt", "/outside.txt", "ja/../../outside.txt", "", ".", "../office", "a\0b", "\ud800",
     "\x1b[31m", "a" * 300, f"ja/{'例' * 100}"],
)  # fmt: skip
def test_a_manifest_that_names_what_is_outside_has_no_say_in_it(call: Caller, name: str) -> None:
    call("publish", "site")
    outside = call.write("../outside.txt", b"mine")
    manifest = call.folder / "site" / "manifest.json"
    data = json.loads(manifest.read_bytes())
    data["files"][name] = ""
    data["sources"].append(name)
    data.pop("agreements")
    manifest.write_text(json.dumps(data))

    called = call("publish", "site")

    assert called.code == 0
    assert outside.read_bytes() == b"mine"
    assert "mine" not in manifest.read_text()


def test_a_file_of_somebody_else_at_a_name_that_is_new_is_not_written_over(call: Caller) -> None:
    call("publish", "site")
    call.write("site/feeds/law.ics", b"mine")
    before = _contents(call.folder / "site")
    call.write("events.toml", FILE.replace('"ip"', '"ip", "law"'))

    called = call("publish", "site")

    assert called.code == 2
    assert "site/feeds/law.ics was not written by tracker: take it away" in called.err
    assert _contents(call.folder / "site") == before
    (call.folder / "site" / "feeds" / "law.ics").unlink()
    assert call("publish", "site").code == 0
    assert (call.folder / "site" / "feeds" / "law.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")


def test_another_name_of_a_file_keeps_what_it_had(call: Caller) -> None:
    call("publish", "site")
    feed = call.folder / "site" / "calendar.ics"
    os.link(feed, call.folder / "copy.ics")
    before = feed.read_bytes()
    call.write("events.toml", FILE.replace("2040", "2041"))

    call("publish", "site")

    assert feed.read_bytes() != before
    assert (call.folder / "copy.ics").read_bytes() == before


@pytest.mark.parametrize(("folder", "code"), [(".", 2), ("../office", 2), ("here", 2), ("site", 0)])
def test_a_site_has_a_folder_of_its_own(call: Caller, folder: str, code: int) -> None:
    (call.folder / "here").symlink_to(call.folder)

    called = call("publish", folder)

    assert called.code == code
    assert (call.folder / "events.toml").read_text() == FILE
    assert (call.folder / "index.html").exists() is False


@pytest.mark.parametrize(
    "make", [Path.touch, lambda path: path.symlink_to(path), lambda path: path.symlink_to("/dev/null")]
)  # fmt: skip
def test_a_site_needs_a_folder(call: Caller, make: Callable[[Path], None]) -> None:
    make(call.folder / "site")

    called = call("publish", "site")

    assert called.code == 2
    assert "Traceback" not in called.err
    assert called.err.count("\n") == 1


def test_what_stands_where_a_file_is_to_be_is_not_taken_away(tmp_path: Path) -> None:
    site = SiteFolder(tmp_path)
    (tmp_path / "a").write_bytes(b"file")
    (tmp_path / "index.html").mkdir()

    with pytest.raises(NotOurs):
        site.write("a/b", b"new")
    with pytest.raises(OSError, match=r"index\.html"):
        site.write("index.html", b"new")
    site.remove("index.html")

    assert (tmp_path / "index.html").is_dir()
    assert (tmp_path / "a").read_bytes() == b"file"


def test_files_do_not_wait_for_the_disk_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_wait = Barrier(2, timeout=10)  # broken where the second waits for the first

    def write(folder: int, name: str, content: bytes, mode: int) -> writing.FileDraft:
        both_wait.wait()
        return writing.write_draft(folder, name, content, mode)

    monkeypatch.setattr(site_folder, "write_draft", write)
    files = {"events/a/x.html": b"x", "events/a/y.html": b"y"}
    with SiteFolder(tmp_path).drafts(files, _go_on) as drafts:
        drafts.place()

    assert _contents(tmp_path) == {"events/a/x.html": b"x", "events/a/y.html": b"y"}


def test_a_file_that_cannot_be_placed_is_named_among_many(tmp_path: Path) -> None:
    (tmp_path / "b.html").mkdir()

    with (
        pytest.raises(OSError, match=r"b\.html"),
        SiteFolder(tmp_path).drafts({f"{name}.html": b"new" for name in "abc"}, _go_on) as drafts,
    ):
        drafts.place()

    assert not list(tmp_path.glob(".*"))


def test_nothing_is_seen_of_files_of_which_one_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"old")
    (tmp_path / "events").write_bytes(b"in the way of a folder")
    files = {"a.html": b"new", "sub/b.html": b"new", "events/c.html": b"new"}

    with pytest.raises(NotOurs), SiteFolder(tmp_path).drafts(files, _go_on) as drafts:
        drafts.place()

    assert _contents(tmp_path) == {"a.html": b"old", "events": b"in the way of a folder"}
    assert not (tmp_path / "sub").exists()


def test_drafts_that_nobody_places_leave_nothing_behind(tmp_path: Path) -> None:
    with SiteFolder(tmp_path).drafts({"a.html": b"a", "deep/er/b.html": b"b"}, _go_on):
        pass

    assert not list(tmp_path.iterdir())
