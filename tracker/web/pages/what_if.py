"""What if: what would move, were this supposed. The same answer as `tracker what-if` gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from tracker.agreements.model import Event
from tracker.dates.calendars import Uncovered
from tracker.feeds.query import BadParameter
from tracker.i18n.changes import change_lines, full_name_on
from tracker.i18n.dates import long_moment
from tracker.i18n.diagnostics import message_of
from tracker.i18n.points import foreign_language, label_of, name_of, title_of, waiting_text
from tracker.i18n.translate import Language, comma_list, translate
from tracker.timeline.differences import Changes, Difference, grouped, said, what_if
from tracker.timeline.point_names import Misnamed, event_named, side_and_name, supposed
from tracker.timeline.points import Point
from tracker.timeline.validation.consistency import uncovered_diagnostic
from tracker.timeline.validation.warnings import supposed_outside
from tracker.web.addresses import WHAT_IF, Query
from tracker.web.page import Dated, Frame, Pager, dated
from tracker.web.query import BadParameters, Parameters

#: A parameter for each event: `if.agi-verified=2029-05-01`; `never=agi-verified`.
PREFIX = "if."
#: So many events stand in the form by themselves; any other has a link to it on its own page.
MOST, PAGE = 40, 200
#: So many points can be supposed at once, of those that are not in the form by themselves.
MOST_SUPPOSED = 50


class Choice(NamedTuple):
    """One event of which something can be supposed."""

    name: str
    title: str
    foreign: str | None  #: the title's language, where it is another
    href: str | None  #: None: its reader may not see it
    remark: str
    day: str
    never: bool


class Moved(NamedTuple):
    """One point that differs."""

    title: str
    foreign: str | None  #: the title's language, where it is another
    name: str
    href: str
    before: Dated
    after: Dated
    sentences: list[str]


class Asked(NamedTuple):
    """What is supposed, and on which page of what differs."""

    texts: tuple[str, ...] = ()  #: as a command takes them
    days: Mapping[str, date] = {}
    nevers: tuple[str, ...] = ()
    also: tuple[str, ...] = ()  #: further events in the form
    page: int = 1

    @property
    def query(self) -> list[tuple[str, str]]:
        """The parameters that ask for it."""
        found = [(PREFIX + name, str(day)) for name, day in self.days.items()]
        return [*found, *(("never", name) for name in self.nevers)]


def said_once(given: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What a form sends without its empty fields, and without a day of what never happens."""
    nevers = {PREFIX + value for name, value in given if name == "never"}
    return [(name, value) for name, value in given if value and name not in nevers]


class Unsupposable(BadParameter):
    """Suppositions that cannot be made, or not together."""

    def __init__(self, error: Misnamed) -> None:
        super().__init__(error.name, "")
        self._error = error

    def sentence(self, language: Language) -> str:
        """Why, as a command says it."""
        return translate(language, self._error.name, **self._error.values)


def read_asked(frame: Frame, given: Query) -> Asked:
    """What the parameters suppose; raises BadParameters."""
    given = tuple(given)
    known = supposable(frame)
    names = list(known)
    named = [
        name.removeprefix(PREFIX) if name.startswith(PREFIX) else value
        for name, value in given
        if name.startswith(PREFIX) or name in ("never", "also")
    ]
    further = [one for one in dict.fromkeys(named) if one not in known]
    names += [one for one in further[:MOST_SUPPOSED] if _is_there(one, frame)]
    parameters = Parameters(given, (*(PREFIX + name for name in names), "never", "also", "page"))
    nevers = parameters.many("never", names)
    also = parameters.many("also", names)
    found = {name: parameters.day(PREFIX + name) for name in names}
    days = {name: day for name, day in found.items() if day is not None and name not in nevers}
    number = parameters.number("page")
    parameters.check()
    texts = (*(f"{name}={day}" for name, day in days.items()), *(f"{one}=never" for one in nevers))
    return Asked(texts, days, nevers, also, number)


def supposable(frame: Frame) -> dict[str, int]:
    """The points that others wait for, and how many do; then those that wait themselves."""
    several = len(frame.whole.agreements) > 1
    waited: Counter[str] = Counter()
    for point in frame.timeline.points:
        for key in point.waits_for:
            waited[str(key) if several else key.name_in(point.event.agreement)] += 1
    found = dict(sorted(waited.items(), key=lambda one: (-one[1], one[0])))
    for point in frame.timeline.points:
        if point.status == "waiting" and point.side == "when" and not point.event.repeating:
            found.setdefault(name_of(point, several), 0)
    return found


