"""What it takes to give an event another id, in each line that names it."""

from __future__ import annotations

from tracker.agreements.keys import EventKey
from tracker.editor.mentions import Mention
from tracker.editor.readings import FolderReading
from tracker.files.ids import is_id
from tracker.files.toml_edits import Replacement


def mention_at(reading: FolderReading, file: str, offset: int) -> Mention | None:
    """The id that stands at that character."""
    for mention in reading.mentions:
        if mention.file == file and mention.start <= offset <= mention.end:
            return mention
    return None


def mentions_of(reading: FolderReading, event: EventKey) -> list[Mention]:
    """Every place of one event's id."""
    return [mention for mention in reading.mentions if mention.event == event]


def edits_of_rename(
    reading: FolderReading, event: EventKey, new: str
) -> dict[str, list[Replacement]] | str:
    """By file the edits that give an event another id, and keep its identity (`was`).

    Where it cannot have that id, the name of the sentence that says why.
    """
    agreement, old = event
    if not is_id(new):
        return "editor.no-id"
    if reading.origins is None:
        return "editor.unread"
    if new != old and (agreement, new) in reading.origins.event_keys:
        return "editor.id-taken"
    edits: dict[str, list[Replacement]] = {}
    places = mentions_of(reading, event)
    for mention in places:
        edits.setdefault(mention.file, []).append(Replacement(mention.start, mention.end, new))
    stated = _statements(reading, places)
    if new != old and not stated:
        return "editor.unread"
    for mention in stated if new != old else ():
        edits[mention.file].append(_with_was(reading, mention, old))
    return edits


def _statements(reading: FolderReading, places: list[Mention]) -> list[Mention]:
    """Where an event is stated; one that an amendment adds, where that gives it its title."""
    stated = [mention for mention in places if mention.states is not None]
    if stated:
        return stated
    for mention in places:
        for path, place in reading.places[mention.file].items():
            if path[0] == "amendment" and path[-1] == "id" and place.start + 1 == mention.start:
                table = path[:-1]
                titles = (key[: len(table) + 1] for key in reading.places[mention.file])
                if (*table, "title") in titles:
                    stated.append(mention._replace(states=table))
    return stated[:1]


def _with_was(reading: FolderReading, mention: Mention, old: str) -> Replacement:
    """The edit that keeps what is stored of the event: its first id stands in `was` first."""
    text, path = reading.texts[mention.file], (*(mention.states or ()), "was")
    place = reading.places[mention.file].get(path)
    if place is None:
        line_end = text.find("\n", mention.end)
        at = len(text) if line_end < 0 else line_end
        at -= text[at - 1 : at] == "\r"
        return Replacement(at, at, f'\nwas = ["{old}"]')
    inner = text[place.start + 1 : place.end - 1].strip()
    return Replacement(place.end - 1, place.end - 1, f', "{old}"' if inner else f'"{old}"')
