"""What is served, to whom, and under which names: what the web room is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple, Protocol, TypeAlias

from tracker.agreements.keys import PointKey
from tracker.feeds.edition import Edition
from tracker.files.record_edits import EventFiles, FileEdit
from tracker.files.undo_log import UndoEntry
from tracker.i18n.translate import Language
from tracker.store.undelivered import UndeliveredSummary
from tracker.timeline.filters import Where
from tracker.timeline.points import Point, Timeline
from tracker.web.complaints import Complain, keep_silent
from tracker.web.peers import Proxies
from tracker.web.status import HealthReport


class EditionSource(Protocol):
    """Where what is served comes from."""

    @property
    def revision(self) -> int:
        """Another number whenever there is something new to serve."""

    @property
    def timeline(self) -> Timeline | None:
        """The last good timeline; None where there never was one."""

    def notices(self, language: Language) -> Sequence[bytes]:
        """The changes reported in that language, as entries of the feed, the oldest first."""

    def edition(self, language: Language) -> Edition | None:
        """What is published in that language; None where there is nothing to stand by."""


#: What a recipient has done about an alert.
AcknowledgementState: TypeAlias = Literal["acknowledged", "snoozed"]


class AlertView(NamedTuple):
    """What the page behind an alert's link shows."""

    language: Language
    about: str | None  #: the point and its day; None: that is no longer so
    state: AcknowledgementState | None
    until: str | None
    snooze_days: tuple[int, ...]  #: by how many days it can be put off


class ChannelSubscription(NamedTuple):
    """What a link that unsubscribes is about."""

    language: Language
    channel: str
    ended: bool
    #: Where it has ended for some of the agreements, but not for all: which these are.
    ended_for: tuple[str, ...] = ()


class AlertLinkDesk(Protocol):
    """Serves the links of messages. A link is a message's identity and our signature of it."""

    def view(
        self, message: str, signature: str, timeline: Timeline, now: datetime
    ) -> AlertView | None:
        """What that link is about; None: it is not ours."""

    def acknowledge(
        self, message: str, signature: str, days: int | None, timeline: Timeline, now: datetime
    ) -> bool:
        """Acknowledges, or puts off by so many days; False where that cannot be."""

    def take_back(self, message: str, signature: str) -> bool:
        """The point is to be reminded of again."""

    def subscription(self, message: str, signature: str) -> ChannelSubscription | None:
        """Which channel that link ends; None: it is not ours."""

    def change_subscription(self, message: str, signature: str, ends: bool, now: datetime) -> bool:
        """Ends a channel, or takes it up again."""


class SharedAcknowledgements(Protocol):
    """Where acknowledgements for every recipient are taken."""

    def acknowledged_keys(self, points: Sequence[Point]) -> frozenset[PointKey]:
        """Which of the points are acknowledged."""

    def acknowledge(self, point: Point, now: datetime) -> None:
        """Nobody is reminded of that point any more, unless its day moves."""

    def take_back(self, point: Point) -> None:
        """It is to be reminded of again."""


class EditableFiles(Protocol):
    """The files in which pages write."""

    refusal: str | None  #: names the sentence that says why nobody can; None: one can
    uncommitted: str | None  #: what git said, where what was written last is in no commit

    def read(self) -> EventFiles:
        """The files as they are now; raises FileErrors, OSError."""

    def write(self, edits: Sequence[FileEdit], by: str) -> OSError | None:
        """Writes all of the edits or none; raises FileChanged, OSError."""

    def last_entries(self) -> list[tuple[Path, UndoEntry]]:
        """What was written last; raises CannotUndo."""

    def undo_edits(
        self, files: EventFiles, entries: Sequence[tuple[Path, UndoEntry]]
    ) -> list[FileEdit]:
        """The edits that take those records back; raises CannotUndo."""

    def take_back(self, edits: Sequence[FileEdit], by: str) -> OSError | None:
        """Writes edits that take back what was written last."""


class Site(NamedTuple):
    """What is served, to whom, and under which names."""

    source: EditionSource
    now: Callable[[], datetime]
    trouble: Callable[[], str | None]  #: names the sentence that says what is wrong
    #: What a secret link shows; None: nothing. Raises LedgerError: nobody can know at present.
    filter_of_secret: Callable[[str], Where | None]
    hosts: frozenset[str] = frozenset()  #: beside loopback
    url: str | None = None  #: under which it is reached, as tracker.toml says
    public: bool = True  #: whether anything but /healthz is there without a secret link
    shares_feeds: bool = True  #: whether a page of any site may read the public feeds
    desk: AlertLinkDesk | None = None  #: None: messages have no links
    acknowledgements: SharedAcknowledgements | None = None  #: None: nobody can acknowledge here
    metrics: Callable[[], bytes] | None = None  #: as Prometheus reads them
    count_feed_request: Callable[[int], None] = lambda _status: None  #: of each feed, its status
    #: What did not arrive; None: nothing is missed.
    undelivered: Callable[[], UndeliveredSummary | None] = lambda: None
    health: Callable[[], HealthReport] | None = None  #: None: what the two above say
    #: Waited for before `filter_of_secret` is asked; None: it looks itself.
    look_up_links: Callable[[], Awaitable[None]] | None = None
    proxies: Proxies = Proxies()  #: who may say for whom they ask
    page_time: float = 10.0  #: seconds for the work on one answer
    complain: Complain = keep_silent  #: of what clients do wrong
    edits: EditableFiles | None = None  #: None: no page writes in the files
    writer_of_secret: Callable[[str], str | None] = lambda _secret: None  #: the link's name
    is_local: bool = False  #: on this machine alone: whoever reaches it may do all
