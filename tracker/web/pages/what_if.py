"""What if: what would move, were this supposed. The same answer as `tracker what-if` gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from tracker.agreements.model import Event
from tracker.dates.calendars import Uncovered
from tracker.feeds.query import BadParameter
from tracker.i18n.dates import long_moment
from tracker.i18n.diagnostics import message_of
from tracker.i18n.points import name_of, remark_on
from tracker.i18n.translate import Language, comma_list, translate
from tracker.timeline.differences import Changes, group_alike, reportable, what_if
from tracker.timeline.point_names import Misnamed, event_named, parse_suppositions, side_and_name
from tracker.timeline.points import Point
from tracker.timeline.validation.consistency import uncovered_diagnostic
from tracker.timeline.validation.warnings import supposition_warnings
from tracker.web.addresses import Query
from tracker.web.event_links import EventLink, EventLinks
from tracker.web.page import Frame, Pager
from tracker.web.pages.moved_points import Group, moved_points
from tracker.web.query import BadParameters, Parameters

WHAT_IF = "what-if"
#: A parameter for each event: `if.agi-verified=2029-05-01`; `never=agi-verified`.
PREFIX = "if."
#: So many events stand in the form by themselves; any other has a link to it on its own page.
MOST, PAGE_SIZE = 40, 200
#: So many points can be supposed at once, of those that are not in the form by themselves.
MOST_SUPPOSED = 50


class SupposableEvent(NamedTuple):
    """One event in the form."""

    name: str
    link: EventLink | None  #: None: its reader may not see it
    remark: str
    day: str
    never: bool


class WhatIfQuery(NamedTuple):
    """What is supposed, and on which page of what differs."""

    days: Mapping[str, date]
    nevers: tuple[str, ...]
    also: tuple[str, ...]  #: further events in the form
    page: int

    @property
    def suppositions(self) -> list[str]:
        """As a command takes them."""
        days = [f"{name}={day}" for name, day in self.days.items()]
        return [*days, *(f"{name}=never" for name in self.nevers)]

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """Those that ask for it, without the page."""
        days = [(PREFIX + name, str(day)) for name, day in self.days.items()]
        return [*days, *(("never", name) for name in self.nevers)]


class Outcome(NamedTuple):
    """What would be different, or why that cannot be said."""

    changes: Changes | None = None
    groups: Sequence[Group] = ()
    warnings: Sequence[str] = ()
    refusal: str | None = None


class Unsupposable(BadParameter):
    """Suppositions that cannot be made, or not together."""

    def __init__(self, error: Misnamed) -> None:
        super().__init__(error.name, "")
        self._error = error

    def sentence(self, language: Language) -> str:
        """Why, as a command says it."""
        return translate(language, self._error.name, **self._error.values)


def shareable_query(query: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What a form sends without its empty fields, and without a day of what never happens."""
    nevers = {PREFIX + value for name, value in query if name == "never"}
    return [(name, value) for name, value in query if value and name not in nevers]


def read_query(frame: Frame, query: Query) -> WhatIfQuery:
    """What the parameters suppose; raises BadParameters."""
    query = tuple(query)
    names = supposable_names(frame)
    named_in_query = [
        name.removeprefix(PREFIX) if name.startswith(PREFIX) else value
        for name, value in query
        if name.startswith(PREFIX) or name in ("never", "also")
    ]
    already = set(names)
    further = [name for name in dict.fromkeys(named_in_query) if name not in already]
    names += [name for name in further[:MOST_SUPPOSED] if _is_supposable(name, frame)]
    parameters = Parameters(query, (*(PREFIX + name for name in names), "never", "also", "page"))
    nevers = parameters.values("never", names)
    also = parameters.values("also", names)
    stated = {name: parameters.day(PREFIX + name) for name in names}
    days = {name: day for name, day in stated.items() if day is not None and name not in nevers}
    page = parameters.number("page")
    parameters.check()
    return WhatIfQuery(days, nevers, also, page)


