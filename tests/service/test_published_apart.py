"""A folder that was published for one agreement, and then for another, tells nothing of the first."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tracker.files import writing
from tracker.files.loading import read
from tracker.service import site_folder
from tracker.service.static_site import publish_site
from tracker.timeline.resolver import resolve

DAYS = [datetime(2026, 11, day, 9, tzinfo=UTC) for day in range(1, 30)]


def text_of(agreement: str, day: str = "2027-03-01", tags: str = "") -> str:
    tags = tags or f'"shared", "{agreement}-secret"'
    return (
        f'id = "{agreement}"\ntitle = "Deal {agreement}"\n[[event]]\nid = "hearing"\n'
        f'title = "Hearing of {agreement}"\nwhen = {day}\ntags = [{tags}]\nparties = ["{agreement} LLP"]\n'
    )


def publish(site: Path, *texts: str, on: int = 1) -> None:
    contents = [text.encode() for text in texts]
    agreements, _ = read([f"{at}.toml" for at in range(len(texts))], contents)
    publish_site(site, resolve(agreements, date(2026, 11, on)), contents, DAYS[on - 1], None)


def traces(site: Path, word: str) -> list[str]:
    """The files and folders that tell of it, by their names or by what is in them."""
    paths = sorted(site.rglob("*"))
    return [
        str(path.relative_to(site))
        for path in paths
        if word in str(path.relative_to(site))
        or (path.is_file() and word.encode() in path.read_bytes())
    ]


@pytest.mark.parametrize("beside", [(), ("beta",)], ids=["alone", "with another"])
def test_nothing_is_left_of_an_agreement_that_is_published_no_more(
    tmp_path: Path, beside: tuple[str, ...]
) -> None:
    others = [text_of(name) for name in beside]
    publish(tmp_path, text_of("alpha"), *others, on=1)
    publish(tmp_path, text_of("alpha", "2027-03-08"), *others, on=2)
    assert "alpha: moves 7 days later" in (tmp_path / "feed.atom").read_text()

    publish(tmp_path, text_of("beta"), on=3)

    assert traces(tmp_path, "alpha") == []
    assert (tmp_path / "feeds" / "shared.ics").is_file()


def test_a_feed_of_a_tag_stays_while_one_of_its_agreements_is_published(tmp_path: Path) -> None:
    publish(tmp_path, text_of("alpha"), text_of("beta"), on=1)
    publish(tmp_path, text_of("alpha", tags='"new"'), text_of("beta", tags='"new"'), on=2)
    assert (tmp_path / "feeds" / "shared.ics").is_file()

    publish(tmp_path, text_of("beta", tags='"new"'), on=3)

    assert (tmp_path / "feeds" / "shared.ics").is_file()
    assert (tmp_path / "feeds" / "beta-secret.ics").is_file()
    assert traces(tmp_path, "alpha") == []


@pytest.mark.parametrize("published", [("alpha",), ("alpha", "beta")], ids=",".join)
def test_feeds_of_an_earlier_version_go_with_what_else_was_published(
    tmp_path: Path, published: tuple[str, ...]
) -> None:
    publish(tmp_path, *map(text_of, published), on=1)
    publish(tmp_path, *(text_of(name, tags='"new"') for name in published), on=2)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    del manifest["agreements"]
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))

    publish(tmp_path, *(text_of(name, tags='"new"') for name in published), on=3)
    assert (tmp_path / "feeds" / "alpha-secret.ics").is_file()
    publish(tmp_path, text_of("beta"), on=4)
    assert traces(tmp_path, "alpha") == []


def test_what_was_cut_short_is_taken_away_where_it_is_not_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path, text_of("beta"), on=1)
    placed: list[str] = []

    def place_some(folder: int, draft: writing.FileDraft) -> None:
        if len(placed) > 20:
            raise OSError(28, "no space left on device")
        placed.append(draft.name)
        writing.place_draft(folder, draft)

    monkeypatch.setattr(site_folder, "place_draft", place_some)
    with pytest.raises(OSError, match="no space"):
        publish(tmp_path, text_of("beta"), text_of("alpha"), on=2)
    assert traces(tmp_path, "alpha") != []
    monkeypatch.undo()

    publish(tmp_path, text_of("beta"), on=3)

    assert traces(tmp_path, "alpha") == []


def test_a_disk_that_is_full_leaves_the_site_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path, text_of("beta"), on=1)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    written: list[str] = []

    def write_some(folder: int, name: str, content: bytes, mode: int) -> writing.FileDraft:
        if len(written) > 20:
            raise OSError(28, "no space left on device")
        written.append(name)
        return writing.write_draft(folder, name, content, mode)

    monkeypatch.setattr(site_folder, "write_draft", write_some)
    with pytest.raises(OSError, match="no space"):
        publish(tmp_path, text_of("beta"), text_of("alpha"), on=2)

    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before
