"""What is served, to whom, and under which names: what the web room is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal, NamedTuple, Protocol, TypeAlias

from tracker.agreements.model import Key
from tracker.feeds.edition import Edition
from tracker.i18n.translate import Language
from tracker.timeline.filters import Where
from tracker.timeline.points import Point, Timeline


class Source(Protocol):
    """Where what is served comes from."""

    @property
    def revision(self) -> int:
        """Another one whenever there is something new to serve."""

    @property
    def timeline(self) -> Timeline | None:
        """The last good timeline; None where there never was one."""

    def told(self, language: Language) -> Sequence[bytes]:
        """What was told of changes in that language, as entries of the feed, the oldest first."""

    def edition(self, language: Language) -> Edition | None:
        """What is published in that language; None where there is nothing to stand by."""


#: What was answered.
State: TypeAlias = Literal["acknowledged", "snoozed"]


class Asked(NamedTuple):
    """What a link in an alert asks about."""

    language: Language
    about: str | None  #: the point and its day; None: that is no longer so
    state: State | None
    until: str | None
    offers: tuple[int, ...]  #: by how many days it can be put off


class Channel(NamedTuple):
    """What a link that unsubscribes is about."""

    language: Language
    name: str
    ended: bool


class Desk(Protocol):
    """Where answers are taken. A link is a message's identity and our signature of it."""

    def asked(
        self, message: str, signature: str, timeline: Timeline, now: datetime
    ) -> Asked | None:
        """What that link asks about; None: it is not ours."""

    def answer(
        self, message: str, signature: str, days: int | None, timeline: Timeline, now: datetime
    ) -> bool:
        """Acknowledges, or puts off by so many days; False where that cannot be."""

    def take_back(self, message: str, signature: str) -> bool:
        """The point is to be reminded of again."""

    def channel(self, message: str, signature: str) -> Channel | None:
        """Which channel that link ends; None: it is not ours."""

    def end(self, message: str, signature: str, ends: bool, now: datetime) -> bool:
        """Ends a channel, or takes it up again."""


class Answers(Protocol):
    """Where answers for every recipient are taken."""

    def given(self, points: Sequence[Point]) -> frozenset[Key]:
        """Which of the points are acknowledged."""

    def acknowledge(self, point: Point, now: datetime) -> None:
        """Nobody is reminded of that point any more, unless its day moves."""

    def take_back(self, point: Point) -> None:
        """It is to be reminded of again."""


class Site(NamedTuple):
    """What is served, to whom, and under which names."""

    source: Source
    now: Callable[[], datetime]
    trouble: Callable[[], str | None]  #: names the sentence that says what is wrong
    opened_by: Callable[[str], Where | None]  #: what a secret shows; None: nothing
    hosts: frozenset[str] = frozenset()  #: beside loopback
    url: str | None = None  #: under which it is reached, as tracker.toml says
    public: bool = True  #: whether anything but /healthz is there without a secret link
    desk: Desk | None = None  #: where alerts are answered; None: messages have no links
    answers: Answers | None = None  #: where answers for everyone are taken; None: there are none
    metrics: Callable[[], bytes] | None = None  #: what Prometheus is told
    asked_for_feed: Callable[[int], None] = lambda _status: None  #: told of each answer's status
    at_home: bool = False  #: on this machine alone: whoever reaches it may answer for everyone
