"""What a picture draws, as JSON: for who wants to draw it otherwise."""

from __future__ import annotations

from datetime import date
from typing import Any

from tracker.feeds.picture.extent import Extent
from tracker.feeds.picture.track_texts import TrackTexts
from tracker.feeds.picture.tracks import Track
from tracker.i18n.directions import without_isolates


def picture_json(extent: Extent) -> dict[str, Any]:
    """The days that are shown, and each track; an absent day is null, as in all our JSON."""
    return {
        "from": extent.first.isoformat(),
        "to": extent.last.isoformat(),
        "as_of": extent.today.isoformat(),
        "outside": extent.outside,
        "never": extent.never,
        "groups": [
            {
                "heading": group.heading,
                "tracks": [_track(track, extent.texts) for track in group.tracks],
            }
            for group in extent.groups
        ],
    }


def _track(track: Track, texts: TrackTexts) -> dict[str, Any]:
    return {
        "agreement": track.event.agreement,
        "id": track.event.id,
        "title": texts.title(track),
        "when": without_isolates(texts.when(track)),
        "state": track.state,
        "waits": track.waits,
        "marks": [{"day": mark.day.isoformat(), "kind": mark.kind} for mark in track.marks],
        "spans": [
            {
                "kind": span.kind,
                "from": _day(span.first),
                "to": _day(span.last),
                "fades_in_until": _day(span.solid),
                "fades_out_from": _day(span.fades),
            }
            for span in track.spans
        ],
        "hangs_on": list(track.depends_on),
        "hang_on_it": list(track.dependents),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
