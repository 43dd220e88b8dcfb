"""What of the reported changes somebody may see who may not see everything.

An entry is kept as it was written, while its event may leave the filter or come into it: it is
shown where the event was inside when it changed, and is inside now. Because of what it changed is
told where that may be seen, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from xml.etree import ElementTree as ET

from tracker.agreements.model import Event
from tracker.feeds.atom import entry_xml, labels_of_entry, terms_of
from tracker.i18n.translate import LANGUAGES, translate
from tracker.timeline.filters import Where, all_admit, labels_of
from tracker.timeline.points import Timeline

#: Whether an event, or what was changed at the head of an agreement, may be seen, by its name.
Sees = Callable[[str], bool]


def visible_changes(
    entries: Iterable[bytes], within: tuple[Where, ...], timeline: Timeline
) -> Iterator[bytes]:
    """The entries that somebody may see who sees that much of the timeline, which is the whole."""
    if not within:
        yield from entries
        return
    events = events_by_any_name(timeline.events)

    def sees(name: str) -> bool:
        event = events.get(name)
        return event is not None and all_admit(within, labels_of(event))

    for content in entries:
        entry = ET.fromstring(content)  # noqa: S314 - we wrote it
        labels = labels_of_entry(entry)
        now = events.get(labels.event)
        was_inside = all_admit(within, labels if now is None else labels._replace(event=now.name))
        if was_inside and (now is None or sees(labels.event)):
            yield _with_visible_causes(entry, content, {labels.event}, sees)


def with_loaded_causes(content: bytes, agreements: Iterable[str]) -> bytes:
    """The entry, without causes that lie in other agreements than those."""
    if b"urn:tracker:cause" not in content:
        return content
    loaded = frozenset(agreements)
    entry = ET.fromstring(content)  # noqa: S314 - we wrote it
    return _with_visible_causes(
        entry, content, set(), lambda name: name.partition("/")[0] in loaded
    )


def events_by_any_name(events: Iterable[Event]) -> Mapping[str, Event]:
    """Each event by the names that it has and had; one that has it now goes before."""
    events = tuple(events)
    former = {name: event for event in events for name in event.names[1:]}
    return former | {event.name: event for event in events}


def _with_visible_causes(entry: ET.Element, content: bytes, own: set[str], sees: Sees) -> bytes:
    """The entry, without its causes where one of them may not be seen.

    Of an entry that an earlier version has written nobody knows where they lie.
    """
    causes = terms_of(entry, "cause")
    if causes and all(name in own or sees(name) for name in causes):
        return content
    text = entry.find("{*}content")
    lines = ((text.text if text is not None else None) or "").splitlines()
    rest = [line for line in lines if not _tells_causes(line)]
    if text is None or (rest == lines and not causes):
        return content
    text.text = "\n".join(rest)
    for category in entry.findall("{*}category"):
        if category.get("scheme") == "urn:tracker:cause":
            entry.remove(category)
    return entry_xml(entry)


def _tells_causes(line: str) -> bool:
    return any(line.startswith(start) and line.endswith(end) for start, end in _CAUSES)


#: What stands before and after the causes, in each language.
_CAUSES = [
    tuple(translate(language, "change.because", causes="\n").split("\n")) for language in LANGUAGES
]
