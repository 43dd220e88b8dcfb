"""The picture as SVG (SVG 1.1): one a panel for a page, or one file with all of them.

Everything that looks is in classes, so that a page with a strict Content-Security-Policy can hold
it; a file of its own carries STYLE. What hangs on what is drawn beside each event, and shows while
the event is pointed at or has the focus.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import NamedTuple

from tracker.agreements.model import Event
from tracker.feeds.picture.layout import (
    AXIS,
    BAR,
    BAR_AT,
    LABEL,
    LANE,
    Bar,
    Dot,
    Panel,
    Picture,
    PlacedTrack,
)
from tracker.feeds.xml_text import xml_text
from tracker.i18n.directions import isolate
from tracker.i18n.translate import Language, translate

#: Of one event so many lines to others are drawn: more is a fan that tells nothing.
MOST_LINES = 30
_HEADING = 30

PICTURE_STYLE = """\
.picture {
  color-scheme: light dark; --ink: #16202c; --dim: #56616e; --line: #d9dee4;
  --paper: #fff; --band: #2f6db3; --exact: #16202c; --done: #2e7d4f; --move: #8f5000;
  --wait: #7a3fa0; --late: #b3261e;
}
@media (prefers-color-scheme: dark) {
  .picture {
    --ink: #e6eaf0; --dim: #a3adb9; --line: #333c47; --paper: #12171d; --band: #6aa7ee;
    --exact: #e6eaf0; --done: #6cc592; --move: #f0a848; --wait: #c79be6; --late: #ff8a80;
  }
}
.picture text {
  font: 13px system-ui, "Noto Sans", "Noto Sans CJK JP", sans-serif; fill: var(--ink);
}
.picture a text { paint-order: stroke; stroke: var(--paper); stroke-width: 5px; }
.picture .label, .picture .when { unicode-bidi: isolate; }
.picture .tick, .picture .when { font-size: 12px; fill: var(--dim); }
.picture .heading { font-size: 15px; font-weight: 600; }
.picture .strong { fill: var(--ink); font-weight: 600; }
.picture .grid { stroke: var(--line); stroke-width: 1; }
.picture .today { stroke: var(--late); stroke-width: 1.5; }
.picture .today-label { font-size: 12px; font-weight: 600; fill: var(--late); }
.picture .edge { stroke: var(--line); stroke-width: 1; stroke-dasharray: 2 4; }
.picture .fade-from { stop-color: var(--band); stop-opacity: 1; }
.picture .fade-to { stop-color: var(--band); stop-opacity: .08; }
.picture .band { fill: var(--band); }
.picture .over .band { fill: var(--dim); }
.picture .over .band, .picture .over .fading { opacity: .55; }
.picture .ahead .band { opacity: .6; }
.picture .window { fill: var(--paper); stroke: var(--move); stroke-width: 1.5; }
.picture .reach { stroke: var(--move); stroke-width: 1.5; stroke-dasharray: 3 3; fill: none; }
.picture .dot { stroke-width: 1.75; stroke: var(--exact); fill: var(--exact); }
.picture .dot.occurred { stroke: var(--done); fill: var(--done); }
.picture .dot.may-move { stroke: var(--move); fill: var(--paper); }
.picture .dot.past { stroke: var(--dim); fill: var(--dim); opacity: .55; }
.picture .dot.passed { stroke: var(--late); fill: var(--paper); }
.picture .dot.option { stroke: var(--wait); fill: var(--paper); }
.picture .dot.lapsed { stroke: var(--dim); fill: var(--dim); opacity: .55; }
.picture .dot.waits { stroke: var(--wait); fill: var(--paper); }
.picture .dot.term { stroke: var(--paper); fill: none; stroke-width: 2; }
.picture .hit { fill: transparent; stroke: none; }
.picture .link { fill: none; stroke: var(--wait); stroke-width: 1.5; }
.picture .lines { display: none; pointer-events: none; }
.picture a:hover .hit, .picture a.related .hit { fill: var(--line); opacity: .45; }
.picture a:hover + .lines, .picture a:focus + .lines, .picture a.shown + .lines { display: inline; }
.picture a:focus { outline: none; }
.picture a:focus .hit { stroke: var(--band); stroke-width: 2; }
.picture a { text-decoration: none; }
"""


class SvgOptions(NamedTuple):
    """How a picture is written as SVG."""

    language: Language
    href: Callable[[Event], str | None]  #: where an event's page is
    name: str  #: what tells its gradients from those of other pictures on the same page


def panels_svg(picture: Picture, options: SvgOptions) -> list[str]:
    """Each panel as an SVG of its own, to stand in a page."""
    panels = []
    for number, panel in enumerate(picture.panels):
        body = "".join(_panel(picture, panel, number, options))
        label = _text(_label(panel, options.language))
        size = f'width="{picture.width}" height="{panel.height}"'
        panels.append(
            f'<svg class="picture" {size} viewBox="0 0 {picture.width} {panel.height}" '
            f'role="group" aria-label="{label}">{body}</svg>'
        )
    return panels


def picture_svg(picture: Picture, options: SvgOptions, title: str) -> str:
    """The whole picture as one file."""
    parts, top = [_heading(title, 0)], _HEADING
    for number, panel in enumerate(picture.panels):
        if panel.heading is not None and not panel.again:
            parts.append(_heading(panel.heading, top))
            top += _HEADING
        body = "".join(_panel(picture, panel, number, options))
        parts.append(f'<g transform="translate(0 {top})">{body}</g>')
        top += panel.height + 10
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" lang="{options.language}" '
        f'width="{picture.width}" height="{top}" viewBox="-8 0 {picture.width + 16} {top}">'
        f"<title>{_text(title)}</title><style>{PICTURE_STYLE}</style>"
        f'<rect x="-8" width="{picture.width + 16}" height="{top}" fill="var(--paper)"/>'
        f"{''.join(parts)}</svg>\n"
    )


def _text(text: str) -> str:
    """A text that people read, as XML holds it, with the direction of its own letters."""
    return _attribute(isolate(text))


def _attribute(text: str) -> str:
    """A text as XML holds it."""
    return escape(xml_text(text))


def _heading(text: str, top: int) -> str:
    return f'<text class="heading" x="0" y="{top + 20}">{_text(text)}</text>'


def _label(panel: Panel, language: Language) -> str:
    heading = panel.heading or translate(language, "picture.label")
    return translate(language, "picture.again", heading=heading) if panel.again else heading


def _panel(picture: Picture, panel: Panel, number: int, options: SvgOptions) -> Iterator[str]:
    yield from _gradients(number, options)
    yield from _axis(picture, panel, options.language)
    places = {placed.track.event.name: placed for placed in panel.tracks}
    for placed in panel.tracks:
        yield from _track(placed, places, number, options)


def _gradients(number: int, options: SvgOptions) -> Iterator[str]:
    for name, first, last in (("out", "from", "to"), ("in", "to", "from")):
        yield (
            f'<linearGradient id="{options.name}{number}{name}"><stop class="fade-{first}"/>'
            f'<stop class="fade-{last}" offset="1"/></linearGradient>'
        )


def _axis(picture: Picture, panel: Panel, language: Language) -> Iterator[str]:
    bottom = panel.height
    for tick in picture.ticks:
        strong = " strong" if tick.strong else ""
        yield f'<path class="grid" d="M{tick.at:.1f} {AXIS - 8}V{bottom}"/>'
        if tick.at < picture.axis - 30:
            label = _text(tick.label)
            yield f'<text class="tick{strong}" x="{tick.at + 3:.1f}" y="13">{label}</text>'
    yield f'<path class="edge" d="M{picture.axis:.1f} {AXIS - 6}V{bottom}"/>'
    if picture.today is not None:
        text = _text(translate(language, "picture.today"))
        yield f'<path class="today" d="M{picture.today:.1f} {AXIS - 16}V{bottom}"/>'
        yield f'<text class="today-label" x="{picture.today + 3:.1f}" y="{AXIS - 6}">{text}</text>'


def _track(
    placed: PlacedTrack, places: Mapping[str, PlacedTrack], number: int, options: SvgOptions
) -> Iterator[str]:
    track, top = placed.track, AXIS + placed.lane * LANE
    href = options.href(track.event)
    state = {"over": " over", "ahead": " ahead"}.get(track.state or "", "")
    target = "" if href is None else f' href="{_attribute(href)}"'
    related_events = list(dict.fromkeys((*track.depends_on, *track.dependents)))
    related = _attribute(" ".join(related_events))
    yield f'<a class="event{state}"{target} data-event="{_attribute(track.event.name)}"'
    yield f' data-related="{related}">' if related else ">"
    yield f"<title>{_text(track.about)}</title>"
    yield (
        f'<rect class="hit" x="{placed.left - 3:.1f}" y="{top}" rx="4" '
        f'width="{placed.right - placed.left + 6:.1f}" height="{LANE - 4}"/>'
    )
    spoken = f' lang="{_attribute(track.foreign_language)}"' if track.foreign_language else ""
    label = f'<tspan class="label"{spoken}>{_text(placed.title)}</tspan>'
    yield f'<text x="{placed.label_at:.1f}" y="{top + LABEL}">{label}'
    if placed.when:
        yield f'<tspan class="when" dx="8">{_text(placed.when)}</tspan>'
    yield "</text>"
    yield from (_bar(bar, top, number, options) for bar in placed.bars)
    yield from (_dot(dot, top) for dot in placed.dots)
    yield "</a>"
    # Beside the event and not in it: what has the focus is scrolled to as far as it reaches.
    lines = [_link(placed, places[name]) for name in related_events[:MOST_LINES] if name in places]
    if lines:
        yield f'<g class="lines">{"".join(lines)}</g>'


def _bar(bar: Bar, top: int, number: int, options: SvgOptions) -> str:
    y, middle = top + BAR_AT - BAR / 2, top + BAR_AT
    if bar.kind == "reach":
        return f'<path class="reach" d="M{bar.left:.1f} {middle}H{bar.right:.1f}"/>'
    if bar.kind == "window":
        size = f'width="{max(bar.right - bar.left, 4):.1f}" height="{BAR}"'
        return f'<rect class="window" x="{bar.left:.1f}" y="{y}" {size} rx="2"/>'
    parts = [("in", bar.left, bar.solid), ("", bar.solid, bar.fades), ("out", bar.fades, bar.right)]
    rectangles = []
    for fade, left, right in parts:
        if right - left < 0.5:
            continue
        fill = f' fill="url(#{options.name}{number}{fade})"' if fade else ""
        kind = "fading" if fade else "band"
        size = f'width="{right - left:.1f}" height="{BAR}"'
        rectangles.append(f'<rect class="{kind}"{fill} x="{left:.1f}" y="{y}" {size}/>')
    return "".join(rectangles)


def _dot(dot: Dot, top: int) -> str:
    y = top + BAR_AT
    if dot.kind == "term":
        return f'<path class="dot term" d="M{dot.at:.1f} {y - BAR / 2}v{BAR}"/>'
    if dot.kind == "waits":
        return f'<circle class="dot waits" cx="{dot.at:.1f}" cy="{y}" r="5"/>'
    if dot.kind in ("option", "lapsed"):  # its flat side on the last day
        return f'<path class="dot {dot.kind}" d="M{dot.at:.1f} {y - 6}v12l-8 -6z"/>'
    return f'<path class="dot {dot.kind}" d="M{dot.at:.1f} {y - 6}l6 6l-6 6l-6 -6z"/>'


def _link(begin: PlacedTrack, end: PlacedTrack) -> str:
    """A line from one event's day to another's."""
    first, last = AXIS + begin.lane * LANE + BAR_AT, AXIS + end.lane * LANE + BAR_AT
    middle = (first + last) / 2 if begin.lane != end.lane else first + LANE
    return (
        f'<path class="link" d="M{begin.anchor:.1f} {first}C{begin.anchor:.1f} {middle} '
        f'{end.anchor:.1f} {middle} {end.anchor:.1f} {last}"/>'
    )
