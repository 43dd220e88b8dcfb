"""The picture as SVG (SVG 1.1): one a panel for a page, or one file with all of them.

Everything that looks is in classes, so that a page with a strict Content-Security-Policy can hold
it; a file of its own carries STYLE. What may happen or not is joined to all that it would set or
move. What else hangs on what is drawn beside each event, and shows while that is pointed at or has
the focus.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from html import escape
from itertools import islice
from typing import NamedTuple

from tracker.agreements.model import Event
from tracker.feeds.picture.layout import (
    AXIS,
    BAR,
    LINE,
    Bar,
    BlockLine,
    Dot,
    Join,
    Panel,
    Picture,
    PictureForm,
    PlacedTrack,
    block_heading,
)
from tracker.feeds.xml_text import xml_text
from tracker.i18n.directions import isolate
from tracker.i18n.translate import Language, translate

#: Of one event so many lines to others are drawn: more is a fan that tells nothing.
MOST_LINES = 30
#: The heading of a file of its own, or of a group in it.
_TITLE = 30

PICTURE_STYLE = """\
.picture {
  color-scheme: light dark; --ink: #16202c; --dim: #56616e; --line: #d9dee4;
  --paper: #fff; --band: #2f6db3; --pale: #c5d9ef; --over: #aab3bd; --exact: #16202c;
  --done: #2e7d4f; --move: #8f5000; --wait: #7a3fa0; --late: #b3261e;
}
@media (prefers-color-scheme: dark) {
  .picture {
    --ink: #e6eaf0; --dim: #a3adb9; --line: #333c47; --paper: #12171d; --band: #6aa7ee;
    --pale: #2b4869; --over: #5b6672; --exact: #e6eaf0;
    --done: #6cc592; --move: #f0a848; --wait: #c79be6; --late: #ff8a80;
  }
}
.picture text {
  font: 15px system-ui, "Noto Sans", "Noto Sans CJK JP", sans-serif; fill: var(--ink);
}
.picture a text { paint-order: stroke; stroke: var(--paper); stroke-width: 5px; }
.picture .label, .picture .when { unicode-bidi: isolate; }
.picture .tick, .picture .when, .picture .part { fill: var(--dim); }
.picture .heading, .picture .part { font-weight: 600; }
.picture .end { text-anchor: end; }
.picture .strong { fill: var(--ink); font-weight: 600; }
.picture .grid { stroke: var(--line); stroke-width: 1; }
.picture .today { stroke: var(--late); stroke-width: 1.5; }
.picture .today-label { font-weight: 600; fill: var(--late); }
.picture .edge { stroke: var(--line); stroke-width: 1; stroke-dasharray: 2 4; }
.picture .band { fill: var(--band); }
.picture .band.pale { fill: var(--pale); }
.picture .over .band { fill: var(--over); }
.picture .window { fill: var(--paper); stroke: var(--move); stroke-width: 1.5; }
.picture .reach { stroke: var(--move); stroke-width: 1.5; stroke-dasharray: 3 3; fill: none; }
.picture .dot { stroke-width: 1.75; stroke: var(--exact); fill: var(--exact); }
.picture .dot.occurred { stroke: var(--done); fill: var(--done); }
.picture .dot.may-move { stroke: var(--move); fill: var(--paper); }
.picture .dot.past, .picture .dot.lapsed { stroke: var(--over); fill: var(--over); }
.picture .dot.passed { stroke: var(--late); fill: var(--paper); }
.picture .dot.option { stroke: var(--wait); fill: var(--paper); }
.picture .dot.waits { stroke: var(--wait); fill: var(--paper); }
.picture .dot.term { stroke: var(--paper); fill: none; stroke-width: 2; }
.picture .hit { fill: transparent; stroke: none; }
.picture .link, .picture .join { fill: none; stroke: var(--wait); stroke-width: 1.5; }
.picture .knot { fill: var(--wait); }
.picture .letters { fill: var(--wait); font-weight: 600; }
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


