"""`tracker publish`: the site as files in a folder, which is also the history of its feeds.

What was said before is read back from the files that are there: each feed's entries, the notices of
changes, and the events files as they were published. A file is written whole or not at all, and
only if it differs. The manifest is written last: where it is cut short, the next time mends it.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import tomli_w

from tracker.agreements.keys import split_name
from tracker.feeds.atom import Notice, changes_in, notice_in
from tracker.feeds.calendar import publication, published_labels
from tracker.feeds.edition import Edition, default_language, json_bytes
from tracker.feeds.history import entries_in
from tracker.feeds.visible_news import with_loaded_causes
from tracker.files.writing import folder_lock
from tracker.i18n.progress import Progress, each, unseen
from tracker.i18n.translate import LANGUAGES, Language
from tracker.service.published_changes import changes_since, notices_by_language
from tracker.service.site_folder import FOLDER_MODE, NotOurs, SiteFolder, interrupts_held
from tracker.store.feed_history import NOTICES_KEPT
from tracker.timeline.filters import Labels
from tracker.timeline.points import Timeline
from tracker.timeline.slugs import names_of
from tracker.web.addresses import folder_of
from tracker.web.static import StaticSite, files_of

MANIFEST = "manifest.json"


class Manifest(NamedTuple):
    """What was published last: each file with its SHA-256, as of which day, from which sources."""

    as_of: date | None = None  #: None: it was begun, and never finished
    files: dict[str, str] = {}  # noqa: RUF012 - never written to
    sources: tuple[str, ...] = ()
    feeds: dict[str, tuple[str, str]] = {}  # noqa: RUF012 - the same
    events: tuple[str, ...] = ()  #: that have a feed of their own
    #: Of each feed the agreements whose tag or party it is; None: an earlier version did not say.
    owners: dict[str, tuple[str, ...]] | None = None

    def to_json(self) -> bytes:
        return json_bytes(
            {
                "manifest": 1,
                "as_of": None if self.as_of is None else self.as_of.isoformat(),
                "sources": self.sources,
                "feeds": dict(sorted(self.feeds.items())),
                "events": sorted(self.events),
                "agreements": dict(sorted((self.owners or {}).items())),
                "files": dict(sorted(self.files.items())),
            }
        )


class SiteUpdate(NamedTuple):
    """What was done to the folder."""

    written: int
    unchanged: int
    removed: int
    edition: Edition  #: in the agreement's own language


def publish_site(
    folder: Path,
    timeline: Timeline,
    contents: Sequence[bytes],
    now: datetime,
    url: str | None,
    *,
    progress: Progress = unseen,
) -> SiteUpdate:
    """Brings the folder to what the timeline says; `url` is where it will stand, if known.

    Raises NotOurs where that would write over what another wrote, OSError where it cannot be
    written.
    """
    folder.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
    site = SiteFolder(folder)
    with folder_lock(folder):
        manifest = _read_manifest(site)
        before = manifest or Manifest()
        own = default_language(timeline)
        languages = (own, *(language for language in LANGUAGES if language != own))
        sources = _sources(contents)
        notices = _new_notices(site, before, timeline, sources, now)
        editions = {
            language: _edition(
                _feeds_in(site, folder_of(language, own)),
                timeline,
                language,
                now,
                notices[language],
            )
            for language in each(progress, "entries", languages)
        }
        labels = published_labels(editions[own].published)
        loaded = {agreement.id for agreement in timeline.agreements}
        owners = _owners(before, labels, loaded, [site.read(name) for name in before.sources])
        named = before.feeds | names_of(labels)
        feeds = {slug: name for slug, name in named.items() if slug in owners}
        kept = (event for event in before.events if split_name(event)[0] in loaded)
        events = tuple(dict.fromkeys((*kept, *(label.event for label in labels))))
        base = None if url is None else f"{url.rstrip('/')}/"
        files = files_of(editions, StaticSite(feeds, events, now, base), progress) | sources
        digests = {name: sha256(content).hexdigest() for name, content in files.items()}
        after = Manifest(timeline.as_of, digests, tuple(sources), feeds, events, owners)
        if manifest is None:
            _check_free(site, files)
        return _write_site(site, before, after, files, editions[own], progress=progress)


def _feeds_in(site: SiteFolder, folder: str) -> tuple[bytes, bytes]:
    """The calendar and the news of a language, as they stand there."""
    return site.read(f"{folder}calendar.ics"), site.read(f"{folder}feed.atom")


def _edition(
    stood: tuple[bytes, bytes],
    timeline: Timeline,
    language: Language,
    now: datetime,
    new: Sequence[Notice],
) -> Edition:
    """The edition after the calendar and the news that stand there, with new notices of changes."""
    calendar, feed = stood
    known = entries_in(calendar)
    loaded = {agreement.id for agreement in timeline.agreements}
    notices: dict[str, bytes] = {}
    with suppress(ET.ParseError):
        known_notices = map(notice_in, changes_in(feed) if feed else ())
        ours = (notice for notice in known_notices if notice.agreement in loaded)
        notices = {notice.id: with_loaded_causes(notice.content, loaded) for notice in ours}
    for notice in new:
        notices.setdefault(notice.id, notice.content)
    newest = tuple(notices.values())[-NOTICES_KEPT:]
    return Edition(publication(timeline, language, known, now), now, now, newest)


def _new_notices(
    site: SiteFolder,
    before: Manifest,
    timeline: Timeline,
    sources: dict[str, bytes],
    now: datetime,
) -> dict[Language, list[Notice]]:
    """Those of the changes since the folder was written last."""
    old = [site.read(name) for name in before.sources]
    if before.as_of is None or not old:
        return notices_by_language(None, None, now)
    published = (before.as_of, old)
    if published == (timeline.as_of, list(sources.values())):
        return notices_by_language(None, None, now)
    return notices_by_language(changes_since(published, timeline), published, now)


def _sources(contents: Sequence[bytes]) -> dict[str, bytes]:
    """The events files, without their comments, which their writers may not have meant for all."""
    names = ("events.toml", *(f"events-{at}.toml" for at in range(2, len(contents) + 1)))
    return {
        name: tomli_w.dumps(tomllib.loads(content.decode("utf-8-sig"))).encode()
        for name, content in zip(names, contents, strict=True)
    }


def _owners(
    before: Manifest, labels: Sequence[Labels], loaded: set[str], sources: Sequence[bytes]
) -> dict[str, tuple[str, ...]]:
    """Of each tag's and party's feed the agreements, of those that are published now.

    A feed stays while one of them has had that tag; of another agreement nothing is left, not even
    that there was one. `sources` are the files that were published last: an earlier version has not
    written down whose a feed is: where all of these are there, it is one of theirs ("a,b").
    """
    earlier = before.owners
    if earlier is None:
        earlier = dict.fromkeys(before.feeds, (",".join(sorted(_ids_in(sources))),))
    owners = {
        slug: {ids for ids in of_feed if loaded.issuperset(ids.split(","))}
        for slug, of_feed in earlier.items()
    }
    for label in labels:
        for slug in names_of([label]):
            owners.setdefault(slug, set()).add(split_name(label.event)[0])
    return {slug: tuple(sorted(ids)) for slug, ids in owners.items() if ids}


def _ids_in(sources: Sequence[bytes]) -> frozenset[str]:
    """The agreements that files state which were published."""
    ids = [_tables_in(content).get("id") for content in sources if content]
    return frozenset(str(agreement) for agreement in ids if agreement is not None)


def _tables_in(content: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode())
    except ValueError:  # somebody has edited it, or it was cut short
        return {}


def _read_manifest(site: SiteFolder) -> Manifest | None:
    """What was published last, None where nothing was.

    Raises NotOurs where a manifest is there that is none of ours.
    """
    content = site.read(MANIFEST)
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
            _owners_in(data.get("agreements")),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotOurs(site.path / MANIFEST) from None


def _owners_in(data: Any) -> dict[str, tuple[str, ...]] | None:
    if data is None:
        return None
    return {str(slug): tuple(str(name) for name in names) for slug, names in data.items()}


def _check_free(site: SiteFolder, files: dict[str, bytes]) -> None:
    """Raises NotOurs where something is in the way of a site that is published first."""
    for name in (*files, MANIFEST):
        if site.is_taken(name):
            raise NotOurs(site.path / name)


def _check_new(site: SiteFolder, before: Manifest, files: dict[str, bytes]) -> None:
    """Raises NotOurs where something stands at a name that this publish is the first to use."""
    if before.as_of is None:  # one that was cut short: then all was free, or is ours
        return
    for name in sorted(files.keys() - before.files.keys()):
        if site.is_taken(name) and site.read(name) != files[name]:
            raise NotOurs(site.path / name)


def _announce_files(site: SiteFolder, before: Manifest, files: dict[str, bytes]) -> None:
    """Names the files that are new, before the first of them.

    They are ours then: where this is cut short, and they are not wanted the next time, they go.
    """
    new = dict.fromkeys((name for name in files if name not in before.files), "")
    if new:
        announced = before._replace(files=before.files | new)
        site.write(MANIFEST, announced.to_json())


def _write_site(
    site: SiteFolder,
    before: Manifest,
    after: Manifest,
    files: dict[str, bytes],
    edition: Edition,
    *,
    progress: Progress,
) -> SiteUpdate:
    """Writes what differs, and takes away what we wrote once and no longer do.

    Ctrl-C leaves the site as it was, or brings it to its end.
    """
    differing = {name: content for name, content in files.items() if site.read(name) != content}
    gone = before.files.keys() - files.keys()
    for name in gone:
        site.read(name)  # before anything is written: nothing leads out of the folder
    _check_new(site, before, files)
    with interrupts_held() as heed, site.drafts(differing, heed, progress) as drafts:
        _announce_files(site, before, files)
        drafts.place()
        for name in gone:
            site.remove(name)
        manifest = after.to_json()
        if site.read(MANIFEST) != manifest:
            site.write(MANIFEST, manifest)
    return SiteUpdate(len(differing), len(files) - len(differing), len(gone), edition)
