"""What an alert is called in lists, in the log and in messages: its point, day and kind."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple

from tracker.dates.diagnostics import LineError
from tracker.dates.lead_times import Lead, parse_lead
from tracker.i18n.instants import own_moment_text
from tracker.i18n.points import day_text, is_some_day, label_of, lead_text, name_of, title_in
from tracker.i18n.translate import Language, comma_list, translate
from tracker.i18n.weekdays import with_weekdays
from tracker.reminders.batches import BATCH
from tracker.reminders.plan import AlertKey, is_on_eve
from tracker.reminders.recipients import Recipient
from tracker.timeline.points import Point, Timeline


class AlertName(NamedTuple):
    """An alert in words."""

    text: str  #: what it is about, and on which day that is
    what: str  #: which lead time, or what kind of alert; "": the text says it
    point: str  #: as commands take it; "": it is about no point

    @property
    def text_and_kind(self) -> str:
        """For who needs no name for a command."""
        return f"{self.text} ({self.what})" if self.what else self.text

    @property
    def whole(self) -> str:
        """All of it on one line."""
        behind = ", ".join(part for part in (self.point, self.what) if part)
        return f"{self.text} ({behind})" if behind else self.text


class AlertNames:
    """Names the alerts of a timeline, each as its recipient reads of it."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline

    @cached_property
    def _points(self) -> dict[tuple[str, ...], Point]:
        return {point.first_key.columns: point for point in self._timeline.points}

    def name(
        self,
        key: AlertKey,
        content: Mapping[str, Any],
        recipient: Recipient | None,
        language: Language,
    ) -> AlertName:
        """In that language; days and instants by the recipient's clock."""
        kind = kind_text(key, language)
        if key.kind == BATCH:
            first, *_ = entries = content["reminders"]
            own = key._replace(**{name: first[name] for name in AlertKey._fields[2:]})
            label = self.name(own, first["content"], recipient, language).text
            text = translate(language, "alerts.batch", count=len(entries), label=label)
            return AlertName(text, "", "")
        if "subject" in content:  # a change, or what did not arrive: it was put into words then
            return AlertName(str(content["subject"]), kind, "")
        point = self._points.get((key.event, key.point, key.occurrence))
        if point is None:
            if not key.event or key.kind in ("digest", "nudge"):
                return AlertName(kind, "", "")
            return AlertName(comma_list((key.event, key.counts_to), language), kind, "")
        zone = "UTC" if recipient is None else recipient.timezone
        lead = lead_of(key)
        what = kind if lead is None else lead_text_for(lead, point, recipient, language)
        text = dated_label(point, self._timeline, key.counts_to, zone, language)
        return AlertName(text, what, name_of(point, len(self._timeline.agreements) > 1))

    def event(self, key: AlertKey) -> str:
        """The event that an alert is about, as an address has it; "": none that is there."""
        point = self._points.get((key.event, key.point, key.occurrence))
        return "" if point is None else point.event.name


def kind_text(key: AlertKey, language: Language) -> str:
    """What kind of alert it is."""
    kind = "snoozed" if key.lead.startswith("snoozed") else key.kind
    return translate(language, f"alerts.kind.{kind}")


def lead_of(key: AlertKey) -> Lead | None:
    """The lead time of a reminder; None where the ledger has something else there."""
    if key.kind != "reminder":
        return None
    try:
        return parse_lead(key.lead)
    except LineError:
        return None


def lead_text_for(
    lead: Lead, point: Point | None, recipient: Recipient | None, language: Language
) -> str:
    """The lead time in words, as it is for who gets the alert."""
    if point is None or recipient is None:
        return lead_text(lead, language)
    return lead_text(lead, language, is_on_eve(lead, point.counts_to, recipient))


def dated_label(
    point: Point, timeline: Timeline, counts_to: str, zone: str, language: Language
) -> str:
    """What the point is called, of which agreement, and its day by the clock of who gets the alert.

    Where there are several agreements: among forty leases every "Break notice" is called alike.
    """
    agreement = timeline.agreement(point.event.agreement)
    label = label_of(point, agreement, language)
    if len(timeline.agreements) > 1:
        label = translate(language, "alert.of", matter=title_in(agreement, language), subject=label)
    moment = point.counts_to
    if moment is None or str(moment) != counts_to:
        return label
    if is_some_day(point):
        day = day_text(point, language)
    else:
        day = own_moment_text(moment, language, zone)
    return comma_list((label, with_weekdays(day, language)), language)
