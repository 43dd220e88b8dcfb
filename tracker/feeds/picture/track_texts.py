"""What is written at a track: worked out of those alone that are drawn."""

from __future__ import annotations

from tracker.agreements.model import Agreement
from tracker.dates.instants import is_aoe_day
from tracker.feeds.picture.short_days import short_until, short_when
from tracker.feeds.picture.tracks import Track, drawn_day, mark_kind
from tracker.i18n.dates import short_day
from tracker.i18n.explanation import answer_text
from tracker.i18n.points import foreign_language, is_some_day, remark_on, title_of
from tracker.i18n.translate import Language, translate
from tracker.i18n.until import until_text
from tracker.timeline.points import Point, Timeline


class TrackTexts:
    """The texts of the tracks of one timeline in one language."""

    def __init__(self, timeline: Timeline, language: Language) -> None:
        self._timeline = timeline
        self._language = language
        self._agreements: dict[str, Agreement] = {
            agreement.id: agreement for agreement in timeline.agreements
        }

    def title(self, track: Track) -> str:
        """The title of its event."""
        return title_of(track.event, self._agreement(track), self._language)

    def foreign_language(self, track: Track) -> str | None:
        """The language of its title, where it is another."""
        return foreign_language(track.event, self._agreement(track), self._language)

    def about(self, track: Track) -> str:
        """The whole answer."""
        return " ".join(
            answer_text(point, self._timeline, self._language)[0] for point in track.points
        )

    def short(self, track: Track) -> str:
        """When it is, in the fewest words."""
        if track.lasts:
            return short_until(track.told, self._language)
        return "" if track.told is None else short_when(track.told, self._language)

    def when(self, track: Track) -> str:
        """When it is, or how long it lasts."""
        if track.lasts:
            return until_text(track.told, self._language, self._timeline.as_of)
        if track.told is None:
            return ""
        if track.waits:
            return remark_on(track.told, self._language) or ""
        return self._day(track.told)

    def _day(self, point: Point) -> str:
        """When a point is that has a day."""
        language = self._language
        day = short_day(drawn_day(point) or self._timeline.as_of, language).strip()
        if is_aoe_day(point.last_day if point.has_lapsed else point.counts_to):
            day = translate(language, "day.aoe", day=day)
        if point.status == "option" or point.has_lapsed:
            return translate(language, f"picture.{mark_kind(point)}", day=day)
        if point.status == "window" or is_some_day(point):
            return remark_on(point, language) or day
        if point.status == "may-move":
            return translate(language, "picture.may-move", day=day)
        return translate(language, "picture.passed", day=day) if point.has_passed else day

    def _agreement(self, track: Track) -> Agreement:
        return self._agreements[track.event.agreement]