def supposable_names(frame: Frame) -> list[str]:
    """The points that most wait for, in that order; then those that wait themselves."""
    several = len(frame.whole.agreements) > 1
    waiting: Counter[str] = Counter()
    for point in frame.timeline.points:
        for key in point.waits_for:
            waiting[str(key) if several else key.name_in(point.event.agreement)] += 1
    names = sorted(waiting, key=lambda name: (-waiting[name], name))
    names += [
        name_of(point, several)
        for point in frame.timeline.points
        if point.status in ("waiting", "option")
        and point.side == "when"
        and not point.event.repeating
    ]
    return list(dict.fromkeys(names))


def _event_of(name: str, frame: Frame) -> Event:
    """The event of `x`, `end of x`, `a/x@2028-12-31`; raises Misnamed where none is shown."""
    bare = side_and_name(name.partition("@")[0])[1]
    event = event_named(bare, frame.whole.events)
    if not frame.sees(event):
        raise Misnamed("call.no-event", id=bare)
    return event


def _is_supposable(name: str, frame: Frame) -> bool:
    """Whether a day can be supposed of that point, which has one by now."""
    whole = frame.whole
    try:
        _event_of(name, frame)
        parse_suppositions([f"{name}={whole.as_of}"], whole.agreements, whole.as_of)
    except (Misnamed, Uncovered):
        return False
    return True


def what_if_page(frame: Frame, query: Query) -> str:
    """The page; raises BadParameters."""
    asked = read_query(frame, query)
    outcome = _outcome(frame, asked.suppositions) if asked.suppositions else Outcome()
    pager = Pager.of(
        len(outcome.groups),
        asked.page,
        PAGE_SIZE,
        lambda page: frame.addresses.page(WHAT_IF, [*asked.parameters, ("page", str(page))]),
    )
    part = outcome.groups[pager.first - 1 : pager.last]
    names = supposable_names(frame)
    shown = dict.fromkeys((*asked.days, *asked.nevers, *asked.also, *names[:MOST]))
    return frame.render(
        "what-if",
        WHAT_IF,
        events=[] if frame.addresses.static else list(_events_in_form(shown, asked, frame)),
        more=max(0, len(names) - MOST),
        also=asked.also,
        is_supposing=bool(asked.suppositions),
        head=translate(frame.language, "what-if.head", supposed=_suppositions_text(asked, frame)),
        moved=list(moved_points(part, outcome.changes, frame)) if outcome.changes else [],
        pager=pager,
        warnings=outcome.warnings,
        refusal=outcome.refusal,
        reset=frame.addresses.page(WHAT_IF),
        command="tracker what-if agi-verified=2029-05-01",
    )


def _outcome(frame: Frame, suppositions: Sequence[str]) -> Outcome:
    whole, language = frame.whole, frame.language
    try:
        suppose = parse_suppositions(suppositions, whole.agreements, whole.as_of)
        changes = what_if(whole.agreements, whole.as_of, suppose)
    except Misnamed as error:  # of two suppositions one may take away what the other names
        raise BadParameters((Unsupposable(error),)) from None
    except Uncovered as error:
        return Outcome(refusal=message_of(uncovered_diagnostic(error), language))
    visible = [
        difference
        for difference in reportable(changes.changed)
        if frame.sees(difference.point.event)
    ]
    warnings = [
        f"{located.event.id}: {message_of(located.diagnostic, language)}"
        for located in supposition_warnings(changes.after)
        if frame.sees(located.event)
    ]
    return Outcome(changes, group_alike(visible), warnings)


def _suppositions_text(asked: WhatIfQuery, frame: Frame) -> str:
    language = frame.language
    texts = [
        frame.translate("if.day", name=name, day=long_moment(day, language))
        for name, day in asked.days.items()
    ]
    texts += [frame.translate("if.never", name=name) for name in asked.nevers]
    return comma_list(texts, language)


def _events_in_form(
    names: Mapping[str, None], asked: WhatIfQuery, frame: Frame
) -> Iterator[SupposableEvent]:
    links = EventLinks(frame)
    points: dict[str, Point] = {
        point.event.name: point for point in reversed(frame.timeline.points)
    }
    for name in names:
        link, remark = None, ""
        try:
            event = _event_of(name, frame)
        except Misnamed:
            pass
        else:
            link, point = links.to_event(event), points[event.name]
            remark = (point.counts_to is None and remark_on(point, frame.language)) or ""
        day = asked.days.get(name)
        yield SupposableEvent(name, link, remark, str(day) if day else "", name in asked.nevers)