def panels_svg(picture: Picture, options: SvgOptions) -> list[str]:
    """Each panel as an SVG of its own, to stand in a page."""
    panels = []
    for panel in picture.panels:
        body = "".join(_panel(picture, panel, options))
        label = _text(_label(panel, options.language))
        size = f'width="{picture.width}" height="{panel.height}"'
        panels.append(
            f'<svg class="picture" {size} viewBox="0 0 {picture.width} {panel.height}" '
            f'role="group" aria-label="{label}">{body}</svg>'
        )
    return panels


def picture_svg(picture: Picture, options: SvgOptions, title: str) -> str:
    """The whole picture as one file."""
    parts, top = [_heading(title, 0)], _TITLE
    for panel in picture.panels:
        if panel.heading is not None and not panel.again:
            parts.append(_heading(panel.heading, top))
            top += _TITLE
        body = "".join(_panel(picture, panel, options))
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


def _panel(picture: Picture, panel: Panel, options: SvgOptions) -> Iterator[str]:
    if panel.tracks:
        yield from _axis(picture, panel, options.language)
    yield from (_join(join) for join in panel.joins)
    if panel.unsettled is not None:
        yield _part_heading(translate(options.language, "picture.unsettled"), panel.unsettled)
    places = {placed.track.event.name: placed for placed in panel.tracks}
    for placed in panel.tracks:
        yield from _row(placed, places, picture, options)
    if panel.block:
        heading = block_heading(options.language, len(panel.block))
        yield _part_heading(heading, panel.bottom)
        for line in panel.block:
            yield from _block_line(line, picture, options)


def _part_heading(text: str, top: int) -> str:
    return f'<text class="part" y="{top + 21}">{_text(text)}</text>'


def _join(join: Join) -> str:
    """A lane with its branches, and a knot where they meet."""
    parts = [f'<path class="join" d="M{join.at:.1f} {join.top:.1f}V{join.bottom:.1f}']
    parts += [f"M{begin:.1f} {height:.1f}H{join.at:.1f}" for begin, height in join.branches]
    knots = "".join(
        f'<circle class="knot" cx="{join.at:.1f}" cy="{height:.1f}" r="2.5"/>'
        for _, height in join.branches
    )
    return "".join(parts) + '"/>' + knots


def _axis(picture: Picture, panel: Panel, language: Language) -> Iterator[str]:
    bottom = panel.bottom
    for tick in picture.ticks:
        strong = " strong" if tick.strong else ""
        yield f'<path class="grid" d="M{tick.at:.1f} {AXIS - 8}V{bottom}"/>'
        is_last = tick.at > picture.right - 34
        side, at = (" end", picture.right) if is_last else ("", tick.at + 3)
        yield f'<text class="tick{strong}{side}" x="{at:.1f}" y="13">{_text(tick.label)}</text>'
    yield f'<path class="edge" d="M{picture.right:.1f} {AXIS - 6}V{bottom}"/>'
    if picture.today is not None:
        text = _text(translate(language, "picture.today"))
        side, at = ("", 3) if picture.today < picture.right - 60 else (" end", -3)
        yield f'<path class="today" d="M{picture.today:.1f} {AXIS - 16}V{bottom}"/>'
        yield (
            f'<text class="today-label{side}" x="{picture.today + at:.1f}" y="{AXIS - 5}">'
            f"{text}</text>"
        )


def _row(
    placed: PlacedTrack,
    places: Mapping[str, PlacedTrack],
    picture: Picture,
    options: SvgOptions,
) -> Iterator[str]:
    track, top, form = placed.track, placed.top, picture.form
    yield _begin(placed, options)
    yield (
        f'<rect class="hit" y="{top}" rx="4" width="{picture.width}" height="{form.row - 2}"/>'
        f'<text y="{top + form.label_at}">{_title(placed)}</text>'
    )
    if placed.short:
        side = "" if form.labels == 0 else " end"
        yield (
            f'<text class="when{side}" x="{placed.short_at:.1f}" y="{top + form.label_at}">'
            f"{_text(placed.short)}</text>"
        )
    yield from (_bar(bar, top, form) for bar in placed.bars)
    yield from (_dot(dot, top + form.bar_at) for dot in placed.dots)
    if placed.letters:
        at = f'x="{picture.width}" y="{top + form.bar_at + 5}"'
        yield f'<text class="letters end" {at}>{placed.letters}</text>'
    yield "</a>"
    # Beside the event and not in it: what has the focus is scrolled to as far as it reaches.
    names = dict.fromkeys((*track.depends_on, *track.dependents))
    near = [places[name] for name in islice(names, MOST_LINES) if name in places]
    lines = [_link(placed, row, form) for row in near if not _are_joined(placed, row)]
    if lines:
        yield f'<g class="lines">{"".join(lines)}</g>'


