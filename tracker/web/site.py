"""What is served, to whom, and under which names: what the web room is given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, Protocol

from tracker.feeds.edition import Edition
from tracker.timeline.points import Timeline
from tracker.timeline.selection import Where
from tracker.wording.sentences import Language


class Source(Protocol):
    """Where what is served comes from."""

    @property
    def revision(self) -> int:
        """Another one whenever there is something new to serve."""

    @property
    def timeline(self) -> Timeline | None:
        """The last good timeline; None where there never was one."""

    def edition(self, language: Language) -> Edition | None:
        """What is published in that language; None where there is nothing to stand by."""


class Site(NamedTuple):
    """What is served, to whom, and under which names."""

    source: Source
    now: Callable[[], datetime]
    trouble: Callable[[], str | None]  #: names the sentence that says what is wrong
    opened_by: Callable[[str], Where | None]  #: what a secret shows; None: nothing
    hosts: frozenset[str] = frozenset()  #: beside loopback
    url: str | None = None  #: under which it is reached, as tracker.toml says
    public: bool = True  #: whether anything but /healthz is there without a secret link
