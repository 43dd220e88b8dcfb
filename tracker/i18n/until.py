"""How long what is in force lasts, in words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tracker.agreements.keys import key_of
from tracker.dates.expressions import Form, Ref
from tracker.dates.instants import day_in
from tracker.dates.words.counted import Lasts, Within
from tracker.i18n.dates import long_moment, window_text
from tracker.i18n.estimates import estimated_text
from tracker.i18n.points import latest_text
from tracker.i18n.translate import Language, comma_list, translate
from tracker.timeline.movement import movement_of
from tracker.timeline.points import Point

if TYPE_CHECKING:
    from tracker.i18n.headings import AwaitedTitles


def until_text(
    end: Point | None, language: Language, as_of: date, titles: AwaitedTitles | None = None
) -> str:
    """How long what is in force on a day lasts; what that hangs on by those titles, or by names."""
    if end is not None and end.last_day is not None and end.status in ("option", "never"):
        name = "until.option" if end.status == "option" else "until.option.lapsed"
        return translate(language, name, day=long_moment(end.last_day, language))
    if end is None or end.status == "never":
        return translate(language, "until.unstated")
    if end.status == "option":
        if not end.waits_for:
            return translate(language, "until.option.no-day")
        if titles is not None:
            text = titles.text(end.waits_for)
            return translate(language, "until.option.waits.titles", titles=text)
        names = comma_list(end.waits_for_names, language)
        return translate(language, "until.option.waits", names=names)
    if end.stands is None and titles is not None and end.waits_for:
        return _until_titles(end, language, as_of, titles)
    if end.stands is None:
        return _until_open(end, language, as_of)
    day = window_text(end.stands, language)
    renews = end.event.renews
    if renews is not None and renews.only_if is not None and end.waits_for:
        return translate(language, "until.lapses", day=day, renews=renews.text)
    if end.occurrence is not None and renews is not None:
        return translate(language, "until.renews", day=day, renews=renews.text)
    name = "until.window" if end.stands.earliest != end.stands.latest else "until"
    until = translate(language, name, day=day)
    if end.estimates and not end.waits_for:
        remark = estimated_text(end, language)
        return translate(language, "and-remark", first=until, second=remark)
    movement = movement_of(end)
    if movement in ("stays", "narrows"):
        return until
    until = translate(language, f"until.{movement}", until=until, latest=latest_text(end, language))
    if titles is None or not end.waits_for:
        return until
    return translate(language, "until.if", until=until, condition=titles.condition(end.waits_for))


def _until_titles(end: Point, language: Language, as_of: date, titles: AwaitedTitles) -> str:
    """The same as _until_open() of what waits, with titles in place of the words of its line."""
    awaited, line, first = titles.text(end.waits_for), end.line, end.earliest
    form = None if line is None else line.form
    is_later = first is not None and day_in(first, end.zone) > as_of
    if form is not None and first is not None and is_later and _has_floor(form):
        day = long_moment(first, language)
        return translate(language, "until.floor.then.titles", day=day, titles=awaited)
    if form is not None and form.OPEN:
        return translate(language, "until.floor.titles", titles=awaited)
    is_it = isinstance(form, Ref) and (key_of(form, end.event.agreement),) == end.waits_for
    words = (
        None if line is None or isinstance(form, Lasts) else titles.words(line, end.event.agreement)
    )
    if is_it:
        until = translate(language, "until.happens", titles=awaited)
    elif words is None:
        until = translate(language, "until.depends", titles=awaited)
    elif isinstance(form, Within):
        until = translate(language, "until.within", names=" ".join(words.split()[1:]))
    else:
        until = translate(language, "until.open", names=words)
    renews = end.event.renews
    if renews is None:
        return until
    return translate(language, "until.then-renews", until=until, renews=renews.text)


def _until_open(end: Point, language: Language, as_of: date) -> str:
    """How long it lasts where no day is known: at least until one, and what ends it then."""
    from tracker.dates.words.openings import Open

    names = comma_list(end.waits_for_names, language)
    line, first, renews = end.line, end.earliest, end.event.renews
    if line is None or first is None or isinstance(line.form, Open):
        return translate(language, "until.ended")
    form, words = line.form, line.statement
    if day_in(first, end.zone) > as_of and _has_floor(form):
        name = "until.floor.then" if names and not form.OPEN else "until.floor"
        return translate(language, name, day=long_moment(first, language), names=names)
    if form.OPEN:
        return translate(language, "until.floor" if names else "until.ended", day=names)
    if isinstance(form, Lasts):
        words = names
    if renews is not None:
        return translate(language, "until.renews", day=words, renews=renews.text)
    if isinstance(form, Within):
        latest = " ".join(words.split()[1:])
        return translate(language, "until.within", names=latest)
    return translate(language, "until.open", names=words)


def _has_floor(form: Form) -> bool:
    """Whether a day that is stated keeps it from being earlier, whatever happens before that."""
    from tracker.dates.words.choices import Choice
    from tracker.dates.words.openings import NotBefore

    if isinstance(form, NotBefore) or (isinstance(form, Choice) and form.which == "latest"):
        return True
    return any(_has_floor(part) for part in form.parts())