def _block_line(line: BlockLine, picture: Picture, options: SvgOptions) -> Iterator[str]:
    width = picture.width / picture.form.columns
    yield _begin(line, options)
    yield (
        f'<rect class="hit" x="{line.left:.1f}" y="{line.top}" rx="4" width="{width:.1f}" '
        f'height="{LINE - 2}"/><text x="{line.left:.1f}" y="{line.top + 16}">'
        f"{_title(line)}</text></a>"
    )


def _begin(line: PlacedTrack | BlockLine, options: SvgOptions) -> str:
    """The link to an event's page, and what is said of it."""
    track = line.track
    href = options.href(track.event)
    target = "" if href is None else f' href="{_attribute(href)}"'
    data = f' data-event="{_attribute(track.event.name)}"'
    if track.depends_on:
        data += f' data-on="{_attribute(" ".join(track.depends_on))}"'
    over = " over" if track.state == "over" else ""
    return f'<a class="event{over}"{target}{data}><title>{_text(line.about)}</title>'


def _are_joined(row: PlacedTrack, beside: PlacedTrack) -> bool:
    """Whether a lane joins them already."""
    names = row.track.event.name, beside.track.event.name
    return names[0] in beside.track.awaits or names[1] in row.track.awaits


def _title(line: PlacedTrack | BlockLine) -> str:
    spoken = f' lang="{_attribute(line.foreign_language)}"' if line.foreign_language else ""
    return f'<tspan class="label"{spoken}>{_text(line.title)}</tspan>'


def _bar(bar: Bar, top: int, form: PictureForm) -> str:
    middle = top + form.bar_at
    y = middle - BAR / 2
    if bar.kind == "reach":
        return f'<path class="reach" d="M{bar.left:.1f} {middle}H{bar.right:.1f}"/>'
    if bar.kind == "window":
        size = f'width="{max(bar.right - bar.left, 4):.1f}" height="{BAR}"'
        return f'<rect class="window" x="{bar.left:.1f}" y="{y}" {size} rx="2"/>'
    parts = [
        (" pale", bar.left, bar.solid),
        ("", bar.solid, bar.fades),
        (" pale", bar.fades, bar.right),
    ]
    return "".join(
        f'<rect class="band{pale}" x="{left:.1f}" y="{y}" width="{right - left:.1f}" '
        f'height="{BAR}"/>'
        for pale, left, right in parts
        if right - left >= 0.5
    )


def _dot(dot: Dot, y: int) -> str:
    if dot.kind == "term":
        return f'<path class="dot term" d="M{dot.at:.1f} {y - BAR / 2}v{BAR}"/>'
    if dot.kind == "waits":
        return f'<circle class="dot waits" cx="{dot.at:.1f}" cy="{y}" r="5"/>'
    if dot.kind in ("option", "lapsed"):  # its flat side on the last day
        return f'<path class="dot {dot.kind}" d="M{dot.at:.1f} {y - 6}v12l-8 -6z"/>'
    return f'<path class="dot {dot.kind}" d="M{dot.at:.1f} {y - 6}l6 6l-6 6l-6 -6z"/>'


def _link(begin: PlacedTrack, end: PlacedTrack, form: PictureForm) -> str:
    """A line from one event's day to another's."""
    first, last = begin.top + form.bar_at, end.top + form.bar_at
    middle = (first + last) / 2
    return (
        f'<path class="link" d="M{begin.anchor:.1f} {first}C{begin.anchor:.1f} {middle} '
        f'{end.anchor:.1f} {middle} {end.anchor:.1f} {last}"/>'
    )
