"""What points are called above a list and within a sentence: by titles, not by names.

A title is a noun or a whole sentence, nobody knows which, so none is bent into a clause: what of it
is meant stands behind it, and in a sentence titles stand behind a colon, or between quotes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from tracker.agreements.keys import EventKey, PointKey, key_of
from tracker.agreements.model import Agreement, Event, Line, text_in
from tracker.dates.expressions import Ref
from tracker.i18n.controls import spell_controls
from tracker.i18n.directions import isolate
from tracker.i18n.translate import Language, translate
from tracker.timeline.points import Point, Timeline

#: So many titles stand in one sentence, behind them how many more there are.
MOST_TITLES = 3


def list_heading(point: Point, agreement: Agreement, language: Language) -> str:
    """What a point is called in a list: its title, and what of the event it is.

    Of an option that it is the last day; `label_of` is what feeds and messages say.
    """
    if point.status == "option" and point.last_day is not None:
        return _heading(f"heading.{point.side}.option", point.key, point.event, agreement, language)
    return key_heading(point.key, point.event, agreement, language)


def key_heading(key: PointKey, event: Event, agreement: Agreement, language: Language) -> str:
    """The same of a point of which only its key is known."""
    if key.side in ("end", "first end"):
        name = "heading.end" if key.occurrence is None else "heading.end.term"
    else:
        name = "heading.start" if key.side == "start" else "heading.when"
    return _heading(name, key, event, agreement, language)


def _heading(
    name: str, key: PointKey, event: Event, agreement: Agreement, language: Language
) -> str:
    title = text_in(event.title, language, agreement.language)
    heading = translate(language, name, title=title)
    if not isinstance(key.occurrence, str):  # two that have names may fall on one day
        return heading
    return translate(language, "point.named", label=heading, name=key.occurrence)


class AwaitedTitles:
    """What points wait for, by the titles that its reader may see; the others by their names."""

    def __init__(self, timeline: Timeline, language: Language, *, names: bool = False) -> None:
        self._timeline = timeline
        self._agreements = {agreement.id: agreement for agreement in timeline.agreements}
        self._agreement = next(iter(self._agreements)) if len(self._agreements) == 1 else ""
        self._names = names  #: whether each has the name behind it that commands take
        self.language = language

    def of_key(self, key: PointKey) -> str:
        """A point by its title, where its event may be seen."""
        event = self.event_of(key)
        if event is None:
            return self._name(key)
        return key_heading(key, event, self._agreements[event.agreement], self.language)

    def event_of(self, key: PointKey) -> Event | None:
        """The event of a point; None where it may not be seen."""
        return self._events.get(key.event_key)

    @cached_property
    def _events(self) -> dict[EventKey, Event]:
        return {(event.agreement, event.id): event for event in self._timeline.events}

    def pieces(self, keys: Sequence[PointKey], most: int = MOST_TITLES) -> list[str]:
        """The first titles of several points, each as it stands in the sentence."""
        return list(map(self._piece, keys[:most]))

    def _piece(self, key: PointKey) -> str:
        text = translate(self.language, "title.in-row", title=spell_controls(self.of_key(key)))
        if not self._names:
            return text
        return translate(self.language, "title.named", title=text, name=self._name(key))

    def _name(self, key: PointKey) -> str:
        return key.name_in(self._agreement)

    def text(self, keys: Sequence[PointKey], most: int = MOST_TITLES) -> str:
        """The titles of points in a row."""
        pieces = self.pieces(keys, most)
        if len(keys) > 1:
            pieces = [isolate(piece) for piece in pieces]
        text = translate(self.language, "titles.separator").join(pieces)
        if len(keys) <= most:
            return text
        return translate(self.language, "titles.more", titles=text, count=len(keys) - most)

    def condition(self, keys: Sequence[PointKey]) -> str:
        """That something holds if those points come, or hangs on them."""
        name = "if-happens" if len(keys) == 1 else "if-happens.several"
        return translate(self.language, name, titles=self.text(keys))

    def words(self, line: Line, agreement: str) -> str | None:
        """A line with titles in place of the names in it; None where their places are not known."""
        parts, begin = [], 0
        for ref in sorted(line.refs, key=lambda ref: ref.span):
            first, last = ref.span
            if first < begin or " ".join(line.text[first:last].split()) != str(ref):
                return None
            parts += [line.text[begin:first], self.within(ref, agreement)]
            begin = last
        return " ".join("".join([*parts, line.text[begin:]]).split())

    def within(self, ref: Ref, agreement: str) -> str:
        """A point as words name it that are not its own."""
        title = self.of_key(key_of(ref, agreement))
        return translate(self.language, "title.quoted", title=title)
