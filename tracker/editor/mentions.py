"""Where the id of an event stands: where it is stated, and in each line that names it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tracker.agreements.keys import EventKey
from tracker.dates.tokens import tokens_of
from tracker.files.origins import Origins
from tracker.files.problems import KeyPath
from tracker.files.toml_positions import TomlPlace, inside

#: The keys whose values are lines that may name events.
_LINES = frozenset(("when", "starts", "ends", "lasts", "renews", "repeats", "during"))


class Mention(NamedTuple):
    """One place of an id; where another agreement's is named, the id without that one's."""

    file: str
    start: int
    end: int
    event: EventKey
    states: KeyPath | None = None  #: the event's table, where it is stated there


def mentions(
    texts: Mapping[str, str], places: Mapping[str, Mapping[KeyPath, TomlPlace]], origins: Origins
) -> Iterator[Mention]:
    """Every place of every event's id."""
    known = origins.event_keys
    for file, there in places.items():
        text, home = texts[file], origins.agreements.get(file, "")
        for path, place in there.items():
            if path[0] not in ("event", "amendment") or "event" not in path:
                continue
            if path[-1] == "id":
                start, end = place.start + 1, place.end - 1
                table = path[:-1] if path[0] == "event" else None
                yield Mention(file, start, end, (home, text[start:end]), table)
            elif path[-1] in _LINES and text[place.start : place.start + 1] in ("'", '"'):
                yield from (
                    mention
                    for mention in _in_line(file, text, place, home)
                    if mention.event in known
                )


def _in_line(file: str, text: str, place: TomlPlace, home: str) -> Iterator[Mention]:
    line = tomllib.loads(f"line = {text[place.start : place.end]}")["line"]
    for token in tokens_of(line):
        if token.kind == "word":
            agreement, _, event = token.text.rpartition("/")
            end = inside(text, place, token.end)
            yield Mention(file, end - len(event), end, (agreement or home, event))
