"""Who is reminded, in which zone, at what hour and in which language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from tracker.dates.leads import Lead
from tracker.wording.sentences import Language


@dataclass(frozen=True, slots=True)
class Recipient:
    """One of tracker.toml's recipients."""

    name: str
    timezone: str  #: an IANA name
    at: time = time(9)  #: the wall clock's hour, in that zone, at which reminders go out
    language: Language = "en"
    reminders: tuple[Lead, ...] | None = None  #: in place of the agreement's; None: those
    channel: str = "terminal"
