"""A view as HTML for a notebook: the picture, and a table of what is upcoming."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tracker.feeds.picture.extent import PictureOptions, extent_of
from tracker.feeds.picture.layout import picture_of
from tracker.feeds.picture.svg import SvgOptions, picture_svg
from tracker.i18n.points import column_day, titles_text
from tracker.i18n.translate import Language, translate
from tracker.library.points import PointView
from tracker.timeline.points import Timeline

_WIDTH = 880
#: Of the table; whoever wants all of them has `points`.
_MOST_ROWS = 50


def view_html(timeline: Timeline, points: Sequence[PointView], language: Language) -> str:
    """The picture and the table; all that files say is escaped."""
    extent = extent_of(timeline, language, PictureOptions())
    options = SvgOptions(language, lambda _event: None)
    title = titles_text(timeline.agreements, language)
    svg = picture_svg(picture_of(extent, language, _WIDTH), options, title)
    rows = "".join(_row(point, language) for point in points[:_MOST_ROWS])
    rest = len(points) - _MOST_ROWS
    more = "" if rest <= 0 else f"<p>{escape(translate(language, 'library.more', count=rest))}</p>"
    return f"<div>{svg}<table><tbody>{rows}</tbody></table>{more}</div>"


def _row(point: PointView, language: Language) -> str:
    day = column_day(point._inner[0], language)
    cells = (day, point.label, point.status_text, point.as_stated or "")
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
