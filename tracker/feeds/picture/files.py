"""The picture as a file: as SVG, on paper, as an image; with title, legend and source line.

Typst sets the page: it draws SVG as vectors, brings the fonts along that a text needs, marks what
is a picture and says what it shows (PDF/UA), and finds no file and no network here, since all that
it is given are texts in one value.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, time
from typing import Literal, NamedTuple, TypeAlias

from tracker.agreements.model import text_in
from tracker.failures.extras import libraries_of
from tracker.feeds.picture.extent import Extent
from tracker.feeds.picture.layout import WIDE_WIDTH, picture_of
from tracker.feeds.picture.legend import legend_of
from tracker.feeds.picture.svg import PICTURE_STYLE, SvgOptions, panels_svg, picture_svg
from tracker.i18n.dates import long_day
from tracker.i18n.points import titles_text
from tracker.i18n.translate import Language, comma_list, translate
from tracker.timeline.points import Timeline

_PrintedForm: TypeAlias = Literal["pdf", "png"]
#: By the ending of its name, what each form is.
PICTURE_FORMS = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
#: What a page has room for beside title and legend: millimetres; and rows on an axis.
_WIDTH, _HEIGHT = 269.0, 145.0
_MOST_ROWS: dict[_PrintedForm, int] = {"pdf": 19, "png": 300}
_FONTS = ("Noto Sans", "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", "DejaVu Sans", "Arial")
#: Pixels to an inch: a page is 1,684 wide.
_RESOLUTION = 144.0
_MOST_SOURCES = 3

_PAGE = """\
#let sheet = json(bytes(sys.inputs.sheet))
#let dim = rgb("#56616e")
#set document(title: sheet.title, date: none)
#set text(font: sheet.fonts, size: 10pt, lang: sheet.language, fill: rgb("#16202c"))
#set page(
  width: 297mm, height: if sheet.pages { 210mm } else { auto }, margin: 14mm,
  footer: if sheet.pages { text(8pt, fill: dim)[
    #sheet.source #h(1fr) #context counter(page).display("1 / 1", both: true)
  ] },
)
#grid(columns: (1fr, auto), text(14pt, weight: "bold", sheet.title), text(fill: dim, sheet.day))
#v(2mm)
#for panel in sheet.panels [
  #if panel.heading != none { text(11pt, weight: "bold", panel.heading) }
  #block(breakable: false, image(
    bytes(panel.svg), format: "svg", width: panel.width * 1mm, alt: panel.about,
  ))
]
#block(breakable: false, text(8.5pt, fill: dim, {
  for sign in sheet.legend {
    box(inset: (right: 5mm, y: .6mm))[
      #box(baseline: 15%, image(bytes(sign.svg), format: "svg", height: 2.8mm)) #sign.text
    ]
  }
}))
#if not sheet.pages { text(8pt, fill: dim, sheet.source) }
"""


class PictureFile(NamedTuple):
    """What a file shows: the picture of a timeline, of those days."""

    timeline: Timeline
    extent: Extent
    language: Language


def picture_bytes(file: PictureFile, form: str, width: int = WIDE_WIDTH) -> bytes:
    """The picture in a form of PICTURE_FORMS; PDF in pages of A4, the others in one piece.

    `width`: of SVG, in pixels. Raises MissingLibrariesError where a form needs tracker[picture],
    and that is not installed.
    """
    if form != "svg":
        return _printed(file, "pdf" if form == "pdf" else "png")
    picture = picture_of(file.extent, file.language, width)
    options = SvgOptions(file.language, lambda _event: None)
    return picture_svg(picture, options, _title(file)).encode()


def _printed(file: PictureFile, form: _PrintedForm) -> bytes:
    with libraries_of("picture"):
        import typst

    values = json.dumps(_values(file, form), ensure_ascii=False)
    midnight = datetime.combine(file.timeline.as_of, time(), UTC)
    return typst.compile(
        _PAGE.encode(),
        format=form,
        ppi=_RESOLUTION,
        sys_inputs={"sheet": values},
        timestamp=int(midnight.timestamp()),
    )


def _values(file: PictureFile, form: _PrintedForm) -> dict[str, object]:
    language = file.language
    picture = picture_of(file.extent, language, WIDE_WIDTH, _MOST_ROWS[form])
    highest = max((panel.height for panel in picture.panels), default=1)
    width = min(_WIDTH, _HEIGHT / highest * picture.width) if form == "pdf" else _WIDTH
    drawings = panels_svg(picture, SvgOptions(language, lambda _event: None))
    panels = [
        {
            "heading": None if panel.again else panel.heading,
            "svg": _standing_alone(svg),
            "width": width,
            "about": panel.heading or translate(language, "picture.label"),
        }
        for panel, svg in zip(picture.panels, drawings, strict=True)
    ]
    legend = [
        {
            "svg": _standing_alone(
                f'<svg class="picture" viewBox="0 -1 {sign.width} 16">{sign.drawn}</svg>'
            ),
            "text": sign.text,
        }
        for sign in legend_of(language)
    ]
    day = translate(language, "agenda.as-of", day=long_day(file.timeline.as_of, language))
    return {
        "title": _title(file),
        "day": day,
        "source": _source_line(file),
        "language": language,
        "fonts": _FONTS,
        "pages": form == "pdf",
        "panels": panels,
        "legend": legend,
    }


def _title(file: PictureFile) -> str:
    titles = titles_text(file.timeline.agreements, file.language)
    return titles or translate(file.language, "picture.label")


def _source_line(file: PictureFile) -> str:
    """Where all of it was taken from; empty where no source is named."""
    titles = dict.fromkeys(
        text_in(source.title, file.language, agreement.language)
        for agreement in file.timeline.agreements
        for source in agreement.sources
    )
    if not titles:
        return ""
    shown = list(titles)[:_MOST_SOURCES]
    if len(titles) > len(shown):
        shown.append("…")
    return translate(file.language, "picture.sheet.source", titles=comma_list(shown, file.language))


def _standing_alone(svg: str) -> str:
    """A drawing with the colours of paper: a printer knows no variables and no dark mode."""
    colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]+)", PICTURE_STYLE.partition("@media")[0]))
    style = re.sub(r"@media [^{]*\{\s*\.picture \{[^}]*\}\s*\}", "", PICTURE_STYLE)
    style = re.sub(r"var\(--([a-z]+)\)", lambda name: colours[name[1]], style)
    begin, _, rest = svg.partition(">")
    return f'{begin} xmlns="http://www.w3.org/2000/svg"><style>{style}</style>{rest}'