def _event_of(name: str, frame: Frame) -> Event:
    """The event of `x`, `end of x`, `a/x@2028-12-31`; raises Misnamed where none is shown."""
    bare = side_and_name(name.partition("@")[0])[1]
    found = event_named(bare, frame.whole.events)
    if not frame.sees(found):
        raise Misnamed("call.no-event", id=bare)
    return found


def _is_there(name: str, frame: Frame) -> bool:
    """Whether a day can be supposed of that point, which has one by now."""
    whole = frame.whole
    try:
        _event_of(name, frame)
        supposed([f"{name}={whole.as_of}"], whole.agreements, whole.as_of)
    except (Misnamed, Uncovered):
        return False
    return True


class Found(NamedTuple):
    """What would be different, or why that cannot be said."""

    changes: Changes | None = None
    groups: Sequence[tuple[Difference, list[Difference]]] = ()
    warnings: Sequence[str] = ()
    refusal: str | None = None


def what_if_page(frame: Frame, asked: Asked) -> str:
    """The page; raises BadParameters."""
    found = _found(frame, asked) if asked.texts else Found()
    pager = Pager.of(
        len(found.groups),
        asked.page,
        PAGE,
        lambda page: frame.addresses.page(WHAT_IF, [*asked.query, ("page", str(page))]),
    )
    part = found.groups[pager.first - 1 : pager.last]
    offered = list(supposable(frame))
    return frame.rendered(
        "what-if",
        WHAT_IF,
        choices=[] if frame.addresses.static else list(_choices(frame, asked, offered[:MOST])),
        more=max(0, len(offered) - MOST),
        asked=asked,
        head=translate(frame.language, "what-if.head", supposed=_supposed(asked, frame)),
        moved=list(moved_of(part, found.changes, frame)) if found.changes else [],
        pager=pager,
        warnings=found.warnings,
        refusal=found.refusal,
        reset=frame.addresses.page(WHAT_IF),
        command="tracker what-if agi-verified=2029-05-01",
    )


def _found(frame: Frame, asked: Asked) -> Found:
    whole, language = frame.whole, frame.language
    try:
        suppose = supposed(asked.texts, whole.agreements, whole.as_of)
        found = what_if(whole.agreements, whole.as_of, suppose)
    except Misnamed as error:  # of two suppositions one may take away what the other names
        raise BadParameters((Unsupposable(error),)) from None
    except Uncovered as missing:
        return Found(refusal=message_of(uncovered_diagnostic(missing), language))
    shown = [one for one in said(found.changed) if frame.sees(one.point.event)]
    warnings = [
        f"{placed.event.id}: {message_of(placed.diagnostic, language)}"
        for placed in supposed_outside(found.after)
    ]
    return Found(found, grouped(shown), warnings)


def _supposed(asked: Asked, frame: Frame) -> str:
    language = frame.language
    texts = [
        frame.translate("if.day", name=name, day=long_moment(day, language))
        for name, day in asked.days.items()
    ]
    texts += [frame.translate("if.never", name=name) for name in asked.nevers]
    return comma_list(texts, language)


def _choices(frame: Frame, asked: Asked, offered: Sequence[str]) -> Iterator[Choice]:
    timeline, language = frame.timeline, frame.language
    agreements = {one.id: one for one in timeline.agreements}
    points: dict[str, Point] = {point.event.name: point for point in reversed(timeline.points)}
    for name in dict.fromkeys((*asked.days, *asked.nevers, *asked.also, *offered)):
        day = asked.days.get(name)
        choice = Choice(name, name, None, None, "", str(day) if day else "", name in asked.nevers)
        with suppress(Misnamed):
            event = _event_of(name, frame)
            point = points[event.name]
            choice = choice._replace(
                title=title_of(event, agreements[event.agreement], language),
                foreign=foreign_language(event, agreements[event.agreement], language),
                href=frame.addresses.event(event),
                remark=waiting_text(point, language) if point.status == "waiting" else "",
            )
        yield choice


def moved_of(
    groups: Sequence[tuple[Difference, list[Difference]]], found: Changes, frame: Frame
) -> Iterator[Moved]:
    """What differs, in words."""
    for one, more in groups:
        agreement = found.timeline_of(one).agreement(one.point.event.agreement)
        yield Moved(
            label_of(one.point, agreement, frame.language),
            foreign_language(one.point.event, agreement, frame.language),
            full_name_on(one, frame.whole),
            frame.addresses.event(one.point.event),
            _state(one.before, frame),
            _state(one.after, frame),
            list(change_lines(one, more, found, frame.language)),
        )


def _state(point: Point | None, frame: Frame) -> Dated:
    """The day that a point counts to, else what is so in place of one."""
    if point is None:
        return Dated("", "—")
    if point.counts_to is None:
        return Dated("", translate(frame.language, f"status.{point.status}"))
    return dated(point.counts_to, long_moment(point.counts_to, frame.language))
