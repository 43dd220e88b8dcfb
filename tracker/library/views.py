"""A timeline as of a day, as a program reads it, and as a notebook shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from tracker.feeds.json import points_json
from tracker.i18n.changes import change_lines, full_name_on
from tracker.i18n.translate import Language, translate
from tracker.library.points import PointChange, PointView, point_view
from tracker.timeline.agenda import in_list_order
from tracker.timeline.differences import Changes, differences, reportable
from tracker.timeline.points import Timeline

if TYPE_CHECKING:
    import pandas

#: A day or moment as a line writes it, or a date; None: never.
SupposedDay: TypeAlias = date | str | None


@dataclass(frozen=True, repr=False)
class TimelineView:
    """All that can be said as of one day."""

    _timeline: Timeline
    _language: Language
    _again: Callable[[Mapping[str, SupposedDay]], TimelineView] = field(compare=False)

    def __hash__(self) -> int:
        return hash((self.as_of, self._language, len(self._timeline.points)))

    def __repr__(self) -> str:
        return f"<TimelineView of {len(self._timeline.points)} points as of {self.as_of}>"

    @property
    def as_of(self) -> date:
        """The day of the view."""
        return self._timeline.as_of

    @cached_property
    def points(self) -> tuple[PointView, ...]:
        """Every point: by the day that it counts to, then those that wait, then the never ones."""
        ordered = in_list_order(self._timeline, everything=True)
        return tuple(point_view(point, self._timeline, self._language) for point in ordered)

    @property
    def upcoming(self) -> tuple[PointView, ...]:
        """Those that are still looked forward to, as `tracker list` shows them."""
        ahead = in_list_order(self._timeline)
        return tuple(point_view(point, self._timeline, self._language) for point in ahead)

    def __iter__(self) -> Iterator[PointView]:
        return iter(self.points)

    def __len__(self) -> int:
        return len(self.points)

    def __contains__(self, point: object) -> bool:
        """Whether there is that point, or any of that name."""
        return bool(self._points_named(point)) if isinstance(point, str) else point in self.points

    def __getitem__(self, name: str) -> PointView:
        """The point of that name: `verified`, `end of lease`, `office/rent@2027-03-01`.

        Raises KeyError where there is none, or where the name of an event alone fits several.
        """
        if not isinstance(name, str):
            raise TypeError(
                f"a point is found by its name, not by {name!r}; points has all of them"
            )
        fitting = self._points_named(name)
        if len(fitting) != 1:
            raise KeyError(self._not_one(name, fitting))
        return fitting[0]

    def _points_named(self, name: str) -> list[PointView]:
        """The one point that this is the whole name of, else all of the event of that name."""
        whole = [point for point in self.points if name in (point.name, _full_name(point))]
        return whole or [
            point for point in self.points if name in (point.id, f"{point.agreement}/{point.id}")
        ]

    def _not_one(self, name: str, fitting: Sequence[PointView]) -> str:
        if not fitting:
            known = {written for point in self.points for written in (point.id, point.name)}
            near = get_close_matches(name, known, n=1)
            return (
                translate(self._language, "call.no-event.near", id=name, near=near[0])
                if near
                else name
            )
        names = ", ".join(map(_full_name, fitting[:5]))
        return f"{name}: one of {names}{', …' if len(fitting) > 5 else ''}"

    def what_if(self, suppose: Mapping[str, SupposedDay]) -> tuple[PointChange, ...]:
        """What would change if those points happened on those days, None for never.

        What the view supposes already goes on. Raises NotUnderstood where a name or a day is none.
        """
        return self.changes_to(self._again(suppose))

    def changes_to(self, later: TimelineView) -> tuple[PointChange, ...]:
        """What differs in another view, each with what people are told of it."""
        if not isinstance(later, TimelineView):
            raise TypeError(f"another view is compared with, such as files.on(…), not {later!r}")
        compared = differences(self._timeline, later._timeline)
        changes = Changes(self._timeline, later._timeline, compared, ())
        return tuple(
            PointChange(
                full_name_on(difference, later._timeline),
                difference.kinds,
                difference.before and point_view(difference.before, self._timeline, self._language),
                difference.after and point_view(difference.after, later._timeline, self._language),
                tuple(change_lines(difference, [], changes, self._language)),
            )
            for difference in reportable(compared)
        )

    def to_dicts(self) -> list[dict[str, Any]]:
        """The points as `tracker list --all --json` has them."""
        ordered = in_list_order(self._timeline, everything=True)
        return points_json(ordered, self._timeline, self._language)

    def to_pandas(self) -> pandas.DataFrame:
        """The points as a table, a row each. Raises ImportError where pandas is not installed."""
        try:
            from pandas import DataFrame
        except ImportError:
            raise ImportError("to_pandas needs pandas: pip install pandas") from None
        columns = list(PointView.__dataclass_fields__)[:-1]
        rows = [[getattr(point, name) for name in columns] for point in self.points]
        return DataFrame(rows, columns=columns)

    def _repr_html_(self) -> str:
        """The picture and a table of what is upcoming: what a notebook shows."""
        from tracker.library.notebook import view_html

        return view_html(self._timeline, self.upcoming, self._language)


def _full_name(point: PointView) -> str:
    """With its agreement: `end of office/lease`."""
    return str(point._inner[0].key)
