"""`tracker publish`: the site as files in a folder, which is also the memory of its feeds.

What was said before is read back from the files that are there: each feed's entries, what was told
of changes, and the events files as they were published. A file is written whole or not at all, and
only if it differs. The manifest is written last: where it is cut short, the next time mends it.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import tomli_w

from tracker.feeds.atom import changes_in, notice_in, notices_of
from tracker.feeds.calendar import publication, published_labels
from tracker.feeds.edition import Edition, default_language, json_bytes
from tracker.feeds.history import entries_in
from tracker.files.writing import folder_lock, replace_file
from tracker.i18n.translate import LANGUAGES, Language
from tracker.service.publisher import changes_since, state_of
from tracker.store.feed_history import NOTICES_KEPT
from tracker.timeline.points import Timeline
from tracker.timeline.slugs import names_of
from tracker.web.addresses import folder_of
from tracker.web.static import Stated, files_of

MANIFEST = "manifest.json"
_MODE, _FOLDER_MODE = 0o644, 0o755


class NotOurs(Exception):
    """Something stands in the folder that tracker did not write, and would have to write over."""

    def __init__(self, file: Path) -> None:
        super().__init__(str(file))
        self.file = file


class Manifest(NamedTuple):
    """What was published last: each file with its SHA-256, as of which day, from which sources."""

    as_of: date | None = None  #: None: it was begun, and never finished
    files: dict[str, str] = {}  # noqa: RUF012 - never written to
    sources: tuple[str, ...] = ()
    feeds: dict[str, tuple[str, str]] = {}  # noqa: RUF012 - the same
    events: tuple[str, ...] = ()  #: that have a feed of their own

    def printed(self) -> bytes:
        """The manifest as JSON."""
        return json_bytes(
            {
                "manifest": 1,
                "as_of": None if self.as_of is None else self.as_of.isoformat(),
                "sources": self.sources,
                "feeds": dict(sorted(self.feeds.items())),
                "events": sorted(self.events),
                "files": dict(sorted(self.files.items())),
            }
        )


class SiteUpdate(NamedTuple):
    """What was done to the folder."""

    written: int
    unchanged: int
    removed: int
    edition: Edition  #: in the agreement's own language


def publish(
    folder: Path, timeline: Timeline, contents: Sequence[bytes], now: datetime, url: str | None
) -> SiteUpdate:
    """Brings the folder to what the timeline says; `url` is where it will stand, if known.

    Raises NotOurs where that would write over what another wrote, OSError where it cannot be
    written.
    """
    folder.mkdir(_FOLDER_MODE, parents=True, exist_ok=True)
    with folder_lock(folder):
        found = _manifest(folder)
        before = found or Manifest()
        own = default_language(timeline)
        languages = (own, *(one for one in LANGUAGES if one != own))
        sources = _sources(contents)
        changed = _changed(folder, before, timeline, sources, now)
        editions = {
            language: _edition(
                folder / folder_of(language, own), timeline, language, now, changed[language]
            )
            for language in languages
        }
        labels = published_labels(editions[own].published)
        feeds = before.feeds | names_of(labels)
        events = tuple(dict.fromkeys((*before.events, *(one.event for one in labels))))
        base = None if url is None else f"{url.rstrip('/')}/"
        files = files_of(editions, Stated(feeds, events, now, base)) | sources
        digests = {name: sha256(content).hexdigest() for name, content in files.items()}
        manifest = Manifest(timeline.as_of, digests, tuple(sources), feeds, events)
        if found is None:
            _take(folder, files)
        done = _written(folder, before, files, manifest)
        return SiteUpdate(*done, editions[own])


def _edition(
    there: Path, timeline: Timeline, language: Language, now: datetime, told: Sequence[bytes]
) -> Edition:
    known = entries_in(_read(there / "calendar.ics"))
    kept: dict[str, bytes] = {}
    with suppress(ET.ParseError):
        feed = _read(there / "feed.atom")
        kept = {notice_in(one).id: one for one in (changes_in(feed) if feed else ())}
    for content in told:
        kept.setdefault(notice_in(content).id, content)
    newest = tuple(kept.values())[-NOTICES_KEPT:]
    return Edition(publication(timeline, language, known, now), now, now, newest)


def _changed(
    folder: Path,
    before: Manifest,
    timeline: Timeline,
    sources: dict[str, bytes],
    now: datetime,
) -> dict[Language, list[bytes]]:
    """What is to be told of the changes since the folder was written last."""
    old = [_read(folder / name) for name in before.sources]
    if before.as_of is None or not old:
        return {language: [] for language in LANGUAGES}
    published = (before.as_of, old)
    if published == (timeline.as_of, list(sources.values())):
        return {language: [] for language in LANGUAGES}
    found = changes_since(published, timeline)
    since = state_of(published)
    return {
        language: [one.content for one in notices_of(found, language, now, since)] if found else []
        for language in LANGUAGES
    }


def _sources(contents: Sequence[bytes]) -> dict[str, bytes]:
    """The events files, without their comments, which their writers may not have meant for all."""
    names = ("events.toml", *(f"events-{at}.toml" for at in range(2, len(contents) + 1)))
    return {
        name: tomli_w.dumps(tomllib.loads(content.decode("utf-8-sig"))).encode()
        for name, content in zip(names, contents, strict=True)
    }


def _manifest(folder: Path) -> Manifest | None:
    """What was published last, None where nothing was.

    Raises NotOurs where a manifest is there that is none of ours.
    """
    file = folder / MANIFEST
    content = _read(file)
    if not content:
        return None
    try:
        data: dict[str, Any] = json.loads(content)
        as_of = data["as_of"]
        return Manifest(
            None if as_of is None else date.fromisoformat(as_of),
            {str(name): str(digest) for name, digest in data["files"].items()},
            tuple(str(name) for name in data["sources"]),
            {str(slug): (str(kind), str(name)) for slug, (kind, name) in data["feeds"].items()},
            tuple(str(name) for name in data.get("events", ())),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotOurs(file) from None


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


def _take(folder: Path, files: dict[str, bytes]) -> None:
    """Marks the folder as ours, before the first file; raises NotOurs where one is in the way."""
    for name in (*files, MANIFEST):
        if os.path.lexists(folder / name):
            raise NotOurs(folder / name)
    replace_file(folder / MANIFEST, Manifest().printed(), _MODE)


def _written(
    folder: Path, before: Manifest, files: dict[str, bytes], manifest: Manifest
) -> tuple[int, int, int]:
    """Writes what differs, and takes away what we wrote once and no longer do."""
    paths = ((folder / name, content) for name, content in files.items())
    differing = [(file, content) for file, content in paths if _read(file) != content]
    gone = [folder / name for name in before.files.keys() - files.keys() if _is_inside(name)]
    for file, content in differing:
        file.parent.mkdir(_FOLDER_MODE, parents=True, exist_ok=True)
        replace_file(file, content, _MODE)
    for file in gone:
        file.unlink(missing_ok=True)
    printed = manifest.printed()
    if _read(folder / MANIFEST) != printed:
        replace_file(folder / MANIFEST, printed, _MODE)
    return len(differing), len(files) - len(differing), len(gone)


def _is_inside(name: str) -> bool:
    """Whether a name of the manifest is one that we could have written."""
    path = Path(name)
    return not path.is_absolute() and ".." not in path.parts
